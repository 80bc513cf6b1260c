"""Which kernels nobody looks at any more: pages that were closed and could not say so. No kernel in here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping


class Absent:
    """Remembers when each page was last seen.

    Args:
        clock: Gives the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, float] = {}

    def sent(self, kernel: str) -> None:
        """The page of this kernel is whole: from now on somebody has to look at it."""
        self._seen[kernel] = self._clock()

    def left(self, connections: Mapping[str, int], patience: float) -> list[str]:
        """The kernels to end.

        Args:
            connections: How many pages each living kernel is connected to.
            patience: Seconds a page may be away: a laptop that sleeps, a network that is cut.

        Returns:
            The kernels whose page has been away for longer.
        """
        now = self._clock()
        self._seen = {
            kernel: now if connections[kernel] else seen for kernel, seen in self._seen.items() if kernel in connections
        }
        return [kernel for kernel, seen in self._seen.items() if now - seen > patience]
