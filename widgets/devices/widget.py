"""Devices: traits and wiring. session.py measures in other Pythons, words.py says it, view.ts draws it."""

from __future__ import annotations

import threading
from typing import Any

import pandas as pd

from firstepoch.widgets import still
from firstepoch.widgets.devices import words
from firstepoch.widgets.devices.code import program
from firstepoch.widgets.devices.machine import machine
from firstepoch.widgets.devices.session import RUNNING, SIZE, Session
from firstepoch.widgets.devices.traits import DevicesTraits
from firstepoch.widgets.recording import Recording


class Devices(DevicesTraits):
    """What computes on this machine, what of it TensorFlow sees, and how long one product of matrices takes.

    `measure` times the product of two matrices by a loop in Python (over a small part, scaled), by NumPy and by
    TensorFlow, each on one thread and on all cores, and on a graphics card if TensorFlow sees one. Each is measured by
    a Python of its own, because the number of threads is settled when a library is loaded; so the kernel stays free,
    and loads no TensorFlow. It takes some 20 seconds.

    Args:
        **settings: The settings below, by name.

    Raises:
        TypeError: An argument is unknown.

    Example:
        >>> devices = Devices()  # doctest: +SKIP
        >>> devices.measure()  # doctest: +SKIP
        >>> devices.wait()  # doctest: +SKIP
        True
        >>> devices.table  # doctest: +SKIP
    """

    COMMANDS = "measure", "stop", "reset"
    _session: Session
    _ready = False

    def __init__(self, **settings: Any) -> None:
        self._session = Session(self._on_report)
        self._reporting = threading.RLock()
        super().__init__(**settings)
        self.set_trait("code", program(SIZE))
        self.follow()
        self._ready = True

    def recompute(self) -> None:
        """Say what there is."""
        self._on_report("state")

    def measure(self) -> None:
        """Start measuring; returns at once. `wait()` waits for the end.

        Raises:
            RuntimeError: A measurement is going on.
        """
        self._started_in_view = False
        self._session.start()

    def stop(self) -> None:
        """End the measurement at once; what was measured is kept."""
        self._session.stop()

    def reset(self) -> None:
        """Forget what was measured and be idle."""
        self._session.stop(discard=True)

    @property
    def recording(self) -> Recording:
        """One frame for each way measured.

        `way` is its place in `settings["ways"]`; `threads`; `seconds` (the median), `fastest` and `slowest` of
        `repetitions`, for the whole product; `measured` is the number of rows of the matrices that were multiplied and
        `scale` what the times were multiplied by for it; `difference` is the largest difference from the product in
        float64, as a share. What TensorFlow sees is in `settings["facts"]`.
        """
        return self._session.recording

    @property
    def table(self) -> pd.DataFrame:
        """One row for each way measured: what, threads, seconds, fastest, slowest, repetitions, scaled."""
        names = ("name", "threads", "seconds", "fastest", "slowest", "repetitions", "scaled")
        return pd.DataFrame(
            [{name: line[name] for name in names} for line in words.lines(self.recording)], columns=names
        )

    def still(self) -> str:
        """The numbers on a page where nothing runs. Plain HTML."""
        parts = [still.paragraph(f"{name}: {told}") for name, told in self.facts]
        parts += map(still.paragraph, self.said)
        if len(self.recording):
            lines = [
                (line["name"], [(f"{line[name]:.4g}", 0.0) for name in ("seconds", "fastest", "slowest")])
                for line in words.lines(self.recording)
            ]
            caption = f"Seconds of one product of two matrices of {SIZE:,} × {SIZE:,}"
            parts.append(still.table(caption, ("median", "fastest", "slowest"), lines))
        return still.figure(self._still, self.title, parts)

    def close(self) -> None:
        """Stop measuring and take the widget off every page."""
        if self._ready:
            self._session.stop()
            super().close()

    def _on_report(self, _: str) -> None:
        """The one place that turns what was measured into trait changes."""
        with self._reporting:
            session = self._session
            going, error = session.status in RUNNING, session.error
            self.set_trait(
                "report",
                {
                    "share": session.share if going else float(session.outcome == "finished"),
                    "doing": session.doing if going else "",
                    "outcome": session.outcome,
                    "error": "" if error is None else f"{error}" or type(error).__name__,
                },
            )
            bars = words.lines(session.recording)
            self.set_trait("facts", words.facts(machine(), session.facts))
            self.set_trait("bars", {"bars": bars, "axis": words.axis(bars)})
            self.set_trait("said", words.said(session.recording, session.facts))
            self.set_trait("status", session.status)
