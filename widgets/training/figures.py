"""The loss and accuracy charts: bqplot figures built once and mutated in place. They compute nothing but ranges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import bqplot
import numpy as np

from firstepoch.widgets.charts import Chart

TRAIN, VALID, BEST, MUTED = (f"var(--fe-{name})" for name in ("train", "valid", "best", "muted"))
_MOST_POINTS = 2000
"""Points of a curve sent to the page: more than a chart has pixels. The exact values are in the frames."""
_SIGNS = 12
"""Diamonds on a compared curve."""
_SPANS = (10, 20, 50, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000)


class CurveChart(Chart):
    """One chart of a training and a validation curve over epochs (counted from 1, as Keras prints them).

    Args:
        unit_range: Whether values lie between 0 and 1, as accuracies do.
    """

    def __init__(self, *, unit_range: bool = False) -> None:
        super().__init__((0.0, 10.0), (0.0, 1.0))
        self._unit_range = unit_range
        self._log = False
        self._kept: list[np.ndarray] = []
        self._compared: list[np.ndarray] = [np.zeros(0)] * 2
        self._others_drawn = True
        self._kept_train = self._line(TRAIN, opacity=0.5, width=1.2)
        self._kept_valid = self._line(VALID, opacity=0.5, width=1.2, dashed=True)
        self._baseline = self._line(MUTED, width=1.2, dotted=True)
        self._best = self._line(BEST, width=1.6, dotted=True)
        self._train = self._line(TRAIN, width=2.0)
        self._valid = self._line(VALID, width=2.0, dashed=True)
        self._other = [(self._line(TRAIN, width=1.4), self._signs(TRAIN))]
        self._other += [(self._line(VALID, width=1.4, dashed=True), self._signs(VALID))]
        others = [mark for pair in self._other for mark in pair]
        self.build(
            [self._kept_train, self._kept_valid, self._baseline, self._best, *others, self._train, self._valid],
            label="epoch",
            offset="28px",
            margin={"top": 10, "bottom": 42, "left": 44, "right": 20},
        )

    def _line(
        self, color: str, *, width: float, opacity: float = 1.0, dashed: bool = False, dotted: bool = False
    ) -> Any:
        style = "dashed" if dashed else "dotted" if dotted else "solid"
        return self.line(color, opacities=[opacity], stroke_width=width, line_style=style)

    def _signs(self, color: str) -> Any:
        scales = {"x": self._x, "y": self._y}
        return bqplot.Scatter(x=[], y=[], scales=scales, colors=[color], marker="diamond", default_size=44)

    def draw(
        self,
        train: np.ndarray,
        valid: np.ndarray,
        *,
        best_epoch: int | None,
        planned: int,
        baseline: float | None = None,
    ) -> dict[str, Any]:
        """Show the curves of the run in hand; call it while the chart is `held`.

        Args:
            train: One value an epoch; may be empty.
            valid: The same for validation; empty if there is none.
            best_epoch: Epoch (from 0) to flag.
            planned: Epochs the run may take; the axis is never longer than needed.
            baseline: Value of the always-0 answer.

        Returns:
            The ranges drawn: `x` and `y`, each [min, max], and `log`.
        """
        epochs = np.arange(1, len(train) + 1, dtype=np.float64)
        others = [*self._kept, *self._compared]
        longest = max(map(len, [train, *others]))
        span = next((span for span in _SPANS if span >= longest), longest)
        self._move(self._x, 0.0, float(min(span, max(planned, longest, 10))))
        low, high = self._range([train, valid, *others], baseline)
        bottom, top = self._shown([low, high])
        self._move(self._y, float(bottom), float(top))
        self._tick(self._x_axis, _ticks(self._x.min, self._x.max, 6))
        self._tick(self._y_axis, _log_ticks(low, high) if self._log else _ticks(low, high, 5))
        for mark, curve in ((self._train, train), (self._valid, valid)):
            kept = _outline(curve)
            kept = kept[np.isfinite(self._shown(curve[kept]))]
            self._set(mark, epochs[kept], self._shown(curve[kept]))
        if not self._others_drawn:
            self._set(self._kept_train, *self._pale(self._kept[::2]))
            self._set(self._kept_valid, *self._pale(self._kept[1::2]))
            self._draw_compared()
            self._others_drawn = True
        flag = [] if best_epoch is None else [best_epoch + 1.0] * 2
        self._set(self._best, flag, [bottom, top] if flag else [])
        level = [] if baseline is None else [baseline] * 2
        self._set(self._baseline, [self._x.min, self._x.max] if level else [], self._shown(level))
        return {"x": [self._x.min, self._x.max], "y": [low, high], "log": self._log}

    def keep(self, curves: Sequence[tuple[np.ndarray, np.ndarray]]) -> None:
        """Show these (training, validation) curves of other runs, pale, from the next drawing on."""
        self._kept = [curve for pair in curves for curve in pair]
        self._others_drawn = False
        for mark in (self._kept_train, self._kept_valid):
            mark.colors = mark.colors[:1] * max(1, len(curves))
            mark.opacities = mark.opacities[:1] * max(1, len(curves))

    def compare(self, train: np.ndarray, valid: np.ndarray) -> None:
        """Show the curves of one other run in full from the next drawing on, marked with diamonds; empty for none."""
        self._compared = [train, valid]
        self._others_drawn = False

    def _draw_compared(self) -> None:
        for (line, signs), curve in zip(self._other, self._compared, strict=True):
            values = self._shown(curve)
            told = np.flatnonzero(np.isfinite(values))
            kept = np.intersect1d(_outline(curve), told)
            self._set(line, kept + 1, values[kept])
            marked = told[np.unique(np.linspace(0, len(told) - 1, min(len(told), _SIGNS)).round().astype(int))]
            self._set(signs, marked + 1, values[marked])

    def _pale(self, kept: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """The curves as rows of one array, padded with NaN."""
        if not kept:
            return np.zeros(0), np.zeros(0)
        # bqplot squeezes what it is given: two points at least keep an axis of points.
        longest = max((2, *(len(curve) for curve in kept)))
        rows = [np.pad(curve.astype(float), (0, longest - len(curve)), constant_values=np.nan) for curve in kept]
        step = -(-longest // _MOST_POINTS)
        return np.arange(1, longest + 1, step, dtype=float), self._shown(np.array(rows)[:, ::step])

    def set_log(self, log: bool) -> None:
        """Show the values on a linear or a logarithmic axis from the next drawing on.

        The scale itself stays linear and the values are turned into powers of ten: bqplot draws an axis whose scale
        was replaced at NaN.
        """
        self._log = log
        self._others_drawn = False

    def _shown(self, values: Any) -> np.ndarray:
        values = np.asarray(values, float)
        if not self._log:
            return values
        return np.log10(np.where(values > 0, values, np.nan))

    def _range(self, curves: Sequence[np.ndarray], baseline: float | None) -> tuple[float, float]:
        """Lowest and highest value the axis reaches; positive if it is logarithmic."""
        values = np.concatenate([np.asarray(curve, float).ravel() for curve in curves])
        values = values[np.isfinite(values)]
        if baseline is not None:
            values = np.append(values, baseline)
        if self._log:
            values = values[values > 0]
            return (_below(values.min()), _above(values.max())) if len(values) else (0.1, 1.0)
        if not len(values):
            return 0.0, 1.0
        if self._unit_range:
            return max(0.0, math.floor(values.min() * 10 - 0.5) / 10), 1.0
        return 0.0, _above(values.max() * 1.02)


def _outline(curve: np.ndarray) -> np.ndarray:
    """Indices of the points that show a curve: all, or of each stretch of a long one its lowest and highest."""
    if len(curve) <= _MOST_POINTS:
        return np.arange(len(curve))
    width = -(-len(curve) // (_MOST_POINTS // 2))
    starts = np.arange(0, len(curve), width)
    padded = np.pad(curve.astype(float), (0, len(starts) * width - len(curve)), mode="edge").reshape(-1, width)
    chosen = np.concatenate([starts + padded.argmin(axis=1), starts + padded.argmax(axis=1), [0, len(curve) - 1]])
    return np.unique(np.minimum(chosen, len(curve) - 1))


def _above(value: float) -> float:
    """The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten that is not below `value`."""
    power = 10.0 ** math.floor(math.log10(value)) if value > 0 else 0.1
    steps = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if step * power >= value * (1 - 1e-12))


def _below(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (8, 6, 5, 4, 3, 2.5, 2, 1.5, 1.2, 1) if step * power <= value)


def _ticks(low: float, high: float, most: int) -> dict[float, str]:
    """Where ticks stand and what they say: at most `most` steps of 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(step * power for step in (1, 2, 2.5, 5, 10) if (high - low) / (step * power) <= most + 1e-9)
    first = math.ceil(low / step - 1e-9)
    values = [round(number * step, 10) for number in range(first, math.floor(high / step + 1e-9) + 1)]
    return {_key(value): f"{value:g}" for value in values}


def _log_ticks(low: float, high: float) -> dict[float, str]:
    steps = (1, 2, 5) if high / low < 300 else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [step * 10.0**power for power in powers for step in steps]
    return {_key(math.log10(value)): f"{value:g}" for value in values if low * 0.999 <= value <= high * 1.001}


def _key(value: float) -> float:
    """The number as JavaScript writes it: labels are found by their text, and there 1.0 is "1"."""
    return int(value) if abs(value) < 2**53 and value == int(value) else value
