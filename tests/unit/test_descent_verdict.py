"""What a run shows about its learning rate, against what mathematics says of it; and the picture under it."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from firstepoch.widgets.descent.compute import descend
from firstepoch.widgets.descent.gradient import differentiable
from firstepoch.widgets.descent.ground import curvatures
from firstepoch.widgets.descent.picture import Painter, sample
from firstepoch.widgets.descent.verdict import judge


def judged(function, rate=0.1, start=None, steps=30, optimizer="sgd"):
    found = differentiable(function, start)
    run = descend(found, steps, optimizer, rate)
    drawn = Painter(found).picture(run)
    verdict = judge(
        run, found, drawn.views[0], rate, optimizer == "sgd", lambda other: descend(found, steps, "sgd", other)
    )
    return verdict, run


@settings(max_examples=80, deadline=None)
@given(st.floats(0.05, 20), st.floats(0.002, 3.0).filter(lambda share: min(abs(share - 1), abs(share - 0.5)) > 0.01))
def test_a_parabola_has_exact_thresholds(bend, share):
    """For a·w² a step multiplies w by 1 − 2αa: it diverges if and only if α > 1/a, overshoots from α > 1/(2a)."""

    class Parabola:
        name, weights, start, named, call = "parabola", 1, (1.5,), None, "w"
        differentiated_by = "formula"
        value = staticmethod(lambda w: float(bend * w[0] ** 2))
        gradient = staticmethod(lambda w: 2 * bend * w)
        both = staticmethod(lambda w: (float(bend * w[0] ** 2), 2 * bend * w))
        many = staticmethod(lambda w: bend * w[:, 0] ** 2)

    rate = share / bend
    run = descend(Parabola, 30, "sgd", rate)
    verdict = judge(run, Parabola, Painter(Parabola).picture(run).views[0], rate)
    left = abs(1 - 2 * share) ** 30
    expected = "diverging" if share > 1 else "too large" if share > 0.5 else "good" if left <= 0.05 else "too small"
    assert verdict.kind == expected, (share, verdict)


KINDS = [
    ("bowl", {"rate": 0.001}, "too small", "going down.*Try α"),
    ("bowl", {"rate": 0.1}, "good", "slope is almost 0"),
    ("bowl", {"rate": 0.9}, "too large", "jump over the minimum.*Try α"),
    ("bowl", {"rate": 1.0}, "too large", "never settles"),
    ("bowl", {"rate": 1.2}, "diverging", "too large.*Try α"),
    ("bowl", {"rate": 1e5}, "diverging", "recording ends there"),
    ("bowl", {"start": 0.0}, "flat", "a minimum already"),
    ("bowl", {"steps": 2}, "short", "too few"),
    ("two minima", {}, "local minimum", "to the left, near w = −1.63"),
    ("two minima", {"start": -0.5}, "good", ""),
    ("two minima", {"rate": 1.0}, "diverging", ""),
    ("plateau", {"start": 4.0}, "too small", "flat ground"),
    ("plateau", {"start": 0.0}, "flat", "a minimum already"),
    ("saddle", {"start": [2.0, 0.0]}, "saddle", "uphill along one direction, downhill along another"),
    ("saddle", {"start": [0.0, 0.0]}, "saddle", "at the start is 0"),
    ("saddle", {}, "good", ""),
    ("valley", {"rate": 0.2}, "good", ""),
    ("valley", {"rate": 0.5}, "diverging", ""),
    ("ill-conditioned bowl", {"rate": 0.124}, "too large", ""),
    ("ill-conditioned bowl", {"rate": 0.126}, "diverging", ""),
    ("ill-conditioned bowl", {"rate": 0.01}, "too small", ""),
    ("two minima in two weights", {}, "local minimum", "near w₁ = −1.62, w₂ = 0"),
    (lambda w: (w - 1000) ** 2, {"start": 0.0}, "good", ""),
    (lambda w: 100 * w**2, {"start": 2.0}, "diverging", "Try α = 0.00"),
    (lambda w: -(w**2), {"start": 1.0}, "diverging", "no minimum to reach"),
    (lambda w: tf.cos(w), {"start": 0.0}, "flat", "top of a hill"),
    (lambda w: tf.nn.relu(w), {"start": 2.0, "rate": 0.3}, "flat", "became almost 0"),
    (lambda w: abs(w), {"start": 2.0, "rate": 0.3}, "too large", "never settles"),
    (lambda w: np.cos(w), {"start": 1.0, "rate": 0.5}, "good", ""),
    (lambda w: tf.math.log(w), {"start": 1.0, "rate": 0.7}, "stopped", "cannot be used"),
    (lambda w: w[0] ** 2 + 10 * w[1] ** 2, {"start": [2.0, 1.0], "rate": 0.095}, "too large", ""),
    (lambda w: w[0] ** 2 + 10 * w[1] ** 2, {"start": [2.0, 1.0], "rate": 0.11}, "diverging", ""),
    ("bowl", {"optimizer": "momentum", "steps": 12}, "swinging", "this optimizer"),
]


@pytest.mark.parametrize(("function", "run", "kind", "words"), KINDS)
def test_verdicts(function, run, kind, words):
    verdict, _ = judged(function, **run)
    assert verdict.kind == kind, verdict
    assert __import__("re").search(words, verdict.sentence), verdict.sentence


@pytest.mark.parametrize("rate", [1e-4, 0.01, 0.6, 0.99, 1.5, 40.0])
@pytest.mark.parametrize("function", ["bowl", "two minima", "bowl in two weights", "ill-conditioned bowl"])
def test_advice_has_been_tried(function, rate):
    verdict, _ = judged(function, rate)
    if " Try α = " in verdict.sentence:
        advised = float(verdict.sentence.rsplit("Try α = ", 1)[1].rstrip("."))
        better, _ = judged(function, advised)
        assert better.kind in ("good", "local minimum") or (verdict.kind != "too small" and better.kind == "too small")


def test_a_lower_valley_is_claimed_only_where_one_is_drawn():
    lower_outside = judged(lambda w: tf.cos(w) - 0.2 * w, start=2.5, rate=0.5)[0]
    assert lower_outside.kind == "good", lower_outside


def test_flat_from_is_the_first_frame_that_stays_flat():
    verdict, run = judged("bowl")
    sizes = np.abs(run.gradient[:, 0])
    assert (sizes[verdict.flat_from :] <= 0.05 * sizes.max()).all()
    assert sizes[verdict.flat_from - 1] > 0.05 * sizes.max()


@pytest.mark.parametrize("by_hand", [True, False])
def test_curvatures_are_the_eigenvalues_of_the_hessian(by_hand):
    function = "valley" if by_hand else lambda w: (1 - w[0]) ** 2 + (w[1] - w[0] ** 2) ** 2
    w = np.array([0.3, -0.4])
    hessian = np.array([[2 - 4 * (w[1] - 3 * w[0] ** 2), -4 * w[0]], [-4 * w[0], 2.0]])
    np.testing.assert_allclose(
        curvatures(differentiable(function, [0.3, -0.4]), w), np.linalg.eigvalsh(hessian), rtol=1e-5
    )


def test_a_sample_is_the_function_on_a_grid_the_lowest_w2_first():
    found = differentiable("valley")
    values = sample(found, ((-2.0, 2.0), (-1.0, 3.0)))
    rows, columns = values.shape
    for row, column in ((0, 0), (5, 70), (rows - 1, 0), (rows - 1, columns - 1)):
        w = np.array([-2 + 4 * column / (columns - 1), -1 + 4 * row / (rows - 1)])
        np.testing.assert_allclose(values[row, column], found.value(w), rtol=1e-12)


def test_a_function_that_fails_in_places_leaves_gaps():
    def g(w):
        if float(w) < -1:
            raise ValueError("no")
        return w**2

    values = sample(differentiable(g, 1.0), ((-3.0, 3.0),))
    place = np.linspace(-3, 3, len(values))
    assert np.isnan(values[place < -1]).all()
    np.testing.assert_allclose(values[place >= -1], place[place >= -1] ** 2)


@pytest.mark.parametrize(("function", "rate"), [("bowl", 1.3), ("bowl", 1e5), ("two minima", 1.0), ("valley", 0.5)])
def test_every_frame_has_a_view_that_shows_all_frames_up_to_it(function, rate):
    found = differentiable(function)
    run = descend(found, 30, "sgd", rate)
    drawn = Painter(found).picture(run)
    assert (np.diff(drawn.frames) >= 0).all()
    assert len(drawn.views) > 1
    for frame, number in enumerate(drawn.frames):
        view = drawn.views[number]
        for axis, (low, high) in enumerate(view.domain):
            assert low <= run.w[: frame + 1, axis].min() and run.w[: frame + 1, axis].max() <= high
            assert np.isfinite([low, high, high - low]).all()
        low, high = view.height
        assert np.isfinite(high - low) and low <= run.value[: frame + 1].min()
        assert run.value[: frame + 1].max() <= high


@pytest.mark.parametrize("function", ["bowl", "two minima", "valley", "saddle"])
def test_a_run_that_does_not_diverge_has_one_view(function):
    found = differentiable(function)
    assert len(Painter(found).picture(descend(found, 30, "sgd", 0.1)).views) == 1


def test_a_view_stays_while_it_fits():
    g = lambda w: (w - 3) ** 2  # noqa: E731
    first = differentiable(g, 0.0)
    painter = Painter(first)
    one = painter.picture(descend(first, 30, "sgd", 0.1))
    other = painter.picture(descend(differentiable(g, 0.5), 30, "sgd", 0.1))
    assert one.views[0].domain == other.views[0].domain
    assert one.views[0].values is other.views[0].values
