"""The surface under a race: which part of the function is drawn, its values, its lowest point. No widget."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from firstepoch.widgets.descent.gradient import Differentiable
from firstepoch.widgets.descent.picture import sample
from firstepoch.widgets.optimizers.compute import Run

Pair = tuple[float, float]
_LEAVE = 0.35
"""A path may leave the function's own part by this share of its size, and the picture grows; farther out it is cut."""


def domain(function: Differentiable, runs: Sequence[Run]) -> tuple[Pair, Pair]:
    """The part to draw: the function's own, or that around the start, grown to hold what the paths visit nearby."""
    points = np.concatenate([run.arrays["w"] for run in runs])
    start = np.array(function.start)
    if function.named:
        base = np.array(function.named.domain)
        base = np.stack([np.minimum(base[:, 0], start), np.maximum(base[:, 1], start)], axis=1)
    else:
        # A run that runs away does not say where the picture ends: most of all points do.
        near = np.quantile(points, [0.1, 0.9], axis=0)
        low, high = np.minimum(near[0], start), np.maximum(near[1], start)
        reach = np.maximum(high - low, 0.5 * np.maximum(1.0, np.abs(start)))
        most = 20 * np.maximum(1.0, np.abs(start))
        base = np.stack(
            [np.maximum(low - 0.4 * reach, start - most), np.minimum(high + 0.4 * reach, start + most)], axis=1
        )
    size = base[:, 1] - base[:, 0]
    inside = np.all((points >= base[:, 0] - _LEAVE * size) & (points <= base[:, 1] + _LEAVE * size), axis=1)
    seen = np.concatenate([points[inside], start[None]])
    room = 0.04 * size
    low = np.where(
        seen.min(axis=0) < base[:, 0] + room / 2, np.minimum(base[:, 0], seen.min(axis=0) - room), base[:, 0]
    )
    high = np.where(
        seen.max(axis=0) > base[:, 1] - room / 2, np.maximum(base[:, 1], seen.max(axis=0) + room), base[:, 1]
    )
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def lowest(values: np.ndarray, part: tuple[Pair, Pair]) -> list[float] | None:
    """Where the drawn values are lowest, between the points of the grid by a parabola; None on the edge.

    Args:
        values: Shape (rows, columns), the lowest w₂ first; NaN where there is none.
        part: Range of w₁ and of w₂.
    """
    if not np.isfinite(values).any():
        return None
    row, column = np.unravel_index(int(np.nanargmin(values)), values.shape)
    if not (0 < row < values.shape[0] - 1 and 0 < column < values.shape[1] - 1):
        return None
    found: list[float] = []
    for place, line, (low, high) in (
        (column, values[row, column - 1 : column + 2], part[0]),
        (row, values[row - 1 : row + 2, column], part[1]),
    ):
        before, here, after = map(float, line)
        bend = before - 2 * here + after
        offset = 0.5 * (before - after) / bend if np.isfinite(bend) and bend > 0 else 0.0
        count = values.shape[1] if not found else values.shape[0]
        found.append(low + (float(place) + offset) * (high - low) / (count - 1))
    return found


__all__ = ["domain", "lowest", "sample"]
