"""Prediction: asks first, keeps the guess, and then shows the run. What the guess is told, the lesson's module says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import traitlets as t

from firstepoch.widgets import Question
from firstepoch.widgets.base import View

Judge = Callable[[Any], tuple[bool, str]]


def took_link(widget: Any) -> bool:
    """Whether the page's link was for this widget, or for one in this box."""
    return (isinstance(widget, View) and widget.linked_here) or any(map(took_link, getattr(widget, "children", ())))


class Prediction(ipywidgets.VBox):
    """A question that is answered before a run is shown. It can be answered once, and asked again.

    Args:
        question: What is asked; `code` may stand between backticks.
        options: What there is to choose from; None asks for a number.
        judge: Called with the guess, an option or a float. Returns whether it is right, and a sentence about it; so it
            can tell what the run really did.
        reveal: The widgets that are shown after the guess.
        picture: HTML that is seen with the question, for example an SVG.
        name: "lesson/item", by which the learner's browser remembers the guess.

    Attributes:
        question: The card that asks.
        guess: The guess, None until there is one.
        right: Whether it was right, None until there is a guess.
        said: What the guess was told, "" until there is one.

    Example:
        >>> ask = Prediction("Is 7 prime?", ["yes", "no"], judge=lambda it: (it == "yes", "Nothing divides it."))
        >>> ask.answer("yes")
        >>> ask.right, ask.said
        (True, 'Nothing divides it.')
    """

    guess = t.Any(None)
    right = t.Bool(None, allow_none=True)
    said = t.Unicode("")

    def __init__(
        self,
        question: str,
        options: Sequence[str] | None = None,
        *,
        judge: Judge,
        reveal: Sequence[ipywidgets.DOMWidget] = (),
        picture: str = "",
        name: str = "",
    ) -> None:
        self._judge, self._reveal, self._told = judge, tuple(reveal), ""
        self.question = Question(
            question,
            options,
            judge=self._tell,
            once=True,
            explanation="Now see it below." if reveal else "",
            name=name,
            title="Predict",
            picture=picture,
        )
        super().__init__([self.question], layout=ipywidgets.Layout(overflow="visible"))
        if any(took_link(one) for one in reveal):
            # The card that says so is seen after the guess; until then the page finds this.
            self.add_class("fe-linked")
        self.question.observe(self._follow, "state")

    def __repr__(self) -> str:
        """The question, for pages where nothing runs."""
        return repr(self.question)

    def answer(self, guess: Any) -> None:
        """Guess, as the button does: keep it, say what became of it, show the run.

        Raises:
            ValueError: It is none of the options, or no number.
        """
        guess = self.question.take(guess)
        self.reset()
        self.question.submit(guess)

    def reset(self) -> None:
        """Ask again: no guess, and the run hidden."""
        self.question.reset()

    def _tell(self, guess: Any) -> tuple[bool, str]:
        right, self._told = self._judge(guess)
        return right, self._told

    def _follow(self, _: Any) -> None:
        asked = not self.question.finished
        self.guess = self.question.answer_given
        self.right = self.question.right
        self.said = "" if asked else self._told
        self.children = (self.question,) if asked else (self.question, *self._reveal)
