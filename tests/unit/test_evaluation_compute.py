"""Every figure of an evaluation against scikit-learn and scipy, ties and rows of one class included."""

import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.exceptions import UndefinedMetricWarning

from firstepoch.widgets import SettingsError
from firstepoch.widgets.evaluation import calibration, cuts, intervals, losses
from firstepoch.widgets.evaluation.classified import Classified
from firstepoch.widgets.evaluation.intervals import Bootstrap
from firstepoch.widgets.evaluation.numbers import Numbers
from firstepoch.widgets.evaluation.rows import Rows, check_data, check_outputs

NAN = float("nan")


def classified(outputs, targets, *, positive=1, classes=2, resamples=200, train=None):
    targets = np.asarray(targets, np.float32)
    data = SimpleNamespace(
        class_names=tuple("abcdef"[:classes]),
        y_train=targets if train is None else np.asarray(train),
        task="binary" if classes == 2 else "multiclass",
    )
    rows = Rows("test", np.zeros((len(targets), 1)), targets, None)
    return Classified(rows, np.asarray(outputs), data, positive, Bootstrap(len(targets), 0, resamples))


def quiet(function, *arguments, **keywords):
    """What scikit-learn says, without its warning where a figure is not defined."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        warnings.filterwarnings("ignore", "No positive class found")
        return function(*arguments, **keywords)


def thresholds(divided):
    """A threshold of every cut."""
    return divided.short(np.arange(len(divided.low)))


SIZES = st.integers(1, 40)
CASES = st.tuples(
    SIZES, st.integers(0, 2**16), st.sampled_from([1, 2, 3]), st.sampled_from([0.0, 0.3, 1.0]), st.booleans()
)
"""Rows, seed, decimals of the outputs (few make ties), share of class 1, whether float32."""


def made(case):
    n, seed, decimals, share, single = case
    rng = np.random.default_rng(seed)
    targets = rng.random(n) < share
    outputs = np.round(np.clip(rng.random(n) * 0.7 + 0.3 * targets, 0, 1), decimals)
    return outputs.astype(np.float32 if single else np.float64), targets.astype(int)


@settings(deadline=None, max_examples=40)
@given(CASES, st.sampled_from([-0.1, 0.0, 0.1, 0.25, 0.5, 0.7, 1.0]))
def test_counts_and_shares_are_scikit_learns_at_any_threshold(case, threshold):
    outputs, targets = made(case)
    result = classified(outputs, targets, resamples=2)
    predicted = (outputs > outputs.dtype.type(threshold)).astype(int)
    figures = result.figures(threshold)
    expected = metrics.confusion_matrix(targets, predicted, labels=[0, 1])
    assert [[figures["tn"], figures["fp"]], [figures["fn"], figures["tp"]]] == expected.tolist()
    assert result.confusion(threshold).to_numpy().tolist() == expected.tolist()
    assert result.predictions(threshold).tolist() == predicted.tolist()
    assert figures["right"] == metrics.accuracy_score(targets, predicted, normalize=False)
    assert figures["accuracy"] == pytest.approx(metrics.accuracy_score(targets, predicted), abs=1e-15)
    scores = {
        "sensitivity": metrics.recall_score(targets, predicted, zero_division=np.nan),
        "specificity": metrics.recall_score(targets, predicted, pos_label=0, zero_division=np.nan),
        "precision": metrics.precision_score(targets, predicted, zero_division=np.nan),
        "f1": metrics.f1_score(targets, predicted, zero_division=np.nan),
    }
    assert {name: figures[name] for name in scores} == pytest.approx(scores, abs=1e-15, nan_ok=True)


@settings(deadline=None, max_examples=40)
@given(CASES)
def test_curves_and_their_areas_are_scikit_learns(case):
    outputs, targets = made(case)
    result = classified(outputs, targets, resamples=2)
    fpr, tpr, thresholds = quiet(metrics.roc_curve, targets, outputs, pos_label=1, drop_intermediate=False)
    roc = result.roc()
    np.testing.assert_allclose(roc["fpr"], fpr, atol=1e-15)
    np.testing.assert_allclose(roc["tpr"], tpr, atol=1e-15)
    np.testing.assert_array_equal(roc["at_least"], thresholds)
    precision, recall, thresholds = quiet(metrics.precision_recall_curve, targets, outputs, pos_label=1)
    curve = result.precision_recall()
    np.testing.assert_allclose(curve["precision"], precision, atol=1e-15)
    np.testing.assert_allclose(curve["recall"], recall, atol=1e-15)
    np.testing.assert_array_equal(curve["at_least"][:-1], thresholds)
    fixed = result.fixed
    assert fixed["auc"] == pytest.approx(quiet(metrics.roc_auc_score, targets, outputs), abs=1e-12, nan_ok=True)
    expected = quiet(metrics.average_precision_score, targets, outputs)
    assert fixed["average_precision"] == pytest.approx(expected, abs=1e-12)
    assert fixed["brier"] == pytest.approx(metrics.brier_score_loss(targets, outputs, pos_label=1), abs=1e-7)


@settings(deadline=None, max_examples=40)
@given(CASES, st.integers(2, 12), st.sampled_from(calibration.STRATEGIES))
def test_calibration_is_scikit_learns(case, bins, strategy):
    outputs, targets = made(case)
    table = calibration.reliability(outputs, targets == 1, bins, strategy)
    share, output = calibration_curve(targets, outputs, n_bins=bins, strategy=strategy, pos_label=1)
    np.testing.assert_allclose(table["share"], share, atol=1e-15)
    np.testing.assert_allclose(table["output"], output, atol=1e-7)
    assert table["rows"].sum() == len(targets) and table["ones"].sum() == targets.sum()


@settings(deadline=None, max_examples=40)
@given(CASES)
def test_every_cut_is_reached_by_its_own_threshold_and_no_other_divides_the_rows(case):
    outputs, targets = made(case)
    divided = cuts.cut(outputs, targets == 1)
    assert len(divided.low) == len(np.unique(outputs)) + 1
    for at, threshold in enumerate(thresholds(divided)):
        assert divided.at(threshold) == at
        assert (outputs > outputs.dtype.type(threshold)).tolist() == (divided.falls > at).tolist()
    assert 0.5 in thresholds(divided)
    inside = thresholds(divided)[1:] if (outputs <= 0).any() else thresholds(divided)
    assert ((inside >= 0) & (inside <= 1)).all()


def test_a_row_at_the_threshold_is_predicted_0_in_its_own_precision():
    for dtype in (np.float32, np.float64):
        outputs = np.array([0.1, 0.3, 0.7], dtype)
        for threshold in (0.1, 0.3, 0.7):
            result = classified(outputs, [0, 0, 1], resamples=2)
            assert result.predictions(threshold).tolist() == (outputs > dtype(threshold)).tolist()
            assert result.predictions(threshold)[[0.1, 0.3, 0.7].index(threshold)] == 0


def test_the_loss_is_keras_and_scikit_learns():
    import keras

    rng = np.random.default_rng(0)
    outputs, targets = rng.random(61).astype(np.float32), rng.integers(0, 2, 61)
    outputs[:4] = [0, 1, 0, 1]
    own = losses.cross_entropy(outputs, targets)
    expected = keras.ops.convert_to_numpy(
        keras.losses.binary_crossentropy(targets[:, None].astype(np.float32), outputs[:, None])
    )
    np.testing.assert_allclose(own[4:], expected[4:], rtol=1e-4)
    np.testing.assert_allclose(own[:4], expected[:4], rtol=0.02)
    assert own[4:].mean() == pytest.approx(metrics.log_loss(targets[4:], outputs[4:].astype(float)), rel=1e-12)
    many = rng.dirichlet(np.ones(3), 30)
    kinds = rng.integers(0, 3, 30)
    assert losses.cross_entropy(many, kinds).mean() == pytest.approx(
        metrics.log_loss(kinds, many, labels=[0, 1, 2]), rel=1e-12
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 30), st.integers(1, 30))
def test_wilsons_interval_is_scipys(successes, more):
    rows = successes + more - 1
    low, high = intervals.wilson(successes, rows)
    if rows == 0:
        assert np.isnan(low) and np.isnan(high)
        return
    expected = binomtest(successes, rows).proportion_ci(0.95, "wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize("single", [True, False])
def test_bootstrap_intervals_equal_scikit_learn_on_every_resample(single):
    n, resamples = 31, 150
    outputs, targets = made((n, 3, 1, 0.3, single))
    result = classified(outputs, targets, resamples=resamples)
    drawn = np.random.default_rng(0).integers(0, n, (resamples, n))
    rng_areas = [quiet(metrics.roc_auc_score, targets[rows], outputs[rows]) for rows in drawn]
    boot = Bootstrap(n, 0, resamples)
    np.testing.assert_allclose(boot.areas(outputs, targets == 1), rng_areas, atol=1e-12)
    row_losses = result.row_losses
    np.testing.assert_allclose(boot.means(row_losses), row_losses[drawn].mean(axis=1), atol=1e-12)
    low, high = boot.right(result.cuts, targets == 1)
    for at, threshold in enumerate(thresholds(result.cuts)):
        right = (outputs > outputs.dtype.type(threshold)) == targets
        expected = np.percentile(right[drawn].mean(axis=1), [2.5, 97.5])
        assert (low[at], high[at]) == pytest.approx(tuple(expected), abs=1e-12)
    table = result.intervals(0.5).set_index(["figure", "method"])
    assert table.loc[("auc", "bootstrap"), ["low", "high"]].tolist() == pytest.approx(
        np.nanpercentile(rng_areas, [2.5, 97.5]).tolist(), abs=1e-12
    )
    assert table.loc[("accuracy", "Wilson"), "value"] == table.loc[("accuracy", "bootstrap"), "value"]


def test_the_bootstrap_in_chunks_of_cuts_and_resamples_is_that_of_one_piece(monkeypatch):
    n = 40
    outputs, targets = made((n, 5, 3, 0.3, False))
    monkeypatch.setattr(intervals, "_CHUNK", 7)
    boot = Bootstrap(n, 1, 30)
    assert boot.counts.sum(axis=1).tolist() == [n] * 30
    divided = cuts.cut(outputs, targets == 1)
    low, high = boot.right(divided, targets == 1)
    for at, threshold in enumerate(thresholds(divided)):
        right = (outputs > threshold) == targets
        expected = np.percentile(boot.counts @ right.astype(float) / n, [2.5, 97.5])
        assert (low[at], high[at]) == pytest.approx(tuple(expected), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_many_classes_are_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    n = 40
    outputs = rng.dirichlet(np.ones(4), n)
    targets = rng.integers(0, 3, n)  # class 3 is predicted and never there
    outputs[:, 2] *= seed > 0  # and without a seed class 2 is there and never predicted
    outputs /= outputs.sum(axis=1, keepdims=True)
    for positive in range(3):
        result = classified(outputs, targets, positive=positive, classes=4)
        predicted = outputs.argmax(axis=1)
        expected = metrics.confusion_matrix(targets, predicted, labels=range(4))
        assert result.confusion(0.5).to_numpy().tolist() == expected.tolist()
        figures = result.figures(0.4)
        assert figures["accuracy"] == metrics.accuracy_score(targets, predicted)
        each = metrics.precision_recall_fscore_support(targets, predicted, labels=range(4), zero_division=np.nan)
        np.testing.assert_allclose(result.per_class(0.5).to_numpy(), np.array(each).T, atol=1e-15)
        assert figures["auc"] == pytest.approx(metrics.roc_auc_score(targets == positive, outputs[:, positive]))
        lines = result.intervals(0.4).set_index(["figure", "method"])
        drawn = np.random.default_rng(0).integers(0, n, (200, n))
        expected = np.percentile((predicted == targets)[drawn].mean(axis=1), [2.5, 97.5])
        assert lines.loc[("accuracy", "bootstrap"), ["low", "high"]].tolist() == pytest.approx(expected.tolist())
        expected = binomtest(figures["right"], n).proportion_ci(0.95, "wilson")
        assert lines.loc[("accuracy", "Wilson"), ["low", "high"]].tolist() == pytest.approx([*expected])
        tn, fp, fn, tp = metrics.confusion_matrix(targets == positive, outputs[:, positive] > 0.4).ravel()
        assert [figures[name] for name in ("tn", "fp", "fn", "tp")] == [tn, fp, fn, tp]


def numbers(predicted, actual, mean=20.0, std=5.0, resamples=200):
    y = (np.asarray(actual, float) - mean) / std
    data = SimpleNamespace(y_train=np.zeros(3), target_mean=mean, target_std=std)
    outputs = ((np.asarray(predicted, float) - mean) / std).astype(np.float64)
    return Numbers(Rows("test", np.zeros((len(y), 1)), y, None), outputs, data, Bootstrap(len(y), 0, resamples))


def test_numbers_are_scikit_learns_in_the_targets_own_unit():
    rng = np.random.default_rng(0)
    actual = rng.normal(22, 9, 50)
    predicted = actual + rng.normal(0, 4, 50)
    result = numbers(predicted, actual)
    figures = result.figures()
    assert figures["mae"] == pytest.approx(metrics.mean_absolute_error(actual, predicted))
    assert figures["rmse"] == pytest.approx(metrics.root_mean_squared_error(actual, predicted))
    assert figures["r2"] == pytest.approx(metrics.r2_score(actual, predicted))
    assert figures["baseline"] == 20 and figures["baseline_mae"] == pytest.approx(np.abs(actual - 20).mean())
    drawn = np.random.default_rng(0).integers(0, 50, (200, 50))
    each = {
        "mae": metrics.mean_absolute_error,
        "rmse": metrics.root_mean_squared_error,
        "r2": metrics.r2_score,
    }
    for line in result.intervals().itertuples():
        resampled = [each[line.figure](actual[rows], predicted[rows]) for rows in drawn]
        assert (line.low, line.high) == pytest.approx(tuple(np.percentile(resampled, [2.5, 97.5])), rel=1e-9)


@pytest.mark.parametrize(("predicted", "actual"), [([1.0], [1.0]), ([2.0, 2.0], [2.0, 2.0]), ([1.0, 2.0], [2.0, 2.0])])
def test_r2_where_all_targets_are_the_same_is_scikit_learns(predicted, actual):
    found = losses.of_numbers(np.array(predicted), np.array(actual))["r2"]
    assert found == pytest.approx(quiet(metrics.r2_score, actual, predicted), nan_ok=True)
    assert numbers(predicted, actual).intervals().shape == (3, 5)


@pytest.mark.parametrize(
    ("outputs", "rows", "task", "classes", "words"),
    [
        ([[0.1, 0.9]] * 3, 3, "binary", 2, "a last layer of 1 unit with sigmoid"),
        ([0.1, 0.9], 3, "binary", 2, "3 rows of a binary target need (3,)"),
        ([0.1, NAN, NAN], 3, "binary", 2, "outputs of 2 of 3 rows are NaN"),
        ([-3.0, 0.2, 4.5], 3, "binary", 2, "from -3 to 4.5"),
        ([[0.1, 0.9]] * 3, 3, "multiclass", 3, "a last layer of 3 units with softmax"),
        ([[0.5, 0.5, 0.5]] * 3, 3, "multiclass", 3, "do not add up to 1"),
        ([[0.1, 0.2]] * 3, 3, "regression", 0, "need (3,)"),
        ([1.0, np.inf, 2.0], 3, "regression", 0, "1 of 3 rows are NaN or infinite"),
    ],
)
def test_outputs_that_do_not_fit_are_refused_in_words(outputs, rows, task, classes, words):
    with pytest.raises(SettingsError) as refused:
        check_outputs(np.array(outputs), rows, task, classes)
    assert words in str(refused.value)


def test_logits_are_told_from_probabilities():
    with pytest.raises(SettingsError, match="from_logits=True gives logits: end it with sigmoid"):
        check_outputs(np.array([-3.0, 0.2]), 2, "binary", 2)
    assert check_outputs(np.array([[0.0], [1.0]]), 2, "binary", 2).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"y_test": np.zeros(0), "x_test": np.zeros((0, 2))}, "no test rows to evaluate on"),
        ({"y_test": np.zeros((3, 1))}, "one value for each row"),
        ({"y_train": np.array([0.0, 2.0])}, "y_train has the value 2"),
        ({"y_test": np.array([0.0, NAN, 1.0])}, "no finite number"),
        ({"task": "ranking"}, "data.task is 'ranking'"),
        ({"class_names": ("a",)}, "name every class"),
    ],
)
def test_data_that_cannot_be_evaluated_on_are_refused_in_words(changes, words):
    given = {
        "x_train": np.zeros((2, 2)),
        "y_train": np.zeros(2),
        "x_test": np.zeros((3, 2)),
        "y_test": np.zeros(3),
        "class_names": ("a", "b"),
        "task": "binary",
    }
    with pytest.raises(SettingsError) as refused:
        check_data(SimpleNamespace(**(given | changes)))
    assert words in str(refused.value)
    with pytest.raises(SettingsError, match="data has no"):
        check_data(pd.DataFrame())
