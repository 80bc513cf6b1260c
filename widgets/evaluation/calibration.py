"""Calibration: whether of the rows with output 0.8 eight in ten are of class 1. Numpy alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from firstepoch.widgets.evaluation.intervals import wilson

STRATEGIES = ("quantile", "uniform")


def reliability(outputs: np.ndarray, actual: np.ndarray, bins: int, strategy: str) -> pd.DataFrame:
    """The mean output and the share of class 1 in each bin that has rows, as `sklearn.calibration.calibration_curve`.

    DeGroot & Fienberg (1983), The comparison and evaluation of forecasters, The Statistician 32, 12-22.

    Args:
        outputs: From 0 to 1, shape (rows,).
        actual: Whether the target of each row is 1.
        bins: Number of bins.
        strategy: "uniform" for bins of the same width, "quantile" for bins of about as many rows.

    Returns:
        One row a bin: `low` and `high` (its edges), `rows`, `ones` (rows of class 1), `output` (their mean output),
        `share` (of class 1) and its Wilson interval `share_low` and `share_high`.
    """
    levels = np.linspace(0.0, 1.0, bins + 1)
    edges = np.percentile(outputs, levels * 100) if strategy == "quantile" else levels
    place = np.searchsorted(edges[1:-1], outputs)
    rows = np.bincount(place, minlength=bins)
    ones = np.bincount(place, actual, bins).astype(np.int64)
    sums = np.bincount(place, outputs, bins)
    seen = rows > 0
    low, high = wilson(ones[seen], rows[seen])
    return pd.DataFrame(
        {
            "low": edges[:-1][seen],
            "high": edges[1:][seen],
            "rows": rows[seen],
            "ones": ones[seen],
            "output": sums[seen] / rows[seen],
            "share": ones[seen] / rows[seen],
            "share_low": low,
            "share_high": high,
        }
    )


def brier(outputs: np.ndarray, actual: np.ndarray) -> float:
    """The mean square of output minus target. Brier (1950), Monthly Weather Review 78, 1-3."""
    return float(np.mean((outputs.astype(float) - actual) ** 2))
