"""Evaluation: the seal, what it reads of a model, its program, its still, and the training on other splits."""

import contextlib
import gc
import io
import json
import re
import threading
import weakref
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
from contract import mismatches
from sklearn import datasets, metrics

from firstepoch import heart
from firstepoch.data import TabularData
from firstepoch.widgets import Evaluation, LiveTraining, SettingsError, seals
from firstepoch.widgets.evaluation import luck as luck_module
from firstepoch.widgets.evaluation import widget
from firstepoch.widgets.evaluation.traits import EvaluationTraits
from firstepoch.widgets.training import engine

TRAITS = Path(widget.__file__).with_name("traits.ts")
QUICK = {"epochs": 3, "validation_split": 0.2}
SHOWN = ("seal", "report", "points", "table", "reliability", "luck")


@pytest.fixture(scope="module")
def data():
    return heart.load()


@pytest.fixture(scope="module")
def model(data):
    keras.utils.set_random_seed(42)
    made = heart.build_model()
    engine.fit(made, data.x_train, data.y_train, epochs=30, validation_split=0.2)
    return made


@pytest.fixture(scope="module")
def outputs(model, data):
    return model.predict(data.x_test, verbose=0)[:, 0]


@pytest.fixture(autouse=True)
def unopened(monkeypatch):
    """No test set was opened so far."""
    monkeypatch.setattr(seals, "_opened", {})


@pytest.fixture
def card(outputs, data):
    made = Evaluation(outputs, data, row_name="patient")
    yield made
    made.close()


def table(bunch, task, names):
    """A TabularData of one of scikit-learn's tables, every fifth row for the test."""
    x, y = bunch.data.to_numpy(), bunch.target.to_numpy(float)
    test = np.arange(len(y)) % 5 == 0
    x = ((x - x[~test].mean(axis=0)) / x[~test].std(axis=0)).astype("float32")
    mean, std = (y[~test].mean(), y[~test].std(ddof=1)) if task == "regression" else (0.0, 1.0)
    y = ((y - mean) / std).astype("float32")
    columns = tuple(bunch.data)
    return TabularData(
        x[~test], y[~test], x[test], y[test], columns, columns, {}, {}, names,
        task=task, target_name="target", target_mean=float(mean), target_std=float(std),
        raw_train=bunch.frame[~test], raw_test=bunch.frame[test],
    )  # fmt: skip


@pytest.fixture(scope="module")
def flowers():
    bunch = datasets.load_iris(as_frame=True)
    return table(bunch, "multiclass", tuple(map(str, bunch.target_names)))


@pytest.fixture(scope="module")
def disease():
    return table(datasets.load_diabetes(as_frame=True, scaled=False), "regression", ())


def test_the_page_and_python_share_the_same_traits():
    assert mismatches(EvaluationTraits, "EvaluationTraits", TRAITS) == []


def test_the_test_set_is_sealed_until_it_is_opened(card):
    properties = ("figures", "confusion", "roc", "precision_recall", "calibration", "wrong", "intervals", "recording")
    for name in properties:
        with pytest.raises(RuntimeError, match=r"sealed\. Open it with \.open_test_set\(\)"):
            getattr(card, name)
    assert not card.opened and not (card.report or card.points or card.table or card.reliability)
    assert "sealed" in card.still() and "right" not in card.still()
    card.threshold, card.bins = 0.3, 4  # nothing of it is shown
    assert not card.report and not card.reliability
    assert card.open_test_set() == card.figures and card.opened
    assert "sealed" not in card.still() and "Opened 1 time" in card.still()


def test_openings_are_remembered_by_the_numbers_of_the_test_set(model, outputs, data):
    first, second = Evaluation(outputs, data), Evaluation(model, heart.load())
    assert (first.seal["times"], first.seal["models"]) == (0, 0)
    first.open_test_set()
    first.open_test_set()
    assert (first.seal["times"], first.seal["models"]) == (2, 1)
    second.open_test_set()
    assert (second.seal["times"], second.seal["models"]) == (3, 1)  # the same model, the same test rows
    third = Evaluation(outputs / 2, data)
    assert (third.seal["times"], third.opened) == (3, False)
    third.open_test_set()
    assert (third.seal["times"], third.seal["models"]) == (4, 2)
    other = Evaluation(outputs, heart.load(split_seed=1))
    assert other.seal["times"] == 0


