"""LossView against Keras and plain numpy: the terms, their mean, one bias, a training's epochs, what is refused."""

import shutil
from pathlib import Path

import contract
import keras
import numpy as np
import pytest
import traitlets as t

import firstepoch.data
from firstepoch import heart
from firstepoch.widgets import LiveTraining, LossView, Recording, SettingsError
from firstepoch.widgets.loss import terms as loss
from firstepoch.widgets.loss.traits import LossTraits

FOLDER = Path(loss.__file__).parent
EPOCHS = 12


@pytest.fixture(scope="module")
def data():
    return heart.load()


@pytest.fixture(scope="module")
def live(data):
    """The lecture's model after a few epochs."""
    made = LiveTraining(heart.build_model, data, epochs=EPOCHS)
    made.train()
    made.wait(120)
    yield made
    made.close()


@pytest.fixture(scope="module")
def trained(live):
    made = LossView(live)
    yield made
    made.close()


def by_keras(y, outputs):
    """Each row's loss."""
    columns = [np.asarray(one, np.float32)[:, None] for one in (y, outputs)]
    return keras.losses.BinaryCrossentropy(reduction=None)(*columns).numpy()


def cases():
    """Outputs in the middle, near the ends, and at them."""
    draw = np.random.default_rng(0)
    for rows in (1, 2, 7, 300):
        y = draw.integers(0, 2, rows)
        yield draw.random(rows), y
        yield np.clip(draw.normal(0.5, 0.6, rows), 0, 1), y
        yield 10.0 ** -draw.uniform(0, 10, rows), y
        yield 1 - 10.0 ** -draw.uniform(0, 10, rows), y


@pytest.mark.parametrize(("outputs", "y"), cases())
def test_the_terms_and_their_mean_are_keras_s(outputs, y):
    view = LossView(outputs, y)
    expected = by_keras(y, outputs)
    np.testing.assert_allclose(view.table()["term"], expected, rtol=2e-6, atol=2e-7)
    assert view.report["mean"] == pytest.approx(float(expected.mean()), rel=2e-6, abs=2e-7)
    assert view.table()["share"].sum() == pytest.approx(1)
    accuracy = keras.metrics.BinaryAccuracy()
    accuracy.update_state(y[:, None], outputs[:, None])
    assert view.report["wrong"] == round(len(y) * (1 - float(accuracy.result())))


def test_the_limits_are_those_the_words_name():
    terms = LossView([0.0, 1.0, 1.0, 0.0, 0.5], [1, 0, 1, 0, 1]).table()["term"]
    np.testing.assert_allclose(terms, [16.118095, 15.942385, 1.1920929e-07, 1.1920929e-07, np.log(2)], rtol=1e-6)
    words = (FOLDER / "glossary.ts").read_text(encoding="utf-8")
    assert '"16.12"' in words and "(15.94 with" in words
    # What is said of training: from the logits, without a limit.
    inputs = keras.Input((1,))
    model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid", kernel_initializer="ones")(inputs))
    model.compile(loss="binary_crossentropy")
    found = model.evaluate(np.array([[-50.0]]), np.array([[1.0]]), verbose=0, return_dict=True)
    assert found["loss"] == pytest.approx(50)


def test_one_output_and_one_target_move_one_term():
    y, outputs = np.array([1, 0, 1, 0]), np.array([0.9, 0.2, 0.4, 0.6])
    view = LossView(outputs, y, row=2)
    before = view.report["mean"]
    view.output = 0.8
    expected = by_keras(y, [0.9, 0.2, 0.8, 0.6])
    assert view.report["term"] == pytest.approx(float(expected[2]), rel=1e-6)
    assert view.report["mean"] == pytest.approx(float(expected.mean()), rel=1e-6)
    assert view.report["mean_before"] == before
    view.target = 0
    expected = by_keras([1, 0, 0, 0], [0.9, 0.2, 0.8, 0.6])
    np.testing.assert_allclose(view.table()["term"], expected, rtol=1e-6)
    assert (view.report["wrong"], view.report["largest"]) == (2, 2)
    view.output, view.target = None, None
    assert view.report["mean"] == before


