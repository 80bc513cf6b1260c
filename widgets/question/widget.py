"""Question: a choice, a number or a few words, with a sentence for each wrong answer, readable in Python.

It is small and our own because jupyterquiz 2.9.6.4 writes plain HTML with scripts, whose answers never reach Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.progress import Remembered
from firstepoch.widgets.question import judge as judging


class Question(Remembered):
    """A question. It is asked until the answer is right; after two wrong ones the page offers to show it.

    What is asked for follows from the arguments: with `options` one of them; with a number as the answer (or with
    `judge` alone) a number; with a text as the answer a few words, whose case and spaces do not count.

    Args:
        prompt: What is asked; `code` may stand between backticks, here and in all other texts.
        options: What there is to choose from.
        answer: The right option; the number; or the words, in a list if several are right.
        feedback: What wrong answers are told: a sentence for each. A choice needs one for every wrong option; numbers
            and words may have one for all others under the key "else".
        explanation: Why it is so. Told with the right answer.
        hint: A nudge, folded until it is opened.
        tolerance: How far off a number may be, in its own unit. Without it, only rounding is forgiven.
        judge: Called with an answer in place of `answer` and `feedback`; returns whether it is right, and a sentence.
        once: One guess, and the verdict stands: to predict what is then seen.
        name: "lesson/item", by which the browser of the learner remembers it.
        title: Heading of the card.
        picture: HTML that is seen with the question, for example an SVG. Your own: it is put on the page as it is.

    Raises:
        ValueError: The arguments do not fit together; a wrong option has no feedback.
        TypeError: `judge` cannot be called, or the answer is of no kind that can be asked for.

    Example:
        >>> ask = Question("Is 7 prime?", ["yes", "no"], answer="yes", feedback={"no": "What divides it?"})
        >>> ask.submit("no"), ask.said
        (False, 'What divides it?')
        >>> ask.submit("yes"), ask.right, ask.tries
        (True, True, 2)
    """

    title = t.Unicode("Question").tag(sync=True)
    """Heading of the card. Input."""
    prompt = t.Unicode("").tag(sync=True)
    """What is asked. Input."""
    picture = t.Unicode("").tag(sync=True)
    """HTML seen with the question; "" is none. Input."""
    kind = t.Enum(("choice", "number", "text"), "text", read_only=True).tag(sync=True)
    """What is asked for. Report."""
    options = t.List(t.Unicode(), read_only=True).tag(sync=True)
    """What there is to choose from; empty unless it is a choice. Report."""
    hint = t.Unicode("").tag(sync=True)
    """A nudge; "" is none. Input."""
    once = t.Bool(False, read_only=True).tag(sync=True)
    """Whether there is one guess only. Report."""
    right = t.Bool(None, allow_none=True, read_only=True).tag(sync=True)
    """Whether the last answer was right; None before there is one. Report."""
    said = t.Unicode("", read_only=True).tag(sync=True)
    """What the last answer was told; "" before there is one. Report."""
    problem = t.Unicode("", read_only=True).tag(sync=True)
    """What is wrong with what was typed on the page; "" if nothing. Report."""
    solution = t.Unicode("", read_only=True).tag(sync=True)
    """The right answer as it is read, "" while it is asked for. Report."""
    can_show = t.Bool(False, read_only=True).tag(sync=True)
    """Whether the page offers to show the answer: after two wrong ones. Report."""

    def __init__(
        self,
        prompt: str,
        options: Sequence[str] | None = None,
        *,
        answer: Any = None,
        feedback: Mapping[Any, str] | None = None,
        explanation: str = "",
        hint: str = "",
        tolerance: float | None = None,
        judge: judging.Judge | None = None,
        once: bool = False,
        name: str = "",
        title: str = "Question",
        picture: str = "",
    ) -> None:
        self._rule = judging.rule(options, answer, feedback, tolerance, judge)
        self._explanation = explanation
        super().__init__(prompt=prompt, hint=hint, name=name, title=title, picture=picture)
        with self.hold_sync():
            self.set_trait("kind", self._rule.kind)
            self.set_trait("options", list(options or ()))
            self.set_trait("once", once)
        self.on_msg(type(self)._command)

    @property
    def finished(self) -> bool:
        """Whether it takes no more answers: it was right, the answer was shown, or the one guess is made."""
        return self.state in ("right", "shown")

    def take(self, answer: Any) -> Any:
        """An answer as `submit` reads it: the option, a float, or the words without extra spaces.

        Raises:
            ValueError: It is none of the options, no number, or no text.
        """
        return self._rule.take(answer)

    def submit(self, answer: Any) -> bool:
        """Answer, as the button does.

        Args:
            answer: The option, the number, or the words.

        Returns:
            Whether it is right; `said` holds what it is told.

        Raises:
            ValueError: It is none of the options, no number, or no text; or the question takes no more answers.
        """
        given = self.take(answer)
        if self.finished:
            raise ValueError("This question takes no more answers. Try reset() first.")
        right, said = self._rule.judge(given)
        right = bool(right)
        told = " ".join(part for part in (said, self._explanation if right or self.once else "") if part)
        with self.hold_sync():
            self.set_trait("answer_given", given)
            self.set_trait("tries", self.tries + 1)
            self.set_trait("right", right)
            self.set_trait("said", told)
            self.set_trait("problem", "")
            self.set_trait("state", "right" if right else "shown" if self.once else "tried")
            self._offer()
        return right

    def show(self) -> None:
        """Show the right answer. The question then takes no more.

        Raises:
            ValueError: Only a judge knows it, and there is no explanation.
        """
        if self.finished:
            return
        if self._rule.solution is None and not self._explanation:
            raise ValueError("Only the judge knows the answer, so it cannot be shown.")
        with self.hold_sync():
            self.set_trait("said", self._explanation)
            self.set_trait("problem", "")
            self.set_trait("state", "shown")
            self._offer()

    def reset(self) -> None:
        """Ask again: no answer, no tries."""
        with self.hold_sync():
            self.set_trait("answer_given", None)
            self.set_trait("tries", 0)
            self.set_trait("right", None)
            self.set_trait("said", "")
            self.set_trait("problem", "")
            self.set_trait("state", "open")
            self._offer()

    def still(self) -> str:
        """The question on a page where nothing runs: what is asked, what there is to choose from, and the hint."""
        hint = [still.paragraph(f"A hint: {self.hint}")] if self.hint else []
        options = [still.paragraph(f"○ {option}") for option in self.options]
        return still.figure(self._still, self.title, [still.paragraph(self.prompt), self.picture, *options, *hint])

    def __repr__(self) -> str:
        """The question, for pages where nothing runs."""
        return f"{self.title}. {self.prompt}"

    def _offer(self) -> None:
        """What the page may show: the right answer once it is found or shown, or the offer to show it."""
        known = self._rule.solution is not None
        self.set_trait("solution", judging.spell(self._rule.solution) if known and self.finished else "")
        self.set_trait("can_show", self.state == "tried" and self.tries >= 2 and (known or bool(self._explanation)))

    def _asked(self) -> str:
        return self.prompt

    def _kind(self) -> str:
        return str(self.kind)

    def _restore(self, state: str, answer: Any, tries: int) -> None:
        with self.hold_sync():
            if answer is not None:
                self.submit(answer)
                self.set_trait("tries", max(1, tries))
            if state == "shown":
                self.show()
            self._offer()

    def _command(self, content: Mapping[str, Any], _: list[memoryview]) -> None:
        """Buttons of the view; what they do is what the methods do, and what they refuse is told on the page."""
        kind = content.get("kind")
        if kind == "reset":
            self.reset()
        elif kind == "show" and self.can_show:
            self.show()
        elif kind == "submit" and not self.finished:
            try:
                self.submit(content.get("answer"))
            except ValueError as error:
                self.set_trait("problem", str(error))
            except Exception as error:  # the lesson's, not the learner's
                self.set_trait("problem", f"This cannot be checked: {type(error).__name__}, {error}.")
