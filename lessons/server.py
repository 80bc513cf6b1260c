"""Voilà with our template, our settings and our pages (handlers.py). The command line is in command.py."""

from __future__ import annotations

import copy
import errno
import logging
import os
import secrets
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import tornado.ioloop
import tornado.web
from traitlets.config import Config
from voila.app import Voila

from firstepoch.lessons.announce import announcement, loopback
from firstepoch.lessons.beside import MissingHandler, SeatHandler, SocketHandler, TemplateFileHandler
from firstepoch.lessons.classroom.absent import Absent
from firstepoch.lessons.classroom.arrivals import Arrivals
from firstepoch.lessons.classroom.door import Door
from firstepoch.lessons.classroom.guard import Owners, guarded, hosts
from firstepoch.lessons.classroom.kernels import AVAILABLE, FORKSERVER
from firstepoch.lessons.classroom.links import link, reachable
from firstepoch.lessons.classroom.roll import ROLL
from firstepoch.lessons.classroom.room import Room
from firstepoch.lessons.classroom.turns import LONGEST, TURNS
from firstepoch.lessons.classroom.watch import Watch
from firstepoch.lessons.entrance import ENTER, EnterHandler
from firstepoch.lessons.handlers import ALONE, RENDER, LessonHandler, StartHandler
from firstepoch.lessons.health import AliveHandler, MetricsHandler, ReadyHandler
from firstepoch.lessons.lecturer import CLASS, ClassHandler, HoldHandler, KeyHandler, NowHandler
from firstepoch.lessons.packed import packed
from firstepoch.lessons.paths import FOLDER
from firstepoch.lessons.settings import CONFIG

SWEEP: Final = 5
"""Seconds between two looks for pages that are away."""
AWAY: Final = 600
AWAY_WHEN_FULL: Final = 60
"""Seconds a page may be away, a laptop asleep or a network cut, before its kernel is ended."""
SOCKET_PATH: Final = 103
"""Bytes in the path of a Unix socket, at most: macOS has 103, Linux 107."""
MINUTES: Final = "FIRSTEPOCH_RUN_MINUTES"
"""Variable of a kernel's environment with the minutes a run may take; `firstepoch.widgets` reads it."""
TAKEN: Final = (errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES))


class LessonServer(Voila):
    """Voilà for a folder of notebooks, with our pages in place of its own and of its file browser.

    Attributes:
        start_page: The notebook that `/` leads to; None for the course's start page, or a list where there is none.
        seats: How many pages may have a kernel at once; None for as many as come.
        names: Names of this server that only others know it by.
        door: Who is let in.
        links: The addresses that a class opens; empty where none is let in.
        on_listening: Called once when the server answers.
    """

    start_page: str | None = None
    seats: int | None = None
    names: Sequence[str] = ()
    door = Door()
    links: Sequence[str] = ()
    absent: Absent
    room: Room
    on_listening: Callable[[], None] | None = None

    def init_handlers(self) -> list[Any]:
        """Voilà's handlers, but for its pages and its listing of folders."""
        self.absent = Absent()
        ours = ("api/contents", "voila/tree", "voila/templates", RENDER)
        theirs: list[Any] = [
            (path, SocketHandler if path.endswith("/channels") else packed(handler), *rest)
            for path, handler, *rest in super().init_handlers()
            if path != "/" and not any(one in path for one in ours)
        ]
        self.room = room = Room(self.seats, lambda: self.kernel_manager.list_kernel_ids())
        arrivals = Arrivals()
        TURNS.scarce = arrivals.full
        owners = Owners()
        settings = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
            "room": room,
            "arrivals": arrivals,
            "owners": owners,
            "absent": self.absent,
        }
        voila = {"voila_configuration": self.voila_configuration}
        watch = Watch(room, ROLL, lambda: owners.present(self.kernel_manager))
        outside: list[Any] = [(r"/health", AliveHandler), (r"/health/ready", ReadyHandler)]
        at_the_door: list[Any] = [
            (r"/metrics", MetricsHandler, {"watch": watch}),
            (r"/voila/templates/(.*)", packed(TemplateFileHandler)),
            (rf"/{ENTER}", EnterHandler, {**voila, "door": self.door}),
        ]
        if self.links:
            lecturer = {**voila, "door": self.door}
            at_the_door += [
                (rf"/{CLASS}", ClassHandler, {**lecturer, "links": self.links}),
                (rf"/{CLASS}/key", KeyHandler, lecturer),
                (rf"/{CLASS}/now", NowHandler, {**lecturer, "watch": watch}),
                (rf"/{CLASS}/hold", HoldHandler, {**lecturer, "roll": ROLL}),
            ]
        inside = [
            (r"/", StartHandler, {**settings, "start_page": self.start_page}),
            (rf"/{RENDER}/(.*)", LessonHandler, settings),
            (r"/voila/seat", SeatHandler, {**voila, "room": room}),
            *theirs,
            (r".*", MissingHandler, voila),
        ]
        names = hosts(self.ip, self.names)

        def whose(path: str) -> Owners | None:
            return owners if "/kernels/" in path or "/shutdown/" in path else None

        return [
            *((path, guarded(handler, None), *rest) for path, handler, *rest in outside),
            *((path, guarded(handler, names), *rest) for path, handler, *rest in at_the_door),
            *((path, guarded(handler, names, whose(path), self.door), *rest) for path, handler, *rest in inside),
        ]

    def listen(self) -> None:
        """Listen, call `on_listening`, and serve until interrupted."""
        if AVAILABLE:
            FORKSERVER.start()
        tornado.ioloop.PeriodicCallback(self.sweep, SWEEP * 1000).start()
        tornado.ioloop.PeriodicCallback(TURNS.deal, LONGEST * 1000 / 4).start()
        if self.on_listening:
            tornado.ioloop.IOLoop.current().add_callback(self.on_listening)
        super().listen()

    async def sweep(self) -> None:
        """End the kernels whose pages have been away too long; sooner while others wait for a seat.

        The process that kernels are forked from is replaced when it has died.
        """
        if AVAILABLE:
            with suppress(OSError):  # it would die again: kernels are programs of their own then
                FORKSERVER.start()
        connections = {one["id"]: one["connections"] for one in self.kernel_manager.list_kernels()}
        for kernel in self.absent.left(connections, AWAY_WHEN_FULL if self.room.waiting else AWAY):
            await self.kernel_manager.shutdown_kernel(kernel, now=True)


