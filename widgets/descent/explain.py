"""The sentences that say how a run of gradient descent went."""

from __future__ import annotations

import numpy as np

from firstepoch.widgets.descent.compute import Run
from firstepoch.widgets.descent.gradient import Differentiable
from firstepoch.widgets.descent.ground import curvatures, flat_at_once, lower_valley, sizes_of
from firstepoch.widgets.descent.picture import View


class Words:
    """The sentences."""

    def __init__(self, run: Run, function: Differentiable, view: View, rate: float, plain: bool) -> None:
        self.run, self.function, self.view, self.rate, self.plain = run, function, view, rate, plain
        self.slope = "slope" if function.weights == 1 else "gradient"
        self.alpha = f"α = {rate:g}"

    def say(self, kind: str, advice: float | None) -> str:
        """The sentence for a kind of verdict, with a learning rate to try."""
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
        steep = sizes_of(self.run)
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
        sizes = sizes_of(self.run)
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
        still = flat_at_once(self.run)
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
            ("The gradient at the start is 0, so no step moves w" if flat_at_once(self.run) else "It stops at a saddle")
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
