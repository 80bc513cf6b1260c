"""The numbers of the network picture against Keras itself."""

import subprocess
import sys
import time

import keras
import numpy as np
import pytest
from keras import layers

from firstepoch.widgets.network import compute


def model_of(*hidden, inputs=29, output="sigmoid", outputs=1):
    return keras.Sequential([keras.Input((inputs,)), *hidden, layers.Dense(outputs, activation=output)])


def frames_of(model, count=4):
    """Several different weight vectors, each with Keras's outputs of every layer for one row."""
    rng = np.random.default_rng(0)
    row = rng.normal(size=model.inputs[0].shape[1:]).astype(np.float32)
    taps = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
    weights, outputs = [], []
    for _ in range(count):
        model.set_weights([rng.uniform(0.05, 0.6, w.shape) - 0.2 * (w.ndim == 2) for w in model.get_weights()])
        weights.append(compute.parameters(model))
        outputs.append([np.asarray(value)[0].ravel() for value in taps(row[None], training=False)])
    return np.array(weights), row, outputs


def test_plan_of_the_lecture_model_works_out_497_parameters():
    model = model_of(layers.Dense(16, activation="relu"))
    found = compute.plan(model)
    assert [row["formula"] for row in found["parameters"]] == ["(29 + 1) × 16 = 480", "(16 + 1) × 1 = 17"]
    assert found["total"] == model.count_params() == 497
    assert [layer["units"] for layer in found["layers"]] == [29, 16, 1]
    assert [layer["activation"] for layer in found["layers"]] == ["", "relu", "sigmoid"]


def test_parameters_follow_get_weights():
    model = model_of(layers.Dense(5), layers.BatchNormalization(), layers.Dense(3, use_bias=False))
    expected = np.concatenate([weight.ravel() for weight in model.get_weights()])
    np.testing.assert_array_equal(compute.parameters(model), expected)
    found = compute.plan(model)
    assert sum(row["count"] for row in found["parameters"]) == found["total"] == model.count_params()
    assert found["parameters"][1]["formula"] == "4 × 5 = 20"


def test_a_large_layer_is_summarised_by_its_ends():
    found = compute.plan(model_of(layers.Dense(128), layers.Dense(32)), max_units=24)
    inputs, large, limit, output = found["layers"]
    assert large["shown"] == [*range(12), *range(116, 128)]
    assert len(limit["shown"]) == 32 and len(inputs["shown"]) == 29 and output["shown"] == [0]


def test_names_and_groups():
    model = model_of(inputs=4)
    found = compute.plan(model, ["age", "sex_0", "sex_1", "chol"], source_columns=["age", "sex", "sex", "chol"])
    assert found["layers"][0]["names"] == ["age", "sex_0", "sex_1", "chol"]
    assert found["layers"][0]["groups"] == [["age", 0, 0], ["sex", 1, 2], ["chol", 3, 3]]
    with pytest.raises(ValueError, match="feature_names has 1 entries; the model has 4 inputs"):
        compute.plan(model, ["age"])


def test_drawn_is_kernels_then_biases_of_the_shown_units():
    model = model_of(layers.Dense(60), layers.Dense(3, use_bias=False), inputs=5)
    weights, _, _ = frames_of(model, 2)
    found = compute.plan(model, max_units=4)
    shown = found["layers"][1]["shown"]
    assert shown == [0, 1, 58, 59]
    k1, b1, k2, k3, b3 = model.get_weights()
    expected = [k1[:, shown].ravel(), b1[shown], k2[shown].ravel(), np.zeros(3), k3.ravel(), b3]
    np.testing.assert_array_equal(compute.drawn(weights, found)[1], np.concatenate(expected))


NAMES = [
    "linear",
    "relu",
    "sigmoid",
    "tanh",
    "elu",
    "selu",
    "gelu",
    "softplus",
    "softmax",
    "silu",
    "leaky_relu",
    "mish",
]


@pytest.mark.parametrize("activation", NAMES)
def test_activations_equal_keras(activation):
    model = model_of(layers.Dense(7, activation=activation), layers.Dense(4, activation=activation))
    weights, row, outputs = frames_of(model)
    found = compute.activations(weights, compute.plan(model), row)
    for frame, expected in zip(found, outputs, strict=True):
        np.testing.assert_allclose(frame, np.concatenate([row, *expected]), atol=1e-5, rtol=1e-5)