def test_a_bias_is_that_of_keras_s_last_layer(live, data):
    """The model's own bias is changed, and the model asked again."""
    model = keras.models.clone_model(live.model)
    model.set_weights(live.model.get_weights())
    model.compile(loss="binary_crossentropy")
    view = LossView(live)
    x, y = data.x_train[:193], data.y_train[:193]
    frame = view.recording
    bias = model.layers[-1].bias
    start = bias.numpy()
    for change in (-4.0, 0.0, 1.4):
        view.bias_change = change
        bias.assign(start + change)
        assert view.report["mean"] == pytest.approx(model.evaluate(x, y, verbose=0, return_dict=True)["loss"], rel=1e-4)
        np.testing.assert_allclose(view.table()["output"], model.predict(x, verbose=0)[:, 0], rtol=2e-4, atol=1e-6)
        at = list(loss.SHIFTS).index(change)
        assert frame["over_bias"][-1, 0, at] == pytest.approx(view.report["mean"], rel=1e-4)
        assert frame["wrong_over_bias"][-1, 0, list(loss.STEPS).index(change)] == view.report["wrong"]


def test_the_slope_is_the_mean_s():
    draw = np.random.default_rng(1)
    view = LossView(draw.random(40), draw.integers(0, 2, 40), row=3)
    for output in (None, 0.9):
        view.output = output
        means = []
        for change in (0.299, 0.301):
            view.bias_change = change
            means.append(view.report["mean"])
        view.bias_change = 0.3
        assert view.report["slope"] == pytest.approx((means[1] - means[0]) / 0.002, abs=2e-4)
        assert view.report["shown_output"] == (pytest.approx(0.9) if output else view.table()["output"][3])


def test_the_epochs_of_a_training_are_keras_s(trained, live, data):
    frames = trained.recording
    assert len(frames) == EPOCHS + 1 and frames.settings["first"] == 0 and trained.epoch == EPOCHS
    assert [(one["name"], one["count"]) for one in frames.settings["sets"]] == [("training", 193), ("validation", 49)]
    np.testing.assert_allclose(frames["mean"][1:, 1], live.history["val_loss"], rtol=1e-5)
    right = 1 - frames["wrong"][1:, 1] / 49
    np.testing.assert_allclose(right, live.history["val_accuracy"], atol=1e-6)
    np.testing.assert_allclose(frames["output"][-1], live.model.predict(data.x_train, verbose=0)[:, 0], atol=1e-6)
    keras.utils.set_random_seed(42)
    fresh = heart.build_model().predict(data.x_train, verbose=0)[:, 0]
    np.testing.assert_allclose(frames["output"][0], fresh, atol=1e-6)


def test_a_recording_begins_after_its_first_epoch_and_a_model_has_one_state(live, data, trained):
    recorded = LossView(live.recording, data)
    assert (recorded.recording.settings["first"], recorded.epoch, len(recorded.recording)) == (1, EPOCHS, EPOCHS)
    np.testing.assert_array_equal(recorded.recording["term"], trained.recording["term"][1:])
    model = LossView(live.model, data)
    assert model.rows == "training" and model.report["count"] == 242
    np.testing.assert_allclose(model.recording["output"][0], trained.recording["output"][-1], atol=1e-6)


def test_rows_and_epochs_are_looked_at(live):
    view = LossView(live, row=100)
    view.rows = "validation"
    assert (view.row, view.report["count"]) == (0, 49)
    view.epoch, view.row = 3, 48
    term = view.recording["term"][3, 193 + 48]
    assert view.report["term"] == pytest.approx(float(term), rel=1e-6)
    assert view.report["mean"] == pytest.approx(live.history["val_loss"][2], rel=1e-5)
    view.preset({"rows": "training", "row": 150})
    assert (view.rows, view.row) == ("training", 150)
    assert view.table().index.name == "patient"


