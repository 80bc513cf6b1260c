"""The loss and the metric chart of one card, and whose curves they show. What a chart is, figures.py knows."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from firstepoch.widgets.training import describe
from firstepoch.widgets.training.figures import CurveChart
from firstepoch.widgets.training.outputs import output_of
from firstepoch.widgets.training.run import Run
from firstepoch.widgets.training.settings import Settings


class Curves:
    """Both charts.

    Args:
        data: A TabularData; its target says which metric is usual.
    """

    def __init__(self, data: Any) -> None:
        self._data = data
        self._usual = output_of(data).metric
        self.loss, self.metric = CurveChart(), CurveChart(unit_range=self._usual == "accuracy")

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold back what is drawn until the end; see `Chart.held`."""
        with self.loss.held(), self.metric.held():
            yield

    def draw(self, run: Run | None, settings: Settings) -> dict[str, Any]:
        """Show the curves of the run on the card; call it while `held`.

        Args:
            run: The run; None before the first.
            settings: Those of the run, or of the one to come.

        Returns:
            The ranges drawn: `loss` and `metric`, as `CurveChart.draw` gives them, and the `baseline`, what always
            giving one answer gets; None if the metric is not the usual one.
        """
        metric = describe.metric_of(run, self._usual)
        baseline = describe.baseline(settings, self._data)
        ranges: dict[str, Any] = {"baseline": baseline if metric == self._usual else None}
        for key, chart, name in (("loss", self.loss, "loss"), ("metric", self.metric, metric)):
            ranges[key] = chart.draw(
                _curve(run, name),
                _curve(run, f"val_{name}"),
                best_epoch=run.best_epoch if run else None,
                planned=settings.epochs,
                baseline=baseline["level"] if name == self._usual else None,
            )
        return ranges

    def beside(self, others: Sequence[Run], compared: Run | None) -> None:
        """Show other runs too, from the next drawing on: all of them pale, or the compared one alone and in full."""
        known = next((run for run in others if len(run.recording)), None)
        for chart, name in ((self.loss, "loss"), (self.metric, describe.metric_of(known, self._usual))):
            pairs = [(_curve(run, name), _curve(run, f"val_{name}")) for run in others if run is not compared]
            chart.keep([] if compared else pairs)
            chart.compare(_curve(compared, name), _curve(compared, f"val_{name}"))

    def set_log(self, log: bool) -> None:
        """Show the loss on a linear or a logarithmic axis from the next drawing on."""
        self.loss.set_log(log)

    def close(self) -> None:
        """Take both charts off every page."""
        self.loss.close()
        self.metric.close()


def _curve(run: Run | None, name: str) -> np.ndarray:
    return run.recording[name] if run is not None and name in run.recording else np.zeros(0)
