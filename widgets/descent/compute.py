"""One run of gradient descent, written down step by step. No widget."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from firstepoch.widgets.descent.gradient import Differentiable
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.optimizers import steps as optimizer_steps

MOST_STEPS = 1000
LARGEST_RATE = 1e6


@dataclass(frozen=True)
class Run:
    """What a run did. Row k of every array belongs to the weights after k steps."""

    w: np.ndarray
    """float64, shape (frames, weights); the start first."""
    value: np.ndarray
    """float64, shape (frames,): g at w."""
    gradient: np.ndarray
    """float64, shape (frames, weights): the gradient of g at w."""
    next: np.ndarray
    """float64, shape (frames, weights): where this step leads; NaN where that is no finite number."""
    ended: str = ""
    """Why the run ended before its last step: "overflow", or what the function did; empty otherwise."""
    state: dict[str, np.ndarray] = field(default_factory=dict)
    """What the optimizer remembers, shape (frames, weights) each."""

    def __len__(self) -> int:
        return len(self.w)


def check_rate(rate: float) -> float:
    """A learning rate that can be used.

    Raises:
        SettingsError: It is not above 0, or not finite, or so large that nothing can be drawn.
    """
    if not np.isfinite(rate):
        raise SettingsError(f"learning_rate is {rate}; it must be a finite number above 0. Try 0.1.")
    if rate == 0:
        raise SettingsError("learning_rate is 0, so no step would move w. Try 0.1.")
    if rate < 0:
        raise SettingsError(f"learning_rate is {rate:g}; a step with a negative one goes uphill. Try {-rate:g}.")
    if rate > LARGEST_RATE:
        raise SettingsError(
            f"learning_rate is {rate:g}, too large for any picture: it goes up to {LARGEST_RATE:,.0f}. Try 0.1."
        )
    return float(rate)


def check_steps(steps: int) -> int:
    """A number of steps that can be used.

    Raises:
        SettingsError: It is below 1 or above 1000.
    """
    if not 1 <= steps <= MOST_STEPS:
        raise SettingsError(f"steps is {steps}; it goes from 1 to {MOST_STEPS:,}. Try 30.")
    return int(steps)


def descend(function: Differentiable, steps: int, optimizer: Any = "sgd", learning_rate: float | None = 0.1) -> Run:
    """Take steps from the function's start, and stop where the next has no finite value.

    Args:
        function: The function and its start.
        steps: How many steps at most.
        optimizer: "sgd", another name, or a keras optimizer; see optimizers/steps.py.
        learning_rate: None for the optimizer's own.

    Raises:
        SettingsError: There is no such optimizer.
    """
    ended = ""
    values: list[float] = []

    def gradient(w: np.ndarray) -> np.ndarray:
        nonlocal ended
        try:
            with np.errstate(all="ignore"):
                value, slope = function.both(w)
        except Exception as error:
            ended = str(error) if isinstance(error, SettingsError) else f"it raises {type(error).__name__}: {error}"
            raise
        if not np.isfinite(value) or not np.isfinite(slope).all():
            ended = "overflow" if np.isinf(value) or np.isinf(slope).any() or _huge(w) else "it has no value"
            raise FloatingPointError
        values.append(value)
        return slope

    # One step more than asked for: the last frame shows where it would lead.
    arrays = optimizer_steps.run(optimizer, function.start, gradient, steps + 1, learning_rate)
    w, slopes = arrays.pop("w"), arrays.pop("gradient")
    frames = min(len(w), steps + 1)
    following = np.full((frames, w.shape[1]), np.nan)
    following[: len(w) - 1] = w[1 : frames + 1]
    if len(w) <= steps and not ended:
        ended = "overflow"
    return Run(
        w[:frames],
        np.array(values[:frames]),
        slopes[:frames],
        following,
        ended if len(w) <= steps else "",
        {name: array[:frames] for name, array in arrays.items()},
    )


def _huge(w: np.ndarray) -> bool:
    return bool(np.abs(w).max() > 1e30)
