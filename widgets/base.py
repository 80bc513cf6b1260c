"""What every widget shares: its built view as text, no unknown arguments, recordings sent by frame."""

from __future__ import annotations

import contextlib
import functools
import inspect
import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets as t
from IPython.display import display

from firstepoch.widgets import link, scenario
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording


class Stream:
    """A recording sent to the views of a widget, frame by frame, as messages of one kind.

    Args:
        send: Sends a message with buffers to all views.
        kind: The kind of the messages; a view asks for what it lacks with this and a question mark.

    Attributes:
        recording: What is shown; None before anything is.
        publication: Counts the recordings shown; 0 before the first.
    """

    def __init__(self, send: Callable[[dict[str, Any], list[memoryview]], None], kind: str) -> None:
        self.recording: Recording | None = None
        self._send = send
        self._kind = kind
        self.publication = 0
        self._sent = 0
        self._sending = threading.RLock()

    def publish(self, recording: Recording) -> None:
        """Show this recording from its first frame."""
        with self._sending:
            self.recording, self._sent = recording, 0
            self.publication += 1
            self._send_from(0)

    def publish_new(self) -> None:
        """Send the frames appended since the last time; safe from any thread."""
        with self._sending:
            if self.recording is not None and len(self.recording) > self._sent:
                self._send_from(self._sent)

    def answer(self, content: dict[str, Any]) -> None:
        """A view asks for frames it does not have: it opened late, or missed a message."""
        with self._sending:
            self._send_from(int(content.get("start", 0)) if content.get("run") == self.publication else 0)

    def _send_from(self, start: int) -> None:
        if self.recording is None:
            return
        header, buffers = self.recording.since(start)
        header |= {"kind": self._kind, "run": self.publication}
        if start == 0:
            header["settings"] = self.recording.settings
        self._send(header, buffers)
        self._sent = max(self._sent, header["stop"])


def _then_arrive(init: Callable[..., None]) -> Callable[..., None]:
    """An `__init__` after which a widget is whole, if no `__init__` of a subclass called it.

    A link presets a widget that is whole: it was given its data, and follows its settings. That is so when its
    outermost `__init__` has returned, of which no `__init__` in the chain knows; so each is wrapped in this.
    """

    @functools.wraps(init)
    def wrapped(self: View, *args: Any, **kwargs: Any) -> None:
        outermost = not self.__dict__.get("_being_made", False)
        self._being_made = True
        init(self, *args, **kwargs)
        if outermost:
            self._being_made = False
            self._arrive()

    return wrapped


def _names(kind: type[View]) -> Iterator[str]:
    one: type[View]
    for one in kind.__subclasses__():
        yield one.__name__
        yield from _names(one)


