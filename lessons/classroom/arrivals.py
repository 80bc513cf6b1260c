"""Pages that open at once get their Python one after the other. No kernel in here."""

from __future__ import annotations

import asyncio
from typing import Final

from firstepoch.lessons.processors import PROCESSORS

AT_ONCE: Final = PROCESSORS + 2
"""Pages whose cells run at once: all processors have work, while one or two wait for their kernels to start."""
PATIENCE: Final = 5.0
"""Seconds after which a page that is not whole lets the next begin: its cells may take as long as they like."""


class Arrivals:
    """The line of those who arrive.

    If all went on together all would be done at the end. One after the other, the first is done at once and the last
    no later, but for what the first do meanwhile: they begin to train.

    Args:
        at_once: How many are served together.
        patience: Seconds after which one who is served still no longer counts.

    Attributes:
        line: Those who wait, in the order they came.
    """

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self.patience = patience
        self.line: list[Arrival] = []
        self.free = asyncio.Semaphore(at_once)

    def full(self) -> bool:
        """Whether all places are taken, so that the next has to wait."""
        return self.free.locked()


class Arrival:
    """The place of one page in the line.

    Attributes:
        begun: Whether it has been its turn.
    """

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._served: asyncio.TimerHandle | None = None
        self.begun = False

    @property
    def ahead(self) -> int | None:
        """How many are before this page in the line; None where it does not wait in it."""
        line = self._arrivals.line
        return line.index(self) if self in line else None

    async def turn(self) -> None:
        """Wait until it is this page's turn: those who came earlier go first."""
        self._arrivals.line.append(self)
        try:
            await self._arrivals.free.acquire()
        finally:
            self._arrivals.line.remove(self)
        self.begun = True
        self._served = asyncio.get_running_loop().call_later(self._arrivals.patience, self.end)

    def end(self) -> None:
        """Let the next begin; again is no harm, nor before its turn."""
        if self._served:
            self._served.cancel()
            self._served = None
            self._arrivals.free.release()
