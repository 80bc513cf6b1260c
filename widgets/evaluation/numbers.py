"""What a model is worth on rows whose target is a number, in the target's own unit. Numpy, no widget."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets.evaluation.intervals import Bootstrap
from firstepoch.widgets.evaluation.losses import of_numbers
from firstepoch.widgets.evaluation.normal import Normal
from firstepoch.widgets.evaluation.rows import Rows, first_of


class Numbers:
    """A model's outputs for some rows, and every figure of them.

    Args:
        rows: The rows.
        outputs: Shape (rows,), as the model gives them: (target - target_mean) / target_std.
        data: The TabularData they are of.
        sampling: Makes the intervals.

    Attributes:
        predicted: In the target's own unit, shape (rows,).
        actual: The same of the targets.
        error: predicted - actual.
    """

    def __init__(self, rows: Rows, outputs: np.ndarray, data: Any, sampling: Bootstrap | Normal) -> None:
        self.rows, self.sampling = rows, sampling
        mean, std = float(getattr(data, "target_mean", 0.0)), float(getattr(data, "target_std", 1.0))
        self.predicted = outputs.astype(float) * std + mean
        self.actual = rows.y.astype(float) * std + mean
        self.error = self.predicted - self.actual
        self._always = float(np.mean(np.asarray(data.y_train, float))) * std + mean

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.actual)

    def figures(self) -> dict[str, Any]:
        """Mean absolute error, root of the mean squared error, R², and those of always saying the training mean."""
        base = of_numbers(np.full(self.n, self._always), self.actual)
        return {
            "rows": self.n,
            **of_numbers(self.predicted, self.actual),
            "baseline": self._always,
            **{f"baseline_{name}": value for name, value in base.items() if name != "r2"},
        }

    def intervals(self) -> pd.DataFrame:
        """Value and 95 % interval of each figure."""
        figures, method = self.figures(), self.sampling.method
        found = self.sampling.errors(self.predicted, self.actual)
        return pd.DataFrame(
            [(name, method, figures[name], *map(float, ends)) for name, ends in found.items()],
            columns=["figure", "method", "value", "low", "high"],
        )

    def furthest(self, most: int) -> np.ndarray:
        """Numbers of the so many rows that are furthest off, the furthest first."""
        return first_of(self.wrongness(), most, np.arange(self.n))

    def wrongness(self) -> np.ndarray:
        """How far off each row is, in the target's own unit."""
        return np.abs(self.error)
