"""ModelStyles: the three ways against Keras models written here by hand, counts by formula, outputs by numpy."""

import importlib
import itertools
import threading
from pathlib import Path

import contract
import numpy as np
import pytest

from firstepoch.widgets import ModelStyles, SettingsError
from firstepoch.widgets.latest import Latest
from firstepoch.widgets.styles import build as building
from firstepoch.widgets.styles import widget
from firstepoch.widgets.styles.spec import Spec
from firstepoch.widgets.styles.writing import code, written

keras = importlib.import_module("keras")
TRAITS = Path(widget.__file__).with_name("traits.ts")
LECTURE = {"inputs": 29, "second": 0, "units": (16,), "activation": "relu", "dropout": 0.0, "outputs": 1}
STYLES = ("sequential", "functional", "subclassed")


def spec(**settings):
    return Spec(**{**LECTURE, "output_activation": "sigmoid", "seed": 42, **settings})


@pytest.fixture(scope="module")
def styles():
    made = ModelStyles()
    assert made.wait(120)
    return made


def rows(inputs, count=5):
    return np.random.default_rng(7).normal(size=(count, inputs)).astype(np.float32)


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_the_views_interface_is_the_classs_traits():
    assert contract.mismatches(ModelStyles, "StylesTraits", TRAITS) == []


def test_the_lectures_model_has_497_parameters_three_times_and_one_answer(styles):
    found = styles.measured
    counts = {"inputs": 0, "hidden": (29 + 1) * 16, "outputs": (16 + 1) * 1}
    assert found["counts"] == dict.fromkeys(STYLES, counts)
    assert found["totals"] == dict.fromkeys(STYLES, 497)
    assert found["before"] == {"sequential": 497, "functional": 497, "subclassed": 0}
    assert found["largest"] == 0.0 and found["rows"] == 32 == len(styles.recording)
    assert found["shapes"] == {"inputs": "(None, 29)", "hidden": "(None, 16)", "outputs": "(None, 1)"}
    w1, b1, w2, b2 = styles.models["sequential"].get_weights()
    x = np.random.default_rng(0).normal(size=(32, 29)).astype(np.float32)
    answers = sigmoid(relu(x @ w1 + b1) @ w2 + b2)
    for style in STYLES:
        np.testing.assert_allclose(styles.recording[style], answers, rtol=1e-5)
    assert styles.said == (
        "480 + 17 = 497 parameters, all three ways. With the same weights, the outputs are the same, digit by digit, "
        "on all 32 rows."
    )


def by_hand(units, dropout, outputs, activation):
    """The chain written here, functional."""
    layers = keras.layers
    inputs = h = keras.Input((29,))
    for width in units:
        h = layers.Dense(width, "tanh")(h)
        if dropout:
            h = layers.Dropout(dropout)(h)
    return keras.Model(inputs, layers.Dense(outputs, activation)(h))


@pytest.mark.parametrize(
    ("units", "dropout", "outputs", "activation"),
    [((), 0.0, 1, None), ((9, 5), 0.25, 3, "softmax")],
)
def test_chains_are_those_one_would_write(units, dropout, outputs, activation):
    x = rows(29)
    made = building.build(
        spec(
            units=units,
            dropout=dropout,
            outputs=outputs,
            activation="tanh",
            output_activation=activation or "linear",
        ),
        x,
    )
    model = by_hand(units, dropout, outputs, activation)
    for built in made.values():
        assert [type(it).__name__ for it in built.model.layers if "Input" not in type(it).__name__] == [
            type(it).__name__ for it in model.layers[1:]
        ]
        model.set_weights(built.model.get_weights())
        np.testing.assert_allclose(built.outputs, model(x), rtol=1e-6)
        assert list(built.counts.values()) == [layer.count_params() for layer in model.layers]
        widths = (29, *units, outputs)
        assert sum(built.counts.values()) == sum((a + 1) * b for a, b in itertools.pairwise(widths))
        if dropout:
            assert np.ptp([np.asarray(built.model(x, training=True)) for _ in range(3)], axis=0).max() > 0
    first, *others = (built.outputs for built in made.values())
    assert all((other == first).all() for other in others)


def test_two_inputs_are_for_two_of_the_three():
    wanted = spec(inputs=7, second=3, units=(5, 4), dropout=0.1)
    x = rows(7)
    made = building.build(wanted, x)
    assert made["sequential"].model is None and "different Input layer" in made["sequential"].refused
    wa, ba, wb, bb, wh, bh, wo, bo = made["functional"].model.get_weights()
    joined = np.concatenate([relu(x[:, :4] @ wa + ba), relu(x[:, 4:] @ wb + bb)], axis=1)
    answers = sigmoid(relu(joined @ wh + bh) @ wo + bo)
    for style in ("functional", "subclassed"):
        np.testing.assert_allclose(made[style].outputs, answers, rtol=1e-5)
    counts = [count for count in made["functional"].counts.values() if count]
    assert counts == [(4 + 1) * 5, (3 + 1) * 5, (10 + 1) * 4, (4 + 1) * 1]
    assert made["subclassed"].counts == made["functional"].counts
    shapes = building.shapes(made["functional"].model, wanted.layers)
    assert shapes["second"] == "(None, 3)" and shapes["join"] == "(None, 10)"