def test_the_program_prints_the_same_means(live, tmp_path, monkeypatch, capsys):
    few, trained = LossView([0.83, 0.4, 0.0], [1, 0, 1]), LossView(live)
    exec(few.code, {})
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("largest: 16.118") and lines[1].endswith("row 2")
    for line in (lines[0], lines[2]):
        assert float(line.split(": ")[1]) == pytest.approx(few.report["mean"], rel=1e-6)
    shutil.copy(Path(firstepoch.data.__file__).with_name("heart.csv"), tmp_path)
    monkeypatch.chdir(tmp_path)
    exec(trained.code, {})
    lines = [line for line in capsys.readouterr().out.splitlines() if "mean of" in line]
    assert [line.split(":")[0] for line in lines] == ["training", "validation"]
    np.testing.assert_allclose(
        [float(line.split("terms: ")[1]) for line in lines], trained.recording["mean"][-1], rtol=1e-5
    )


REFUSED = [
    (([0.5, 1.2], [1, 0]), "from 0.5 to 1.2; the model's output is from 0 to 1. If these are logits"),
    (([0.5, float("nan")], [1, 0]), "1 of the outputs is NaN"),
    (([0.5], [1, 0]), "1 outputs and 2 targets"),
    (([0.5, 0.5], [1, 2]), "y has the value 2"),
    (([0.5, 0.5], None), "There are no targets"),
    (([], []), "outputs is empty"),
    (([[0.5, 0.5]], [1]), r"outputs has shape \(1, 2\)"),
    ((["a"], [1]), "does not hold numbers only"),
    ((np.zeros(10_001), np.zeros(10_001)), "10,001 rows; at most 10,000"),
    ((Recording(), heart.load()), "no weights of a network"),
    ((Recording(), [1]), "data is list; give the TabularData"),
]


@pytest.mark.parametrize(("given", "said"), REFUSED)
def test_what_has_no_loss_is_refused(given, said):
    with pytest.raises(SettingsError, match=said):
        LossView(*given)


def test_a_training_that_did_not_happen_is_refused(data):
    made = LiveTraining(heart.build_model, data)
    with pytest.raises(SettingsError, match="Nothing is trained yet"):
        LossView(made)
    made.close()
    with pytest.raises(TypeError, match="no argument 'patients'"):
        LossView([0.5], [1], patients=3)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("row", 3, "row is 3; the 3 rows are counted from 0 to 2"),
        ("row", 0.5, "use a whole number"),
        ("epoch", 1, "epoch is 1; recorded are 0 to 0"),
        ("output", 1.5, "output is 1.5"),
        ("target", 2, "target is 2"),
        ("bias_change", 7.0, "bias_change is 7"),
        ("rows", "test", "There are no 'test' rows"),
    ],
)
def test_a_bad_setting_is_refused_and_the_last_good_state_stays(name, value, said):
    view = LossView([0.9, 0.2, 0.4], [1, 0, 1])
    report = view.report
    with pytest.raises(t.TraitError, match=said):
        setattr(view, name, value)
    view.set_state({name: value})
    assert said.split(";")[0] in view.problem
    assert view.report == report
    view.set_state({"output": 0.3})
    assert view.problem == "" and view.report["output"] == 0.3


def test_the_interface_is_the_classs_traits(trained):
    source = FOLDER / "traits.ts"
    assert contract.mismatches(LossTraits, "LossTraits", source) == []
    assert set(trained.recording.settings) == set(contract.interface(source, "Facts"))
    assert set(trained.report) == set(contract.interface(source, "Report"))
    assert set(trained.recording.settings["sets"][0]) == set(contract.interface(source, "RowSet"))
    read = {"output", "term", "mean", "wrong", "slope", "over_bias", "wrong_over_bias"}
    assert set(trained.recording) == read


def test_the_still_tells_the_mean_and_the_largest_terms():
    html = LossView([0.9, 0.001], [1, 1]).still()
    assert "Mean of 2 terms: 3.507; 1 on the wrong side of 0.5." in html and "6.908" in html
