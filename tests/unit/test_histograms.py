"""Histograms of a run against numpy's and against Keras's own layer outputs."""

import keras
import numpy as np
import pytest
from keras import layers

from firstepoch import heart
from firstepoch.widgets.network import compute
from firstepoch.widgets.training import run as run_module
from firstepoch.widgets.training.bins import MAX_BINS, Bins
from firstepoch.widgets.training.histogram_scene import recorded
from firstepoch.widgets.training.histograms import (
    MAX_EPOCHS,
    MAX_ROWS,
    Collector,
    histograms,
    missing,
    sampled_rows,
    stride,
)
from firstepoch.widgets.training.run import Run
from firstepoch.widgets.training.settings import Settings
from firstepoch.widgets.training.widget import LiveTraining

DATA = heart.load()
RNG = np.random.default_rng(7)

RANGES = {
    "normal": RNG.normal(size=(60, 50)),
    "one side": np.maximum(RNG.normal(size=(60, 50)), 0),
    "grows": RNG.normal(size=(60, 50)) * np.geomspace(1e-3, 1e3, 60)[:, None],
    "huge": RNG.normal(size=(60, 50)) * np.geomspace(1, 1e37, 60)[:, None],
    "tiny": RNG.normal(size=(60, 50)) * 1e-30,
    "far from 0": 1000 + RNG.normal(size=(60, 50)) * 1e-3,
    "all 0": np.zeros((60, 50)),
    "all the same": np.full((60, 50), -3.7),
    "0, then spread": np.concatenate([np.zeros((20, 50)), RNG.normal(size=(40, 50))]),
    "on the edges": RNG.integers(-8, 8, (60, 50)) / 4,
    "some not finite": np.where(RNG.random((60, 50)) < 0.1, RNG.choice([np.nan, np.inf, -np.inf], (60, 50)), 1.5),
    "never finite": np.full((60, 50), np.nan),
}


def put(values, chunk, slack=False):
    bins = Bins()
    for start in range(0, len(values), chunk):
        bins.add(values[start : start + chunk], None, slack)
    bins.trim()
    return bins


@pytest.mark.parametrize("name", RANGES)
def test_bins_are_numpys_however_they_grew(name):
    values = RANGES[name].astype(np.float32)
    grown, at_once, live = put(values, 7), put(values, 60), put(values, 1, slack=True)
    assert grown.counts.shape[1] <= MAX_BINS
    for row, counts, facts in zip(values, grown.counts, grown.facts, strict=True):
        kept = row[np.isfinite(row)].astype(np.float64)
        assert facts[4] == len(row) - len(kept) and facts[5] == np.sum(row == 0)
        assert counts.sum() == len(kept)
        if len(kept):
            np.testing.assert_array_equal(counts, np.histogram(kept, grown.edges)[0])
            np.testing.assert_allclose(facts[:4], [kept.min(), kept.max(), kept.mean(), kept.std()])
    for other in (at_once, live):
        np.testing.assert_array_equal(other.edges, grown.edges)
        np.testing.assert_array_equal(other.counts, grown.counts)


def recording_of(model, frames, training_rows=40):
    """A run that recorded these weights, and no other numbers."""
    run = Run(1, Settings())
    run.plan, run.training_rows, run.outcome = compute.plan(model), training_rows, "finished"
    run.recording.extend({"weights": np.asarray(frames, np.float32)})
    return run


def random_frames(model, count):
    rng = np.random.default_rng(0)
    frames = [
        [rng.uniform(0.05, 0.6, w.shape) - 0.3 * (w.ndim == 2) for w in model.get_weights()] for _ in range(count)
    ]
    return frames, [np.concatenate([weight.ravel() for weight in frame]) for frame in frames]


