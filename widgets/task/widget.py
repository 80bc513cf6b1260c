"""Task: asks for something and says when it is done, or what is still missing. What is right, the check says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.progress import Remembered


class Task(Remembered):
    """A small task on another widget. It is checked whenever the widget changes, by mouse, by keyboard or from Python.

    Once done it stays done until `reset`.

    Args:
        check: Called with the source. Returns True when the task is done; a sentence that says what is missing; or
            False, not yet and nothing to say. It only looks: changes it makes to the source are not checked again.
        source: Any widget, or any other object (a Recording): that one is checked by a button, and by `check`.
        **settings: The settings below, by name.

    Raises:
        TypeError: `check` cannot be called, or an argument is unknown.

    Example:
        >>> view = TensorView([[1, 2], [3, 4]])  # doctest: +SKIP
        >>> task = Task(lambda it: it.code == "x[0]", view, prompt="Take the first row.")  # doctest: +SKIP
        >>> view.selection = "0"  # doctest: +SKIP
        >>> task.done  # doctest: +SKIP
        True
    """

    title = t.Unicode("Task").tag(sync=True)
    """Heading of the card. Input."""
    prompt = t.Unicode("").tag(sync=True)
    """What is asked for; `code` may stand between backticks, here and in `hint` and `said`. Input."""
    hint = t.Unicode("").tag(sync=True)
    """A nudge, folded until it is opened; "" is none. Input."""
    watching = t.Bool(False, read_only=True).tag(sync=True)
    """Whether every change of the source is checked; otherwise there is a button. Report."""
    done = t.Bool(False, read_only=True).tag(sync=True)
    """Whether the task is done. Report."""
    said = t.Unicode("", read_only=True).tag(sync=True)
    """What the last check said: "Done.", or what is missing; "" if nothing. Report."""

    def __init__(self, check: Callable[[Any], Any], source: Any, **settings: Any) -> None:
        if not callable(check):
            raise TypeError(
                f"check is {type(check).__name__}, which cannot be called. Give a function that takes the source and "
                "returns True, or a sentence that says what is missing."
            )
        self._check, self._source = check, source
        self._turn = threading.RLock()
        self._checker: int | None = None
        self._stale = False
        super().__init__(**settings)
        self.on_msg(type(self)._command)
        if isinstance(source, t.HasTraits):
            self.set_trait("watching", True)
            source.observe(self._on_change)
        with self._turn:
            self._look(quiet=True)

    def check(self) -> bool:
        """Check now.

        Returns:
            Whether the task is done.
        """
        if self._checker != threading.get_ident():
            with self._turn:
                self._look()
            self._catch_up()
        return self.done

    def reset(self) -> None:
        """Begin anew: not done, until the next check finds that it is."""
        with self._turn, self.hold_sync():
            self._tell(False, "", "open")

    def still(self) -> str:
        """The task on a page where nothing runs: what is asked, and the hint. Plain HTML."""
        hint = [still.paragraph(f"A hint: {self.hint}")] if self.hint else []
        return still.figure(self._still, self.title, [still.paragraph(self.prompt), *hint])

    def close(self) -> None:
        """Close the card, and leave the source alone."""
        if self.watching:
            self._source.unobserve(self._on_change)
            self.set_trait("watching", False)
        super().close()

    def _on_change(self, _: Any) -> None:
        if self._checker != threading.get_ident():
            self._stale = True
            self._catch_up()

    def _catch_up(self) -> None:
        """Check what changed. It never waits for a thread that is checking: that one may need a lock held here."""
        while self._stale and self._turn.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._turn.release()

    def _look(self, quiet: bool = False) -> None:
        """Check, and tell what was found; `quiet` tells nothing but that it is done."""
        self._stale = False
        if self.done:
            return
        self._checker = threading.get_ident()
        try:
            done, said = self._verdict()
            if quiet and not done:
                return
            with self.hold_sync():
                self._tell(done, said, "done" if done else "tried" if said else self.state)
        finally:
            self._checker = None

    def _tell(self, done: bool, said: str, state: str) -> None:
        self.set_trait("said", said)
        self.set_trait("state", state)
        self.set_trait("done", done)

    def _asked(self) -> str:
        return f"{self.title} {self.prompt}"

    def _kind(self) -> str:
        return "task"

    def _restore(self, state: str, answer: Any, tries: int) -> None:
        if state == "done":
            with self._turn, self.hold_sync():
                self._tell(True, "You did this on an earlier visit.", state)

    def _verdict(self) -> tuple[bool, str]:
        """What the check finds, and the words for it. Its errors are the lesson's, not the learner's: one sentence."""
        try:
            found = self._check(self._source)
        except Exception as error:
            reason = " ".join(str(error).split()).rstrip(".")
            return False, f"This cannot be checked: {type(error).__name__}{f', {reason}' if reason else ''}."
        if isinstance(found, str):
            return False, found
        if isinstance(found, (bool, np.bool_)):
            return (True, "Done.") if found else (False, "")
        kind = type(found).__name__
        return False, f"This cannot be checked: the check returned {kind}, not True, False or a sentence."

    def _command(self, content: Mapping[str, Any], _: list[memoryview]) -> None:
        """Buttons of the view; what they do is what the methods do."""
        if content.get("kind") in ("check", "reset"):
            getattr(self, str(content["kind"]))()