@pytest.mark.parametrize("settings", [{}, {"units": (4, 3), "dropout": 0.5}, {"second": 23}])
def test_every_layer_is_linked_to_its_lines(settings):
    wanted = spec(**settings)
    for style, lines in written(wanted).items():
        for layer in wanted.layers:
            linked = [line.text.strip() for line in lines if layer.key in line.layers]
            if style == "sequential" and layer.key == "join":
                assert linked == []
                continue
            assert linked
            if style == "subclassed" and layer.kind != "input":
                assert len(linked) == 2 and linked[0].startswith("self.") and linked[0].endswith(layer.make)
                assert linked[0].split(" = ")[0] + "(" in linked[1]
            elif layer.kind != "input":
                assert len(linked) == 1 and layer.make in linked[0]


def test_the_formula_is_what_keras_counts():
    for layer in spec(units=(12, 3), second=9).layers:
        if layer.formula:
            made = keras.layers.Dense(layer.gives)
            made.build((None, layer.reads))
            assert eval(layer.formula.replace("×", "*").replace(",", "")) == made.count_params()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"inputs": 0}, "number of inputs is 0"),
        ({"units": [2000]}, "number of units is 2,000"),
        ({"units": [1, 2, 3, 4]}, "3 at most"),
        ({"units": "sixteen"}, "'sixteen' among them. Write whole numbers"),
        ({"units": [1.5]}, "1.5 among them"),
        ({"dropout": 1.0}, "share such as 0.5"),
        ({"units": [], "dropout": 0.5}, "needs a hidden layer"),
        ({"output_activation": "softmax"}, "always 1"),
        ({"second": 29}, "one must stay"),
        ({"units": [], "second": 9}, "hidden layer each"),
        ({"outputs": 101}, "1 to 100"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_what_is_no_model_is_refused_with_a_sentence(settings, words):
    with pytest.raises(SettingsError, match=words):
        ModelStyles(**settings)


def test_a_refused_setting_leaves_the_last_model(styles):
    styles.set_state({"units": "many"})
    assert "'many'" in styles.problem and styles.units == [16] and styles.status == "done"
    with pytest.raises(SettingsError):
        styles.dropout = 2.0
    assert styles.dropout == 0.0 and styles.measured["totals"]["functional"] == 497


def test_settings_come_as_text_too_and_the_newest_is_built(styles):
    before = styles.spec
    for text in ("3", "4, 2", "64 32"):
        styles.set_state({"units": text})
    assert styles.wait(60)
    assert styles.units == [64, 32] and styles.problem == "" and styles.recording.settings["units"] == [64, 32]
    assert styles.measured["totals"]["subclassed"] == 30 * 64 + 65 * 32 + 33
    styles.units = list(before.units)
    assert styles.wait(60)


def test_rows_of_ones_own():
    x = rows(3, 4)
    made = ModelStyles(x, units=2)
    assert made.wait(60) and made.inputs == 3 and len(made.recording) == 4
    w1, b1, w2, b2 = made.models["subclassed"].get_weights()
    np.testing.assert_allclose(made.recording["functional"], sigmoid(relu(x @ w1 + b1) @ w2 + b2), rtol=1e-5)
    with pytest.raises(SettingsError, match="3 values each"):
        made.inputs = 4
    made.close()


def test_the_program_prints_the_numbers_of_the_card(styles, capsys):
    exec(styles.code, {})
    printed = capsys.readouterr().out
    for style in STYLES:
        assert f"{style} 497" in printed
    values = [float(word.strip("[]")) for word in printed.split() if word.strip("[]").startswith("0.")]
    np.testing.assert_allclose(values[:5], styles.recording["sequential"][:5, 0], rtol=1e-5)


def test_the_still_tells_code_and_counts(styles):
    html = styles.still()
    assert "class Net(keras.Model):" in html and "Subclassed" in html and "480" in html
    assert "<script" not in html


def test_what_fails_is_said_and_raised(monkeypatch):
    def fail(*_):
        raise MemoryError("no room. More words")

    monkeypatch.setattr(widget, "build", fail)
    made = ModelStyles()
    with pytest.raises(MemoryError):
        made.wait(30)
    assert made.status == "failed" and made.said == "It could not be built: no room."
    monkeypatch.undo()
    made.units = [2]
    assert made.wait(60) and made.status == "done"


def test_building_draws_on_no_state_that_a_training_needs():
    """It waits while a training holds the process's random state."""
    done = Latest(lambda wanted: building.build(wanted, rows(29)))
    with building.SEEDING:
        done.ask(spec())
        assert not done.wait(0.2)
    assert done.wait(60) and done.error is None


def test_the_newest_request_is_done_and_those_before_it_are_dropped():
    begun, go, seen = threading.Event(), threading.Event(), []

    def work(request):
        seen.append(request)
        begun.set()
        assert go.wait(10)

    latest = Latest(work)
    latest.ask(1)
    assert begun.wait(10)
    for request in (2, 3):
        latest.ask(request)
    assert not latest.is_newest() and not latest.wait(0)
    go.set()
    assert latest.wait(10) and seen == [1, 3] and latest.is_newest()


def test_code_shown_is_code_run(styles):
    shown = "\n".join(line["text"] for line in styles.styles[1]["lines"])
    assert shown == code(written(styles.spec)["functional"])
