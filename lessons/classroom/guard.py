"""Who may ask for what: only by the server's own names, and for no kernel but one's own. No page in here."""

from __future__ import annotations

import inspect
import secrets
import socket
from collections.abc import Container, Iterable
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Final

import tornado.httputil
import tornado.web
from tornado.httputil import split_host_and_port

from firstepoch.lessons.classroom.door import LECTURERS, STUDENTS, Door, same

STUDENT: Final = "firstepoch-student"
"""Name of the cookie that tells one browser from another."""
HEADERS: Final = {
    # Widgets are modules made of text (blob:), and JupyterLab's settings compile their schema (unsafe-eval).
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' blob: data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""Sent with every answer: nothing from another host, no page of another host around ours, no guessing of types."""


class Owners:
    """Which browser each kernel belongs to."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}

    def enter(self, kernel: str, owner: str, alive: Container[str]) -> None:
        """Remember whose a new kernel is, and forget those of kernels that are no more."""
        self._owners = {one: whose for one, whose in self._owners.items() if one in alive}
        self._owners[kernel] = owner

    def owns(self, owner: str | None, kernel: str) -> bool:
        """Whether a kernel belongs to this browser."""
        return bool(owner) and same(owner, self._owners.get(kernel))

    def present(self, alive: Container[str]) -> int:
        """How many browsers have a living kernel."""
        return len({whose for kernel, whose in self._owners.items() if kernel in alive})


def student(handler: tornado.web.RequestHandler) -> str:
    """The browser that asks, by its cookie; it gets one if it has none."""
    known = handler.get_cookie(STUDENT)
    if known and len(known) < 64:
        return known
    made = secrets.token_urlsafe(24)
    remember(handler, STUDENT, made)
    return made


def asker(request: tornado.httputil.HTTPServerRequest) -> str:
    """The address that asks; of a proxy on this machine the one it asks for, because that one cannot be made up."""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    with suppress(ValueError):
        if ip_address(str(request.remote_ip)).is_loopback and ip_address(told):
            return told
    return str(request.remote_ip)


def remember(handler: tornado.web.RequestHandler, name: str, value: str) -> None:
    """Give the browser a cookie that only it and this server see."""
    handler.set_cookie(name, value, httponly=True, samesite="Lax", path=handler.settings.get("base_url", "/"))


def hosts(listening: str, names: Iterable[str] = ()) -> frozenset[str]:
    """The names this server goes by; an address in numbers is not among them, because it is none another can take.

    Args:
        listening: The address it listens on.
        names: Names that others know it by, such as that of a proxy before it.
    """
    own = socket.gethostname()
    short = own.partition(".")[0]
    known = ("localhost", listening, own, short, f"{short}.local", socket.getfqdn())
    return frozenset(name.lower().rstrip(".") for name in (*known, *names) if name)


def goes_by(host: str, names: Container[str]) -> bool:
    """Whether a request was sent to this server by a name of its own, or by an address in numbers.

    Another's name that leads here is how a page of another host gets to read ours (DNS rebinding).
    """
    name = split_host_and_port(host.lower())[0].rstrip(".").strip("[]")
    try:
        ip_address(name)
    except ValueError:
        return name in names
    return True


def enters(handler: tornado.web.RequestHandler, door: Door) -> bool:
    """Whether who asks is let in, by the cookies that the browser sends."""
    return door.lets_in(handler.get_cookie(STUDENTS), handler.get_cookie(LECTURERS))


def guarded(
    handler: type[Any], names: Container[str] | None, owners: Owners | None = None, door: Door | None = None
) -> type[Any]:
    """A handler that is asked only by a name of this server's, and, with `owners`, only for one's own kernel.

    Args:
        handler: The handler; the first part of its address is then the id of a kernel. One that has a method
            `not_let_in` is asked what to do with those who do not know the password; others refuse them.
        names: The names this server goes by; None where any will do.
        owners: Whose the kernels are.
        door: Who is let in; None where everyone is.
    """

    class Guarded(handler):
        async def prepare(self) -> None:
            made = super().prepare()
            if inspect.isawaitable(made):
                await made
            if names is not None and not goes_by(self.request.host, names):
                raise tornado.web.HTTPError(403, "asked by a name that is not this server's")
            if door and not enters(self, door):
                if not hasattr(self, "not_let_in"):
                    raise tornado.web.HTTPError(401, "the password was not given")
                self.not_let_in()
            elif owners and not owners.owns(self.get_cookie(STUDENT), [*self.path_args, *self.path_kwargs.values()][0]):
                raise tornado.web.HTTPError(404, "not a kernel of this browser")

        def set_default_headers(self) -> None:
            super().set_default_headers()
            for name, value in HEADERS.items():
                self.set_header(name, value)

    Guarded.__name__ = Guarded.__qualname__ = handler.__name__
    return Guarded
