"""DropoutView as a widget: what it refuses and how, its contract with the view, the program, the still."""

from pathlib import Path

import contract
import keras
import numpy as np
import pytest
import traitlets
from keras import layers

from firstepoch import heart
from firstepoch.widgets import DropoutView, SettingsError
from firstepoch.widgets.dropout import widget

DATA = heart.load()
FOLDER = Path(widget.__file__).parent


def small(**settings):
    return DropoutView(16, batches=4, **settings)


@pytest.fixture(scope="module")
def shared():
    return small()


def test_the_views_interface_is_the_classs_traits():
    assert contract.mismatches(DropoutView, "DropoutTraits", FOLDER / "traits.ts") == []
    assert set(small().shown.settings) == set(contract.interface(FOLDER / "traits.ts", "Facts"))


def test_every_trait_says_what_it_is():
    source = (FOLDER / "widget.py").read_text()
    for name in contract.synced(DropoutView):
        line = source.index(f"    {name} = t.")
        assert source[source.index("\n", line) + 1 :].startswith('    """'), name


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rate": 1}, "rate is 1: no unit would be left"),
        ({"rate": -0.1}, "rate is -0.1; it is the share dropped"),
        ({"rate": 1.5}, "rate is 1.5: no more than all"),
        ({"rate": float("nan")}, "rate is nan: it is no finite number"),
        ({"rate": float("inf")}, "rate is inf"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"batch_size": 5000}, "batch_size is 5,000, but there are 4,096 rows. Use 1 to 4,096."),
        ({"batches": 0}, "batches is 0. Use 1 to 1,000."),
        ({"batches": 5000}, "batches is 5,000"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**32}, "seed is 4294967296"),
        ({"row": 32}, "There is no row 32 in a batch of 32. Use 0 to 31."),
        ({"row": -1}, "There is no row -1"),
        ({"layer": "drop"}, "There is no Dropout layer 'drop' in this model. There is: dropout."),
        ({"rate": "half"}, "rate"),
        ({"batches": 1.5}, "batches"),
    ],
)
def test_what_cannot_be_done_is_refused_in_every_way(shared, settings, words):
    with pytest.raises(SettingsError) as refused:
        DropoutView(16, **{"batches": 4, **settings})
    assert words in str(refused.value)
    view = shared
    before = view.recording, view.shown, view.code, {name: getattr(view, name) for name in settings}
    with pytest.raises((SettingsError, traitlets.TraitError)):
        for name, value in settings.items():
            setattr(view, name, value)
    view.set_state(settings)
    assert (view.recording, view.shown, view.code) == before[:3]
    assert {name: getattr(view, name) for name in settings} == before[3]
    assert words.split(".")[0] in view.problem or next(iter(settings)) in view.problem
    view.set_state({"rate": 0.25})
    assert (view.problem, view.recording["scale"][0]) == ("", 1 / 0.75)
    view.rate = 0.5


def branched():
    start = keras.Input((4,))
    joined = layers.Concatenate(name="join")([layers.Dense(3)(start), layers.Dense(2)(start)])
    return keras.Model(start, layers.Dense(1)(layers.Dropout(0.5)(joined)))


@pytest.mark.parametrize(
    ("make", "data", "words"),
    [
        (lambda: 0, None, "units is 0. Use a whole number from 1 to 10,000"),
        (lambda: -3, None, "units is -3"),
        (lambda: 10**6, None, "units is 1,000,000"),
        (lambda: True, None, "model_or_units is bool; give a number of units"),
        (lambda: 1.5, None, "model_or_units is float"),
        (lambda: "16", None, "model_or_units is str"),
        (lambda: heart.build_model, None, "model_or_units is function"),
        (lambda: heart.build_model(), None, "This model has no Dropout layer behind a row of units. Add one"),
        (lambda: keras.Sequential([layers.Dense(2), layers.Dropout(0.5)]), None, "not built"),
        (branched, None, "'join' (Concatenate) joins 2 branches"),
        (
            lambda: keras.Sequential(
                [
                    keras.Input((8, 8, 1)),
                    layers.Conv2D(2, 3, name="conv"),
                    layers.Flatten(),
                    layers.Dense(2),
                    layers.Dropout(0.5),
                ]
            ),
            None,
            "'conv' (Conv2D) cannot be drawn",
        ),
        (
            lambda: keras.Sequential(
                [
                    keras.Input((4,)),
                    layers.Dense(2),
                    layers.Dropout(0.5, noise_shape=(None, 1), name="shared"),
                    layers.Dense(1),
                ]
            ),
            None,
            "'shared' (Dropout) has a noise_shape",
        ),
        (
            lambda: keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.Dropout(0.5)]),
            DATA,
            "29 values each; the model has 4 inputs",
        ),
        (lambda: 16, np.zeros((0, 4)), "The rows have shape (0, 4)"),
        (lambda: 16, np.zeros(4), "The rows have shape (4,)"),
        (lambda: 16, [[1.0, np.nan], [0, 1]], "The data hold nan in row 0, column 1"),
        (lambda: 16, [["a", "b"]], "data is list; give a TabularData"),
        (lambda: 16, object(), "data is object"),
    ],
)
def test_models_and_data_that_do_not_work_are_refused_in_a_sentence(make, data, words):
    with pytest.raises(SettingsError) as refused:
        DropoutView(make(), data=data, batches=2)
    assert words in str(refused.value)