def test_an_opening_that_fails_is_none(data):
    card = Evaluation(np.full(61, np.nan), data)
    with pytest.raises(SettingsError, match="61 of 61 rows are NaN"):
        card.open_test_set()
    assert not card.opened and seals.Seal(data).times == 0
    card._command({"kind": "open_test_set"}, [])
    assert "are NaN" in card.problem and not card.opened
    heard = []
    card.observe(lambda change: heard.append(change["new"]), "problem")
    card._command({"kind": "open_test_set"}, [])
    assert [bool(words) for words in heard] == [False, True]  # the page hears of the same refusal again


def test_counts_at_one_half_are_keras_accuracy_and_the_loss_is_keras(model, data):
    card = Evaluation(model, data)
    figures = card.open_test_set()
    said = model.evaluate(data.x_test, data.y_test, verbose=0, return_dict=True)
    assert figures["accuracy"] == pytest.approx(said["accuracy"], abs=1e-7)
    assert figures["loss"] == pytest.approx(said["loss"], rel=1e-5)
    of_heart = heart.evaluate(model, data)
    names = ("true_negative", "false_positive", "false_negative", "true_positive")
    assert [figures[name] for name in ("tn", "fp", "fn", "tp")] == [getattr(of_heart, name) for name in names]
    assert (figures["baseline_right"], figures["rows"]) == (44, 61)


def test_an_array_of_predictions_needs_no_model(card, outputs, data):
    figures = card.open_test_set()
    assert figures["auc"] == pytest.approx(metrics.roc_auc_score(data.y_test, outputs))
    with pytest.raises(SettingsError, match="speaks of the test rows alone"):
        card.rows = "training"
    assert card.rows == "test" and "test rows alone" in card.problem and card.figures == figures


def test_training_and_validation_rows_are_free(model, data):
    card = Evaluation(model, data, rows="training", training={"validation_split": 0.2})
    assert (card.figures["rows"], card.seal["counts"]) == (193, {"training": 193, "validation": 49, "test": 61})
    said = engine.evaluate(model, data.x_train[:193], data.y_train[:193])
    assert card.figures["accuracy"] == pytest.approx(said["accuracy"], abs=1e-6)
    card.rows = "validation"
    assert card.figures["rows"] == 49
    card.rows = "test"
    with pytest.raises(RuntimeError, match="sealed"):
        _ = card.figures
    assert seals.Seal(data).times == 0
    plain = Evaluation(model, data, rows="training")
    assert plain.figures["rows"] == 242
    with pytest.raises(SettingsError, match="No rows were kept out for validation"):
        plain.rows = "validation"


def test_refresh_asks_the_model_anew_and_counts_looks_at_test_rows(data):
    keras.utils.set_random_seed(0)
    made = heart.build_model()
    card = Evaluation(made, data, rows="training")
    before = card.figures["loss"]
    engine.fit(made, data.x_train, data.y_train, epochs=3)
    assert card.figures["loss"] == before
    card.refresh()
    assert card.figures["loss"] < before and seals.Seal(data).times == 0
    card.open_test_set()
    card.refresh()
    assert seals.Seal(data).times == 2


def test_a_live_training_is_evaluated_once_it_has_trained(data):
    live = LiveTraining(heart.build_model, data, epochs=2, validation_split=0.25)
    card = Evaluation(live, data)
    with pytest.raises(SettingsError, match="No model is trained yet"):
        card.open_test_set()
    live.train()
    assert live.wait(60)
    figures = card.open_test_set()
    assert figures["accuracy"] == pytest.approx(live.run.test["accuracy"], abs=1e-7)
    anew = Evaluation(live, data, splits=heart.load, build_model=heart.build_model)
    settings, given = anew._plan.settings(242)
    assert settings == live.run.settings and {"units", "learning_rate"} <= set(given)
    card.rows = "validation"
    assert card.figures["rows"] == 242 - int(242 * 0.75)
    live.validation_split = 0.4
    live.train()
    assert live.wait(60)
    assert card.figures["rows"] == 61  # the card shows the run it was asked for
    card.positive = 1
    card.refresh()
    assert card.figures["rows"] == 242 - int(242 * 0.6)
    card.rows = "training"
    assert card.figures["rows"] == int(242 * 0.6) and f"train[:{int(242 * 0.6)}]" in card.code
    live.set_trait("status", "training")
    card.threshold = 0.4
    with pytest.raises(SettingsError, match="is being trained"):
        card.open_test_set()
    live.set_trait("status", "done")
    live.close()


