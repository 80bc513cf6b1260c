"""The ROC curve and the precision-recall curve: bqplot figures built once and mutated in place."""

from __future__ import annotations

import numpy as np

from firstepoch.widgets.charts import Chart

LINE, MUTED = "var(--fe-train)", "var(--fe-muted)"
_TICKS = {0: "0", 0.25: "0.25", 0.5: "0.5", 0.75: "0.75", 1: "1"}


class SharesChart(Chart):
    """A curve of two shares, both from 0 to 1, with a dotted line for a model that knows nothing.

    Args:
        label: What the horizontal axis is the share of.
    """

    RANGE = (-0.02, 1.02)

    def __init__(self, label: str) -> None:
        super().__init__(self.RANGE, self.RANGE)
        self._chance = self.line(MUTED, stroke_width=1.2, line_style="dotted")
        self._curve = self.line(LINE, stroke_width=2)
        self.build(
            [self._chance, self._curve],
            label=label,
            offset="32px",
            margin={"top": 8, "bottom": 46, "left": 42, "right": 12},
        )
        self._tick(self._x_axis, _TICKS)
        self._tick(self._y_axis, _TICKS)

    def draw(self, x: np.ndarray, y: np.ndarray, chance: tuple[float, float]) -> None:
        """Show a curve.

        Args:
            x: Shape (points,); NaN where it is undefined.
            y: The same upwards.
            chance: Height of the dotted line at the left and at the right.
        """
        told = np.isfinite(x) & np.isfinite(y)
        with self.held():
            self._set(self._chance, [0, 1] if np.isfinite(chance).all() else [], chance if told.any() else [])
            self._set(self._curve, x[told], y[told])


def stairs(recall: np.ndarray, precision: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Precision over recall as average precision counts it: each holds back to the recall before it."""
    return np.repeat(recall, 2)[1:], np.repeat(precision, 2)[:-1]