class View(anywidget.AnyWidget):
    """Base of all widgets: loads `static/view.js` and `static/view.css` beside the subclass.

    The files are given to anywidget as text, because a Path keeps every instance alive.

    Raises:
        SettingsError: `hide` names something the card does not have.
        TypeError: On an argument the widget does not have; the message names it.
    """

    linked: ClassVar[tuple[str, ...]] = ()
    """Names of the properties that a link to a page can set: plain numbers, names and lists of them."""
    brings: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Of a linked property, those it changes when it is set; they are set after it, and a link with it has them too."""
    parts: ClassVar[tuple[str, ...]] = ()
    """Names of the controls and parts of the card that can be left out; each view marks them with `data-fe-part`."""

    hide: t.List[str] = t.List(t.Unicode()).tag(sync=True)
    """Controls and parts to leave out, by the names in `parts`, or "link". Input."""
    _card = t.Dict(read_only=True).tag(sync=True)
    """`id` of the card on the page; where links are, the linked properties as they were `first`, those a property
    `brings`, and sentences on what a link `set` and what of it was `refused`. Report."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        static = Path(inspect.getfile(cls)).parent / "static"
        # anywidget makes a class for each instance, on which _esm is a trait already.
        if not isinstance(getattr(cls, "_esm", ""), t.TraitType) and (static / "view.js").exists():
            cls._esm = (static / "view.js").read_text(encoding="utf-8")
            cls._css = (static / "view.css").read_text(encoding="utf-8")
        if "__init__" in cls.__dict__:
            cls.__init__ = _then_arrive(cls.__dict__["__init__"])  # type: ignore[method-assign]
        super().__init_subclass__(**kwargs)

    @_then_arrive
    def __init__(self, **kwargs: Any) -> None:
        unknown = sorted(set(kwargs) - set(self.trait_names()))
        if unknown:
            public = sorted(
                name
                for name, trait in type(self).class_traits().items()
                if issubclass(trait.this_class, View) and not name.startswith("_")
            )
            raise TypeError(f"{type(self).__name__} has no argument {unknown[0]!r}. It has: {', '.join(public)}.")
        if not hasattr(type(self), "_esm"):
            raise RuntimeError("The browser views are not built. Try: pip install -e . in the project's folder.")
        self._frames = Stream(self.send, "frames")
        super().__init__(**kwargs)
        self.on_msg(type(self)._answer)

    def preset(self, values: Mapping[str, Any]) -> None:
        """Set linked properties together; a link is followed by this.

        Raises:
            Exception: One of them cannot be set; whether the others are is left open.
        """
        with self.hold_trait_notifications() if len(values) > 1 else contextlib.nullcontext():
            for name, value in values.items():
                setattr(self, name, value)

    def admit(self, values: Mapping[str, Any]) -> None:
        """Refuse what Python may set and a link may not.

        Args:
            values: By name of a property, as the page would send it.

        Raises:
            SettingsError: One of them is not for a link.
        """

    def admit_offered(self, values: Mapping[str, Any], name: str, offered: Collection[str]) -> None:
        """Refuse a value of this name that the card does not offer.

        Raises:
            SettingsError: It is none of them.
        """
        if name in values and values[name] not in offered:
            raise SettingsError(f"{name} is one of {', '.join(offered)}.")

    @property
    def linked_here(self) -> bool:
        """Whether the page's link was for this widget."""
        return "set" in self._card

    def _arrive(self) -> None:
        """The widget is whole: it gets its number on the page, and what the page's link asks of it."""
        page, kind = link.page(), type(self).__name__
        number = page.number(kind)
        card: dict[str, Any] = {"id": f"fe-{kind}-{number}"}
        if page.has_links and self.linked:
            card |= {"first": self.get_state(self.linked), "brings": self.brings}
            request = page.claim(kind, number, self.linked, _names(View))
            if request is not None:
                card |= scenario.follow(self, request)
        self.set_trait("_card", card)

    @t.validate("hide")
    def _known_parts(self, proposal: Any) -> list[str]:
        there = (*self.parts, "link") if self.linked else self.parts
        told = ", ".join(there) or "none"
        for name in proposal["value"]:
            if name not in there:
                raise SettingsError(f"hide has {name!r}, and this card has no such part. It has: {told}.")
        return list(proposal["value"])

    @property
    def _shown(self) -> Recording | None:
        return self._frames.recording

    def publish(self, recording: Recording) -> None:
        """Show this recording from its first frame, in every view of this widget."""
        self._frames.publish(recording)

    def publish_new(self) -> None:
        """Send the frames appended since the last time; safe from any thread."""
        self._frames.publish_new()

    def _take(self, content: dict[str, Any]) -> None:
        """Settings that come with a button's message: a trait changed just before it may still be on its way.

        Raises:
            TraitError: A setting has a wrong type.
        """
        self.set_state({name: value for name, value in content.get("settings", {}).items() if name in self.keys})

    def _answer(self, content: dict[str, Any], buffers: list[memoryview]) -> None:
        """A view asks for frames it does not have: it opened late, or missed a message."""
        if content.get("kind") == "frames?":
            self._frames.answer(content)


class StillView(View):
    """A widget with a still picture for pages where nothing runs, such as a notebook exported to HTML.

    The still is an output of its own beside the widget: which of the two an exported page can show depends on whether
    the notebook was saved with the state of its widgets, and on whether the page reaches the scripts that draw it. A
    live view hides the still.
    """

    _still = t.Unicode(read_only=True).tag(sync=True)
    """Class of the still's element, by which the live view finds it. Report."""

    @t.default("_still")
    def _name_of_still(self) -> str:
        return f"fe-still-{uuid.uuid4().hex}"

    def still(self) -> str:
        """The still as plain HTML; its outermost element has the class `_still`."""
        raise NotImplementedError

    def _ipython_display_(self) -> None:
        bundle = self._repr_mimebundle_()
        if bundle is not None:
            display(bundle[0], metadata=bundle[1], raw=True)
        display({"text/html": self.still(), "text/plain": ""}, raw=True)
