"""The recording of histograms the page plays beside its frames: counted in slices of time, sent as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from firstepoch.widgets.base import Stream
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.training.bins import FACTS
from firstepoch.widgets.training.histograms import Collector, Histogram, missing
from firstepoch.widgets.training.run import Run

_SLICE_SECONDS = 0.04
"""How long counting may hold up who asked for it; a page asks again until it has all."""


class HistogramScene:
    """Keeps the page's histograms in step with a run.

    Args:
        send: Sends a message with buffers to all views.
        data: The TabularData; the outputs are those for its training rows.
    """

    def __init__(self, send: Callable[[dict[str, Any], list[memoryview]], None], data: Any) -> None:
        self._stream = Stream(send, "histograms")
        self._data = data
        self._run: Run | None = None
        self._why = ""
        self._collector: Collector | None = None
        self._layout: Any = None

    @property
    def recording(self) -> Recording | None:
        """What was sent last; None before anything was."""
        return self._stream.recording

    def show(self, run: Run | None) -> None:
        """Count on for a moment, and send what is new of this run."""
        why = missing(run)
        if run is not self._run or why != self._why:
            self._run, self._why, self._layout = run, why, None
            self._collector = None if why or run is None else Collector(run, self._data.x_train)
        collector, until = self._collector, time.perf_counter() + _SLICE_SECONDS
        if collector is None:
            if self._layout != "empty":
                self._layout = "empty"
                self._stream.publish(Recording({"why": why, "panels": []}))
            return
        while collector.advance() and time.perf_counter() < until:
            pass
        layout = collector.layout, bool(collector.run.outcome)
        recording = self.recording
        if layout != self._layout or recording is None:
            self._layout = layout
            self._stream.publish(recorded(collector, self._data))
        elif len(collector.epochs) > len(recording):
            recording.extend(_frames(collector, len(recording)))
            self._stream.publish_new()

    def answer(self, content: dict[str, Any], run: Run | None) -> None:
        """A page asks for what it lacks: sent, or counted first."""
        known = content.get("run") == self._stream.publication
        if self.recording is None or (known and int(content.get("start", 0)) >= len(self.recording)):
            self.show(run)
        else:
            self._stream.answer(content)


def recorded(collector: Collector, data: Any) -> Recording:
    """All that is counted, one frame for each epoch counted.

    Args:
        collector: Counts a run.
        data: The TabularData it was trained on.

    Returns:
        A Recording of `epoch`, `counts` (of all panels, one after the other) and, for each panel, `low`, `high`,
        `mean`, `std`, `nonfinite`, `zeros` and `dead` (-1 where that is no question). Its settings say which `panels`
        there are, of which bins; that one epoch in so many (`every`) is counted; of how many `rows` out of how many
        `training_rows` the outputs are; the `total` of frames to come, None while the run goes on.
    """
    run = collector.run
    panels = [
        {
            "layer": one.layer,
            "kind": one.kind,
            "units": one.units,
            "activation": one.activation,
            "relu": one.dead is not None,
            "first": float(one.edges[0]),
            "width": float(one.edges[1] - one.edges[0]) if len(one.edges) > 1 else 1.0,
            "bins": one.counts.shape[1],
            "values": one.values,
        }
        for one in collector.histograms()
    ]
    recording = Recording(
        {
            "why": "",
            "run": run.number,
            "panels": panels,
            "every": collector.every,
            "rows": collector.rows,
            "training_rows": run.training_rows,
            "noun": str(getattr(data, "row_name", "row")),
            "total": collector.total if run.outcome else None,
        }
    )
    recording.extend(_frames(collector, 0))
    return recording


def _frames(collector: Collector, start: int) -> dict[str, np.ndarray]:
    parts = collector.histograms()
    most = max(part.values for part in parts)
    counts = np.concatenate([part.counts[start:] for part in parts], axis=1)
    frames = {
        "epoch": np.array(collector.epochs[start:], np.int32),
        "counts": counts.astype(np.uint16 if most < 2**16 else np.uint32),
    }
    for name in FACTS:
        frames[name] = np.stack([_fact(part, name)[start:] for part in parts], axis=1)
    return frames


def _fact(part: Histogram, name: str) -> np.ndarray:
    found = getattr(part, name)
    if found is None:
        return np.full(len(part.epochs), -1, np.int32)
    return found.astype(np.float32 if found.dtype.kind == "f" else np.int32)
