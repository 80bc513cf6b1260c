"""Whose turn it is to train, where more do than there are processors. No kernel and no page in here.

All that train at once would each have to wait for all others whenever Python's lock changes hands between the thread
that trains and the one that answers the page: seconds until Stop is heard. Turns keep the others asleep meanwhile.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from firstepoch.lessons.processors import PROCESSORS

SHORT: Final = 0.05
"""Seconds: who has had a shorter turn trains at a speed that can be followed, and is soon done again."""
LONGEST: Final = 1.0
"""Seconds after which a turn no longer keeps others waiting: building a model and its first epoch take as long."""


class Kernel(Protocol):
    """One who asks for turns."""

    def tell(self, message: dict[str, Any]) -> None:
        """Tell it something."""


class Turns:
    """Gives turns to those who ask, in the order they came; short ones and long ones alternate.

    Args:
        most: How many have a turn at once.
        clock: Gives the time in seconds.

    Attributes:
        scarce: Tells whether somebody waits for something more urgent: only half as many have a turn meanwhile.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.scarce: Callable[[], bool] = bool
        self._most, self._clock = most, clock
        self._having: dict[Kernel, float] = {}
        self._short: set[Kernel] = set()
        self._lines: tuple[deque[Kernel], deque[Kernel]] = (deque(), deque())
        self._next = 0

    def ask(self, kernel: Kernel) -> None:
        """It wants a turn, and is told when it has one."""
        if kernel not in self._having and not any(kernel in line for line in self._lines):
            self._lines[kernel not in self._short].append(kernel)
            self.deal()

    def back(self, kernel: Kernel) -> None:
        """It has no turn any more, and wants none."""
        began = self._having.pop(kernel, None)
        if began is not None:
            (self._short.add if self._clock() - began < SHORT else self._short.discard)(kernel)
        for line in self._lines:
            if kernel in line:
                line.remove(kernel)
        self.deal()

    def leave(self, kernel: Kernel) -> None:
        """It is there no more."""
        self.back(kernel)
        self._short.discard(kernel)

    def deal(self) -> None:
        """Give the turns that are free; called again and again, because turns that take too long are free too."""
        now = self._clock()
        most = max(1, self._most // 2) if self.scarce() else self._most
        free = most - sum(now - began < LONGEST for began in self._having.values())
        while free > 0 and any(self._lines):
            line = self._lines[self._next] or self._lines[1 - self._next]
            self._next = 1 - self._next
            kernel = line.popleft()
            self._having[kernel] = now
            kernel.tell({"turn": True})
            free -= 1


TURNS: Final = Turns(PROCESSORS)
"""Those of this server: as many as it has processors."""
