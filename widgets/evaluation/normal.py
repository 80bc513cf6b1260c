"""Intervals of many rows: the normal approximation that the bootstrap comes to, without drawing. Numpy alone.

How far each row moves a figure (its influence) gives the bootstrap's standard error: the nonparametric delta method,
Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 21.7.
"""

from __future__ import annotations

import numpy as np

from firstepoch.widgets.evaluation.cuts import Cuts, area
from firstepoch.widgets.evaluation.intervals import Z


class Normal:
    """Intervals of 95 % that cost one pass over the rows; see `Bootstrap` for what each of them is of."""

    method = "normal"

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Of a mean."""
        return _ends(float(values.mean()), values - values.mean())

    def area(self, cuts: Cuts, actual: np.ndarray) -> np.ndarray:
        """Of the AUC; NaN if a class has no row.

        The standard error is that of DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845, with 1/n in place
        of 1/(n - 1).
        """
        ones, zeros, found = int(cuts.tp[0]), int(cuts.fp[0]), area(cuts)
        if not (ones and zeros):
            return np.full(2, np.nan)
        below = (cuts.tn[:-1] + cuts.tn[1:]) / 2 / zeros
        above = 1 - (cuts.fn[:-1] + cuts.fn[1:]) / 2 / ones
        square = np.diff(cuts.fn) @ (below - found) ** 2 / ones**2 + np.diff(cuts.tn) @ (above - found) ** 2 / zeros**2
        half = Z * np.sqrt(square)
        return np.clip([found - half, found + half], 0, 1)

    def right(self, cuts: Cuts, actual: np.ndarray) -> np.ndarray:
        """Of the accuracy in each cut, shape (2, cuts)."""
        n = len(actual)
        share = cuts.right / n
        half = Z * np.sqrt(share * (1 - share) / n)
        return np.clip([share - half, share + half], 0, 1)

    def errors(self, predicted: np.ndarray, actual: np.ndarray) -> dict[str, np.ndarray]:
        """Of the mean absolute error, the root of the mean squared error, and R²."""
        error = predicted - actual
        square, middle = error**2, (actual - actual.mean()) ** 2
        mse, spread = float(square.mean()), float(middle.mean())
        rmse = np.sqrt(mse)
        r2 = 1 - mse / spread if spread else np.nan
        return {
            "mae": self.mean(np.abs(error)),
            "rmse": _ends(rmse, (square - mse) / (2 * rmse) if rmse else square),
            "r2": _ends(r2, ((1 - r2) * middle - square) / spread) if spread else np.full(2, np.nan),
        }


def _ends(value: float, influence: np.ndarray) -> np.ndarray:
    """Lower and upper end around a figure; the influence is how fast it grows with the weight of each row."""
    half = Z * np.sqrt(np.mean(influence**2) / len(influence))
    return np.array([value - half, value + half])