def hand_out_xsrf_cookie(request: tornado.web.RequestHandler, **_rest: Any) -> None:
    """Give the page the cookie without which Voilà refuses the page's request to end its kernel (voila#1458)."""
    _ = request.xsrf_token  # reading it sets the cookie


def free_port(host: str, wanted: int, tries: int = 50) -> int:
    """The wanted port if it is free on this host, or else the next one that is; 0 takes any.

    Raises:
        OSError: None of `tries` ports is free, or the host is not an address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last: OSError = OSError(f"No port is free from {wanted} on.")
    for port in range(wanted, min(wanted + tries, 2**16)):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name == "posix":
                # As tornado binds: a port whose last connection is only waiting to be forgotten counts as free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno not in TAKEN:
                    raise
                last = error
            else:
                return int(probe.getsockname()[1])
    raise last


def transport() -> str:
    """How the server and its kernels talk: by files that nobody else may open, where their paths are short enough."""
    longest = Path(tempfile.gettempdir()) / "voila_12345678" / f"kernel-{UUID(int=0)}-ipc-5"
    return "ipc" if os.name == "posix" and len(os.fsencode(longest)) <= SOCKET_PATH else "tcp"


def address(host: str, port: int) -> str:
    """The address to open in a browser."""
    shown = {"": "localhost", "0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)
    return link(shown, port)


def serve(
    folder: Path,
    start_page: str | None,
    host: str,
    port: int,
    *,
    browser: bool,
    names: Sequence[str] = (),
    seats: int | None = None,
    memory: int | None = None,
    password: str | None = None,
    classroom: bool = False,
    minutes: int | None = None,
) -> None:
    """Serve the notebooks of a folder until interrupted (Ctrl+C); print the address once it answers.

    Args:
        folder: The notebooks; nothing outside is reachable, and of what is inside only notebooks and pictures.
        start_page: File name of the notebook that `/` leads to; None for the course's start page, or a list of all.
        host: Address to listen on.
        port: A free port.
        browser: Whether to open a browser.
        names: Names of this server that only others know it by, such as that of a proxy before it.
        seats: How many pages may have a kernel at once; those who come later wait for one. None: as many as come.
        memory: Megabytes a kernel may take beside what all share; None for as much as there is.
        password: What to know to be let in; None lets everyone in.
        classroom: Whether a class comes: the link for it is printed, and the lecturer has a page.
        minutes: How long a run may take, pauses not counted; None for as long as it takes.
    """
    # Editable installs do not install the template: both kinds find it beside this package.
    paths = [str(FOLDER), os.environ.get("JUPYTER_PATH", "")]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(path for path in paths if path)
    settings = copy.deepcopy(CONFIG)
    settings["VoilaConfiguration"]["prelaunch_hook"] = hand_out_xsrf_cookie
    settings["KernelManager"] = {"transport": transport()}
    settings["Voila"] = {
        "root_dir": str(folder),
        "ip": host,
        "port": port,
        "port_retries": 0,
        "open_browser": False,
        "config_file_paths": [],
        "log_level": logging.ERROR,
    }

    key = secrets.token_urlsafe(24) if classroom else None
    known = reachable(host) if classroom else []
    links = ([link(one, port) for one in known] or [address(host, port)]) if classroom else []

    def announce() -> None:
        told = f"The lessons are at {address(host, port)}  (Ctrl+C stops them)"
        if key:
            drawn = sys.stdout.isatty() and "utf" in (sys.stdout.encoding or "").lower()
            told = announcement(links, key, alone=not known or loopback(host), drawn=drawn)
        print(told, flush=True)  # noqa: T201
        if browser:
            webbrowser.open(links[0] if links else address(host, port))

    if classroom:
        for name, value in ALONE.items():
            os.environ.setdefault(name, value)
    if minutes:
        os.environ[MINUTES] = str(minutes)
    FORKSERVER.memory = memory
    server = LessonServer(config=Config(settings))
    server.start_page, server.seats, server.names = start_page, seats, names
    server.door, server.links = Door(password, key), links
    server.on_listening = announce
    server.initialize(argv=[])
    server.start()
