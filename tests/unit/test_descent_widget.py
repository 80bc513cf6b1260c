"""GradientStep: what it tells the page, what it refuses, what it keeps, and the code that repeats a run."""

import subprocess
import sys
from pathlib import Path

import contract
import keras
import numpy as np
import pytest
import tensorflow as tf

from firstepoch.widgets import GradientStep, SettingsError
from firstepoch.widgets.descent import widget

FOLDER = Path(widget.__file__).parent
EXAMPLES = {
    "named": (("bowl",), {}),
    "two weights": (("valley",), {}),
    "tape": ((lambda w: (w - 3) ** 2, 0.0), {}),
    "numpy": ((lambda w: np.sin(w[0]) + w[1] ** 2, [1.0, 2.0]), {}),
    "diverging": (("bowl",), {"learning_rate": 1.5}),
    "adam": (("valley",), {"optimizer": "adam"}),
}


@pytest.fixture
def step():
    made = GradientStep()
    yield made
    made.close()


def test_the_interface_is_the_classs_traits():
    assert contract.mismatches(GradientStep, "GradientStepTraits", FOLDER / "traits.ts") == []


@pytest.mark.parametrize("arguments", EXAMPLES.values(), ids=EXAMPLES)
def test_the_view_reads_what_the_recording_and_the_picture_tell(arguments):
    step = GradientStep(*arguments[0], **arguments[1])
    assert set(step.recording.settings) == set(contract.interface(FOLDER / "traits.ts", "Facts"))
    assert set(step.picture) == set(contract.interface(FOLDER / "traits.ts", "Drawn"))
    frames = len(step.recording)
    weights = step.recording.settings["weights"]
    shapes = {"w": (frames, weights), "value": (frames,), "gradient": (frames, weights), "next": (frames, weights)}
    for name, shape in shapes.items():
        assert step.recording[name].shape == shape and step.recording[name].dtype == np.float64
    cells = sum(view["columns"] * view["rows"] for view in step.picture["views"])
    assert step.picture["values"].nbytes == 8 * cells
    assert step.recording["view"].max() == len(step.picture["views"]) - 1


