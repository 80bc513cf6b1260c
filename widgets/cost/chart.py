"""The chart of seconds against rows: a bqplot figure built once and mutated in place. It computes only ranges.

The scales are linear and show powers of ten: bqplot draws a logarithmic axis without the ticks between.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from firstepoch.widgets.charts import Chart
from firstepoch.widgets.recording import Recording

FULL, BATCH, MUTED, BEST = (f"var(--fe-{name})" for name in ("train", "valid", "muted", "best"))
_LOWEST, _HIGHEST = -5, 0
"""Powers of ten of seconds the axis always shows."""
_FARTHEST = 2
"""Powers of ten by which a guess may stretch the axis."""


class CostChart(Chart):
    """Seconds of one gradient over all rows and of one minibatch, both axes in powers of ten."""

    def __init__(self) -> None:
        super().__init__((2.85, 6.15), (float(_LOWEST), float(_HIGHEST)))
        self._spread = self.line(FULL, stroke_width=8, opacities=[0.3])
        self._batch_spread = self.line(BATCH, stroke_width=8, opacities=[0.3])
        self._gap = self.line(MUTED, stroke_width=1.2, line_style="dotted")
        self._full = self.line(FULL, stroke_width=2, marker="circle", marker_size=48)
        self._batch = self.line(BATCH, stroke_width=2, line_style="dashed", marker="diamond", marker_size=64)
        self._guess = self.line(BEST, stroke_width=2, marker="cross", marker_size=120)
        self.build(
            [self._spread, self._batch_spread, self._gap, self._full, self._batch, self._guess],
            label="rows n",
            offset="30px",
            margin={"top": 10, "bottom": 44, "left": 68, "right": 30},
        )

    def draw(self, recording: Recording, sizes: list[int], guess: float | None = None) -> dict[str, Any]:
        """Show what is measured so far.

        Args:
            recording: See `Measurement.point`; may be empty.
            sizes: The numbers of rows that are to be measured; the axis reaches from the first to the last.
            guess: How many times as long the gradient over the most rows takes, as guessed; shown once they are.

        Returns:
            The ranges drawn in powers of ten, `x` and `y`, each [min, max], and `log` (always False: the chart's own
            positions are powers).
        """
        names = ("rows", "seconds", "fastest", "slowest", "batch_seconds", "batch_fastest", "batch_slowest")
        has_frames = len(recording) > 0
        logs = {name: np.log10(recording[name]) if has_frames else np.zeros(0) for name in names}
        ends = has_frames and recording["rows"][-1] == sizes[-1]
        guessed = logs["batch_seconds"][-1] + math.log10(guess) if guess and ends else None
        span = max(0.15, math.log10(sizes[-1] / sizes[0]) * 0.05)
        self._move(self._x, math.log10(sizes[0]) - span, math.log10(sizes[-1]) + span)
        values = np.concatenate([[_LOWEST, _HIGHEST], *(logs[name] for name in names[1:])])
        low, high = float(np.floor(values.min())), float(np.ceil(values.max()))
        if guessed is not None:
            low, high = (
                max(min(low, math.floor(guessed)), low - _FARTHEST),
                min(max(high, math.ceil(guessed)), high + _FARTHEST),
            )
        self._move(self._y, low, high)
        first, last = math.ceil(self._x.min), math.floor(self._x.max)
        self._tick(self._x_axis, {power: f"{10**power:,}" for power in range(first, last + 1)})
        self._tick(self._y_axis, {power: power_words(power) for power in range(int(low), int(high) + 1)})
        with self.held():
            self._set(self._full, logs["rows"], logs["seconds"])
            self._set(self._batch, logs["rows"], logs["batch_seconds"])
            self._set(self._spread, *_bars(logs["rows"], logs["fastest"], logs["slowest"]))
            self._set(self._batch_spread, *_bars(logs["rows"], logs["batch_fastest"], logs["batch_slowest"]))
            last_rows = logs["rows"][-1:].repeat(2)
            self._set(self._gap, last_rows, np.append(logs["batch_seconds"][-1:], logs["seconds"][-1:]))
            seen = guessed is not None and low <= guessed <= high
            self._set(self._guess, logs["rows"][-1:] if seen else [], [guessed] if seen else [])
        return {"x": [self._x.min, self._x.max], "y": [low, high], "log": False}


def power_words(power: int) -> str:
    """Ten to this power seconds, in the units the card uses.

    Example:
        >>> power_words(-4), power_words(-1), power_words(1)
        ('0.1 ms', '0.1 s', '10 s')
    """
    return f"{10.0**power:,g} s" if power >= -1 else f"{10.0 ** (power + 3):,g} ms"


def _bars(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One vertical stroke at each x, as one line with gaps; bqplot puts a label at its last point, which is no gap."""
    gap = np.full(len(x), np.nan)
    return x.repeat(3)[:-1], np.stack([low, high, gap], axis=1).ravel()[:-1]
