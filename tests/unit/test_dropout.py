"""The masks of DropoutView against Keras itself: the ones used, their share, their scale, their mean."""

import keras
import numpy as np
import pytest
from keras import layers

from firstepoch import heart
from firstepoch.widgets import DropoutView
from firstepoch.widgets.network import compute as network

DATA = heart.load()


def assert_same(value, expected):
    """As close as one rounding of float32 to another.

    Whether TensorFlow fuses a layer's product with its bias, which it may do in the graph that the view calls, hangs on
    the processor.
    """
    np.testing.assert_allclose(value, expected, rtol=1e-6, atol=1e-7)


def of_heart(dropout=0.5, **settings):
    keras.utils.set_random_seed(7)
    model = heart.build_model(dropout=dropout)
    return model, DropoutView(model, data=DATA, **settings)


def deep(rates=(0.2, 0.5), last="sigmoid", extra=()):
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((29,)),
            layers.Dense(12, activation="relu"),
            layers.Dropout(rates[0], name="first"),
            *extra,
            layers.Dense(8, activation="tanh"),
            layers.Dropout(rates[1], name="second"),
            layers.Dense(1, activation=last),
        ]
    )


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5, 0.9])
def test_what_comes_out_is_what_went_in_masked_and_scaled_to_the_last_bit(rate):
    view = DropoutView(64, rate=rate, batches=30)
    record = view.recording
    mask, before, after = record["mask"][:, 0], record["before"], record["after"]
    assert before.dtype == after.dtype == np.float32
    np.testing.assert_array_equal(after, before * mask * np.float32(1 / (1 - rate)))
    np.testing.assert_allclose(after, before * mask / (1 - rate), rtol=3e-7)
    assert (record["scale"] == 1 / (1 - rate)).all()
    assert (before > 0).any() and (before == 0).any()


def test_the_masks_are_those_the_models_own_layer_used_in_that_batch():
    model, view = of_heart(rate=0.3, batches=12, seed=11, row=5)
    dropout = next(layer for layer in model.layers if isinstance(layer, layers.Dropout))
    taps = keras.Model(model.inputs[0], [dropout.input, dropout.output, model.output])
    dropout.rate = 0.3
    dropout.seed_generator.state.assign([11, 0])
    x = DATA.x_train[:32]
    for batch in range(12):
        before, after, output = (np.asarray(value) for value in taps(x, training=True))
        mask = view.recording["mask"][batch]
        # Wherever the activation tells: a relu's 0 does not.
        np.testing.assert_array_equal((after != 0)[before != 0], mask[before != 0])
        assert_same(view.recording["after"][batch], after[5])
        assert_same(view.recording["output"][batch], output[5])
    assert (before == 0).any()


def test_the_masks_are_those_of_keras_random_dropout_with_the_same_seed():
    view = DropoutView(40, rate=0.4, batch_size=9, batches=10, seed=5)
    generator = keras.random.SeedGenerator(5)
    for batch in range(10):
        drawn = np.asarray(keras.random.dropout(np.ones((9, 40), np.float32), 0.4, seed=generator))
        np.testing.assert_array_equal(view.recording["mask"][batch], drawn != 0)


def test_every_row_and_every_batch_draws_a_mask_of_its_own():
    mask = DropoutView(32, batches=20).recording["mask"]
    assert len({row.tobytes() for row in mask.reshape(-1, 32)}) == 20 * 32
    again = DropoutView(32, batches=20).recording["mask"]
    np.testing.assert_array_equal(mask, again)
    assert (mask != DropoutView(32, batches=20, seed=43).recording["mask"]).any()


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_the_share_dropped_is_the_rate(rate):
    view = DropoutView(16, rate=rate)
    mask = view.recording["mask"]
    deviation = np.sqrt(rate * (1 - rate) / mask.size)
    assert abs((~mask).mean() - rate) < 4 * deviation
    assert view.recording["share"][-1] == pytest.approx((~mask).mean())
    assert abs((~mask).mean(axis=(0, 1)) - rate).max() < 5 * deviation * 4
    np.testing.assert_array_equal(view.recording["dropped"], (~mask[:, 0]).sum(axis=1))


