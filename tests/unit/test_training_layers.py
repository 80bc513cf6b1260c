"""Networks built layer by layer: trained, drawn and told as plain Keras has them."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from firstepoch import heart, widgets
from firstepoch.widgets.network import compute
from firstepoch.widgets.training.describe import in_words
from firstepoch.widgets.training.layers import ACTIVATIONS, KNOWN_ACTIVATIONS
from firstepoch.widgets.training.session import accepted_settings
from firstepoch.widgets.training.settings import MODEL_SETTINGS, Settings

DATA = heart.load()
L = keras.layers
LAYERS = {
    "units": [12, 8, 4],
    "activation": ["relu", "tanh", "elu"],
    "batch_normalization": [True, False, True],
    "l2": [0.01, 0.001, 0.0],
    "dropout": [0.3, 0.0, 0.2],
}
BUILDERS = {"heart": lambda: heart.build_model, "any data": lambda: widgets.model_builder(DATA)}


def plain_model():
    """The same three layers, written down as a student would."""
    return keras.Sequential(
        [
            keras.Input((29,)),
            L.Dense(12, use_bias=False, kernel_regularizer=keras.regularizers.L2(0.01)),
            L.BatchNormalization(),
            L.Activation("relu"),
            L.Dropout(0.3),
            L.Dense(8, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.001)),
            L.Dense(4, use_bias=False),
            L.BatchNormalization(),
            L.Activation("elu"),
            L.Dropout(0.2),
            L.Dense(1, activation="sigmoid"),
        ]
    )


@pytest.fixture(scope="module")
def trained():
    """A run of LiveTraining with those layers; its frames hold weights that have moved away from the start."""
    live = widgets.LiveTraining(heart.build_model, DATA, epochs=4, learning_rate=0.01, **LAYERS)
    live.train()
    assert live.wait(120)
    return live


def test_a_run_equals_model_fit_to_the_bit(trained):
    keras.utils.set_random_seed(42)
    model = plain_model()
    model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.01), metrics=["accuracy"])
    history = model.fit(DATA.x_train, DATA.y_train, batch_size=32, epochs=4, validation_split=0.2, verbose=0).history
    assert trained.history == history
    for mine, theirs in zip(trained.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("name", BUILDERS)
def test_the_builders_make_these_layers(name):
    models = []
    for build in (plain_model, lambda: BUILDERS[name]()(**LAYERS)):
        keras.utils.set_random_seed(5)
        models.append(build())
    plain, built = models
    assert [type(layer) for layer in built.layers[1:]] == [type(layer) for layer in plain.layers]
    for mine, theirs in zip(built.layers[1:], plain.layers, strict=True):
        known = {"name", "seed"}
        assert {k: v for k, v in mine.get_config().items() if k not in known} == {
            k: v for k, v in theirs.get_config().items() if k not in known
        }
    for mine, theirs in zip(built.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("name", BUILDERS)
def test_one_value_stands_for_all_layers(name):
    build = BUILDERS[name]()
    all_layers = build(units=(4, 3), activation="tanh", batch_normalization=True, l2=0.01)
    kinds = [type(layer).__name__ for layer in all_layers.layers]
    assert kinds == ["InputLayer", *2 * ["Dense", "BatchNormalization", "Activation"], "Dense"]
    assert [layer.activation.__name__ for layer in all_layers.layers if isinstance(layer, L.Activation)] == 2 * ["tanh"]
    penalties = [layer.kernel_regularizer for layer in all_layers.layers if isinstance(layer, L.Dense)]
    assert [penalty and float(penalty.l2) for penalty in penalties] == [pytest.approx(0.01), pytest.approx(0.01), None]


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"activation": ["relu"]}, "1 activations for 2 hidden layers"),
        ({"batch_normalization": [True] * 3}, "3 values of batch_normalization for 2 hidden layers"),
        ({"l2": [0.1]}, "1 values of l2 for 2 hidden layers"),
    ],
)
def test_lists_of_another_length_are_refused(name, wrong, message):
    with pytest.raises(ValueError, match=message):
        BUILDERS[name]()(units=(4, 3), **wrong)


@pytest.mark.parametrize("name", BUILDERS)
def test_the_builders_take_every_setting_of_a_model(name):
    assert accepted_settings(BUILDERS[name]()) == MODEL_SETTINGS


def test_the_loss_holds_the_penalty_and_the_card_says_so(trained):
    weights = trained.model.get_weights()
    penalty = 0.01 * np.sum(np.square(weights[0])) + 0.001 * np.sum(np.square(weights[5]))
    assert weights[5].shape == (12, 8) and penalty > 0.01
    said = trained.model.predict(DATA.x_train[193:], verbose=0)[:, 0]
    entropy = -np.mean(np.log(np.where(DATA.y_train[193:] == 1, said, 1 - said)))
    assert trained.history["val_loss"][-1] == pytest.approx(entropy + penalty, rel=1e-4)
    assert trained.report["loss"] == "binary cross-entropy + weight penalty"


def test_the_recorded_weights_are_all_of_keras_moving_means_too(trained):
    weights = np.concatenate([weight.ravel() for weight in trained.model.get_weights()])
    np.testing.assert_array_equal(trained.recording["weights"][-1], weights)
    moving = trained.model.layers[2].moving_mean.numpy()
    assert np.abs(moving).max() > 0.01
    assert len(weights) == trained.run.parameters == trained.run.plan["total"]


def test_the_numbers_in_the_picture_are_keras_own(trained):
    model, plan = trained.model, trained.run.plan
    assert [layer["units"] for layer in plan["layers"]] == [29, 12, 8, 4, 1]
    assert [layer["activation"] for layer in plan["layers"]] == [
        "",
        "batch norm, relu",
        "tanh",
        "batch norm, elu",
        "sigmoid",
    ]
    kinds = [type(layer).__name__ for layer in model.layers]
    ends = [3, 5, 8, 10]
    assert [kinds[end] for end in ends] == ["Activation", "Dense", "Activation", "Dense"]
    taps = keras.Model(model.inputs[0], [model.layers[end].output for end in ends])
    for row in (0, 17):
        x = DATA.x_train[row]
        sums, shown = compute.forward(trained.recording["weights"][-1:], plan, x)
        keras_own = [np.asarray(value)[0] for value in taps(x[None], training=False)]
        np.testing.assert_allclose(shown[0], np.concatenate([x, *keras_own]), atol=1e-5, rtol=1e-4)
        np.testing.assert_allclose(sums[0, 29:41], x @ model.get_weights()[0], atol=1e-5, rtol=1e-4)
    drawn = trained._shown["activations"][-1]
    np.testing.assert_array_equal(
        drawn, compute.activations(trained.recording["weights"][-1:], plan, DATA.x_train[0])[0]
    )


def test_the_masks_in_the_picture_are_those_keras_drew(trained):
    keras.utils.set_random_seed(42)
    model = plain_model()
    # A frame shows the last batch of its epoch, here a single row; every batch before it drew a mask too.
    expected = np.zeros((4, 54), bool)
    for epoch in range(4):
        for rows in (32,) * 6 + (1,):
            for layer, first, last in ((3, 29, 41), (8, 49, 53)):
                ones = np.ones((rows, last - first), np.float32)
                expected[epoch, first:last] = np.asarray(model.layers[layer](ones, training=True))[0] == 0
    np.testing.assert_array_equal(trained._shown["dropped"], expected)
    assert 0 < expected.mean() < 0.3


def test_every_activation_that_is_known_is_one_of_keras_and_keeps_the_shape():
    x = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
    for name in KNOWN_ACTIVATIONS:
        assert keras.activations.get(name)(keras.ops.convert_to_tensor(x)).shape == x.shape, name
    assert set(ACTIVATIONS) < set(KNOWN_ACTIVATIONS)


RUNS = [
    (Settings(), "16 relu · adam · batch 32"),
    (Settings(units=()), "no hidden layer · adam · batch 32"),
    (Settings(units=(16, 8), activation=("relu", "tanh")), "16 relu + 8 tanh · adam · batch 32"),
    (Settings(units=(16, 8), activation=("relu", "relu")), "16 + 8 relu · adam · batch 32"),
    (Settings(batch_normalization=True), "16 relu · batch norm · adam · batch 32"),
    (
        Settings(units=(9, 8, 7), batch_normalization=(True, False, True)),
        "9 + 8 + 7 relu · batch norm of layers 1, 3 · adam · batch 32",
    ),
    (Settings(l2=0.01), "16 relu · L2 0.01 · adam · batch 32"),
    (Settings(units=(4, 2), l2=(0.01, 0.0)), "4 + 2 relu · L2 0.01, 0 · adam · batch 32"),
]


@pytest.mark.parametrize(("settings", "words"), RUNS)
def test_runs_are_told_apart_in_words(settings, words):
    assert in_words(settings) == words


def test_lists_from_the_page_are_settings_too():
    live = widgets.LiveTraining(
        heart.build_model, DATA, units=[4, 2], activation=("relu", "tanh"), l2=np.array([0.1, 0])
    )
    assert live._settings() == replace(Settings(), units=(4, 2), activation=("relu", "tanh"), l2=(0.1, 0.0))
    live.units = [4]
    assert live.problem == "There are 1 hidden layers but 2 activations. Give one for each layer."
    live.set_state({"units": [4], "activation": "tanh", "l2": 0.0, "batch_normalization": [True]})
    assert live.problem == ""
    live.batch_normalization = ["yes"]
    assert "batch_normalization is True or False" in live.problem
