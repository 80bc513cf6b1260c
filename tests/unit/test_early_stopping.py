"""The rule of EarlyStoppingExplorer against keras.callbacks.EarlyStopping on the same numbers."""

import itertools

import early_stopping_oracle as oracle
import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from keras.src.trainers import compile_utils

from firstepoch.widgets import SettingsError
from firstepoch.widgets.early_stopping import compute
from firstepoch.widgets.early_stopping.compute import AFTER, STOPPED, WARM_UP, Settings, follow, plateaus
from firstepoch.widgets.early_stopping.direction import falls

CASES = [oracle.case(seed) for seed in range(600)]


def ours(settings):
    return Settings(
        **{name: value for name, value in settings.items() if name != "mode"}, falls=settings["mode"] == "min"
    )


def same_as_keras(values, first, settings):
    told, stopped, came_back = oracle.ask(values, first, **settings)
    story = follow(values, ours(settings), first)
    assert (story.stopped_epoch, story.restored_epoch) == (stopped, came_back)
    for frame, (best, best_epoch, wait, improved) in enumerate(told):
        if best is None:
            assert story.best_epoch[frame] == -1 and np.isnan(story.best[frame]) and not story.improved[frame]
            assert story.state[frame] == WARM_UP
            continue
        np.testing.assert_equal(story.best[frame], best)
        assert (story.best_epoch[frame], story.wait[frame], story.improved[frame]) == (best_epoch, wait, improved)
        assert story.afresh[frame] == (improved and wait == 0)
    assert (story.state[len(told) :] == AFTER).all() and (story.state[: len(told)] != AFTER).all()
    assert (story.state == STOPPED).sum() == (stopped is not None)
    return story


def test_it_equals_keras_on_600_generated_curves_and_settings():
    seen = dict.fromkeys(("stopped", "ran on", "nothing watched", "NaN is best", "baseline holds", "kept"), 0)
    for values, first, settings in CASES:
        story = same_as_keras(values, first, settings)
        seen["stopped"] += story.stopped_epoch is not None
        seen["ran on"] += story.stopped_epoch is None
        seen["nothing watched"] += story.last_best is None
        seen["NaN is best"] += story.last_best is not None and bool(np.isnan(story.best[-1]))
        seen["baseline holds"] += bool((story.improved & ~story.afresh).any())
        seen["kept"] += not settings["restore_best_weights"]
    assert min(seen.values()) >= 20, seen


FLOATS = st.one_of(st.floats(width=32), st.sampled_from([0.0, 0.5, 0.5000001, float("nan"), float("inf")]))


@hypothesis_settings(max_examples=150, deadline=None)
@given(
    st.lists(FLOATS, min_size=1, max_size=30),
    st.integers(0, 6),
    st.sampled_from([0.0, 1e-7, 0.01, 1.0]),
    st.integers(0, 8),
    st.sampled_from(["min", "max"]),
    st.one_of(st.none(), st.floats(-2, 2)),
)
def test_it_equals_keras_on_any_numbers(values, patience, min_delta, start, mode, baseline):
    settings = {
        "patience": patience,
        "min_delta": min_delta,
        "start_from_epoch": start,
        "mode": mode,
        "baseline": baseline,
        "restore_best_weights": True,
    }
    same_as_keras(values, 0, settings)


def test_patience_0_acts_as_patience_1():
    values = [0.5, 0.4, 0.45, 0.3]
    assert follow(values, Settings(0)).stopped_epoch == follow(values, Settings(1)).stopped_epoch == 2
    assert oracle.ask(values, patience=0)[1] == oracle.ask(values, patience=1)[1] == 2


def test_the_sign_of_min_delta_does_not_matter():
    values = [0.5, 0.49, 0.45, 0.449, 0.3]
    for delta in (0.02, -0.02):
        settings = {"patience": 1, "min_delta": delta, "mode": "min", "restore_best_weights": True}
        story = same_as_keras(values, 0, settings)
        assert story.stopped_epoch == 1


def test_the_best_epoch_comes_back_also_when_patience_never_runs_out():
    story = follow([0.5, 0.4, 0.45], Settings(9))
    assert (
        story.stopped_epoch is None
        and story.restored_epoch == 1 == oracle.ask([0.5, 0.4, 0.45], patience=9, restore_best_weights=True)[2]
    )


