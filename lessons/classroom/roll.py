"""The kernels of a server: which are there, and how many came, left and died. No page in here."""

from __future__ import annotations

from typing import Final, Protocol


class Kernel(Protocol):
    """What is known of a kernel that is there.

    Attributes:
        pid: Number of its process.
    """

    pid: int | None


class Roll:
    """Keeps the roll.

    Attributes:
        present: The kernels that are there.
        started: How many were ever started; those that were started again count again.
        ended: How many of them are there no more.
        died: How many of these ended by themselves: nobody had asked for it.
    """

    def __init__(self) -> None:
        self.present: set[Kernel] = set()
        self.started = self.ended = self.died = 0

    def enter(self, kernel: Kernel) -> None:
        """A kernel has been started."""
        self.started += 1
        self.present.add(kernel)

    def leave(self, kernel: Kernel, *, by_itself: bool) -> None:
        """A kernel has ended; said twice, it counts once."""
        if kernel in self.present:
            self.present.remove(kernel)
            self.ended += 1
            self.died += by_itself


ROLL: Final = Roll()
"""That of this server."""