def test_wrong_rows_are_raw_with_the_index_of_the_table(card, outputs, data):
    card.open_test_set()
    predicted = outputs > np.float32(0.5)
    wrong = card.wrong
    expected = data.raw_test[predicted != data.y_test]
    pd.testing.assert_frame_equal(wrong[expected.columns].sort_index(), expected.sort_index())
    off = np.abs(wrong["output"] - wrong["target"]).to_numpy()
    assert (np.diff(off) <= 0).all() and len(wrong) == 61 - card.figures["right"]
    assert wrong["predicted"].tolist() == [data.class_names[1 - target] for target in wrong["target"]]
    rows = card.table["rows"]
    assert sorted(int(row["name"]) for row in rows) == sorted(data.raw_test.index)
    at = card._result.cuts.at(0.5)
    sides = [row["name"] for row in rows if data.class_names[int(at < row["falls"])] != row["actual"]]
    assert sides == [str(name) for name in wrong.index]
    bare = Evaluation(outputs, replace(data, raw_test=None))
    bare.open_test_set()
    assert list(bare.wrong.columns) == [*data.feature_names, "target", "output", "predicted"]


def test_the_recording_has_a_frame_for_every_threshold(card, outputs):
    card.open_test_set()
    frames = card.recording
    assert len(frames) == len(np.unique(outputs)) + 1
    for frame, threshold in enumerate(frames["threshold"]):
        card.threshold = float(threshold)
        figures = card.figures
        assert [figures[name] for name in ("tn", "fp", "fn", "tp", "right")] == [
            frames[name][frame] for name in ("tn", "fp", "fn", "tp", "right")
        ]
    intervals = card.intervals.set_index(["figure", "method"])
    assert intervals.loc[("accuracy", "bootstrap"), "low"] == frames["resampled_low"][-1]


def test_the_page_sets_the_threshold_and_hears_why_not(card):
    card.open_test_set()
    report = card.report
    card.set_state({"threshold": 0.25})
    assert card.figures["threshold"] == 0.25 and card.report is report and "threshold = 0.25" in card.code
    card.set_state({"threshold": 4.0})
    assert card.problem == "The threshold is 4; outputs are from 0 to 1. Try 0.5." and card.threshold == 0.25
    card.set_state({"bins": 1})
    assert "bins is 1; use a whole number from 2 to 50" in card.problem and card.bins == 5
    card.strategy = "uniform"
    assert card.problem == "" and [row["low"] for row in card.reliability] == card.calibration["low"].tolist()


@pytest.mark.parametrize("rows", ["training", "validation", "test"])
def test_the_program_counts_the_same(model, data, rows):
    card = Evaluation(model, data, rows=rows, threshold=0.37, training={"validation_split": 0.2})
    if rows == "test":
        card.open_test_set()
    space = run(card.code, model, data)
    figures = card.figures
    assert [space[name] for name in ("tn", "fp", "fn", "tp")] == [figures[name] for name in ("tn", "fp", "fn", "tp")]
    low, high = card.intervals.loc[0, ["low", "high"]]
    assert (space["low"], space["high"]) == pytest.approx((low, high), abs=1e-12)
    assert "firstepoch" not in card.code


def run(code, model, data):
    space = {"model": model, "data": data}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, space)
    return space


