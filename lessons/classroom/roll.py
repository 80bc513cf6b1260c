"""The kernels of a server: which are there, how many came, left and died, and what all are told. No page in here."""

from __future__ import annotations

from typing import Any, Final, Protocol


class Kernel(Protocol):
    """What is known of a kernel that is there.

    Attributes:
        pid: Number of its process.
        training: How many trainings go on in it, as far as it has been heard.
    """

    pid: int | None
    training: int

    @property
    def reached(self) -> bool:
        """Whether it can be told anything, and tells."""

    def tell(self, message: dict[str, Any]) -> None:
        """Tell it something, if it can be told."""

    def hear(self) -> None:
        """Take in what it has told."""


class Roll:
    """Keeps the roll.

    Attributes:
        present: The kernels that are there.
        started: How many were ever started; those that were started again count again.
        ended: How many of them are there no more.
        died: How many of these ended by themselves: nobody had asked for it.
        held: Whether all trainings are to halt.
    """

    def __init__(self) -> None:
        self.present: set[Kernel] = set()
        self.started = self.ended = self.died = 0
        self.held = False

    @property
    def trainings(self) -> int:
        """How many trainings go on."""
        for kernel in self.present:
            kernel.hear()
        return sum(kernel.training for kernel in self.present)

    @property
    def unreached(self) -> int:
        """How many kernels cannot be told to halt, nor tell what they do: programs of their own."""
        return sum(not kernel.reached for kernel in self.present)

    def hold(self, on: bool) -> None:
        """Halt all trainings, those to come too, or let them go on."""
        self.held = on
        for kernel in self.present:
            kernel.tell({"hold": on})

    def enter(self, kernel: Kernel) -> None:
        """A kernel has been started."""
        self.started += 1
        self.present.add(kernel)
        if self.held:
            kernel.tell({"hold": True})

    def leave(self, kernel: Kernel, *, by_itself: bool) -> None:
        """A kernel has ended; said twice, it counts once."""
        if kernel in self.present:
            self.present.remove(kernel)
            self.ended += 1
            self.died += by_itself


ROLL: Final = Roll()
"""That of this server."""