def test_a_named_function_loads_no_tensorflow():
    code = (
        "import sys; from firstepoch.widgets import GradientStep; GradientStep('valley'); "
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_changed_setting_recomputes(step):
    step.learning_rate = 0.3
    assert step.recording["w"][1, 0] == 2.5 - 0.3 * 5.0
    step.start = -1.0
    np.testing.assert_array_equal(step.recording["w"][:2, 0], [-1.0, -1.0 - 0.3 * -2.0])
    step.steps = 7
    assert step.recording["w"].shape == (8, 1)
    step.optimizer = "adam"
    assert abs(step.recording["w"][1, 0] + 0.7) < 1e-5
    step.function = "two minima"
    assert step.start == 2.35 and step.recording["gradient"][0, 0] == pytest.approx(2.35**3 - 2.4 * 2.35 + 0.4)


def test_a_function_brings_its_own_start_and_a_python_function_keeps_the_one_there_is(step):
    step.function = "valley"
    assert step.start == [-1.2, 2.5]
    step.function = lambda w: w[0] ** 2 + 3 * w[1] ** 2
    assert step.start == [-1.2, 2.5]
    step.function = lambda w: (w - 1) ** 2
    assert step.start == 2.0
    step.start = 0.5
    step.function = lambda w: (w - 2) ** 2
    assert step.start == 0.5
    with step.hold_trait_notifications():
        step.function, step.start = "saddle", [1.0, 1.0]
    assert step.recording["w"][0].tolist() == [1.0, 1.0]


BAD = [
    ("learning_rate", 0, "learning_rate is 0, so no step"),
    ("learning_rate", -0.5, "uphill. Try 0.5"),
    ("learning_rate", 1e9, "too large for any picture"),
    ("learning_rate", float("inf"), "must be a finite number"),
    ("steps", 0, "steps is 0; it goes from 1 to 1,000"),
    ("steps", 10**6, "steps is 1000000"),
    ("start", [1.0, 2.0], "one weight, but start has 2"),
    ("start", "left", "start is 'left'"),
    ("function", "hill", "no function 'hill'"),
    ("optimizer", "adamant", "no optimizer 'adamant'"),
]


@pytest.mark.parametrize(("name", "value", "words"), BAD)
def test_a_bad_setting_is_refused_and_the_last_good_run_stays(step, name, value, words):
    step.learning_rate = 0.2
    run, picture = step.recording, step.picture
    settings = [step.function, step.start, step.learning_rate, step.steps, step.optimizer]
    with pytest.raises(SettingsError, match=words):
        setattr(step, name, value)
    with pytest.raises(SettingsError, match=words):
        GradientStep(**{name: value})
    if not (isinstance(value, float) and np.isinf(value)):
        step.set_state({name: value})
        assert __import__("re").search(words, step.problem)
    assert settings == [step.function, step.start, step.learning_rate, step.steps, step.optimizer]
    assert step.recording is run and step.picture == picture
    step.set_state({"learning_rate": 0.25})
    assert step.problem == "" and step.recording is not run


BROKEN = {
    "raises": (lambda w: 1 / 0, "ZeroDivisionError"),
    "vector": (lambda w: tf.stack([w, w]), "2 numbers"),
    "no gradient": (lambda w: tf.round(w), "finds no gradient"),
    "nothing": (lambda w: None, "returns None"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_function_is_refused_and_the_last_good_one_stays(step, case):
    good = step.function = lambda w: (w - 1) ** 2
    run = step.recording
    with pytest.raises(SettingsError, match=BROKEN[case][1]):
        step.function = BROKEN[case][0]
    assert step.function is good and step.recording is run
    step.set_state({"function": "bowl"})
    step.set_state({"function": "your function"})
    assert step.function is good


def test_an_unknown_argument_is_refused():
    with pytest.raises(TypeError, match="no argument 'alpha'"):
        GradientStep(alpha=0.1)


def test_the_page_moves_the_start(step):
    step.set_state({"start": [1.25]})
    assert step.start == 1.25 and step.recording["w"][0, 0] == 1.25
    step.set_state({"function": "saddle"})
    assert step.start == [2.0, 0.02]
    step.set_state({"start": [0.5, -0.5]})
    assert step.recording["w"][0].tolist() == [0.5, -0.5]


def test_the_page_is_told_the_start_that_came_with_a_function(step, monkeypatch):
    told = []
    monkeypatch.setattr(step, "send_state", lambda key=None: told.append(key))
    step.set_state({"function": "plateau"})
    assert any("start" in (keys or []) for keys in told)


def test_the_picture_is_sent_only_when_it_changes(step):
    number = step.picture["number"]
    step.start = 1.0
    step.learning_rate = 0.2
    assert step.picture["number"] == number
    step.function = "plateau"
    assert step.picture["number"] == number + 1
    assert step.recording.settings["picture"] == number + 1


def test_an_optimizer_of_ones_own(step):
    own = keras.optimizers.Adam(0.05)
    step.optimizer = own
    assert step.learning_rate == 0.05 and step.recording["w"][1, 0] == pytest.approx(2.45, abs=1e-6)
    step.learning_rate = 0.2
    assert step.recording["w"][1, 0] == pytest.approx(2.3, abs=1e-5)
    step.set_state({"optimizer": "momentum"})
    step.set_state({"optimizer": "your Adam"})
    assert step.optimizer is own and int(own.iterations) == 0
    assert GradientStep(optimizer=keras.optimizers.SGD(0.3)).recording["w"][1, 0] == pytest.approx(1.0, abs=1e-6)


def cubed(w):
    return tf.reduce_sum((w - 1.0) ** 4)


CODE = {
    "bowl": (("bowl",), {}),
    "valley": (("valley",), {}),
    "diverged": (("two minima",), {"learning_rate": 1.0}),
    "lambda": ((lambda w: (w - 3) ** 2, 0.0), {}),
    "two numbers": ((lambda a, b: a**2 + tf.sin(b), [1.0, 2.0]), {}),
    "def": ((cubed, [0.0, 0.5]), {}),
    "float32": ((lambda w: tf.constant(3.0) * w**2, 1.0), {}),
    "numpy": ((lambda w: np.sin(w), 1.0), {}),
    "numpy of two": ((lambda w: np.sin(w[0]) + w[1] ** 2, [1.0, 2.0]), {}),
    "adam": (("valley",), {"optimizer": "adam"}),
    "nesterov": (("bowl",), {"optimizer": "nesterov"}),
    "own": ((lambda w: (w - 3) ** 2, 0.0), {"optimizer": keras.optimizers.RMSprop(0.05, rho=0.5)}),
}


@pytest.mark.parametrize("case", CODE)
def test_the_code_alone_ends_with_the_same_weights(case):
    arguments, settings = CODE[case]
    step = GradientStep(*arguments, **settings)
    names = {}
    exec(step.code, names)
    np.testing.assert_allclose(np.ravel(names["w"]), step.recording["w"][-1], rtol=1e-5, atol=1e-5)


def test_a_function_that_cannot_be_written_down_is_named_in_the_code():
    offset = 3.0
    step = GradientStep(lambda w: (w - offset) ** 2, 0.0)
    assert "the function you gave" in step.code
    names = {"g": lambda w: (w - 3.0) ** 2}
    exec(step.code, names)
    np.testing.assert_allclose(names["w"], step.recording["w"][-1, 0])


def test_the_still_holds_the_numbers():
    html = GradientStep("two minima", learning_rate=0.05, steps=10).still()
    for words in ("w⁴/4", "local minimum", "2.35", "7.7378"):
        assert words in html
    assert html.count("<tr>") == 12