def test_too_large_a_run_is_refused_before_it_is_tried():
    view = DropoutView(4096, batches=2)
    with pytest.raises(SettingsError, match=r"131,072,000 mask values, more than 20,000,000. Use 152 batches"):
        view.batches = 1000
    assert view.batches == 2


def test_weights_that_are_no_numbers_are_told():
    model = heart.build_model(dropout=0.5)
    model.set_weights([np.full(weight.shape, np.inf) for weight in model.get_weights()])
    with pytest.raises(SettingsError, match="no finite numbers"):
        DropoutView(model, batches=2)


def test_unknown_arguments_are_named():
    with pytest.raises(TypeError, match="dropout_rate"):
        DropoutView(16, dropout_rate=0.5)


def test_the_rows_are_the_first_of_the_data_or_made_from_a_fixed_seed(shared):
    view = DropoutView(16, data=DATA, batches=2)
    assert view.shown.settings["network"]["layers"][0]["names"][0] == "age"
    np.testing.assert_array_equal(view.shown["raw"][0, :29], DATA.x_train[0])
    made, before = small(), shared.shown["raw"]
    assert made.shown.settings["made_rows"] and not view.shown.settings["made_rows"]
    np.testing.assert_array_equal(made.shown["raw"], before)
    made.batch_size = 64
    # The 25th value is the output, which depends on the masks.
    np.testing.assert_array_equal(made.shown["raw"][:, :24], before[:, :24])
    made.seed = 7
    np.testing.assert_array_equal(made.shown["raw"][:, :24], before[:, :24])
    assert DropoutView(16, data=DATA.x_train[:5], batches=2).batch_size == 5


def test_a_models_own_rate_is_the_default():
    assert DropoutView(heart.build_model(dropout=0.3), data=DATA, batches=2).rate == 0.3
    assert DropoutView(heart.build_model(dropout=0.3), rate=0.6, data=DATA, batches=2).rate == 0.6
    assert DropoutView(batches=2).rate == 0.5


def test_another_layer_from_the_page_brings_its_own_rate_in_one_run():
    model = heart.build_model(units=(8, 4), dropout=(0.2, 0.6))
    view = DropoutView(model, data=DATA, batches=2)
    runs = []
    view.publish = runs.append
    view.set_state({"layer": view.layers[1]})
    assert (view.rate, len(runs), view.problem) == (0.6, 1, "")
    view.set_state({"layer": "none"})
    assert (view.layer, view.rate, len(runs)) == (view.layers[1], 0.6, 1)
    assert "There is no Dropout layer 'none'" in view.problem


PROGRAMS = {
    "units": lambda: (DropoutView(16, rate=0.3, batches=5, batch_size=6, row=2), None),
    "units with data": lambda: (DropoutView(24, data=DATA, batches=3), None),
    "model": lambda: (lambda model: (DropoutView(model, data=DATA, rate=0.7, batches=3, seed=9), model))(
        heart.build_model(dropout=0.5)
    ),
    "second layer": lambda: (lambda model: (DropoutView(model, batches=3, layer=model.layers[4].name), model))(
        heart.build_model(units=(8, 4), dropout=(0.2, 0.6))
    ),
    "inference": lambda: (DropoutView(16, batches=3, training=False), None),
    "rate 0": lambda: (DropoutView(16, batches=3, rate=0), None),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_program_draws_the_same_masks(name, capsys):
    view, model = PROGRAMS[name]()
    space = {"model": model, "x": DATA.x_train[: view.batch_size]}
    exec(compile(view.code, "program", "exec"), space)
    np.testing.assert_array_equal(space["masks"], view.recording["mask"])
    np.testing.assert_allclose(np.asarray(space["before"])[view.row], view.recording["expected"][0], rtol=1e-6)
    if view.training and view.rate and len(view.layers) == 1:
        total = np.asarray(space["total"])[view.row] / view.batches
        np.testing.assert_allclose(total, view.recording["mean"][-1], rtol=1e-5, atol=1e-7)
    assert "firstepoch" not in view.code
    assert capsys.readouterr().out.strip()


def test_the_still_tells_the_last_batch_and_the_means(shared):
    still = shared.still()
    assert shared._still in still
    mean = f"{shared.recording['mean'][-1, 3]:.4g}"
    for text in ("16 units, rate 0.5", "2^16 = 65,536 thinned networks", "at inference", mean):
        assert text in still
    assert "nothing is dropped" in small(training=False).still()
