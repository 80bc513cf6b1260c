"""How many students a server takes at once, and whose turn it is when one leaves. No page and no kernel in here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from typing import Final

GONE: Final = 20.0
"""Seconds after which one who waits and asks no more has left."""


class Room:
    """Seats, and the line of those who wait for one.

    A seat is a kernel: each open page has one. Who finds no seat free gets a ticket and asks with it every few seconds;
    the one who has waited longest is next.

    Args:
        seats: How many there are; None for as many as come.
        alive: Gives the kernels there are.
        clock: Gives the time in seconds.

    Attributes:
        refused: How many arrivals found no seat free, and were given a ticket.
    """

    def __init__(
        self, seats: int | None, alive: Callable[[], Iterable[str]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seats = seats
        self._alive = alive
        self._clock = clock
        self._starting = 0
        self._seated: set[str] = set()
        self.refused = 0
        self._waiting: dict[str, float] = {}

    @property
    def waiting(self) -> int:
        """How many wait."""
        self._forget()
        return len(self._waiting)

    def enter(self, ticket: str | None) -> bool:
        """Take a seat, until `entered` says which kernel has it.

        Args:
            ticket: The ticket of one who waited.

        Returns:
            Whether there was one, and nobody had waited longer for it.
        """
        if self.ahead(ticket):
            return False
        if ticket:
            self._waiting.pop(ticket, None)
        self._starting += 1
        return True

    def entered(self, kernel: str | None) -> None:
        """The kernel of one who entered is there and has the seat until its end; None where there will be none."""
        self._starting -= 1
        if kernel:
            self._seated.add(kernel)

    def wait(self, ticket: str | None) -> str:
        """A place in the line; the one a ticket has, or a new one at the end.

        Returns:
            The ticket to ask with.
        """
        self._forget()
        if ticket not in self._waiting:
            ticket = secrets.token_urlsafe(16)
            self.refused += 1
        assert ticket is not None
        self._waiting[ticket] = self._clock()
        return ticket

    def ahead(self, ticket: str | None) -> int:
        """How many have to leave before the turn of this ticket comes; 0 when a seat is free for it."""
        self._forget()
        if self.seats is None:
            return 0
        line = list(self._waiting)
        place = line.index(ticket) if ticket in self._waiting else len(line)
        self._seated.intersection_update(self._alive())
        return max(0, place + 1 - (self.seats - len(self._seated) - self._starting))

    def _forget(self) -> None:
        now = self._clock()
        self._waiting = {ticket: asked for ticket, asked in self._waiting.items() if now - asked <= GONE}
