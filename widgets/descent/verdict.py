"""What a run of gradient descent shows about its learning rate and its start, judged by its recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from firstepoch.widgets.descent.compute import Run
from firstepoch.widgets.descent.explain import Words
from firstepoch.widgets.descent.gradient import Differentiable
from firstepoch.widgets.descent.ground import curvatures, flat_at_once, lower_valley, sizes_of
from firstepoch.widgets.descent.picture import View

KINDS = (
    "good",
    "too small",
    "too large",
    "diverging",
    "swinging",
    "flat",
    "local minimum",
    "saddle",
    "stopped",
    "short",
)
_SETTLED = 0.05
"""A gradient below this share of the steepest one met counts as flat enough to be there."""


@dataclass(frozen=True)
class Verdict:
    """A kind (one of KINDS), the sentence that says why, and the first frame on flat ground (-1: none)."""

    kind: str
    sentence: str
    flat_from: int = -1


def judge(
    run: Run,
    function: Differentiable,
    view: View,
    rate: float,
    plain: bool = True,
    rerun: Callable[[float], Run] | None = None,
) -> Verdict:
    """Say how a run went.

    Args:
        run: The run.
        function: What it descended.
        view: The first view of its picture: a lower valley is told of only if it is drawn there.
        rate: The learning rate.
        plain: Whether the rule is w ← w − α g; other optimizers overshoot by nature.
        rerun: Runs the same with another learning rate; what is advised has been tried with it.
    """
    kind, flat_from = _kind(run, plain, view)
    if kind in ("good", "flat"):
        kind = _ground(run, function, kind, view)
    words = Words(run, function, view, rate, plain)
    advice = None
    endless = kind == "diverging" and run.value[-1] < run.value[0]
    if rerun is not None and plain and kind in ("too small", "too large", "diverging") and not endless:
        bends = curvatures(function, run.w[0])
        bend = float(bends.max()) if bends is not None else 0.0
        advice = _advice(kind, rate, bend, lambda other: _kind(rerun(other), plain, view)[0])
    return Verdict(kind, words.say(kind, advice), flat_from)


def _kind(run: Run, plain: bool, view: View) -> tuple[str, int]:
    sizes = sizes_of(run)
    if flat_at_once(run):
        return "flat", 0
    if run.ended:
        return ("diverging" if run.ended == "overflow" else "stopped"), -1
    if len(run) < 4:
        return "short", -1
    flips, half = _flips(run), len(run) // 2
    late = flips[half - 1 :]
    grows = sizes[-1] > sizes[half] * (1 + 1e-9) and sizes[-1] > sizes[0]
    if grows and late.mean() >= 0.8 and run.value[-1] > run.value[half]:
        return "diverging", -1
    if _ran_away(run, view) and sizes[-1] >= sizes[0]:
        return "diverging", -1
    settled = sizes <= _SETTLED * sizes.max()
    flat_from = len(run) - int(np.argmin(settled[::-1])) if not settled.all() else 0
    jumps = plain and _always(flips[: max(3, _moving(sizes) - 1)])
    if settled[-1]:
        return ("too large" if jumps else "good"), flat_from
    # Beyond the rounding of equal heights.
    rises = np.diff(run.value[half:]) > 1e-12 * np.maximum(1, np.abs(run.value[half:-1]))
    if late.mean() >= 0.9 or rises.mean() >= 0.2:
        return ("too large" if plain else "swinging"), -1
    return "too small", -1


def _flips(run: Run) -> np.ndarray:
    """For each step, whether it went over the minimum along its own direction: the gradient then points back."""
    with np.errstate(all="ignore"):
        # Scaled one by one: products of huge gradients overflow.
        unit = run.gradient / np.maximum(np.abs(run.gradient).max(axis=1, keepdims=True), 1e-300)
    return np.einsum("ij,ij->i", unit[:-1], unit[1:]) < 0


def _always(flips: np.ndarray) -> bool:
    return len(flips) >= 3 and float(flips.mean()) >= 0.9


def _moving(sizes: np.ndarray) -> int:
    """How many frames come before the gradient is nothing but rounding."""
    return int(np.sum(sizes > 1e-9 * sizes.max()))


def _ran_away(run: Run, view: View) -> bool:
    wide = max(high - low for low, high in view.domain)
    return float(np.abs(run.w[-1] - run.w[0]).max()) > 50 * wide


def _ground(run: Run, function: Differentiable, kind: str, view: View) -> str:
    """What kind of flat ground it is."""
    bends = curvatures(function, run.w[-1])
    if bends is not None and len(bends) > 1 and bends.min() < 0 < bends.max():
        return "saddle"
    if kind == "good" and lower_valley(run.w[-1], float(run.value[-1]), view) is not None:
        return "local minimum"
    if bends is not None and bends.max() <= 0:
        return "flat"
    return kind


def _advice(kind: str, rate: float, bend: float, tried: Callable[[float], str]) -> float | None:
    """A learning rate that has been tried and does better, or None; at most three runs.

    A step of 1 / curvature goes straight to the minimum of a parabola; half of that is a careful beginning.
    """
    ladder = [lead * 10.0**power for power in range(-12, 7) for lead in (1, 2, 5)]
    better = [one for one in ladder if (one > 1.01 * rate if kind == "too small" else one < 0.99 * rate)]
    if not better:
        return None
    careful = 0.5 / bend if bend > 0 else 3 * rate if kind == "too small" else rate / 3
    at = int(np.argmin(np.abs(np.log(better) - np.log(careful)) + 10 * (np.array(better) > 1.01 * careful)))
    usable = None
    for _ in range(3):
        found = tried(better[at])
        if found == "good":
            return better[at]
        if found == "too small" and usable is None and kind != "too small":
            usable = better[at]
        at += 1 if found == "too small" else -1
        if not 0 <= at < len(better):
            break
    return usable
