"""What every bqplot chart here shares: a figure built once and mutated in place. It knows no run."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import bqplot
import numpy as np


class Chart:
    """A figure with a linear scale each way; subclasses give it marks with `build` and move them.

    Args:
        x: Lowest and highest value across, at first.
        y: The same upwards.

    Attributes:
        figure: The bqplot figure.
    """

    figure: bqplot.Figure

    def __init__(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        self._x = bqplot.LinearScale(min=x[0], max=x[1], allow_padding=False)
        self._y = bqplot.LinearScale(min=y[0], max=y[1], allow_padding=False)

    def line(self, color: str, **style: Any) -> Any:
        """An empty line in a colour of the page."""
        return bqplot.Lines(x=[], y=[], scales={"x": self._x, "y": self._y}, colors=[color], **style)

    def build(self, marks: list[Any], *, label: str, offset: str, margin: Mapping[str, int]) -> None:
        """Make the figure.

        Args:
            marks: The lines, the lowest first.
            label: What the horizontal axis counts.
            offset: How far below the axis its label stands, as CSS writes it.
            margin: Pixels at the top, bottom, left and right.
        """
        self._x_axis = bqplot.Axis(scale=self._x, label=label, grid_lines="none", label_offset=offset)
        self._y_axis = bqplot.Axis(
            scale=self._y, orientation="vertical", grid_lines="solid", grid_color="var(--fe-line)"
        )
        self.figure = bqplot.Figure(
            marks=marks,
            axes=[self._x_axis, self._y_axis],
            fig_margin=dict(margin),
            animation_duration=0,
            padding_x=0,
            padding_y=0,
            min_aspect_ratio=0.1,
            max_aspect_ratio=100,
            background_style={"fill": "transparent"},
            display_toolbar=False,
            layout={"width": "100%", "height": "100%", "min_width": "0"},
        )

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold back the curves until the end, so that they reach the page together and are painted once.

        Scales and axes go ahead of them: bqplot may keep a curve drawn on the old scale if both come at once.
        """
        with contextlib.ExitStack() as stack:
            for part in self.figure.marks:
                stack.enter_context(part.hold_sync())
            yield

    def close(self) -> None:
        """Take the figure and all its parts off every page."""
        for part in (*self.figure.marks, *self.figure.axes, self._x, self._y, self.figure):
            part.close()

    @staticmethod
    def _move(scale: Any, low: float, high: float) -> None:
        if (scale.min, scale.max) != (low, high):
            with scale.hold_sync():
                scale.min, scale.max = low, high

    @staticmethod
    def _tick(axis: Any, values: Mapping[float, str]) -> None:
        if axis.tick_labels != values:
            with axis.hold_sync():
                axis.tick_values, axis.tick_labels = np.array(list(values), float), dict(values)

    @staticmethod
    def _set(mark: Any, x: Any, y: Any) -> None:
        x, y = np.asarray(x, float), np.asarray(y, float)
        if not (np.array_equal(mark.x, x, equal_nan=True) and np.array_equal(mark.y, y, equal_nan=True)):
            mark.x, mark.y = x, y
