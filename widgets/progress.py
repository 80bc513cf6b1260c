"""What was answered and done in this kernel, and what every card shares that the learner's browser remembers.

The page keeps it (`progress.ts`), in the browser of the learner and nowhere else.
"""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import traitlets as t

from firstepoch.widgets.base import StillView

if TYPE_CHECKING:
    import pandas as pd

STATES: Final = ("open", "tried", "right", "shown", "done")

_alive: weakref.WeakValueDictionary[str, Remembered] = weakref.WeakValueDictionary()


class Remembered(StillView):
    """Base of the cards with something to answer or to do.

    A card with the name of an older one takes its place: the cell was run again.
    """

    name = t.Unicode("").tag(sync=True)
    """By what it is remembered: "lesson/item". Without a lesson that is the page it stands on; without any name, the
    item is a digest of what is asked. Input."""
    state = t.Enum(STATES, "open", read_only=True).tag(sync=True)
    """What became of it: "open" untouched, "tried" not right so far, "right" answered, "shown" the answer was seen,
    "done" the task is. Report."""
    answer_given = t.Any(None, read_only=True).tag(sync=True)
    """The last answer, None before there is one; always None for a task. Report."""
    tries = t.Int(0, read_only=True).tag(sync=True)
    """How many answers there were. Report."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if "/" not in self.name:
            self.name = f"/{self.name or hashlib.sha256(self._asked().encode()).hexdigest()[:12]}"
        _alive[self.name] = self
        self.on_msg(type(self)._remind)

    def reset(self) -> None:
        """Begin anew."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the card; it no longer counts."""
        if _alive.get(self.name) is self:
            del _alive[self.name]
        super().close()

    def _asked(self) -> str:
        """What is asked, in words."""
        raise NotImplementedError

    def _kind(self) -> str:
        """For the table: what is to be given."""
        raise NotImplementedError

    def _restore(self, state: str, answer: Any, tries: int) -> None:
        """Be as on an earlier visit.

        Raises:
            ValueError: That is no answer to this (any more).
        """
        raise NotImplementedError

    def _remind(self, content: Mapping[str, Any], _: list[memoryview]) -> None:
        """A view found this in the browser. What is not as it should be, is as if it were not there."""
        if content.get("kind") != "restore" or self.state != "open":
            return
        state, tries = content.get("state"), content.get("tries")
        if state in STATES and isinstance(tries, int) and 0 <= tries < 1e6:
            try:
                self._restore(state, content.get("answer"), tries)
            except ValueError:
                self.reset()


def progress() -> pd.DataFrame:
    """All questions and tasks alive in this kernel, in the order in which they were first made.

    Returns:
        Columns name ("lesson/item"), kind ("choice", "number", "text" or "task"), state ("open", "tried", "right",
        "shown" or "done"), answer (None where there is none), tries (0 for a task).

    Example:
        >>> table = progress()  # doctest: +SKIP
        >>> table["state"].isin(["right", "done"]).mean()  # doctest: +SKIP
        0.5
    """
    import pandas as pd

    rows = [(card.name, card._kind(), card.state, card.answer_given, card.tries) for card in list(_alive.values())]
    table = pd.DataFrame(rows, columns=["name", "kind", "state", "answer", "tries"], dtype=object)
    return table.astype({"tries": int})


def reset_progress() -> None:
    """Begin all questions and tasks of this kernel anew, and have the pages they are on forget them."""
    for card in list(_alive.values()):
        card.reset()
