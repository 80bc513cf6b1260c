"""The lecturer's page: the link for the class, what goes on, and the switch that pauses all trainings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import tornado.web
from tornado.httputil import split_host_and_port
from voila.handler import BaseVoilaHandler

from firstepoch.lessons.announce import loopback
from firstepoch.lessons.classroom.door import LECTURERS, Door
from firstepoch.lessons.classroom.guard import remember
from firstepoch.lessons.classroom.links import picture
from firstepoch.lessons.classroom.roll import Roll
from firstepoch.lessons.classroom.watch import Watch

CLASS: Final = "class"


class LecturerHandler(BaseVoilaHandler):
    """What is for the lecturer alone."""

    def initialize(self, door: Door, **settings: Any) -> None:
        """Take the door."""
        super().initialize(**settings)
        self.door = door

    @property
    def lecturer(self) -> bool:
        """Whether it is the lecturer who asks."""
        return self.door.is_lecturer(self.get_cookie(LECTURERS))

    def only_lecturer(self) -> None:
        """Refuse everybody else.

        Raises:
            HTTPError: It is not the lecturer who asks (403).
        """
        self.set_header("Cache-Control", "no-store")
        if not self.lecturer:
            raise tornado.web.HTTPError(403, "not the lecturer")


class ClassHandler(LecturerHandler):
    """`/class`: the page; who is not known as the lecturer yet gets one that hands in the key of the address."""

    def initialize(self, links: Sequence[str], **settings: Any) -> None:  # type: ignore[override]
        """Take the addresses that students open."""
        super().initialize(**settings)
        self.links = links

    @tornado.web.authenticated
    def get(self) -> None:
        """Send the page."""
        self.set_header("Cache-Control", "no-store")
        if not self.lecturer:
            self.finish(self.render_template("key.html"))
            return
        link, *others = dict.fromkeys([*self.opened_by(), *self.links])
        named = {"link": link, "others": others, "picture": picture(link), "password": self.door.closed}
        self.finish(self.render_template("class.html", **named))

    def opened_by(self) -> list[str]:
        """The address this page was opened by, where others can open it too: they may come through the same proxy."""
        host = self.request.host
        if loopback(split_host_and_port(host.lower())[0].strip("[]")):
            return []
        secure = "https" in (self.request.protocol, self.request.headers.get("X-Forwarded-Proto"))
        return [f"{'https' if secure else 'http'}://{host}{self.base_url}"]


class KeyHandler(LecturerHandler):
    """`/class/key`: exchanges the key for a cookie."""

    @tornado.web.authenticated
    def post(self) -> None:
        """Look at the key that was given: 204 if it is right, 403 if not."""
        self.set_header("Cache-Control", "no-store")
        cookie = self.door.give_key(self.get_body_argument("key", ""))
        if cookie is None:
            self.set_status(403)
            return
        remember(self, LECTURERS, cookie)
        self.set_status(204)


class NowHandler(LecturerHandler):
    """`/class/now`: the figures, for the page."""

    def initialize(self, watch: Watch, **settings: Any) -> None:  # type: ignore[override]
        """Take who takes the figures."""
        super().initialize(**settings)
        self.watch = watch

    @tornado.web.authenticated
    async def get(self) -> None:
        """Send them."""
        self.only_lecturer()
        self.finish(asdict(await self.watch.figures()))


class HoldHandler(LecturerHandler):
    """`/class/hold`: halts all trainings, or lets them go on."""

    def initialize(self, roll: Roll, **settings: Any) -> None:  # type: ignore[override]
        """Take the kernels."""
        super().initialize(**settings)
        self.roll = roll

    @tornado.web.authenticated
    def post(self) -> None:
        """Do what `hold` says: 1 or 0.

        Raises:
            HTTPError: It says something else (400).
        """
        self.only_lecturer()
        wanted = self.get_body_argument("hold", "")
        if wanted not in ("0", "1"):
            raise tornado.web.HTTPError(400, "hold is 0 or 1")
        self.roll.hold(wanted == "1")
        self.set_status(204)
