"""Latest: work in the background for the newest request only. It knows no widget."""

from __future__ import annotations

import atexit
import threading
import weakref
from collections.abc import Callable
from typing import Any

from firstepoch.widgets.training import worker

_NOTHING = object()
_EXIT_SECONDS = 15.0
"""Seconds the end of the program waits for a worker: one that imports TensorFlow then would bring it down."""

_all: weakref.WeakSet[Latest] = weakref.WeakSet()


class Latest:
    """Does the newest thing that was asked for, in a worker thread; what was asked before and not begun is dropped.

    Args:
        work: Called with a request in the worker thread. Its errors are its own to tell.

    Attributes:
        error: What the newest request failed with, None if it did not.
    """

    def __init__(self, work: Callable[[Any], None]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._wanted: Any = _NOTHING
        self._going = False
        self._ended = threading.Event()
        self._ended.set()
        self.error: BaseException | None = None
        _all.add(self)

    def ask(self, request: Any) -> None:
        """Do this next; returns at once."""
        with self._lock:
            self._wanted = request
            self._ended.clear()
            if self._going:
                return
            self._going = True
        worker.begin(self._serve)

    def is_newest(self) -> bool:
        """Whether nothing has been asked for since the request in hand."""
        return self._wanted is _NOTHING

    def drop(self) -> None:
        """Forget what was asked for and not begun."""
        with self._lock:
            self._wanted = _NOTHING

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is left to do; False if something is after `timeout` seconds."""
        return self._ended.wait(timeout)

    def result(self, timeout: float | None = None) -> bool:
        """Wait, and raise what the newest request failed with.

        Raises:
            BaseException: What made it fail.
        """
        ended = self.wait(timeout)
        if ended and self.error is not None:
            raise self.error
        return ended

    def _serve(self) -> None:
        while True:
            with self._lock:
                request, self._wanted = self._wanted, _NOTHING
                if request is _NOTHING:
                    self._going = False
                    self._ended.set()
                    return
            self.error = None
            try:
                self._work(request)
            except BaseException as error:
                self.error = error


@atexit.register
def _end_all() -> None:
    for latest in list(_all):
        latest.drop()
    for latest in list(_all):
        latest.wait(_EXIT_SECONDS)
