"""The rule of `keras.callbacks.EarlyStopping` on recorded numbers, epoch by epoch. No Keras, no widget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

WARM_UP, WATCHED, STOPPED, AFTER = range(4)
"""What an epoch is: before `start_from_epoch`, looked at, the last one, or never trained because of the stop."""


@dataclass(frozen=True)
class Settings:
    """The arguments of `keras.callbacks.EarlyStopping`.

    Attributes:
        patience: Epochs without improvement after which it stops. 0 acts as 1 does.
        min_delta: By how much a value must beat the best one; its sign does not matter.
        start_from_epoch: Epochs (from 0) before this one are not looked at.
        falls: Whether a smaller value is better: mode "min"; mode "max" if not.
        baseline: A value that must be beaten as well for patience to start afresh; None for none.
        restore_best_weights: Whether the weights of the best epoch come back at the end of the training.
    """

    patience: int = 15
    min_delta: float = 0.0
    start_from_epoch: int = 0
    falls: bool = True
    baseline: float | None = None
    restore_best_weights: bool = True

    def bar(self, best: np.ndarray) -> np.ndarray:
        """What a value must lie beyond to count as better than each of `best`."""
        return best - abs(self.min_delta) if self.falls else best + abs(self.min_delta)

    def beats(self, value: float, other: float) -> bool:
        """Whether Keras calls `value` an improvement on `other`: it compares them in float32."""
        shifted, reference = _single(value + abs(self.min_delta) * (1 if self.falls else -1)), _single(other)
        return bool(shifted < reference if self.falls else shifted > reference)


@dataclass(frozen=True)
class Story:
    """What EarlyStopping made of each recorded epoch; arrays of shape (epochs,).

    Attributes:
        state: WARM_UP, WATCHED, STOPPED or AFTER. After the stop the other arrays stay as they were there.
        improved: Whether the value was better than the best one before.
        afresh: Whether patience started afresh: improved, and beyond the baseline if there is one.
        best: The best value so far; NaN before there is one.
        bar: What the next value must lie beyond to improve on it; NaN before there is one.
        best_epoch: Its epoch (from 0); -1 before there is one.
        wait: Epochs since patience last started.
        stopped_epoch: The last epoch (from 0) that is trained; None if the recording ends first.
        restored_epoch: The epoch (from 0) whose weights come back; None if none do.
    """

    state: np.ndarray
    improved: np.ndarray
    afresh: np.ndarray
    best: np.ndarray
    bar: np.ndarray
    best_epoch: np.ndarray
    wait: np.ndarray
    stopped_epoch: int | None
    restored_epoch: int | None

    @property
    def last_best(self) -> int | None:
        """The epoch (from 0) of the best value in the end; None if no epoch was looked at."""
        return int(self.best_epoch[-1]) if len(self.best_epoch) and self.best_epoch[-1] >= 0 else None

    def arrays(self) -> dict[str, np.ndarray]:
        """Every array by name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if "epoch" not in one.name} | {
            "best_epoch": self.best_epoch
        }


def follow(values: Sequence[float] | np.ndarray, settings: Settings, first: int = 0) -> Story:
    """Go through the epochs as `keras.callbacks.EarlyStopping` does.

    Keras 3's `early_stopping.py` in plain Python: the first epoch looked at is an improvement whatever its value, a
    NaN too, which no later value beats. With `restore_best_weights` the best epoch comes back at the end of every
    training, stopped or not.

    Args:
        values: What is monitored, one number an epoch, shape (epochs,).
        settings: The arguments of EarlyStopping.
        first: Number of the first epoch, from 0.
    """
    best, best_epoch, wait, stopped = math.nan, -1, 0, None
    rows: list[tuple[Any, ...]] = []
    for epoch, value in enumerate(map(float, values), first):
        improved = afresh = False
        if stopped is not None:
            state = AFTER
        elif epoch < settings.start_from_epoch:
            state = WARM_UP
        else:
            state = WATCHED
            wait += 1
            improved = best_epoch < 0 or settings.beats(value, best)
            if improved:
                best, best_epoch = value, epoch
                afresh = settings.baseline is None or settings.beats(value, settings.baseline)
                wait = 0 if afresh else wait
            elif wait >= settings.patience:
                state, stopped = STOPPED, epoch
        rows.append((state, improved, afresh, best, best_epoch, wait))
    states, better, starts, bests, best_epochs, waits = zip(*rows, strict=True) if rows else [()] * 6
    return Story(
        state=np.array(states, np.int8),
        improved=np.array(better, bool),
        afresh=np.array(starts, bool),
        best=np.array(bests, np.float64),
        bar=settings.bar(np.array(bests, np.float64)),
        best_epoch=np.array(best_epochs, np.int64),
        wait=np.array(waits, np.int64),
        stopped_epoch=stopped,
        restored_epoch=best_epoch if settings.restore_best_weights and best_epoch >= 0 else None,
    )


@dataclass(frozen=True)
class Plateau:
    """A range of patiences that all end with the same best epoch.

    Attributes:
        low: The smallest such patience.
        high: The largest; None if every larger one does as well.
        best_epoch: That epoch (from 0).
        stops: The epochs (from 0) after which the smallest and the largest of them stop; None: it runs to the end.
    """

    low: int
    high: int | None
    best_epoch: int
    stops: tuple[int | None, int | None]


def plateaus(values: Sequence[float] | np.ndarray, settings: Settings, first: int = 0) -> list[Plateau]:
    """For every patience from 0 on, the best epoch it leads to, equal neighbours taken together.

    One pass is enough: up to its stop, a run does not depend on its patience.

    Args:
        values: What is monitored, shape (epochs,).
        settings: The arguments of EarlyStopping; its patience is not used.
        first: Number of the first epoch, from 0.

    Returns:
        The ranges, smallest patience first; empty if no epoch is looked at.
    """
    endless = follow(values, Settings(**{**vars(settings), "patience": len(values) + 1}), first)
    if endless.last_best is None:
        return []
    asks = (endless.state == WATCHED) & ~endless.improved
    # How long the longest wait has been, of the epochs that ask whether patience is used up.
    longest = np.maximum.accumulate(np.where(asks, endless.wait, -1))
    found: list[Plateau] = []
    for patience in range(max(0, int(longest[-1])) + 2):
        at = int(np.searchsorted(longest, max(patience, 0)))
        stop = at + first if at < len(longest) else None
        best = int(endless.best_epoch[min(at, len(longest) - 1)])
        if found and found[-1].best_epoch == best:
            last = found.pop()
            found.append(Plateau(last.low, patience, best, (last.stops[0], stop)))
        else:
            found.append(Plateau(patience, patience, best, (stop, stop)))
    last = found.pop()
    return [*found, Plateau(last.low, None, last.best_epoch, last.stops)]


def _single(value: float) -> np.float32:
    with np.errstate(over="ignore"):
        return np.float32(value)