def test_layers_between_the_dense_ones_are_followed():
    model = keras.Sequential(
        [
            keras.Input((3, 4)),
            layers.Flatten(),
            layers.BatchNormalization(),
            layers.Dropout(0.2),
            layers.Dense(6),
            layers.BatchNormalization(scale=False),
            layers.LeakyReLU(0.3),
            layers.Dropout(0.5),
            layers.Dense(3, activation=layers.ELU(0.5)),
            layers.ReLU(max_value=1.0),
            layers.Dense(2),
            layers.Activation("softmax"),
        ]
    )
    weights, row, outputs = frames_of(model)
    found = compute.plan(model)
    assert found["total"] == model.count_params()
    assert [layer["activation"] for layer in found["layers"]] == [
        "batch norm",
        "batch norm, leaky_relu",
        "elu, relu",
        "softmax",
    ]
    sums, result = compute.forward(weights, found, row)
    assert sums.shape == result.shape == (4, 12 + 6 + 3 + 2)
    for frame, total, expected in zip(result, sums, outputs, strict=True):
        picked = np.concatenate([expected[i] for i in (1, 5, 8, 10)])
        np.testing.assert_allclose(frame, picked, atol=1e-5, rtol=1e-4)
        np.testing.assert_allclose(total[12:18], expected[3], atol=1e-5, rtol=1e-4)


def test_summarised_layers_still_add_up_all_units():
    model = model_of(layers.Dense(100, activation="relu"), inputs=50)
    weights, row, outputs = frames_of(model)
    found = compute.activations(weights, compute.plan(model, max_units=4), row)
    assert found.shape == (4, 4 + 4 + 1)
    np.testing.assert_allclose(found[:, -1:], [frame[1] for frame in outputs], atol=1e-5)


def with_two_dropouts():
    return keras.Sequential(
        [
            keras.Input((29,)),
            layers.Dropout(0.2),
            layers.Dense(16, activation="sigmoid"),
            layers.Dropout(0.5),
            layers.Dense(40, activation="sigmoid"),
            layers.Dropout(0.0),
            layers.Dense(1),
        ]
    )


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("rows", [1, 32])
def test_dropped_equals_what_a_training_pass_dropped(rows, jit):
    import tensorflow as tf

    keras.utils.set_random_seed(7)
    model = with_two_dropouts()
    found = compute.plan(model, max_units=24)
    assert found["dropouts"] == 2
    taps = keras.Model(model.inputs[0], [model.layers[i].output for i in (0, 2)])
    call = tf.function(lambda x: taps(x, training=True), jit_compile=jit)
    states, zeros = [], []
    shown = found["layers"][2]["shown"]
    for _ in range(5):
        states.append(compute.seed_states(model))
        inputs, hidden = (np.asarray(value)[0] for value in call(np.ones((rows, 29), np.float32)))
        zeros.append(np.concatenate([inputs == 0, hidden == 0, np.zeros(len(shown) + 1, bool)]))
    masks = compute.dropped(np.array(states), found, rows, jit)
    np.testing.assert_array_equal(masks, zeros)
    assert 0 < masks[:, :29].mean() < 0.5 and len(np.unique(masks, axis=0)) == 5


def test_three_hundred_masks_are_quick():
    model = with_two_dropouts()
    found = compute.plan(model)
    states = np.stack([compute.seed_states(model) + np.array([0, n]) for n in range(300)])
    compute.dropped(states[:1], found, 32)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        compute.dropped(states, found, 32)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.12, f"{min(times) * 1e3:.0f} ms for two layers"


def branched():
    start = keras.Input((4,))
    left = layers.Dense(3)(start)
    joined = layers.Concatenate(name="join")([left, layers.Dense(2)(start)])
    return keras.Model(start, layers.Dense(1)(joined))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (branched, r"'join' \(Concatenate\) joins 2 branches"),
        (lambda: keras.Sequential([layers.Dense(2)]), "not built"),
        (lambda: keras.Sequential([keras.Input((4,)), layers.Flatten()]), "no Dense layer"),
        (lambda: model_of(layers.Dense(2, activation=lambda x: x, name="own")), "'own' .* not one of"),
        (lambda: model_of(layers.GaussianNoise(0.1, name="noise")), r"'noise' \(GaussianNoise\) cannot"),
        (lambda: keras.Sequential([keras.Input((4, 3)), layers.Dense(2, name="axis")]), "'axis' .* Flatten"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(build, message):
    with pytest.raises(ValueError, match=message):
        compute.plan(build())


def test_wrong_shapes_are_refused():
    model = model_of(inputs=4)
    found = compute.plan(model)
    weights = compute.parameters(model)[None]
    with pytest.raises(ValueError, match="The row has 3 values; the model has 4 inputs"):
        compute.activations(weights, found, np.zeros(3))
    with pytest.raises(ValueError, match=r"weights must have shape \(frames, 5\)"):
        compute.drawn(weights[:, :3], found)
    with pytest.raises(ValueError, match="states must have shape"):
        compute.dropped(np.zeros((1, 2)), found, 32)


def test_importing_compute_loads_no_keras():
    code = "import sys, firstepoch.widgets.network.compute; print('keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
