"""Session: one measurement at a time in a worker thread, and its states. It knows no widget.

Methods called from outside only set flags under one lock.
"""

from __future__ import annotations

import atexit
import threading
import weakref
from collections.abc import Callable

import numpy as np

from firstepoch.widgets.cost.measure import Measurement, Progress, Settings, Stopped
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.training import worker

RUNNING = ("measuring", "stopping")
STATES = ("idle", *RUNNING, "done", "failed")

_STOPPING_SECONDS = 30.0
"""Seconds a new measurement waits at most for the end of one that was told to stop."""

_open: weakref.WeakSet[Session] = weakref.WeakSet()


class Session:
    """Measures in a worker thread.

    Args:
        report: Called with what happened, one of "state", "point" and "progress", from the worker or from the
            caller's thread, never while the lock is held.

    Attributes:
        status: One of STATES.
        outcome: How the newest measurement ended: "", "finished", "stopped" or "failed".
        error: What made it fail.
        recording: One frame for each n measured.
        progress: Where it is.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._lock = threading.Lock()
        self._ended: threading.Event | None = None
        self._stop = self._discard = False
        self.status, self.outcome = "idle", ""
        self.error: BaseException | None = None
        self.recording = Recording()
        self.progress = Progress()
        _open.add(self)

    def start(
        self,
        settings: Settings,
        recording: Recording,
        given: tuple[np.ndarray, np.ndarray] | None,
    ) -> None:
        """Start measuring; one that is stopping is waited for.

        Raises:
            RuntimeError: A measurement is going on.
        """
        if self.status == "stopping":
            self.wait(_STOPPING_SECONDS)
        with self._lock:
            if self.status in RUNNING:
                raise RuntimeError("A measurement is going on. Stop it first: .stop(), then .wait().")
            self.status, self.outcome, self.error = "measuring", "", None
            self.recording, self.progress = recording, Progress()
            self._stop = self._discard = False
        try:
            self._report("state")
        finally:
            self._ended = worker.begin(lambda: self._work(settings, recording, given))

    def stop(self, *, discard: bool = False) -> None:
        """End the measurement before its next chunk of rows; whole frames are kept.

        Args:
            discard: Forget them afterwards and be idle.
        """
        with self._lock:
            running = self.status in RUNNING
            if running:
                self._stop, self.status = True, "stopping"
                self._discard = self._discard or discard
            elif discard:
                self._forget()
        if running or discard:
            self._report("state")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the worker to end; False if it still runs after `timeout` seconds."""
        return self._ended is None or self._ended.wait(timeout)

    def _forget(self) -> None:
        self.status, self.outcome, self.error, self.recording = "idle", "", None, Recording()

    def _between(self) -> None:
        if self._stop:
            raise Stopped
        self._report("progress")

    def _work(
        self,
        settings: Settings,
        recording: Recording,
        given: tuple[np.ndarray, np.ndarray] | None,
    ) -> None:
        error: BaseException | None = None
        try:
            measurement = Measurement(settings, given, self._between, self.progress)
            measurement.run(recording, lambda: self._report("point"))
            outcome = "finished"
        except Stopped:
            outcome = "stopped"
        except BaseException as raised:
            outcome, error = "failed", raised
        with self._lock:
            if self._discard:
                self._forget()
            else:
                self.status = "failed" if error else "done"
                self.outcome, self.error = outcome, error
        self._report("state")


@atexit.register
def _end_all() -> None:
    for session in list(_open):
        session.stop()
    for session in list(_open):
        session.wait(2.0)