def test_weights_biases_and_activations_are_those_of_keras():
    model = keras.Sequential(
        [
            keras.Input((5,)),
            layers.Dense(6, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(40, use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    frames, flat = random_frames(model, 4)
    x = np.random.default_rng(1).normal(size=(60, 5)).astype(np.float32)
    found = histograms(recording_of(model, flat), x)
    assert [(one.layer, one.kind) for one in found] == [
        ("hidden layer 1", "weights"),
        ("hidden layer 1", "biases"),
        ("hidden layer 1", "activations"),
        ("hidden layer 2", "weights"),
        ("hidden layer 2", "activations"),
        ("output layer", "weights"),
        ("output layer", "biases"),
        ("output layer", "activations"),
    ]
    taps = keras.Model(model.inputs[0], [model.layers[place].output for place in (0, 4, 5)])
    for epoch, weights in enumerate(frames):
        model.set_weights(weights)
        first, second, last = (np.asarray(one) for one in taps(x[:40], training=False))
        expected = [weights[0], weights[1], first, weights[2], second, weights[-2], weights[-1], last]
        for one, values in zip(found, expected, strict=True):
            values = np.asarray(values, np.float32)
            # On the edge of a bin two ways to multiply may disagree in the last digit.
            moved = np.abs(one.counts[epoch] - np.histogram(values, one.edges)[0]).sum()
            assert moved == 0 if one.kind != "activations" else moved <= 2
            assert one.counts[epoch].sum() == one.values == values.size
            np.testing.assert_allclose(one.low[epoch], values.min(), atol=1e-5)
            np.testing.assert_allclose(one.std[epoch], values.std(), rtol=1e-4)
        for one, values in ((found[2], first), (found[4], second)):
            assert one.zeros[epoch] == np.sum(values == 0)
            assert one.dead[epoch] == np.sum((values == 0).all(axis=0))
    assert found[7].dead is None and found[3].name == model.layers[2].name


def test_a_unit_that_is_0_for_every_row_is_dead():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3, activation="relu"), layers.Dense(1)])
    kernel, _, *rest = model.get_weights()
    model.set_weights([np.abs(kernel), np.array([-9.0, 0.5, -9.0], "float32"), *rest])
    x = np.random.default_rng(1).uniform(size=(10, 2)).astype(np.float32)
    found = histograms(recording_of(model, [compute.parameters(model)], 10), x)[2]
    assert list(found.dead) == [2] and list(found.zeros) == [20]


def test_of_many_rows_a_fixed_sample_of_those_trained_on_is_counted():
    x = np.arange(20_000, dtype=np.float32)[:, None]
    np.testing.assert_array_equal(sampled_rows(x, 900)[:, 0], np.arange(900))
    sample = sampled_rows(x, 16_000)[:, 0]
    assert len(sample) == len(set(sample)) == MAX_ROWS and sample[0] == 0 and sample[-1] == 15_999


@pytest.mark.parametrize(("epochs", "every"), [(1, 1), (MAX_EPOCHS, 1), (MAX_EPOCHS + 1, 2), (2 * MAX_EPOCHS + 1, 4)])
def test_of_a_long_run_every_so_many_epochs_are_counted(epochs, every):
    assert stride(epochs) == every


def test_a_run_watched_while_it_grows_is_counted_like_one_that_has_ended():
    keras.utils.set_random_seed(5)
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2, activation="relu"), layers.Dense(1)])
    start = compute.parameters(model)
    walk = start + np.cumsum(np.random.default_rng(3).normal(size=(2500, len(start))), axis=0).astype(np.float32) / 9
    x = np.random.default_rng(1).normal(size=(30, 2)).astype(np.float32)
    ended = recording_of(model, walk, 30)
    grows = recording_of(model, walk[:300], 30)
    grows.outcome = ""
    watched = Collector(grows, x)
    for stop in (300, 900, 1700, 2499, 2500):
        if stop > 300:
            grows.recording.extend({"weights": walk[len(grows.recording) : stop]})
        while watched.advance():
            pass
    assert watched.total == len(watched.epochs) == 625
    grows.outcome = "finished"
    while watched.advance():
        pass
    expected = histograms(ended, x)
    assert list(expected[0].epochs) == [*range(0, 2500, 4), 2499]
    assert watched.total == len(watched.epochs) == 626
    for one, other in zip(watched.histograms(), expected, strict=True):
        np.testing.assert_array_equal(one.epochs, other.epochs)
        np.testing.assert_array_equal(one.edges, other.edges)
        np.testing.assert_array_equal(one.counts, other.counts)


