"""Scenario links: what the query of a page asks for, and of which widget. scenario.py sets it."""

from __future__ import annotations

import functools
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

LONGEST = 2_000
"""Characters of a query that is read."""
_HOSTS = ("template", "theme", "token")
"""Names in a query that are the server's own."""
_UNREADABLE = "The link was not used: a part of it cannot be read. Copy it again, from its first to its last character."


@dataclass(frozen=True)
class Request:
    """What a link asks for.

    Attributes:
        widget: Name of a class; "" for the first widget that has all the names.
        number: Which widget of that class, from 1.
        texts: By name of a property, what the link says.
        problem: Why nothing of it can be used, in a sentence of ours; "" if it can be.
    """

    widget: str = ""
    number: int = 1
    texts: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def parse(query: str) -> Request | None:
    """What a query asks for; None if that is nothing."""
    if len(query) > LONGEST:
        return Request(problem=f"The link was not used: it is longer than {LONGEST:,} characters.")
    try:
        if re.search("%(?![0-9a-fA-F]{2})", query):
            raise ValueError
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
    except ValueError:
        return Request(problem=_UNREADABLE)
    pairs = [(name, text) for name, text in pairs if name not in _HOSTS]
    texts = dict(pairs)
    if not pairs:
        return None
    if len(texts) < len(pairs):
        return Request(problem="The link was not used: it gives one setting twice. Leave one of the two out.")
    if any(ord(letter) < 32 and letter not in "\t\n" for text in texts.values() for letter in text):
        return Request(problem=_UNREADABLE)
    widget, number = texts.pop("widget", ""), 1
    if widget:
        named = re.fullmatch(r"([A-Za-z]+)(?:-([1-9]\d{0,3}))?", widget, re.ASCII)
        widget, number = (named[1], int(named[2] or 1)) if named else ("?", 1)
    return Request(widget, number, texts)


class Page:
    """The page a kernel belongs to, and the widgets that were made for it.

    Args:
        environment: Variables of the kernel's process. Voilà says there that it is Voilà, and the page's query.

    Attributes:
        has_links: Whether a link leads to this page: in a notebook there is none.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.has_links = environment.get("SERVER_SOFTWARE", "").startswith("voila")
        self._request = parse(environment.get("QUERY_STRING", "")) if self.has_links else None
        self._made: Counter[str] = Counter()

    def number(self, kind: str) -> int:
        """Count a widget of this class; the first is 1."""
        self._made[kind] += 1
        return self._made[kind]

    def claim(self, kind: str, number: int, linked: Iterable[str], known: Iterable[str]) -> Request | None:
        """What the link asks of this widget, and of no other; None if nothing.

        Args:
            kind: Name of its class.
            number: Which of that class, from 1.
            linked: What a link can set of it.
            known: Names of all classes. That a link asks for another one, the first widget says.
        """
        request = self._request
        if request is None:
            return None
        if request.widget and request.widget not in known:
            request = Request(problem="The link was not used: it names a kind of widget that does not exist.")
        wanted = (kind, number) == (request.widget, request.number) if request.widget else {*request.texts} <= {*linked}
        if not (wanted or request.problem):
            return None
        self._request = None
        return request


@functools.cache
def page() -> Page:
    """The page this kernel belongs to."""
    return Page(os.environ)