def test_many_classes_from_outputs_to_page(flowers):
    rng = np.random.default_rng(0)
    said = rng.dirichlet(np.ones(3), len(flowers.y_test)) * 0.5
    said[np.arange(len(said)), flowers.y_test.astype(int)] += 0.5
    said[:4] = rng.dirichlet(np.ones(3), 4)
    card = Evaluation(said, flowers, positive=2)
    figures = card.open_test_set()
    assert figures["positive"] == 2 and figures["right"] == int((said.argmax(axis=1) == flowers.y_test).sum())
    assert card.confusion.to_numpy().sum() == 30 and card.report["matrix"] == card.confusion.to_numpy().tolist()
    assert run(card.code, said, flowers)["confusion"].tolist() == card.report["matrix"]
    before = figures["auc"]
    card.positive = 0
    expected = metrics.roc_auc_score(flowers.y_test == 0, said[:, 0])
    assert card.figures["auc"] == pytest.approx(expected) and expected != before
    assert card.report["positive"] == 0 and len(card.wrong) == 30 - figures["right"]
    assert "precision" in card.per_class and "setosa" in card.still()
    with pytest.raises(SettingsError, match="use a class from 0 to 2"):
        card.positive = 3


def test_numbers_from_outputs_to_page(disease):
    said = disease.y_test + np.random.default_rng(0).normal(0, 0.5, len(disease.y_test))
    card = Evaluation(said.astype("float32"), disease)
    figures = card.open_test_set()
    actual = disease.raw_test["target"].to_numpy()
    predicted = said.astype("float32") * disease.target_std + disease.target_mean
    assert figures["mae"] == pytest.approx(metrics.mean_absolute_error(actual, predicted), rel=1e-5)
    assert card.report["scatter"]["actual"] == pytest.approx(actual.tolist(), rel=1e-5)
    space = run(card.code, said.astype("float32"), disease)
    assert (space["mae"], space["r2"]) == pytest.approx((figures["mae"], figures["r2"]), rel=1e-5)
    assert card.wrong.columns[-2:].tolist() == ["predicted", "error"]
    assert card.intervals["figure"].tolist() == ["mae", "rmse", "r2"] and "mae" in card.still()
    with pytest.raises(SettingsError, match="it has no ROC curve"):
        _ = card.roc


def test_one_class_is_said_in_words_and_the_page_gets_no_nan(outputs, data, disease):
    healthy = np.flatnonzero(data.y_test == 0)
    few = replace(data, x_test=data.x_test[healthy], y_test=data.y_test[healthy], raw_test=data.raw_test.iloc[healthy])
    card = Evaluation(outputs[healthy], few)
    assert np.isnan(card.open_test_set()["auc"])
    assert "None of the 44 rows are of class num ≥ 2" in card.report["notes"][0]
    one = replace(disease, x_test=disease.x_test[:1], y_test=disease.y_test[:1], raw_test=disease.raw_test[:1])
    lone = Evaluation(np.zeros(1), one)
    lone.open_test_set()
    tied = Evaluation(np.round(outputs, 1), data)
    tied.open_test_set()
    assert "change sides together" in tied.report["notes"][0]
    for made in (card, lone, tied):
        json.dumps([getattr(made, name) for name in SHOWN], allow_nan=False)


def _breaks(x, verbose):
    raise MemoryError("out of memory")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("a name", "model is str; give a trained keras.Model"),
        (SimpleNamespace(predict=lambda x: x), "no keras.Model"),
        (SimpleNamespace(predict=_breaks), "could not be asked about these rows: out of memory"),
        (np.zeros((61, 2)), "a last layer of 1 unit with sigmoid"),
        (np.linspace(-4, 4, 61), "from_logits=True"),
    ],
)
def test_what_is_no_model_is_said(data, given, words):
    with pytest.raises(SettingsError) as refused:
        Evaluation(given, data).open_test_set()
    assert words in str(refused.value)


def test_models_that_do_not_fit_the_rows_are_refused(data):
    with pytest.raises(SettingsError, match="There is no model"):
        Evaluation(None, data)
    small = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    with pytest.raises(SettingsError, match=r"takes inputs of shape \(3,\); these rows have \(29,\)"):
        Evaluation(small, data).open_test_set()
    with pytest.raises(SettingsError, match="not built"):
        Evaluation(keras.Sequential([keras.layers.Dense(1)]), data).open_test_set()
    with pytest.raises(TypeError, match="no argument 'treshold'"):
        Evaluation(np.zeros(61), data, treshold=0.4)
    with pytest.raises(SettingsError, match="training has no setting 'epoch'"):
        Evaluation(np.zeros(61), data, training={"epoch": 3})
    with pytest.raises(SettingsError, match="splits is TabularData, not a function"):
        Evaluation(np.zeros(61), data, splits=data)