def test_the_bar_is_what_the_next_epoch_must_beat():
    story = follow([0.5, 0.4, 0.45, 0.35], Settings(9, min_delta=0.1))
    np.testing.assert_allclose(story.bar, [0.4, 0.4, 0.4, 0.25])
    assert story.improved.tolist() == [True, False, False, True]
    np.testing.assert_allclose(follow([0.5, 0.7], Settings(9, 0.1, 1, falls=False)).bar, [np.nan, 0.8])


def test_every_patience_of_a_range_leads_where_the_range_says():
    for values, first, settings in CASES[:200]:
        plain = ours(settings)
        ranges = plateaus(values, plain, first)
        lows = [one.low for one in ranges]
        highs = [one.high for one in ranges]
        assert lows[:1] in ([], [0]) and highs[-1:] in ([], [None])
        assert [high + 1 for high in highs[:-1]] == lows[1:]
        for patience in range(len(values) + 2):
            story = follow(values, Settings(**{**vars(plain), "patience": patience}), first)
            found = [one for one in ranges if one.low <= patience and (one.high is None or patience <= one.high)]
            assert [one.best_epoch for one in found] == ([] if story.last_best is None else [story.last_best])
            for one in found:
                if patience == one.low:
                    assert one.stops[0] == story.stopped_epoch
                if patience == one.high:
                    assert one.stops[1] == story.stopped_epoch


def test_ranges_that_follow_each_other_differ():
    for values, first, settings in CASES[:200]:
        best = [one.best_epoch for one in plateaus(values, ours(settings), first)]
        assert all(one != other for one, other in itertools.pairwise(best))


def metrics():
    """One of each metric of Keras that has a direction and can be made with few arguments."""
    extra = {
        "SensitivityAtSpecificity": (0.5,),
        "SpecificityAtSensitivity": (0.5,),
        "PrecisionAtRecall": (0.5,),
        "RecallAtPrecision": (0.5,),
        "IoU": (2, (0, 1)),
        "MeanIoU": (2,),
        "OneHotIoU": (2, (0, 1)),
        "OneHotMeanIoU": (2,),
    }
    for name in dir(keras.metrics):
        kind = getattr(keras.metrics, name)
        if (
            isinstance(kind, type)
            and issubclass(kind, keras.metrics.Metric)
            and name not in ("Metric", "MeanMetricWrapper")
        ):
            metric = kind(*extra.get(name, ()))
            if hasattr(metric, "_direction"):
                yield metric


def test_auto_knows_every_metric_of_keras_that_keras_knows():
    found = list(metrics())
    assert len(found) > 35
    for metric in found:
        for name in (metric.name, f"val_{metric.name}"):
            assert falls(name, "auto") == (metric._direction == "down"), name


def test_auto_knows_them_by_the_words_compile_takes():
    y, known = np.zeros((4, 1), "float32"), 0
    for word in [*keras.src.metrics.ALL_OBJECTS_DICT, "accuracy", "acc"]:
        try:
            metric = compile_utils.get_metric(word, y, y)
        except (TypeError, ValueError):
            continue  # it needs arguments, or is no metric
        if hasattr(metric, "_direction"):
            assert falls(f"val_{metric.name}", "auto") == (metric._direction == "down"), word
            known += 1
    assert known > 60


def test_auto_is_what_keras_finds_of_a_compiled_model():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", metrics=["accuracy", "mse", keras.metrics.AUC()])
    history = model.fit(np.zeros((4, 2)), np.array([0, 1, 0, 1]), validation_split=0.5, verbose=0).history
    known = 0
    for monitor in history:
        callback = keras.callbacks.EarlyStopping(monitor)
        callback.set_model(model)
        try:
            callback._set_monitor_op()
        except ValueError:
            with pytest.raises(SettingsError, match='mode "auto" does not know'):
                falls(monitor, "auto")
            continue
        assert falls(monitor, "auto") == (callback.monitor_op is keras.ops.less), monitor
        known += 1
    assert known >= 6, history


def test_compute_loads_no_keras():
    assert "keras" not in vars(compute)
