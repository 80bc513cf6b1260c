"""The gradient by hand against TensorFlow's and against plain numpy, and the rows it is taken over."""

import numpy as np
import pytest
from cost_oracle import apart, by_numpy, by_tape

from firstepoch.widgets import GradientCost, SettingsError
from firstepoch.widgets.cost import compute
from firstepoch.widgets.cost.measure import Measurement, Settings, Stopped

SHAPES = {"lecture": (29, 16), "logistic": (2, 0), "one of each": (1, 1), "wide": (7, 300)}


@pytest.mark.parametrize(("inputs", "hidden"), SHAPES.values(), ids=SHAPES)
def test_the_gradient_is_tensorflows(inputs, hidden):
    cost = GradientCost(inputs=inputs, hidden=hidden, largest=1000)
    # Far from a symmetric start: biases and all.
    parameters = tuple(array + np.float32(0.3) for array in cost.parameters)
    x, y = cost.rows(200)
    assert apart(compute.gradient(parameters, x, y), by_tape(parameters, x, y)) < 1e-5


@pytest.mark.parametrize(("inputs", "hidden"), SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("n", [1, 1000, 1024, 30_001])
def test_added_up_in_chunks_it_is_that_of_all_rows_at_once(inputs, hidden, n):
    cost = GradientCost(inputs=inputs, hidden=hidden, largest=1000, seed=n)
    assert apart(cost.gradient(n), by_numpy(cost.parameters, *cost.rows(n))) < 1e-5


def test_very_large_values_stay_finite():
    x = np.float32([[1e30], [-1e30], [5.0]])
    with np.errstate(all="raise", under="ignore"):
        gradient = compute.gradient(compute.parameters(1, 0, seed=3), x[2:] * 1e6, np.float32([[0]]))
    assert np.isfinite(gradient).all()


def test_generated_rows_are_standard_normal_and_the_first_n_are_always_the_same():
    cost = GradientCost(inputs=5, largest=1000)
    x, y = cost.rows(40_000)
    assert x.dtype == y.dtype == np.float32 and x.shape == (40_000, 5) and y.shape == (40_000, 1)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(np.cov(x.T), np.eye(5), atol=0.03)
    assert set(np.unique(y)) == {0, 1} and abs(y.mean() - 0.5) < 0.02
    assert len(np.unique(x[:, 0])) > 39_000  # no block is another's copy
    np.testing.assert_array_equal(cost.rows(17)[0], x[:17])
    np.testing.assert_array_equal(GradientCost(inputs=5).rows(100)[0], x[:100])
    assert not np.array_equal(GradientCost(inputs=5, seed=1).rows(17)[0], x[:17])


def test_given_rows_are_repeated():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(303, 4)), rng.integers(0, 2, 303)
    rows, targets = GradientCost(x, y, hidden=2).rows(40_000)
    whole = 40_000 // 303 + 1
    np.testing.assert_array_equal(rows, np.tile(x, (whole, 1))[:40_000].astype("float32"))
    np.testing.assert_array_equal(targets[:, 0], np.tile(y, whole)[:40_000])