def test_the_mean_over_masks_comes_back_to_the_value_at_inference():
    view = DropoutView(400, rate=0.5, batches=200, batch_size=1)
    record = view.recording
    alive = record["expected"][0] > 0
    assert alive.sum() > 100
    np.testing.assert_allclose(
        record["mean"], np.cumsum(record["after"], axis=0) / np.arange(1, 201)[:, None], rtol=1e-5
    )
    for frame in (19, 199):
        z = (record["mean"] - record["expected"])[frame, alive] / record["error"][frame, alive]
        assert abs(z).max() < 5
        # An honest standard error: z has variance 1.
        assert 0.7 < (z**2).mean() < 1.4
    ratio = record["error"][199, alive] / record["error"][49, alive]
    np.testing.assert_allclose(ratio, 0.5)
    gap = abs(record["mean"] - record["expected"])[:, alive].mean(axis=1)
    assert gap[199] < gap[9] / 2


def test_the_output_is_averaged_too_and_its_error_is_the_samples():
    view = DropoutView(16, batches=50)
    output = view.recording["output"][:, 0].astype(float)
    for count in (2, 10, 50):
        mean, error = (view.recording[name][count - 1, 0] for name in ("output_mean", "output_error"))
        assert mean == pytest.approx(output[:count].mean())
        assert error == pytest.approx(output[:count].std(ddof=1) / np.sqrt(count))
    assert np.isnan(view.recording["output_error"][0, 0])


def test_behind_a_linear_layer_the_mean_is_exact_and_behind_a_bent_one_it_is_not():
    linear = DropoutView(deep(last="linear", rates=(0.0, 0.5)), data=DATA, layer="second", batches=400)
    record = linear.recording
    assert linear.shown.settings["linear"]
    assert abs(record["output_mean"] - record["output_expected"])[-1] < 4 * record["output_error"][-1]
    steep = keras.Sequential([keras.Input((4,)), layers.Dense(16), layers.Dropout(0.5), layers.Dense(1, "sigmoid")])
    steep.set_weights([np.full(w.shape, 0.5 if w.ndim == 2 else 0.0) for w in steep.get_weights()])
    bent = DropoutView(steep, data=np.full((1, 4), 0.25), batches=400)
    record = bent.recording
    assert not bent.shown.settings["linear"]
    assert record["output_expected"][-1] - record["output_mean"][-1] > 4 * record["output_error"][-1]
    assert bent.shown["within"][-1] == 0


def test_at_inference_nothing_is_dropped_and_nothing_scaled():
    model, view = of_heart(training=False, batches=5)
    record = view.recording
    assert record["mask"].all() and (record["scale"] == 1).all() and (record["distinct"] == 1).all()
    np.testing.assert_array_equal(record["before"], record["after"])
    np.testing.assert_array_equal(record["mean"], record["expected"])
    expected = np.asarray(model(DATA.x_train[:32], training=False))[0]
    assert_same(record["output"], np.repeat(expected[None], 5, axis=0))
    view.training = True
    assert not view.recording["mask"].all()
    np.testing.assert_array_equal(view.recording["expected"], record["expected"])


def test_at_rate_0_everything_goes_through():
    view = DropoutView(8, rate=0, batches=3)
    assert view.recording["mask"].all() and (view.recording["error"] == 0).all()
    np.testing.assert_array_equal(view.recording["before"], view.recording["after"])
    view.rate = 0.5
    assert not view.recording["mask"].all()


def test_the_model_that_was_given_is_left_as_it_is():
    keras.utils.set_random_seed(1)
    model = deep(extra=[layers.BatchNormalization()])
    before = [value.copy() for value in model.get_weights()]
    states = network.seed_states(model)
    view = DropoutView(model, data=DATA, rate=0.8, batches=5)
    view.layer = "second"
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(network.seed_states(model), states)
    assert [layer.rate for layer in model.layers if isinstance(layer, layers.Dropout)] == [0.2, 0.5]
    assert view.shown.settings["normalised"]


def test_of_several_layers_one_is_shown_with_its_own_rate_and_all_are_at_work():
    model = deep()
    view = DropoutView(model, data=DATA, batches=6, seed=20, row=2)
    assert (view.layers, view.rate, view.recording["mask"].shape) == (["first", "second"], 0.2, (6, 32, 12))
    view.layer = "second"
    assert (view.rate, view.recording["mask"].shape) == (0.5, (6, 32, 8))
    taps = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
    for number, name in enumerate(("first", "second")):
        model.get_layer(name).seed_generator.state.assign([20 + number, 0])
    for batch in range(6):
        values = [np.asarray(value)[2] for value in taps(DATA.x_train[:32], training=True)]
        assert_same(view.recording["before"][batch], values[2])
        assert_same(view.recording["after"][batch], values[3])
        assert_same(view.recording["output"][batch], values[4])
        # The picture: inputs, 12 units, 8 units, 1 output; before and after each Dropout.
        assert_same(view.shown["raw"][batch], np.concatenate([DATA.x_train[2], values[0], values[2], values[4]]))
        assert_same(view.shown["values"][batch], np.concatenate([DATA.x_train[2], values[1], values[3], values[4]]))
        dropped = view.shown["dropped"][batch]
        np.testing.assert_array_equal(dropped[41:49], ~view.recording["mask"][batch, 2])
        assert (values[1][dropped[29:41]] == 0).all() and not dropped[:29].any() and not dropped[49]
    assert view.shown.settings["scales"] == [1.0, 1 / 0.8, 2.0, 1.0]


