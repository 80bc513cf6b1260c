"""The page that asks for the room's password, and the way to it."""

from __future__ import annotations

import math
from typing import Any, Final
from urllib.parse import urlencode

import tornado.web
from jupyter_server.utils import url_path_join
from voila.handler import BaseVoilaHandler

from firstepoch.lessons.classroom.door import STUDENTS, Door, TooManyTries
from firstepoch.lessons.classroom.guard import asker, enters, remember

ENTER: Final = "enter"
WRONG: Final = "That is not the password of this room. Look for a slip, and for small and capital letters."


class AtTheDoor(tornado.web.RequestHandler):
    """A page that leads those who are not let in yet to the one that asks for the password."""

    def not_let_in(self) -> None:
        """Go there; it leads back.

        Raises:
            HTTPError: It was no page that was asked for (401).
        """
        if self.request.method != "GET":
            raise tornado.web.HTTPError(401, "the password was not given")
        enter = url_path_join(self.settings["base_url"], ENTER)
        self.redirect(f"{enter}?{urlencode({'to': self.request.uri or '/'})}")


class EnterHandler(BaseVoilaHandler):
    """`/enter`: asks for the password, and leads to the page that was asked for."""

    def initialize(self, door: Door, **settings: Any) -> None:
        """Take the door."""
        super().initialize(**settings)
        self.door = door

    @tornado.web.authenticated
    def get(self) -> None:
        """Ask; who is let in already goes on."""
        if enters(self, self.door):
            self.go_on()
        else:
            self.ask(200)

    @tornado.web.authenticated
    def post(self) -> None:
        """Look at the word that was given."""
        if enters(self, self.door):
            return self.go_on()
        word = self.get_body_argument("word", "", strip=False)
        try:
            cookie = self.door.give_password(word, asker(self.request))
        except TooManyTries as tries:
            seconds = math.ceil(tries.seconds)
            self.set_header("Retry-After", str(seconds))
            wait = "a second" if seconds == 1 else f"{seconds} seconds"
            return self.ask(429, f"Too many wrong words came from this network. Wait {wait}, and try again.")
        if cookie is None:
            return self.ask(403, WRONG)
        remember(self, STUDENTS, cookie)
        self.go_on()

    def ask(self, status: int, wrong: str = "") -> None:
        """Send the page, with what was wrong before."""
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(self.render_template("enter.html", wrong=wrong, to=self.to))

    def go_on(self) -> None:
        """Lead to the page that was asked for."""
        self.redirect(self.to, status=303)

    @property
    def to(self) -> str:
        """The page that was asked for; the start where that is none of ours."""
        wanted = self.get_argument("to", "")
        return wanted if own(wanted) else str(self.base_url)


def own(address: str) -> bool:
    """Whether an address leads to a page of this server, and nowhere else, in every browser's reading of it."""
    # Browsers read \ as /, and leave tabs and line ends out.
    plain = address.isascii() and all(letter > " " and letter != "\\" for letter in address)
    return plain and address.startswith("/") and not address.startswith("//")
