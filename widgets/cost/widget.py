"""GradientCost: traits, validation and wiring. measure.py measures in session.py's thread, view.ts draws."""

from __future__ import annotations

import math
import threading
import time
from typing import Any

import bqplot
import numpy as np
import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.cost import compute, words
from firstepoch.widgets.cost.chart import CostChart
from firstepoch.widgets.cost.code import program
from firstepoch.widgets.cost.measure import Measurement, Settings
from firstepoch.widgets.cost.session import RUNNING, Session
from firstepoch.widgets.cost.traits import CostTraits
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording

_REPORTS_A_SECOND = 8.0
_SETTINGS = ("batch_size", "largest", "inputs", "hidden", "seed")


class GradientCost(CostTraits):
    """How long one gradient takes: over n rows, for ever more of them, and over one minibatch. Measured, not modelled.

    The gradient is that of binary cross-entropy of a network with one hidden layer (or of logistic regression), by
    numpy in float32. Making rows is not timed; choosing the minibatch from the n rows is. Each time is the median of
    several repetitions. See Robbins & Monro (1951) and Bottou, Curtis & Nocedal (2018), section 3, for why few rows do.

    Args:
        x: Rows of shape (k, inputs), repeated up to n. Default: standard-normal rows are generated.
        y: Their targets, 0 or 1, shape (k,).
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) Settings or rows cannot be measured with.
        TypeError: An argument is unknown.

    Example:
        >>> cost = GradientCost(batch_size=32)  # doctest: +SKIP
        >>> cost.measure()  # doctest: +SKIP
        >>> cost.wait()  # doctest: +SKIP
        >>> cost.recording["ratio"][-1]  # doctest: +SKIP
    """

    COMMANDS = "measure", "stop", "reset"
    _session: Session
    _ready = False

    def __init__(self, x: Any = None, y: Any = None, **settings: Any) -> None:
        self._given: tuple[np.ndarray, np.ndarray] | None = None
        if (x is None) != (y is None):
            raise SettingsError("Give both x and y, or neither.")
        if x is not None:
            self._given = compute.check_rows(x, y)
            columns = self._given[0].shape[1]
            if settings.setdefault("inputs", columns) != columns:
                raise SettingsError(f"x has {columns} values in a row and inputs is {settings['inputs']}.")
        self._figure = CostChart()
        self._session = Session(self._on_report)
        self._reporting = threading.RLock()
        self._last_report = 0.0
        super().__init__(**settings)
        self.follow(*_SETTINGS, "guess")
        self._ready = True

    @t.default("chart")
    def _chart_figure(self) -> bqplot.Figure:
        return self._figure.figure

    def recompute(self) -> None:
        """Check the settings and say what would be measured; what was measured stays."""
        self._checked()
        self._tell()

    def measure(self) -> None:
        """Start measuring; returns at once. `wait()` waits for the end.

        Raises:
            RuntimeError: A measurement is going on.
        """
        settings = self._checked()
        self._started_in_view = False
        self._session.start(settings, settings.empty(self.guess), self._given)

    def stop(self) -> None:
        """End the measurement before its next chunk of rows; what was measured is kept."""
        self._session.stop()

    def reset(self) -> None:
        """Forget what was measured and be idle."""
        self._session.stop(discard=True)

    @property
    def recording(self) -> Recording:
        """One frame for each n measured.

        `rows` is n; `seconds` (the median), `fastest`, `slowest` and `repetitions` are those of the gradient over all
        of them; with `batch_` before it, those of one minibatch; `ratio` is seconds / batch_seconds.
        """
        return self._session.recording

    @property
    def parameters(self) -> tuple[np.ndarray, ...]:
        """The weights and biases at which the gradient is taken, float32: w1, b1, w2, b2, or w, b."""
        return compute.parameters(self.inputs, self.hidden, self.seed)

    def rows(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """The first n rows, shape (n, inputs), and their targets, shape (n, 1), float32."""
        return self._measurement(n).rows(n)

    def gradient(self, n: int) -> np.ndarray:
        """Gradient of the mean loss of the first n rows, in one vector; added up as when its time is measured."""
        return self._measurement(n).gradient(n)

    def still(self) -> str:
        """The numbers on a page where nothing runs. Plain HTML."""
        parts = [still.paragraph(f"{self.facts['plan']}. {self.facts['rows']}"), still.paragraph(" ".join(self.said))]
        recording = self.recording
        if len(recording):
            names = ("seconds", "fastest", "slowest", "batch_seconds", "batch_fastest", "batch_slowest")
            lines = [
                (
                    f"{int(rows):,}",
                    [(f"{recording[name][frame] * 1000:.6g}", 0.0) for name in names]
                    + [(f"{recording['ratio'][frame]:.6g}", 0.0)],
                )
                for frame, rows in enumerate(recording["rows"])
            ]
            batch = recording.settings["batch_size"]
            caption = f"Milliseconds of one gradient over n rows, and of one over a batch of {batch:,}"
            heads = ("n rows", "fastest", "slowest", "batch", "fastest", "slowest", "times as long")
            parts.append(still.table(caption, heads, lines))
        return still.figure(self._still, self.title, parts)

    def close(self) -> None:
        """Stop measuring and take the widget and its chart off every page."""
        if self._ready:
            self._session.stop()
            self._figure.close()
            super().close()

    def _checked(self) -> Settings:
        settings = self._settings()
        settings.check()
        if self._given is not None and self.inputs != self._given[0].shape[1]:
            raise SettingsError(f"inputs is {self.inputs}; x has {self._given[0].shape[1]} values in a row.")
        if self.guess is not None and not (math.isfinite(self.guess) and self.guess > 0):
            raise SettingsError(f"The guess is {self.guess:g}; use a number above 0, for example 100.")
        return settings

    def _settings(self) -> Settings:
        return Settings(**{name: getattr(self, name) for name in _SETTINGS}, generated=self._given is None)

    def _measurement(self, n: int) -> Measurement:
        settings = Settings(self.inputs, self.hidden, 1, n, self.seed)
        return Measurement(settings, self._given, lambda: None)

    def _on_report(self, kind: str) -> None:
        now = time.perf_counter()
        if kind == "progress" and now - self._last_report < 1 / _REPORTS_A_SECOND:
            return
        self._last_report = now
        self._tell()

    def _tell(self) -> None:
        """The one place that turns what was measured into trait changes."""
        with self._reporting:
            session, wanted = self._session, self._settings()
            recording, status = session.recording, session.status
            measured = recording.settings.get("sizes") or wanted.sizes
            axis = self._figure.draw(recording, measured, recording.settings.get("guess"))
            if recording is not self._shown:
                self.publish(recording)
            else:
                self.publish_new()
            self.set_trait("report", self._progress() | {"axis": axis})
            self.set_trait("said", words.said(recording, session.outcome))
            if status != self.status or status not in RUNNING:
                self._tell_facts(wanted, recording)
            self.set_trait("status", status)

    def _tell_facts(self, wanted: Settings, recording: Recording) -> None:
        shown = recording.settings
        waiting = [name for name in _SETTINGS if shown and shown[name] != getattr(wanted, name)]
        layers = [wanted.inputs, wanted.hidden, 1] if wanted.hidden else [wanted.inputs, 1]
        rows = "The rows are made up: standard-normal numbers, and for each a target, 0 or 1, by coin."
        if self._given is not None:
            rows = f"The rows are the {len(self._given[0]):,} given ones, repeated."
        plan = f"{' → '.join(f'{units:,}' for units in layers)} · {wanted.parameters:,} parameters"
        question = words.question(wanted.largest, wanted.batch_size)
        self.set_trait("facts", {"plan": plan, "rows": rows, "question": question, "waiting": waiting})
        chunk = compute.chunk_rows(self.parameters)
        self.set_trait("code", program(wanted, chunk))

    def _progress(self) -> dict[str, Any]:
        session, progress = self._session, self._session.progress
        sizes = session.recording.settings.get("sizes", [])
        done = len(session.recording)
        going = session.status in RUNNING
        share = min(1.0, (done + (progress.share if done < len(sizes) else 0.0)) / len(sizes)) if sizes else 0.0
        doing = f"{progress.n:,} rows: {progress.doing}" if going and progress.n else ""
        error = f"It failed: {session.error or type(session.error).__name__}" if session.error else ""
        if isinstance(session.error, MemoryError):
            error = "There is not enough memory for so many rows. Try a smaller largest n."
        return {
            "share": share,
            "doing": doing,
            "done": done,
            "of": len(sizes),
            "outcome": session.outcome,
            "error": error,
        }
