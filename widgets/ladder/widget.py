"""RankLadder: traits, validation and wiring. rungs.py holds the story, answers.py judges, view.ts draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.base import StillView
from firstepoch.widgets.ladder.answers import CHOICES, Answer, judge
from firstepoch.widgets.ladder.rungs import Rung, rungs
from firstepoch.widgets.tensor import drawing
from firstepoch.widgets.tensor.still import facts


class RankLadder(StillView):
    """The lecture's story of tensors: from one number, axis by axis, to a batch of films.

    At rank 4 it stops and asks for an example; any right one (or `skip`) goes on.

    Args:
        **settings: The settings below, by name.

    Raises:
        TypeError: An argument is unknown.

    Example:
        >>> ladder = RankLadder()  # doctest: +SKIP
        >>> ladder.climb(), ladder.climb()  # doctest: +SKIP
        >>> ladder.value.shape  # doctest: +SKIP
        (32, 29)
    """

    linked = ("rung",)
    parts = ("rung", "rungs", "player")

    title = t.Unicode("From a number to a batch of films").tag(sync=True)
    """Heading of the card. Input."""
    rung = t.Int(0).tag(sync=True)
    """The rung shown, from 0. Control."""
    reached = t.Int(0).tag(sync=True)
    """The highest rung seen so far, from 0. Report."""
    asking = t.Bool(False, read_only=True).tag(sync=True)
    """Whether the question stands between this rung and the next. Report."""
    told = t.Dict(read_only=True).tag(sync=True)
    """The last answer: `answer` as given, `right` (None if unknown) and `words`; empty before the first. Report."""
    story = t.List(t.Dict(), read_only=True).tag(sync=True)
    """The rungs: name, shape, dtype, axes, roles, words, code, arrangement and cells of each. Report."""
    choices = t.List(t.Unicode(), read_only=True).tag(sync=True)
    """Answers to choose from. Report."""

    def __init__(self, **settings: Any) -> None:
        self._rungs = rungs()
        super().__init__(**settings)
        self.set_trait("story", [_told(rung) for rung in self._rungs])
        self.set_trait("choices", list(CHOICES))
        self.reached = max(self.reached, self.rung)
        self.observe(self._stepped, "rung")
        self.on_msg(type(self)._command)

    @property
    def value(self) -> np.ndarray:
        """The tensor of the rung shown."""
        return self._rungs[self.rung].array

    def climb(self) -> None:
        """One rung up; before rank 4 the question is asked first, and nothing is climbed until it is answered."""
        if self.rung + 1 >= len(self._rungs):
            return
        if self._rungs[self.rung + 1].question and self.reached <= self.rung and not self.told.get("right"):
            self.set_trait("asking", True)
        else:
            self.rung += 1

    def descend(self) -> None:
        """One rung down, or away from the question."""
        if self.asking:
            self.set_trait("asking", False)
        else:
            self.rung = max(0, self.rung - 1)

    def answer(self, words: str) -> Answer:
        """Answer the question; a right answer opens the next rung.

        Args:
            words: An example of a rank-4 tensor, one of `choices` or in words of your own, or a shape.

        Returns:
            What is said to it.
        """
        found = judge(words)
        self.set_trait("told", {"answer": words, **asdict(found)})
        return found

    def skip(self) -> None:
        """Go on without an answer."""
        self.set_trait("asking", False)
        question = next(number for number, rung in enumerate(self._rungs) if rung.question)
        self.rung = max(self.rung, question)

    def still(self) -> str:
        """The story on a page where nothing runs: every rung with its facts, its words and its pictures. Plain HTML."""
        shown = []
        for rung in self._rungs:
            array = rung.array
            shown += [
                still.heading(f"Rank {array.ndim}: {rung.name}"),
                still.paragraph(facts(array.shape, str(array.dtype), array.nbytes, rung.axes)),
                still.paragraph(rung.words),
                still.code(rung.code),
            ]
            if rung.axes[-1:] == ("channels",):
                shown.append(still.pictures(list(array.reshape(-1, *array.shape[-3:])[:6]), rung.name))
        return still.figure(self._still, self.title, shown)

    def _stepped(self, _: Any) -> None:
        self.set_trait("asking", False)
        self.reached = max(self.reached, self.rung)

    @t.validate("rung")
    def _known_rung(self, proposal: Any) -> int:
        if not 0 <= proposal["value"] < len(self._rungs):
            raise t.TraitError(f"rung goes from 0 to {len(self._rungs) - 1}; got {proposal['value']}.")
        return int(proposal["value"])

    def _command(self, content: Mapping[str, Any], _: list[memoryview]) -> None:
        """Buttons of the view; what they do is what the methods do."""
        kind = content.get("kind")
        if kind == "answer":
            self.answer(str(content.get("text", "")))
        elif kind in ("climb", "descend", "skip"):
            getattr(self, kind)()


def _told(rung: Rung) -> dict[str, Any]:
    array = rung.array
    channels = ("layers" if array.ndim == 3 else "picture") if rung.axes[-1:] == ("channels",) else None
    cells = drawing.numbers(array) if array.dtype != np.uint8 else array
    return {
        "name": rung.name,
        "shape": list(array.shape),
        "dtype": str(array.dtype),
        "bytes": array.nbytes,
        "axes": list(rung.axes),
        "roles": list(rung.roles),
        "grown": rung.grown,
        "words": rung.words,
        "code": rung.code,
        "labels": list(rung.labels),
        "unit": rung.unit,
        "question": rung.question,
        "arrangement": asdict(drawing.arrange(array.shape, channels)),
        "cells_dtype": str(cells.dtype),
        "cells": memoryview(np.ascontiguousarray(cells).tobytes()),
    }
