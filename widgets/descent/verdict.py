"""What a run of gradient descent shows about its learning rate and its start, judged by its recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from firstepoch.widgets.descent.compute import Run
from firstepoch.widgets.descent.gradient import Differentiable
from firstepoch.widgets.descent.picture import View, valleys

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
    words = _Words(run, function, view, rate, plain)
    advice = None
    endless = kind == "diverging" and run.value[-1] < run.value[0]
    if rerun is not None and plain and kind in ("too small", "too large", "diverging") and not endless:
        bends = curvatures(function, run.w[0])
        bend = float(bends.max()) if bends is not None else 0.0
        advice = _advice(kind, rate, bend, lambda other: _kind(rerun(other), plain, view)[0])
    return Verdict(kind, words.say(kind, advice), flat_from)


def _kind(run: Run, plain: bool, view: View) -> tuple[str, int]:
    sizes = _sizes(run)
    if _flat_at_once(run):
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


def _sizes(run: Run) -> np.ndarray:
    """Length of the gradient in each frame."""
    return np.hypot.reduce(run.gradient, axis=1)


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


def _flat_at_once(run: Run) -> bool:
    size = np.abs(run.gradient[0]).max()
    return bool(size <= 1e-12 * max(1.0, abs(run.value[0])))


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


def curvatures(function: Differentiable, w: np.ndarray) -> np.ndarray | None:
    """The curvatures of the function at w, smallest first: eigenvalues of finite differences of its gradient.

    What is within the error of that counts as 0. None where the function cannot say.
    """
    rough = function.differentiated_by == "finite differences"
    step = (1e-2 if rough else 1e-4) * np.maximum(1, np.abs(w))
    try:
        columns = [
            (function.gradient(w + one) - function.gradient(w - one)) / (2 * one[number])
            for number, one in enumerate(np.diag(step))
        ]
    except Exception:
        return None
    matrix = np.stack(columns)
    if not np.isfinite(matrix).all():
        return None
    found = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    found[np.abs(found) < (1e-2 if rough else 1e-5) * max(1e-3, np.abs(found).max())] = 0
    return np.where(np.abs(found) < 1e-7, 0.0, found)


def lower_valley(w: np.ndarray, value: float, view: View) -> np.ndarray | None:
    """The lowest drawn minimum, if it is clearly lower than the value at w and a rise lies between; else None."""
    axes = [np.linspace(*part, count) for part, count in zip(view.domain, view.values.shape[::-1], strict=True)]
    places = valleys(view.values)
    if not places:
        return None
    lowest = min(places, key=lambda place: view.values[place])
    seen = view.values[np.isfinite(view.values)]
    clear = 0.01 * float(np.quantile(seen, 0.9) - seen.min())
    if not view.values[lowest] < value - clear:
        return None
    # The last axis of the values is the first weight.
    there = np.array([axis[index] for axis, index in zip(axes, lowest[::-1], strict=True)])
    there[np.abs(there) < 1e-9 * np.ptp(axes[0])] = 0
    between = [
        view.values[
            tuple(np.abs(axis - part).argmin() for axis, part in zip(axes, w + share * (there - w), strict=True))[::-1]
        ]
        for share in np.linspace(0, 1, 41)
    ]
    return there if np.nanmax(between) > value + clear / 2 else None


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


class _Words:
    """The sentences."""

    def __init__(self, run: Run, function: Differentiable, view: View, rate: float, plain: bool) -> None:
        self.run, self.function, self.view, self.rate, self.plain = run, function, view, rate, plain
        self.slope = "slope" if function.weights == 1 else "gradient"
        self.alpha = f"α = {rate:g}"

    def say(self, kind: str, advice: float | None) -> str:
        said = str(getattr(self, f"_{kind.replace(' ', '_')}")())
        if advice is not None:
            return f"{said} Try α = {advice:g}."
        return f"{said} Take more steps." if kind == "too small" and self.plain else said

    def _good(self) -> str:
        first, last = float(self.run.value[0]), float(self.run.value[-1])
        most = int(np.argmax(self.run.value <= first - 0.9 * (first - last)))
        return (
            f"It settles where the {self.slope} is almost 0: g fell from {_n(first)} to {_n(last)}, nine tenths of it "
            f"within {_count(max(1, most), 'step')}."
        )

    def _too_small(self) -> str:
        steep = _sizes(self.run)
        start = f"After {_count(len(self.run) - 1, 'step')} it is still going down: "
        if not self.plain:
            return f"{start}the {self.slope} there is still {_n(steep[-1])}. Take more steps, or a larger α."
        if steep[0] < 0.3 * steep.max() or self._on_plateau():
            return (
                f"{start}on flat ground the {self.slope} is almost 0, and so is each step. {self.alpha} is small here."
            )
        return f"{start}the {self.slope} there is still {_n(steep[-1])}. {self.alpha} is small for this start."

    def _on_plateau(self) -> bool:
        """Whether the drawn function is much steeper elsewhere than all along the run."""
        values, run = self.view.values, self.run
        if values.ndim > 1:
            return False
        low, high = self.view.domain[0]
        slopes = np.abs(np.diff(values)) / ((high - low) / (len(values) - 1))
        return bool(np.nanquantile(slopes, 0.9) > 8 * np.abs(run.gradient).max())

    def _too_large(self) -> str:
        sizes = _sizes(self.run)
        start = f"{self.alpha} is large: the steps jump over the minimum, and the {self.slope} turns round"
        if sizes[-1] > 0.98 * sizes[len(sizes) // 2]:
            return f"{start}; they do not get shorter, so it never settles."
        return f"{start} each time; they get shorter, so it settles all the same."

    def _diverging(self) -> str:
        run = self.run
        if len(run) == 1:
            return f"The first step with {self.alpha} leads to numbers too large for a computer."
        end = (
            f" After step {len(run) - 1} the numbers are too large for a computer, so the recording ends there."
            if run.ended
            else ""
        )
        if run.value[-1] < run.value[0]:
            return f"g goes down without end this way, and w with it; there is no minimum to reach.{end}"
        return (
            f"{self.alpha} is too large: each step lands farther off, where it is steeper, so the next is "
            f"longer still.{end}"
        )

    def _swinging(self) -> str:
        return (
            f"After {_count(len(self.run) - 1, 'step')} it has not settled: it swings through the minimum and back, "
            "because this optimizer goes by more than the last gradient. Take more steps, or a smaller α."
        )

    def _flat(self) -> str:
        bends = curvatures(self.function, self.run.w[-1])
        still = _flat_at_once(self.run)
        start = (
            f"The {self.slope} at the start is 0, so no step moves w, whatever α is: this is "
            if still
            else f"The {self.slope} became almost 0, and the steps with it: this is "
        )
        if bends is not None and np.all(bends > 0):
            return f"{start}a minimum already."
        if bends is not None and np.all(bends < 0):
            return f"{start}the top of a hill. Start a little to one side, and it goes down."
        return f"{start}flat ground, where g says nothing about the way down."

    def _saddle(self) -> str:
        return (
            (
                "The gradient at the start is 0, so no step moves w"
                if _flat_at_once(self.run)
                else "It stops at a saddle"
            )
            + ": uphill along one direction, downhill along another, and the gradient is 0 between them. "
            "A start a little aside leaves it."
        )

    def _local_minimum(self) -> str:
        there = lower_valley(self.run.w[-1], float(self.run.value[-1]), self.view)
        assert there is not None
        if len(there) == 1:
            side = "left" if there[0] < self.run.w[-1, 0] else "right"
            where = f"to the {side}, near w = {_n(there[0])}"
        else:
            where = f"near w₁ = {_n(there[0])}, w₂ = {_n(there[1])}"
        return (
            f"It settles in a local minimum. A lower valley lies {where}; downhill from this start does not lead there."
        )

    def _stopped(self) -> str:
        after = f"after step {len(self.run) - 1}" if len(self.run) > 1 else "with the first step"
        return f"It stops {after}: where the next step leads, the function cannot be used ({self.run.ended})."

    def _short(self) -> str:
        return f"{_count(len(self.run) - 1, 'step')}: too few to judge α by."


def _n(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