def test_dropout_on_the_inputs_can_be_shown():
    model = keras.Sequential([keras.Input((29,)), layers.Dropout(0.5), layers.Dense(3), layers.Dense(1)])
    view = DropoutView(model, data=DATA, batches=3)
    assert view.recording["mask"].shape == (3, 32, 29)
    np.testing.assert_array_equal(view.recording["before"], np.repeat(DATA.x_train[:1], 3, axis=0))


def test_dropout_before_a_flatten_is_at_work_and_not_to_be_shown():
    model = keras.Sequential(
        [
            keras.Input((5, 2)),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(6),
            layers.Dropout(0.25, name="shown"),
            layers.Dense(1),
        ]
    )
    view = DropoutView(model, data=np.ones((4, 5, 2)), batches=5)
    assert (view.layers, view.rate) == (["shown"], 0.25)
    assert len(np.unique(view.recording["before"], axis=0)) > 1
    again = DropoutView(model, data=np.ones((4, 5, 2)), batches=5)
    np.testing.assert_array_equal(view.recording["output"], again.recording["output"])


def test_half_precision_draws_with_its_own_type():
    model = keras.Sequential(
        [keras.Input((29,)), layers.Dense(64, dtype="float16"), layers.Dropout(0.5, dtype="float16"), layers.Dense(1)]
    )
    view = DropoutView(model, data=DATA, batches=4)
    after, before = view.recording["after"], view.recording["before"]
    np.testing.assert_array_equal(after != 0, view.recording["mask"][:, 0] & (before != 0))


def test_distinct_masks_are_counted_over_all_rows_so_far():
    view = DropoutView(4, batches=10, batch_size=3)
    seen, counts = set(), []
    for batch in view.recording["mask"]:
        seen |= {tuple(row) for row in batch}
        counts.append(len(seen))
    assert view.recording["distinct"].tolist() == counts
    assert counts[-1] <= 16


@pytest.mark.parametrize(
    ("units", "words"),
    [
        (16, "65,536"),
        (1, "2"),
        (128, "340,282,366,920,938,463,463,374,607,431,768,211,456"),
        (4096, "a number of 1,234 digits"),
    ],
)
def test_thinned_networks_are_counted_exactly(units, words):
    view = DropoutView(units, batches=2, batch_size=2)
    assert view.shown.settings["networks"] == words


def test_a_large_layer_is_cut_for_the_page_and_whole_in_the_recording():
    view = DropoutView(4096, batches=100)
    assert view.recording["mask"].shape == (100, 32, 4096)
    shown = view.shown
    assert shown.settings["listed"] == 256 and shown["kept"].shape == (100, 32, 256)
    np.testing.assert_array_equal(shown["kept"], view.recording["mask"][:, :, :256])
    assert sum(array.nbytes for array in map(shown.__getitem__, shown)) < 6e6


def test_the_grid_holds_the_row_in_hand():
    view = DropoutView(8, batches=3, batch_size=200, row=150)
    first = view.shown.settings["first_row"]
    assert first <= 150 < first + view.shown.settings["shown_rows"] == first + 64
    np.testing.assert_array_equal(view.shown["kept"], view.recording["mask"][:, first : first + 64])
    view.row = 199
    assert view.shown.settings["first_row"] == 136


def test_a_mask_drawn_again_is_that_of_the_first_row_and_of_the_others():
    keras.utils.set_random_seed(7)
    model = heart.build_model(dropout=0.5)
    states = np.stack([network.seed_states(model) + np.array([0, n]) for n in range(4)])
    draw = network.drawing(0.5, 32, 16)
    masks = np.stack([np.asarray(draw(state)) for state in states[:, 0]])
    first = network.dropped(states, network.plan(model), 32)[:, 29:45]
    np.testing.assert_array_equal(masks[:, 0], first)
    assert masks.shape == (4, 32, 16)
