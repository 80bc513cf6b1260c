"""Turns: where many processes train at once on one machine, each trains for a moment, then the next ones do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

WAITS: Final = "Many train on this server just now. This run begins as soon as it is its turn."
SLICE: Final = 0.15
"""Seconds of a turn."""
SOON: Final = 1.0
"""Seconds after which somebody is told that a turn is waited for."""
PATIENCE: Final = 10.0
"""Seconds after which a turn is taken that nobody gave: it must not depend on others whether a run goes on."""


class Turns:
    """The turn of this process, which all its trainings share.

    Attributes:
        ask: Called with True to ask for a turn, and with False to give it back; None where nobody gives any, and
            trainings go on as they please.
    """

    def __init__(self) -> None:
        self.ask: Callable[[bool], None] | None = None
        self._changed = threading.Condition()
        self._has = False
        self._began = 0.0
        self._training = 0

    def given(self) -> None:
        """This process has a turn."""
        with self._changed:
            if self._training:
                self._has, self._began = True, time.monotonic()
                self._changed.notify_all()
            elif self.ask:
                self.ask(False)

    def look(self) -> None:
        """What a training waits for beside its turn may have come."""
        with self._changed:
            self._changed.notify_all()

    @contextmanager
    def taken(self, enough: Callable[[], bool], tell: Callable[[], None] = lambda: None) -> Iterator[None]:
        """A training that has a turn, or has `enough` of waiting for it; it is given back at the end.

        Args:
            enough: Whether to wait no longer; looked at whenever `look` is called.
            tell: Called when the wait has become a long one.
        """
        with self._changed:
            self._training += 1
        try:
            self._wait(enough, tell)
            yield
        finally:
            with self._changed:
                self._training -= 1
                if not self._training:
                    self._give_back()

    @contextmanager
    def lent(self, enough: Callable[[], bool]) -> Iterator[None]:
        """Inside of `taken`: a while without a turn, because nothing is computed."""
        with self._changed:
            self._training -= 1
            if not self._training:
                self._give_back()
        try:
            yield
        finally:
            with self._changed:
                self._training += 1
            self._wait(enough)

    def next(self, enough: Callable[[], bool]) -> None:
        """Inside of `taken`: let others go on if this turn has taken its time, and wait for the next."""
        with self._changed:
            if self._has and time.monotonic() - self._began > SLICE:
                self._give_back()
        self._wait(enough)

    def _wait(self, enough: Callable[[], bool], tell: Callable[[], None] = lambda: None) -> None:
        def over() -> bool:
            return self._has or enough()

        with self._changed:
            if not self.ask or over():
                return
            self.ask(True)
            if self._changed.wait_for(over, SOON):
                return
        tell()
        with self._changed:
            self._changed.wait_for(over, PATIENCE)

    def _give_back(self) -> None:
        self._has = False
        if self.ask:
            self.ask(False)


TURNS: Final = Turns()
"""Those of this process."""
