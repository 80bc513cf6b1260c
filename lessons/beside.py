"""What is asked for beside the pages: a place in the line, a socket, files of the template, and what is not there."""

from __future__ import annotations

from typing import Any, Final

import tornado.web
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from voila.handler import BaseVoilaHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from firstepoch.lessons.classroom.framing import sound
from firstepoch.lessons.classroom.guard import remember
from firstepoch.lessons.classroom.room import Room
from firstepoch.lessons.entrance import AtTheDoor

TICKET: Final = "firstepoch-ticket"
"""Name of the cookie with a place in the line."""
MALFORMED: Final = 1007
"""Code with which a socket is closed on a message that is not what it says (RFC 6455, 7.4.1)."""


def wait(handler: BaseVoilaHandler, room: Room) -> int:
    """Keep a place in the line for who asks; how many have to leave before its turn."""
    ticket = room.wait(handler.get_cookie(TICKET))
    remember(handler, TICKET, ticket)
    return room.ahead(ticket)


class SeatHandler(BaseVoilaHandler):
    """Asked by a page that waits: how many have to leave before its turn."""

    def initialize(self, room: Room, **settings: Any) -> None:
        """Take the room."""
        super().initialize(**settings)
        self.room = room

    @tornado.web.authenticated
    async def get(self) -> None:
        """Send `{"ahead"}`; who has lost the ticket gets another at the end of the line."""
        self.set_header("Cache-Control", "no-store")
        self.finish({"ahead": wait(self, self.room)})


class MissingHandler(AtTheDoor, BaseVoilaHandler):
    """Any other address: there is no such page."""

    def get(self) -> None:
        """Say so."""
        raise tornado.web.HTTPError(404)


class TemplateFileHandler(TemplateStaticFileHandler):
    """A file of a template; Voilà's own handler fails where an address is none that a page asks for."""

    def parse_url_path(self, path: str) -> str:
        """The path of the file.

        Raises:
            HTTPError: It is no file of a template (404).
        """
        template, *rest = path.split("/")
        if len(rest) < 2 or rest[0] != "static" or {"", ".", ".."} & {template, *rest}:
            raise tornado.web.HTTPError(404)
        return str(super().parse_url_path(path))

    def set_extra_headers(self, path: str) -> None:
        """Let the browser ask each time: an update of this package leaves the names as they are."""
        self.set_header("Cache-Control", "no-cache")


class SocketHandler(VoilaKernelWebsocketHandler):
    """The socket of a page, which believes no count that a message gives of its own parts.

    Voilà's own reads a message of the old framing as one of v1, and jupyter_server any that came: both may never end.
    """

    @property
    def v1(self) -> bool:
        """Whether messages are framed as v1."""
        return bool(getattr(self.ws_connection, "selected_subprotocol", None))

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Send a message, without a look into one whose framing is not v1."""
        if isinstance(message, bytes) and not self.v1:
            return KernelWebsocketHandler.write_message(self, message, binary)
        return super().write_message(message, binary)

    def on_message(self, message: str | bytes) -> None:
        """Hand a message on; the socket is closed on one that has not the parts it counts."""
        if sound(message, v1=self.v1):
            super().on_message(message)
        else:
            self.close(MALFORMED, "malformed message")
