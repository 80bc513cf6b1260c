"""Evaluation of many rows: every figure stays scikit-learn's, pictures are thinned, intervals are the normal ones."""

import json
import time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from firstepoch.data import TabularData
from firstepoch.widgets import Evaluation
from firstepoch.widgets.evaluation.intervals import Bootstrap
from firstepoch.widgets.evaluation.normal import Normal
from firstepoch.widgets.evaluation.rows import MANY

SHOWN = ("seal", "report", "points", "table", "reliability")


def made(n, task, share=0.2, decimals=7):
    """Outputs of a model that knows something, and the table they are of; the rows have names from 1,000,000."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, 3)).astype("float32")
    if task == "regression":
        y, said = x[:, 0], x[:, 0] + rng.standard_t(5, n) / 2
    elif task == "multiclass":
        y, said = rng.integers(0, 4, n), rng.dirichlet(np.ones(4), n)
        said[np.arange(n), y] += 0.3
        said /= said.sum(axis=1, keepdims=True)
    else:
        y = rng.random(n) < share
        said = np.round(np.clip(0.35 + 0.3 * y + 0.2 * rng.normal(size=n), 0, 1), decimals)
    columns = ("a", "b", "c")
    names = {"binary": ("no", "yes"), "multiclass": tuple("pqrs"), "regression": ()}[task]
    raw = pd.DataFrame(x, columns=list(columns), index=np.arange(n) + 1_000_000)
    few = np.arange(100)
    data = TabularData(
        x[few], y[few].astype("float32"), x, y.astype("float32"), columns, columns, {}, {}, names, task=task,
        target_name="t", raw_train=raw.iloc[few], raw_test=raw,
    )  # fmt: skip
    return said.astype("float32"), data


@pytest.fixture(scope="module")
def many():
    return made(100_000, "binary")


@pytest.fixture(scope="module")
def card(many):
    card = Evaluation(*many, row_name="trip")
    card.open_test_set()
    yield card
    card.close()


@pytest.mark.parametrize("threshold", [0.5, 0.43217, 0.0, 0.91])
def test_figures_of_many_rows_are_scikit_learns_at_any_threshold(many, card, threshold):
    said, y = many[0], many[1].y_test
    card.threshold = threshold
    figures = card.figures
    predicted = said > np.float32(threshold)
    tn, fp, fn, tp = metrics.confusion_matrix(y, predicted).ravel().tolist()
    assert [figures[name] for name in ("tn", "fp", "fn", "tp")] == [tn, fp, fn, tp]
    assert figures["accuracy"] == metrics.accuracy_score(y, predicted)
    assert figures["precision"] == pytest.approx(metrics.precision_score(y, predicted), abs=1e-15)
    assert figures["auc"] == pytest.approx(metrics.roc_auc_score(y, said), abs=1e-12)
    assert figures["average_precision"] == pytest.approx(metrics.average_precision_score(y, said), abs=1e-12)
    assert figures["loss"] == pytest.approx(metrics.log_loss(y, np.clip(said.astype(float), 1e-7, 1 - 1e-7)))
    assert figures["brier"] == pytest.approx(metrics.brier_score_loss(y, said), rel=1e-6)
    assert card.confusion.to_numpy().tolist() == [[tn, fp], [fn, tp]]
    # The page has this very cut among its frames, and its counts.
    frames = card.recording
    (at,) = np.flatnonzero((frames["low"] <= np.float32(threshold)) & (np.float32(threshold) < frames["high"]))
    assert [frames[name][at] for name in ("tn", "fp", "fn", "tp")] == [tn, fp, fn, tp]
    assert len(card.wrong) == fp + fn


def test_the_curves_are_whole_in_python_and_thinned_at_even_steps_on_the_page(many, card):
    said, y = many[0], many[1].y_test
    _, tpr, thresholds = metrics.roc_curve(y, said, drop_intermediate=False)
    roc = card.roc
    np.testing.assert_array_equal(roc["at_least"], thresholds)
    np.testing.assert_allclose(roc["tpr"], tpr, atol=1e-12)
    frames = card.recording
    assert len(frames) <= MANY + 4 and frames.settings["cuts"] == len(thresholds)
    assert (frames["low"][0], frames["high"][-1]) == (-np.inf, np.inf)
    # The first and the last step are those of the rows whose outputs are all 0 or all 1.
    steps = np.abs(np.diff(frames["fpr"]))[1:-1], np.abs(np.diff(frames["sensitivity"]))[1:-1]
    assert max(map(np.max, steps)) < 2.1 / MANY
    areas = -np.sum(np.diff(frames["fpr"]) * (frames["sensitivity"][1:] + frames["sensitivity"][:-1]) / 2)
    assert areas == pytest.approx(card.figures["auc"], abs=1e-5)  # the picture shows the same area
    assert len(card.roc_chart.marks[1].x) == len(frames)


def test_marks_stand_for_as_many_rows_and_change_sides_where_they_do(many, card):
    said, y = many[0], many[1].y_test
    points, frames = card.points, card.recording
    assert points["each"] == 500 and abs(len(points["actual"]) - 200) <= 1
    assert sum(points["actual"]) == pytest.approx(y.sum() / 500, abs=1)
    falls = np.array(points["falls"])
    for at in (0, 700, len(frames) - 1):
        inside = said[np.array([int(name) for name in points["names"]]) - 1_000_000] > np.float32(
            frames["threshold"][at]
        )
        assert (falls > at).tolist() == inside.tolist()
        ones = np.array(points["actual"]) == 1
        assert 500 * int(inside[ones].sum()) == pytest.approx(frames["tp"][at], abs=500)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
def test_the_first_200_wrong_rows_are_on_the_page_at_any_threshold(card, threshold):
    card.threshold = threshold
    rows = card.table["rows"]
    assert len(rows) == 400
    frames = card.recording
    at = int(np.flatnonzero(frames["low"] <= np.float32(threshold))[-1])
    wrong = [row["name"] for row in rows if ("yes" if at < row["falls"] else "no") != row["actual"]][:200]
    assert wrong == [str(name) for name in card.wrong.index[:200]]


def test_moving_the_threshold_sends_new_frames_only_where_there_are_none(monkeypatch, card):
    published = []
    monkeypatch.setattr(card, "publish", published.append)
    shown = card.recording["threshold"]
    card.set_state({"threshold": float(shown[5])})
    assert not published
    between = (shown[5] + shown[6]) / 2
    inside = card._result.cuts.at(between) not in card._result.some
    card.set_state({"threshold": float(between)})
    assert len(published) == inside == 1
    json.dumps([getattr(card, name) for name in SHOWN], allow_nan=False)
    assert "at even steps along the ROC curve" in card.report["notes"][0]


def test_normal_intervals_are_what_the_bootstrap_comes_to():
    said, data = made(3_000, "binary", decimals=2)
    n, actual = len(said), data.y_test == 1
    result = Evaluation(said, data)
    result.open_test_set()
    made_cuts, losses = result._result.cuts, result._result.row_losses
    boot, normal = Bootstrap(n, 0, 2_000), Normal()
    pairs = [(boot.area(made_cuts, actual), normal.area(made_cuts, actual)), (boot.mean(losses), normal.mean(losses))]
    pairs += list(zip(boot.right(made_cuts, actual).T, normal.right(made_cuts, actual).T, strict=True))
    said, data = made(3_000, "regression")
    other, own = (one.errors(said.astype(float), data.y_test.astype(float)) for one in (boot, normal))
    pairs += [(other[name], own[name]) for name in ("mae", "rmse", "r2")]
    for bootstrapped, worked_out in pairs:
        width = bootstrapped[1] - bootstrapped[0]
        np.testing.assert_allclose(worked_out, bootstrapped, atol=0.08 * width + 1e-12)
    assert set(result.intervals["method"]) == {"Wilson", "normal"} and result.report["method"] == "normal"


def test_the_normal_interval_of_the_auc_is_delongs_by_comparing_every_pair():
    rng = np.random.default_rng(1)
    said, actual = np.round(rng.random(90), 1), rng.random(90) < 0.4
    card = Evaluation(said, SimpleNamespace(
        x_train=np.zeros((2, 1)), y_train=np.array([0.0, 1.0]), x_test=np.zeros((90, 1)), y_test=actual.astype(float),
        class_names=("a", "b"), task="binary",
    ))  # fmt: skip
    card.open_test_set()
    ones, zeros = said[actual], said[~actual]
    above = (ones[:, None] > zeros) + (ones[:, None] == zeros) / 2
    error = np.sqrt(above.mean(axis=1).var() / len(ones) + above.mean(axis=0).var() / len(zeros))
    expected = above.mean() + 1.959963984540054 * error * np.array([-1, 1])
    np.testing.assert_allclose(Normal().area(card._result.cuts, actual), expected, atol=1e-12)


def test_normal_intervals_where_nothing_varies():
    normal = Normal()
    same = np.full(5, 2.0)
    assert normal.mean(same).tolist() == [2, 2]
    errors = normal.errors(same, same)
    assert errors["rmse"].tolist() == [0, 0] and np.isnan(errors["r2"]).all()
    said, data = made(2_500, "binary", share=0.0)
    card = Evaluation(said, data)
    assert np.isnan(card.open_test_set()["auc"])
    assert card.intervals.set_index(["figure", "method"]).loc[("auc", "normal")].isna()[["low", "high"]].all()
    json.dumps([getattr(card, name) for name in SHOWN], allow_nan=False)


def test_many_rows_of_many_classes_and_of_numbers():
    said, data = made(50_000, "multiclass")
    card = Evaluation(said, data, positive=2)
    figures = card.open_test_set()
    predicted = said.argmax(axis=1)
    assert figures["right"] == metrics.accuracy_score(data.y_test, predicted, normalize=False)
    assert figures["auc"] == pytest.approx(metrics.roc_auc_score(data.y_test == 2, said[:, 2]), abs=1e-12)
    assert card.confusion.to_numpy().tolist() == metrics.confusion_matrix(data.y_test, predicted).tolist()
    assert card.report["wrong"] == 50_000 - figures["right"] and len(card.table["rows"]) == 200
    said, data = made(50_000, "regression")
    card = Evaluation(said, data)
    figures = card.open_test_set()
    assert figures["mae"] == pytest.approx(metrics.mean_absolute_error(data.y_test, said), rel=1e-6)
    assert figures["rmse"] == pytest.approx(metrics.root_mean_squared_error(data.y_test, said), rel=1e-6)
    assert figures["r2"] == pytest.approx(metrics.r2_score(data.y_test, said), rel=1e-6)
    assert len(card.report["scatter"]["actual"]) == MANY and "chosen by lot" in card.report["notes"][0]
    off = [abs(row["output"] - float(data.y_test[row["row"]])) for row in card.table["rows"]]
    assert len(off) == 200 and off == pytest.approx(np.sort(np.abs(said - data.y_test))[::-1][:200].tolist(), rel=1e-5)
    space = {"model": said, "data": data}
    exec(card.code, space)
    half = card.intervals.set_index("figure").loc["mae"]
    assert (space["mae"] - space["half"], space["mae"] + space["half"]) == pytest.approx((half.low, half.high))


def test_a_million_rows_are_evaluated_in_seconds():
    said, data = made(1_000_000, "binary", share=0.01)
    began = time.process_time()
    card = Evaluation(said, data)
    figures = card.open_test_set()
    seconds = time.process_time() - began
    y = data.y_test
    assert figures["auc"] == pytest.approx(metrics.roc_auc_score(y, said), abs=1e-12)
    tn, fp, fn, tp = metrics.confusion_matrix(y, said > np.float32(0.5)).ravel().tolist()
    assert [figures[name] for name in ("tn", "fp", "fn", "tp")] == [tn, fp, fn, tp]
    assert (fp + fn, len(card.table["rows"])) == (1_000_000 - figures["right"], 400)
    assert seconds < 10


@pytest.mark.parametrize(("n", "inputs", "size"), [(2_000, 3, None), (3_000, 3, 8_192), (3_000, 500, 2_000)])
def test_a_model_is_asked_about_many_rows_in_larger_batches(n, inputs, size):
    asked = []

    class Model:
        def predict(self, x, verbose, batch_size=None):
            asked.append(batch_size)
            return np.full((len(x), 1), 0.5, "float32")

    x, y = np.zeros((n, inputs), "float32"), np.arange(n) % 2.0
    data = SimpleNamespace(x_train=x[:2], y_train=y[:2], x_test=x, y_test=y, class_names=("a", "b"), task="binary")
    Evaluation(Model(), data).open_test_set()
    assert asked == [size]