@pytest.fixture(scope="module")
def trained():
    widget = LiveTraining(heart.build_model, DATA, epochs=12)
    widget.train()
    widget.wait()
    return widget


def pull(widget):
    """What a page does: it asks until it has all."""
    for _ in range(1000):
        shown = widget._histograms.recording
        if shown.settings.get("total") in (None, len(shown)):
            return shown
        widget._command({"kind": "histograms?", "run": widget._histograms._stream.publication, "start": len(shown)}, [])
    raise AssertionError("the histograms never came to an end")


def test_nothing_is_counted_until_the_page_wants_it(trained):
    assert trained._histograms.recording is None
    trained.histograms = True
    shown = pull(trained)
    trained.histograms = False
    assert len(shown) == 12 and shown.settings["rows"] == shown.settings["training_rows"] == 193
    found = trained.histograms_of()
    np.testing.assert_array_equal(shown["counts"], np.concatenate([one.counts for one in found], axis=1))
    np.testing.assert_array_equal(shown["dead"][:, 2], found[2].dead)
    panel = shown.settings["panels"][2]
    assert (panel["layer"], panel["kind"], panel["values"]) == ("hidden layer 1", "activations", 193 * 16)
    np.testing.assert_allclose(panel["first"] + panel["width"] * np.arange(panel["bins"] + 1), found[2].edges)
    kernel = trained.model.get_weights()[0]
    np.testing.assert_array_equal(found[0].counts[-1], np.histogram(kernel, found[0].edges)[0])


def test_another_run_on_the_card_brings_its_histograms(trained):
    trained.histograms = True
    first = pull(trained)
    trained.epochs = 3
    trained.train()
    trained.wait()
    assert len(pull(trained)) == 3
    trained.shown = 1
    np.testing.assert_array_equal(pull(trained)["counts"], first["counts"])
    trained.shown = 0
    trained.histograms = False
    np.testing.assert_array_equal(
        trained.histograms_of(1)[0].counts, first["counts"][:, : first.settings["panels"][0]["bins"]]
    )
    with pytest.raises(ValueError, match=r"There is no run 9. There are: \[1, 2\]"):
        trained.histograms_of(9)


def test_a_run_without_histograms_says_why():
    fresh = LiveTraining(heart.build_model, DATA, histograms=True)
    assert fresh._histograms.recording.settings == {"why": "There are no weights yet: train first.", "panels": []}
    with pytest.raises(ValueError, match=r"train first"):
        fresh.histograms_of()
    run = Run(1, Settings(epochs=300))
    run.parameters = 80_000
    run.recording.append(loss=0.5)
    assert missing(run) == (
        "The weights of this run were not recorded: 80,000 parameters × 300 epochs are more than 20,000,000 numbers. "
        "Try fewer epochs, or fewer units."
    )
    assert run_module.MAX_RECORDED_WEIGHTS == 20_000_000
    branched = Run(1, Settings())
    branched.recording.append(weights=np.zeros(3))
    assert "no plain chain of Dense layers" in missing(branched)


def test_a_diverged_run_tells_what_is_not_a_number():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2, activation="relu"), layers.Dense(1)])
    start = compute.parameters(model)
    frames = np.stack([start, start * 1e30, np.full_like(start, np.nan)])
    run = recording_of(model, frames, 10)
    run.outcome = "failed"
    x = np.random.default_rng(1).normal(size=(10, 2)).astype(np.float32)
    collector = Collector(run, x)
    while collector.advance():
        pass
    shown = recorded(collector, DATA)
    np.testing.assert_array_equal(shown["nonfinite"][2], [one.values for one in collector.histograms()])
    assert np.isnan(shown["low"][2]).all() and not shown["counts"][2].any()
