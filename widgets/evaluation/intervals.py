"""Interval estimates: Wilson's for a share, the bootstrap of few rows for any other figure. Numpy alone.

The bootstrap takes seconds of ten thousand rows; normal.py has what it comes to there.
"""

from __future__ import annotations

import numpy as np

from firstepoch.widgets.evaluation.cuts import Cuts

RESAMPLES = 2_000
Z = 1.959963984540054
"""The standard normal quantile of 0.975, for intervals of 95 %."""
_CHUNK = 256


def wilson(successes: np.ndarray | int, rows: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
    """The score interval of a share, 95 %.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, Journal of the
    American Statistical Association 22, 209-212.

    Args:
        successes: How often it was so, from 0 to `rows`.
        rows: Of how many.

    Returns:
        The lower and the upper end, of the shape of the arguments; NaN where there are no rows.

    Example:
        >>> [round(float(end), 3) for end in wilson(51, 61)]
        [0.724, 0.908]
    """
    k, n = np.broadcast_arrays(np.asarray(successes, float), np.asarray(rows, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / n
        middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        half = Z / (1 + Z**2 / n) * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    # At the ends the formula gives 0 and 1 but for rounding.
    return np.where(k == 0, np.where(n > 0, 0.0, np.nan), middle - half), np.where(
        k == n, np.where(n > 0, 1.0, np.nan), middle + half
    )


class Bootstrap:
    """Resamples of the rows, drawn with replacement: how often each row is in each.

    Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 13.3 (percentile intervals).

    Args:
        rows: Number of rows.
        seed: Of `numpy.random.default_rng`, from which `integers(0, rows, (resamples, rows))` are drawn.
        resamples: How many.

    Attributes:
        counts: uint16 of shape (resamples, rows).
    """

    method = "bootstrap"

    def __init__(self, rows: int, seed: int = 0, resamples: int = RESAMPLES) -> None:
        rng = np.random.default_rng(seed)
        self.counts = np.empty((resamples, rows), np.uint16)
        for start in range(0, resamples, _CHUNK):
            part = self.counts[start : start + _CHUNK]
            drawn = rng.integers(0, rows, part.shape) + np.arange(len(part))[:, None] * rows
            part[:] = np.bincount(drawn.ravel(), minlength=part.size).reshape(part.shape)

    def mean(self, values: np.ndarray) -> np.ndarray:
        """The interval of a mean: lower and upper end."""
        return ends_of(self.means(values))

    def area(self, cuts: Cuts, actual: np.ndarray) -> np.ndarray:
        """The interval of the AUC."""
        return ends_of(self.areas(cuts.falls, actual))

    def errors(self, predicted: np.ndarray, actual: np.ndarray) -> dict[str, np.ndarray]:
        """The intervals of the mean absolute error, the root of the mean squared error, and R²."""
        error, middle = predicted - actual, actual - actual.mean()
        square = self.means(error**2)
        spread = self.means(middle**2) - self.means(middle) ** 2
        # A resample of equal targets has no R²; what is left of its spread is rounding.
        told = spread > 1e-12 * max(float(np.mean(middle**2)), np.finfo(float).tiny)
        r2 = 1 - np.divide(square, spread, out=np.full(len(square), np.nan), where=told)
        return {"mae": self.mean(np.abs(error)), "rmse": ends_of(np.sqrt(square)), "r2": ends_of(r2)}

    def means(self, values: np.ndarray) -> np.ndarray:
        """The mean of these values over each resample, shape (resamples,)."""
        return np.concatenate([part @ values for part in self._parts()]) / len(values)

    def areas(self, outputs: np.ndarray, actual: np.ndarray) -> np.ndarray:
        """AUC of each resample, shape (resamples,); NaN where a class is not drawn."""
        order = np.argsort(outputs, kind="stable")
        starts = np.flatnonzero(np.diff(outputs[order], prepend=np.nan) != 0)
        actual = actual[order]
        found = []
        for part in self._parts():
            drawn = part[:, order]
            positive = np.add.reduceat(drawn * actual, starts, axis=1)
            negative = np.add.reduceat(drawn * ~actual, starts, axis=1)
            below = np.cumsum(negative, axis=1) - negative / 2
            pairs = positive.sum(axis=1) * negative.sum(axis=1)
            above = (positive * below).sum(axis=1)
            found.append(np.divide(above, pairs, out=np.full(len(part), np.nan), where=pairs > 0))
        return np.concatenate(found)

    def right(self, made: Cuts, actual: np.ndarray) -> np.ndarray:
        """The interval of the accuracy in each cut: lower and upper end, shape (2, cuts)."""
        rows, cuts, falls = len(actual), len(made.low), made.falls
        order = np.argsort(falls, kind="stable")
        gained = np.where(actual[order], -1, 1).astype(np.int32)
        ends = np.searchsorted(falls[order], np.arange(cuts), side="right")
        found = np.empty((2, cuts))
        carried = self.means(actual.astype(float)) * rows
        for first in range(0, cuts, _CHUNK):
            last = min(first + _CHUNK, cuts)
            begin = ends[first - 1] if first else 0
            drawn = self.counts[:, order[begin : ends[last - 1]]] * gained[begin : ends[last - 1]]
            sums = np.concatenate([np.zeros((len(drawn), 1), np.int32), np.cumsum(drawn, axis=1)], axis=1)
            right = carried[:, None] + sums[:, ends[first:last] - begin]
            found[:, first:last] = ends_of(right / rows)
            carried = right[:, -1]
        return found

    def _parts(self) -> list[np.ndarray]:
        parts = range(0, len(self.counts), _CHUNK)
        return [self.counts[start : start + _CHUNK].astype(np.int64) for start in parts]


def ends_of(resampled: np.ndarray) -> np.ndarray:
    """The 2.5th and the 97.5th percentile of what the resamples gave, NaN left out; shape (2, ...)."""
    resampled = np.asarray(resampled, float)
    if not np.isnan(resampled).any():
        return np.percentile(resampled, [2.5, 97.5], axis=0)
    return np.full(2, np.nan) if np.isnan(resampled).all() else np.nanpercentile(resampled, [2.5, 97.5], axis=0)