def test_other_splits_are_trained_as_keras_trains(outputs, data):
    card = Evaluation(
        outputs, data, splits=heart.load, build_model=heart.build_model, training=QUICK | {"units": (8,)}, split_count=2
    )
    assert len(card.splits) == 0 and card.status == "idle"
    card.try_splits()
    assert card.wait(60)
    assert (card.status, card.luck["outcome"], card.luck["share"]) == ("done", "finished", 1)
    other = heart.load(1)
    keras.utils.set_random_seed(42)
    made = heart.build_model(units=(8,))
    made.fit(other.x_train, other.y_train, batch_size=32, verbose=0, **QUICK)
    said = made.evaluate(other.x_test, other.y_test, verbose=0, return_dict=True)["accuracy"]
    assert card.splits.loc[1, "right"] == round(said * 61)
    assert card.splits.loc[0, "right"] != card.splits.loc[1, "right"]
    assert card.luck["median"] == np.median(card.splits["right"])
    assert seals.Seal(data).times == 0
    card.close()


def test_stop_ends_the_training_and_keeps_what_is_done(monkeypatch, outputs, data):
    reached, go = threading.Event(), threading.Event()
    real = luck_module.Luck._after

    def after(self, epoch, epochs):
        if len(self.results) == 1 and epoch == 1:
            reached.set()
            assert go.wait(60)
        real(self, epoch, epochs)

    monkeypatch.setattr(luck_module.Luck, "_after", after)
    training = {"epochs": 1000, "validation_split": 0.2}
    quick = [QUICK["epochs"]]

    def splits(seed):
        return heart.load(seed)

    card = Evaluation(outputs, data, splits=splits, build_model=heart.build_model, training=training, split_count=3)
    monkeypatch.setattr(luck_module.Luck, "_trained", _cut_first(luck_module.Luck._trained, quick))
    card._command({"kind": "try_splits"}, [])
    assert reached.wait(60)
    with pytest.raises(RuntimeError, match="being trained on"):
        card.try_splits()
    card._command({"kind": "stop_splits"}, [])
    assert card.status == "stopping"
    go.set()
    assert card.wait(60)
    assert (card.status, card.luck["outcome"], card.luck["done"]) == ("done", "stopped", 1)
    card.close()


def _cut_first(trained, quick):
    """The first split gets few epochs."""

    def train(self, build_model, data, settings, given):
        epochs = quick.pop() if quick else settings.epochs
        return trained(self, build_model, data, replace(settings, epochs=epochs), given)

    return train


def test_what_other_splits_need_is_said(outputs, data):
    card = Evaluation(outputs, data)
    assert card.luck["missing"].startswith("To see the luck of the split, give two functions")
    with pytest.raises(SettingsError, match="give two functions"):
        card.try_splits()

    def broken(seed):
        raise OSError("no such file")

    card = Evaluation(outputs, data, splits=broken, build_model=heart.build_model)
    card.try_splits()
    with pytest.raises(OSError, match="no such file"):
        card.wait(60)
    assert card.status == "failed" and card.luck["error"] == "It failed: no such file"
    with pytest.raises(SettingsError, match="validation_split is a share"):
        Evaluation(
            outputs, data, splits=heart.load, build_model=heart.build_model, training={"validation_split": 2}
        ).try_splits()


def test_scikit_learn_is_of_the_tests_alone():
    sources = Path(widget.__file__).parents[1].rglob("*.py")
    assert [
        path.name for path in sources if re.search(r"^\s*(import|from) s(klearn|cipy)", path.read_text("utf-8"), re.M)
    ] == []


def test_a_closed_card_is_freed(outputs, data):
    card = Evaluation(outputs, data)
    card.open_test_set()
    gone = weakref.ref(card)
    card.close()
    del card
    gc.collect()
    assert gone() is None
