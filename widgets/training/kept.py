"""The runs of one card: the newest, which its session trains, and those kept before it. No widget here."""

from __future__ import annotations

from collections.abc import Iterator

from firstepoch.widgets.training.run import MAX_KEPT_PARAMETERS, Run
from firstepoch.widgets.training.session import Session

_EARLIER = 8


class KeptRuns:
    """Runs by number, oldest first.

    Args:
        session: Its run is the newest.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._earlier: list[Run] = []

    def __iter__(self) -> Iterator[Run]:
        return iter([*self._earlier, *([self.newest] if self.newest else [])])

    @property
    def newest(self) -> Run | None:
        """The run that the session trains, or trained last."""
        return self._session.run

    @property
    def numbers(self) -> list[int]:
        """The numbers of all."""
        return [run.number for run in self]

    def find(self, number: int) -> Run | None:
        """The run of that number, if there is one."""
        return next((run for run in self if run.number == number), None)

    def of(self, number: int) -> Run:
        """The run of that number.

        Raises:
            ValueError: There is none.
        """
        found = self.find(number)
        if found is None:
            raise ValueError(f"There is no run {number}. There are: {self.numbers}.")
        return found

    def keep(self, before: Run | None) -> None:
        """A new run has begun; the one before it stays, if it recorded anything, and a large model is let go."""
        if before is None or not len(before.recording):
            return
        if before.parameters > MAX_KEPT_PARAMETERS:
            before.model = None
        self._earlier = [*self._earlier, before][-_EARLIER:]

    def forget(self) -> None:
        """Keep the newest alone."""
        self._earlier = []
