"""Work in the background: one job at a time in a worker thread. It knows no widget.

Methods called from outside only set flags under one lock. What is done is in the subclasses.
"""

from __future__ import annotations

import atexit
import threading
import weakref
from collections.abc import Callable
from typing import ClassVar

from firstepoch.widgets.training import worker
from firstepoch.widgets.training.turns import TURNS

_RESTING = ("idle", "done", "failed")
_STOPPING_SECONDS = 30.0
"""Seconds a new job waits at most for the end of one that was told to stop."""

_open: weakref.WeakSet[Background] = weakref.WeakSet()


class Background:
    """One job at a time in a worker thread.

    Args:
        report: Called with what happened, "state" among others, from the worker or from the caller's thread, never
            while the lock is held.

    Attributes:
        status: "idle", what it does, "stopping", "done" or "failed".
        outcome: How the newest job ended: "", "finished", "stopped" or "failed".
        error: What made it fail.
    """

    BUSY: ClassVar[str]
    """What is said to somebody who starts another job meanwhile."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._lock = threading.Lock()
        self._ended: threading.Event | None = None
        self._stop = self._discard = False
        self.status, self.outcome = "idle", ""
        self.error: BaseException | None = None
        _open.add(self)

    def stop(self, *, discard: bool = False) -> None:
        """End the job after the part in hand; what is whole is kept.

        Args:
            discard: Forget it all afterwards and be idle.
        """
        with self._lock:
            running = self.status not in _RESTING
            if running:
                self._stop, self.status = True, "stopping"
                self._discard = self._discard or discard
                self._halt()
            elif discard:
                self._forget()
        TURNS.look()
        if running or discard:
            self._report("state")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the worker to end; False if it still runs after `timeout` seconds."""
        return self._ended is None or self._ended.wait(timeout)

    def _begin(self, prepare: Callable[[], bool], work: Callable[[], bool]) -> None:
        """Start a job; one that is stopping is waited for.

        Args:
            prepare: Sets the state for it, under the lock; False if there is nothing to do.
            work: Does it in the worker; True if it came to its end, False if it was stopped before.

        Raises:
            RuntimeError: A job is going on.
        """
        if self.status == "stopping":
            self.wait(_STOPPING_SECONDS)
        with self._lock:
            if self.status not in _RESTING:
                raise RuntimeError(self.BUSY)
            self._stop = self._discard = False
            wanted = prepare()
            if wanted:
                self.outcome, self.error = "", None
        try:
            self._report("state")
        finally:
            if wanted:
                self._ended = worker.begin(lambda: self._work(work))

    def _work(self, work: Callable[[], bool]) -> None:
        error, finished = None, False
        try:
            with TURNS.taken(self._stopped):
                finished = work()
        except BaseException as raised:
            error = raised
        with self._lock:
            if self._discard:
                self._forget()
            else:
                self._conclude(error, finished)
        self._report("state")

    def _stopped(self) -> bool:
        """Whether the job is to end."""
        return self._stop

    def _halt(self) -> None:
        """Make the work end soon, where looking at `_stop` is not enough; under the lock."""

    def _forget(self) -> None:
        """Be as before the first job; under the lock."""
        self.status, self.outcome, self.error = "idle", "", None

    def _conclude(self, error: BaseException | None, finished: bool) -> None:
        """The job is over; under the lock."""
        self.error = error
        self.status = "failed" if error else "done"
        self.outcome = "failed" if error else "finished" if finished else "stopped"


@atexit.register
def _end_all() -> None:
    for session in list(_open):
        session.stop()
    for session in list(_open):
        session.wait(2.0)
