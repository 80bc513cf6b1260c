"""Bins that grow with what is put into them. They know no network.

A bin is as wide as a power of two and begins at a multiple of it: as the range grows, two bins become one, and nothing
that was counted has to be counted again. A float32 is put into such a bin without rounding.
"""

from __future__ import annotations

import math

import numpy as np

MAX_BINS = 40
FACTS = ("low", "high", "mean", "std", "nonfinite", "zeros", "dead")
"""What is known of the values of one epoch besides their counts; `dead` is -1 where that is no question."""
_FINEST = 20
"""The narrowest bin is 2**-20 of the largest value: of values that are all the same there is no range to divide."""


class Bins:
    """The counts of one quantity: bin k holds the values from k to k + 1 times 2**exponent."""

    def __init__(self) -> None:
        self._low, self._high = math.inf, -math.inf
        self._exponent = self._first = 0
        self.counts = np.zeros((0, 0), np.int64)
        self.facts = np.zeros((0, len(FACTS)))

    @property
    def edges(self) -> np.ndarray:
        """Where the bins begin, and where the last one ends."""
        edges: np.ndarray = (self._first + np.arange(self.counts.shape[1] + 1)) * 2.0**self._exponent
        return edges

    def add(self, values: np.ndarray, dead: np.ndarray | None, slack: bool) -> bool:
        """Count values of shape (epochs, values); true if the bins are no longer those they were."""
        with np.errstate(all="ignore"):
            low, high = values.min(), values.max()
        finite = None
        if not (np.isfinite(low) and np.isfinite(high)):
            finite = np.isfinite(values)
            low, high = values.min(where=finite, initial=np.inf), values.max(where=finite, initial=-np.inf)
        moved = self._grow(float(low), float(high), slack)
        bins = self.counts.shape[1]
        with np.errstate(all="ignore"):
            place = np.floor(values * np.float32(2.0**-self._exponent)).astype(np.float64) - self._first
        place = place if finite is None else np.where(finite, place, bins)
        place += np.arange(len(values))[:, None] * (bins + 1)
        size = len(values) * (bins + 1)
        counts = np.bincount(place.astype(np.intp).ravel(), minlength=size).reshape(-1, bins + 1)
        self.counts = np.concatenate([self.counts, counts[:, :bins]])
        self.facts = np.concatenate([self.facts, _facts(values, finite, counts[:, bins], dead)])
        return moved

    def thin(self, kept: np.ndarray) -> None:
        """Keep these epochs only."""
        self.counts, self.facts = self.counts[kept], self.facts[kept]

    def trim(self) -> bool:
        """Leave out the empty bins at both ends, those of epochs no longer kept too; true if there were any."""
        used = np.flatnonzero(self.counts.any(axis=0))
        return bool(len(used)) and self._place(self._first + int(used[0]), self._first + int(used[-1]))

    def _ends(self, low: float, high: float) -> tuple[int, int]:
        return math.floor(low / 2.0**self._exponent), math.floor(high / 2.0**self._exponent)

    def _grow(self, low: float, high: float, slack: bool) -> bool:
        if not low <= high:  # no finite value in this chunk
            return False
        before = self._low <= self._high
        self._low, self._high = min(low, self._low), max(high, self._high)
        largest = max(abs(self._low), abs(self._high))
        finest = math.frexp(largest)[1] - _FINEST if largest else -100
        exponent = max(finest, -100, self._exponent if before else -100)
        spread = self._high - self._low
        if spread:
            exponent = max(exponent, math.frexp(spread / MAX_BINS)[1] - 1)
        while math.floor(self._high / 2.0**exponent) - math.floor(self._low / 2.0**exponent) >= MAX_BINS:
            exponent += 1
        joined = exponent > self._exponent and before
        if joined:
            self._join(exponent)
        self._exponent = exponent
        first, last = self._ends(self._low, self._high)
        if not before:
            self.counts = np.zeros((len(self.counts), 1), np.int64)
            self._first = first
        old_first, old_last = self._first, self._first + self.counts.shape[1] - 1
        # While a run goes on the bins grow by a quarter, so that the picture does not change at every epoch.
        extra = max(2, (old_last - old_first) // 4) if slack and before else 0
        first = old_first if first >= old_first else first - extra
        last = old_last if last <= old_last else last + extra
        return self._place(first, last) or joined

    def _join(self, exponent: int) -> None:
        """Make the bins wider."""
        old = (self._first + np.arange(self.counts.shape[1])) >> (exponent - self._exponent)
        new = np.arange(old[0], old[-1] + 1)
        self.counts = self.counts @ (old[:, None] == new).astype(np.int64)
        self._first = int(old[0])

    def _place(self, first: int, last: int) -> bool:
        """Let the bins reach from `first` to `last`; what falls outside was empty."""
        bins = self.counts.shape[1]
        if (first, last) == (self._first, self._first + bins - 1):
            return False
        moved = np.zeros((len(self.counts), last - first + 1), np.int64)
        start, stop = max(first, self._first), min(last + 1, self._first + bins)
        moved[:, start - first : stop - first] = self.counts[:, start - self._first : stop - self._first]
        self.counts, self._first = moved, first
        return True


def _facts(values: np.ndarray, finite: np.ndarray | None, nonfinite: np.ndarray, dead: np.ndarray | None) -> np.ndarray:
    """Low, high, mean, std, nonfinite, zeros and dead (-1 where that is no question) of each epoch."""
    if finite is None:
        kept = values.astype(np.float64)
        of = [kept.min(axis=1), kept.max(axis=1), kept.mean(axis=1), kept.std(axis=1)]
    else:
        rows = [row[good].astype(np.float64) for row, good in zip(values, finite, strict=True)]
        rows = [row if len(row) else np.array([np.nan]) for row in rows]
        of = [np.array([take(row) for row in rows]) for take in (np.min, np.max, np.mean, np.std)]
    zeros = np.sum(values == 0, axis=1)
    return np.stack([*of, nonfinite, zeros, np.full(len(values), -1) if dead is None else dead], axis=1)
