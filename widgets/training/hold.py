"""Hold: somebody outside, as a lecturer, may halt all trainings of this process, and hears how many go on."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from typing import Final, Protocol

PAUSED: Final = "The lecturer has paused all trainings. This one goes on by itself as soon as they may go on."
PAUSED_TWICE: Final = "You paused this run, and the lecturer has paused all trainings."
TOO_LONG: Final = (
    "A run on this server ends after {minutes}. All that was recorded is kept: to see the whole of it, take fewer "
    "epochs, larger batches or a higher speed."
)
MINUTES: Final = "FIRSTEPOCH_RUN_MINUTES"
"""Variable of the environment: minutes after which a run is stopped."""


class Training(Protocol):
    """What is told that it is held, or no more."""

    def hold_changed(self) -> None:
        """Look at `Hold.on`: it is another."""


class Hold:
    """The hold on the trainings of this process.

    Attributes:
        on: Whether they are to halt.
        tell: Called with the number of trainings that go on, whenever it is another; by any thread.
    """

    def __init__(self) -> None:
        self.on = False
        self.tell: Callable[[int], None] | None = None
        self._lock = threading.Lock()
        self._known: weakref.WeakSet[Training] = weakref.WeakSet()
        self._going: weakref.WeakSet[Training] = weakref.WeakSet()

    def watch(self, training: Training) -> None:
        """Tell this one of a hold from now on."""
        with self._lock:
            self._known.add(training)

    def set(self, on: bool) -> None:
        """Halt all trainings, or let them go on."""
        with self._lock:
            changed, self.on = on != self.on, on
            known = list(self._known) if changed else []
        for one in known:
            one.hold_changed()

    def count(self, training: Training, goes_on: bool) -> None:
        """A training goes on, or no more."""
        with self._lock:
            before = len(self._going)
            (self._going.add if goes_on else self._going.discard)(training)
            now = len(self._going)
            if self.tell and now != before:
                self.tell(now)


HOLD: Final = Hold()
"""That of this process."""


def longest() -> float | None:
    """Seconds a run may take, pauses not counted, where this machine is shared; None for as long as it takes."""
    try:
        minutes = float(os.environ.get(MINUTES, ""))
    except ValueError:
        return None
    return minutes * 60 if minutes > 0 else None
