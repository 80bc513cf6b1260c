"""Checklist: keeps answers and says which are right. What is right, the judge of each item says."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.base import StillView
from firstepoch.widgets.errors import SettingsError

Answer = str | float
Judge = Callable[[Any], tuple[bool, str]]


@dataclass(frozen=True)
class Item:
    """One line of a checklist.

    Attributes:
        name: Its name in `answers`.
        group: The step it belongs to; items of one group stand together.
        question: What is asked; `code` may stand between backticks.
        judge: Called with the answer, one of `options` or a float. Returns whether it is right, and a sentence on it.
        options: What there is to choose from; empty asks for a number.
    """

    name: str
    group: str
    question: str
    judge: Judge
    options: tuple[str, ...] = ()


class Checklist(StillView):
    """Questions that are answered in any order and checked together, whenever the learner wants.

    Args:
        items: The questions, in order; their names differ.
        ready: Called before a check. Returns a sentence that says what has to be done first; "" if nothing.
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) Two items have one name, or an answer is none.
        TypeError: An argument is unknown.

    Example:
        >>> judge = lambda it: (it == "yes", "Nothing divides it.")
        >>> seven = Item("prime", "Numbers", "Is 7 prime?", judge, ("yes", "no"))
        >>> card = Checklist([seven])  # doctest: +SKIP
        >>> card.answer("prime", "yes")  # doctest: +SKIP
        >>> card.check(), card.verdicts["prime"]["said"]  # doctest: +SKIP
        (True, 'Nothing divides it.')
    """

    title = t.Unicode("Checklist").tag(sync=True)
    """Heading of the card. Input."""
    lead = t.Unicode("").tag(sync=True)
    """What to do, in one sentence; "" for none. Input."""
    items: t.List[dict[str, Any]] = t.List(read_only=True).tag(sync=True)
    """What the page asks, in order: `name`, `group`, `question`, `options`. Report."""
    answers = t.Dict().tag(sync=True)
    """The answers so far, by name: an option, or a number. Control."""
    verdicts = t.Dict(read_only=True).tag(sync=True)
    """Of each answer that was checked and not changed since: `right`, and what was `said`. Report."""
    said = t.Unicode("", read_only=True).tag(sync=True)
    """What the last check found, or what has to be done first; "" before a check. Report."""
    done = t.Bool(False, read_only=True).tag(sync=True)
    """Whether every item was right at the last check. Report."""

    def __init__(self, items: Sequence[Item], *, ready: Callable[[], str] = lambda: "", **settings: Any) -> None:
        self._items = {item.name: item for item in items}
        if len(self._items) < len(items) or not items:
            raise SettingsError("A checklist needs items, each with a name of its own.")
        self._ready = ready
        self._judged: dict[str, Answer] = {}
        super().__init__(**settings)
        self.set_trait(
            "items",
            [
                {"name": one.name, "group": one.group, "question": one.question, "options": list(one.options)}
                for one in items
            ],
        )
        self.observe(lambda _: self._forget_changed(), "answers")
        self.on_msg(type(self)._command)

    def answer(self, name: str, value: Answer) -> None:
        """Answer one item, as its field does.

        Raises:
            SettingsError: There is no such item, or the value is none of its options, or no number.
        """
        self.answers = {**self.answers, name: value}

    def check(self) -> bool:
        """Judge every answer.

        Returns:
            Whether all items are answered and right.
        """
        first = self._ready()
        if first:
            self.set_trait("said", first)
            return self.done
        verdicts = {name: self._verdict(item) for name, item in self._items.items() if name in self.answers}
        right, total = sum(verdict["right"] for verdict in verdicts.values()), len(self._items)
        empty = total - len(verdicts)
        told = f"{right} of {total} are right." if right < total else f"All {total} are right."
        if empty:
            told += f" {empty} {'is' if empty == 1 else 'are'} not answered yet."
        with self.hold_sync():
            self._judged = dict(self.answers)
            self.set_trait("verdicts", verdicts)
            self.set_trait("said", told)
            self.set_trait("done", right == total)
        return self.done

    def reset(self) -> None:
        """Forget all answers and what was said of them."""
        with self.hold_sync():
            self.answers = {}
            self.set_trait("said", "")

    def still(self) -> str:
        """The questions and answers on a page where nothing runs. Plain HTML."""
        rows = []
        for name, item in self._items.items():
            verdict = self.verdicts.get(name)
            mark = "" if verdict is None else "✓" if verdict["right"] else "○"
            rows.append((item.question.replace("`", ""), [(_shown(self.answers.get(name, "")), 0.0), (mark, 0.0)]))
        return still.figure(self._still, self.title, [still.table(self.lead, ["answer", "right"], rows)])

    def _verdict(self, item: Item) -> dict[str, Any]:
        """Errors of a judge are the lesson's, not the learner's: one sentence."""
        try:
            right, said = item.judge(self.answers[item.name])
        except Exception as error:
            return {"right": False, "said": f"This cannot be checked: {type(error).__name__}, {error}"}
        return {"right": bool(right), "said": said}

    def _forget_changed(self) -> None:
        """What was said of an answer holds until it is changed."""
        same = {name for name, value in self.answers.items() if self._judged.get(name) == value}
        kept = {name: verdict for name, verdict in self.verdicts.items() if name in same}
        if kept != self.verdicts:
            self.set_trait("verdicts", kept)
            self.set_trait("done", False)

    @t.validate("answers")
    def _known(self, proposal: Any) -> dict[str, Answer]:
        return {name: self._checked(name, value) for name, value in proposal["value"].items()}

    def _checked(self, name: str, value: Any) -> Answer:
        if name not in self._items:
            raise SettingsError(f"There is no item {name!r}. There are: {', '.join(self._items)}.")
        options = self._items[name].options
        if options:
            if value not in options:
                raise SettingsError(
                    f"{value!r} is no answer to {name!r}: it is one of {', '.join(map(repr, options))}."
                )
            return str(value)
        if not isinstance(value, numbers.Real) or isinstance(value, bool) or not math.isfinite(value):
            raise SettingsError(f"{value!r} is no answer to {name!r}: it is a number.")
        return float(value)

    def _command(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """Buttons of the view; what they do is what the methods do."""
        if content.get("kind") == "check":
            self._take(content)
            self.check()
        elif content.get("kind") == "reset":
            self.reset()


def _shown(answer: Answer) -> str:
    return f"{answer:g}" if isinstance(answer, float) else answer