BAD_ROWS = {
    "lengths": ([[1.0], [2.0]], [0], "2 rows and y has shape"),
    "not a number": ([[1.0, np.nan], [2.0, 3.0]], [0, 1], r"x\[0, 1\] is nan"),
    "too large for float32": ([[1.0], [1e39]], [0, 1], r"x\[1, 0\] is inf"),
    "one axis": ([1.0, 2.0], [0, 1], r"shape \(2,\)"),
    "empty": (np.zeros((0, 3)), [], r"shape \(0, 3\)"),
    "words": ([["a"]], [0], "arrays of numbers"),
    "targets": ([[1.0], [2.0]], [1, 2], "targets 0 and 1"),
    "targets missing": ([[1.0], [2.0]], None, "both x and y"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_rows_that_cannot_be_used_are_refused_in_a_sentence(case):
    x, y, said = BAD_ROWS[case]
    with pytest.raises(SettingsError, match=said):
        GradientCost(x, y)


BAD_SETTINGS = {
    "batch of none": ({"batch_size": 0}, "batch size is 0"),
    "batch larger than the fewest rows": ({"batch_size": 1001}, "from 1 to 1,000"),
    "batch not whole": ({"batch_size": 31.5}, "batch size is 31.5; use a whole number"),
    "batch a truth": ({"batch_size": True}, "batch size is True"),
    "too few rows": ({"largest": 999}, "largest is 999"),
    "too much memory": ({"largest": 10_000_000}, "1,144 MiB"),
    "too much work": ({"inputs": 100, "hidden": 100}, "10,201 parameters would take too long"),
    "no inputs": ({"inputs": 0}, "inputs is 0"),
    "guess": ({"guess": -3.0}, "guess is -3"),
    "guess of no number": ({"guess": float("nan")}, "guess is nan"),
}


@pytest.mark.parametrize("case", BAD_SETTINGS)
def test_settings_that_cannot_be_used_are_refused_in_a_sentence(case):
    settings, said = BAD_SETTINGS[case]
    with pytest.raises(SettingsError, match=said):
        GradientCost(**settings)


def test_inputs_and_given_rows_must_agree():
    with pytest.raises(SettingsError, match="x has 1 values in a row and inputs is 2"):
        GradientCost([[1.0]], [0], inputs=2)


def test_whole_numbers_of_other_types_are_taken():
    cost = GradientCost(batch_size=np.int64(8), largest=2000.0)
    cost.batch_size = np.int32(9)
    assert (cost.batch_size, cost.largest) == (9, 2000)


@pytest.mark.parametrize(
    ("largest", "sizes"),
    [
        (1000, [1000]),
        (10_000, [1000, 3000, 10_000]),
        (12_345, [1000, 3000, 10_000, 12_345]),
        (1_000_000, [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000]),
    ],
)
def test_sizes_go_up_to_the_largest(largest, sizes):
    assert Settings(29, 16, 32, largest).sizes == sizes


class Clock:
    """A clock that goes on by a fixed time whenever rows are used, and never otherwise."""

    def __init__(self, monkeypatch, seconds_a_row=1e-6):
        self.now, self.rows = 0.0, []
        real = compute.gradient_sum

        def used(parameters, x, y):
            self.now += len(x) * seconds_a_row
            self.rows.append(len(x))
            return real(parameters, x, y)

        monkeypatch.setattr(compute, "gradient_sum", used)
        monkeypatch.setattr("firstepoch.widgets.cost.measure.time.perf_counter", lambda: self.now)


def measured(settings, between=lambda: None):
    recording = settings.empty()
    Measurement(settings, None, between).run(recording, lambda: None)
    return recording


def test_times_are_those_of_the_arithmetic_and_nothing_else(monkeypatch):
    clock = Clock(monkeypatch)

    def slow_page():
        clock.now += 10.0

    recording = measured(Settings(29, 16, 50, 10_000), slow_page)
    np.testing.assert_array_equal(recording["rows"], [1000, 3000, 10_000])
    for name in ("seconds", "fastest", "slowest"):
        np.testing.assert_allclose(recording[name], recording["rows"] * 1e-6)
        np.testing.assert_allclose(recording["batch_" + name if name != "seconds" else "batch_seconds"], 50e-6)
    np.testing.assert_allclose(recording["ratio"], recording["rows"] / 50)
    assert max(clock.rows) == 1024


def test_repetitions_fit_the_time_there_is(monkeypatch):
    Clock(monkeypatch, seconds_a_row=0.8e-5)
    recording = measured(Settings(29, 16, 1, 30_000))
    # 8, 24, 80 and 240 ms a gradient; half a second a point, 5 to 51 repetitions.
    np.testing.assert_array_equal(recording["repetitions"], [51, 20, 6, 5])
    Clock(monkeypatch, seconds_a_row=1e-3)
    np.testing.assert_array_equal(measured(Settings(29, 16, 1, 10_000))["repetitions"], [5, 2, 1])


def test_the_median_is_between_fastest_and_slowest(monkeypatch):
    clock = Clock(monkeypatch)
    late = iter([0.0, 0.5, 0.0, 0.0, 0.25] * 2)

    def chunks(parameters, x, y, rows):
        clock.now += 1 + next(late)
        yield np.zeros(1)

    monkeypatch.setattr(compute, "in_chunks", chunks)
    monkeypatch.setattr("firstepoch.widgets.cost.measure.Measurement._warm_up", lambda self: None)
    recording = measured(Settings(29, 16, 1, 1000))
    assert [float(recording[name][0]) for name in ("seconds", "fastest", "slowest")] == pytest.approx([1.0, 1.0, 1.5])


def test_stopping_leaves_whole_frames():
    calls = iter(range(10**6))

    def between():
        if next(calls) == 400:
            raise Stopped

    settings = Settings(2, 0, 1, 10_000)
    recording = settings.empty()
    with pytest.raises(Stopped):
        Measurement(settings, None, between).run(recording, lambda: None)
    assert len(recording) < 3
