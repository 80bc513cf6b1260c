"""The chart of one column by class: a bqplot figure built once and mutated in place. It counts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from firstepoch.widgets.charts import Chart
from firstepoch.widgets.tour.spread import Spread, said
from firstepoch.widgets.tour.table import Table
from firstepoch.widgets.tour.words import short

COLORS = tuple(f"var(--fe-{name})" for name in ("train", "valid", "best", "width", "batch"))
_STYLES = ("solid", "dashed", "dotted", "dash_dotted", "solid")
_MOST_TICKS = 8
_GAP = 0.15
"""Part of a category's place left free on each side."""


class SpreadChart(Chart):
    """Outlines of histograms laid over each other, or bars side by side; a filled line for each class.

    Args:
        groups: How many classes there are.
    """

    def __init__(self, groups: int) -> None:
        super().__init__((0.0, 1.0), (0.0, 100.0))
        self._lines = [
            self.line(COLORS[k], stroke_width=2, line_style=_STYLES[k], fill="bottom", fill_opacities=[0.18])
            for k in range(groups)
        ]
        for k, line in enumerate(self._lines):
            line.fill_colors = [COLORS[k]]
        self.build(self._lines, label="", offset="36px", margin={"top": 10, "bottom": 50, "left": 52, "right": 16})

    def show(self, table: Table, found: Spread, standardised: bool) -> dict[str, Any]:
        """Draw the counts, and say what is drawn, as the page's table and words need it.

        Args:
            table: The rows they were counted in.
            found: The counts.
            standardised: Whether the axis is to count standard deviations from the mean, if the column has them.
        """
        data, column = table.data, found.column
        scale = (data.means[column], data.stds[column]) if column in data.means else None
        if table.kind(column) == "target" and found.numeric:
            scale = (data.target_mean, data.target_std)
        scaled = standardised and scale is not None
        label = f"{column}, in standard deviations from the mean" if scaled else column
        return {
            "column": column,
            "numeric": found.numeric,
            "scalable": scale is not None,
            "scaled": scaled,
            "groups": list(found.groups),
            "bins": list(found.bins),
            "counts": found.counts.T.tolist(),
            "shares": found.shares.T.tolist(),
            "missing": found.missing.tolist() if found.missing.any() else [],
            "said": said(table, found),
            "axis": self.draw(found, scale if scaled else None, label),
        }

    def draw(self, found: Spread, scale: tuple[float, float] | None, label: str) -> dict[str, Any]:
        """Show these counts as percent of each class.

        Args:
            found: The counts.
            scale: Mean and standard deviation, for an axis of standardised numbers; None for raw numbers.
            label: What the axis across shows.

        Returns:
            The ranges drawn, `x` and `y`, each [min, max]; `log` is False; `edges`, where each bin begins and ends.
        """
        shares = found.shares
        edges = found.edges if scale is None else (found.edges - scale[0]) / scale[1]
        margin = 0.02 * (edges[-1] - edges[0])
        self._move(self._x, float(edges[0] - margin), float(edges[-1] + margin))
        top = _round_up(float(shares.max(initial=1)))
        self._move(self._y, 0.0, top)
        self._tick(self._y_axis, {value: f"{value:g} %" for value in _ticks(0, top, 5)})
        if found.numeric:
            self._tick(self._x_axis, {value: short(value) for value in _ticks(float(edges[0]), float(edges[-1]))})
        else:
            every = -(-len(found.bins) // _MOST_TICKS)
            names = {k + 0.5: _cut(name, len(found.bins)) for k, name in enumerate(found.bins) if k % every == 0}
            self._tick(self._x_axis, names)
        self._x_axis.label = label
        with self.held():
            for k, line in enumerate(self._lines):
                if found.numeric:
                    self._set(line, *_outline(edges, shares[k]))
                else:
                    self._set(line, *_bars(shares[k], k, len(self._lines)))
        return {"x": [self._x.min, self._x.max], "y": [0.0, top], "log": False, "edges": edges.tolist()}


def _outline(edges: np.ndarray, heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A histogram as one line that begins and ends at 0."""
    return edges.repeat(2), np.concatenate([[0.0], heights.repeat(2), [0.0]])


def _bars(heights: np.ndarray, group: int, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """A group's bars in the places of the categories, as one line with gaps."""
    width = (1 - 2 * _GAP) / groups
    left = np.arange(len(heights)) + _GAP + group * width
    right = left + 0.9 * width
    zero, gap = np.zeros_like(heights), np.full_like(heights, np.nan)
    x = np.stack([left, left, right, right, right], axis=1).ravel()
    return x[:-1], np.stack([zero, heights, heights, zero, gap], axis=1).ravel()[:-1]


def _ticks(low: float, high: float, most: int = 7) -> Sequence[float]:
    raw = (high - low) / most
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(k * power for k in (1, 2, 5, 10) if k * power >= raw * (1 - 1e-9))
    places = (round(k * step, 12) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1))
    # bqplot finds a label by the number as JavaScript writes it: 10, not 10.0.
    return [int(place) if float(place).is_integer() else float(place) for place in places]


def _round_up(value: float) -> float:
    return float(next(top for top in (5, 10, 20, 30, 40, 50, 60, 80, 100) if top >= value))


def _cut(name: str, bins: int) -> str:
    most = 22 if bins <= 3 else 11 if bins <= 6 else 8
    return name if len(name) <= most else f"{name[: most - 1]}…"
