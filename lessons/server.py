"""Voilà with our template, our settings and an index of the lessons. The command line is in command.py."""

from __future__ import annotations

import copy
import errno
import logging
import os
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import tornado.ioloop
import tornado.web
from jupyter_server.utils import url_escape
from traitlets.config import Config
from voila.app import Voila

from firstepoch.lessons.paths import FOLDER, in_order, title
from firstepoch.lessons.settings import CONFIG

TAKEN: Final = (errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES))


class LessonServer(Voila):
    """Voilà for a folder of notebooks, with our index in place of its file browser.

    Attributes:
        start_page: The notebook that `/` leads to; None for the index.
        on_listening: Called once when the server answers.
    """

    start_page: str | None = None
    on_listening: Callable[[], None] | None = None

    def init_settings(self) -> dict[str, Any]:
        """Voilà's settings; the index gets the lessons in the order of the course, each with its title."""
        settings: dict[str, Any] = super().init_settings()
        folder = Path(self.root_dir)
        filters = settings["voila_jinja2_env"].filters
        filters["titled"] = lambda names: [(name, title(folder / name)) for name in in_order(names)]
        return settings

    def init_handlers(self) -> list[Any]:
        """Voilà's handlers without its listing of folders, and with `/` leading to the start page if there is one."""
        closed = ("api/contents", "voila/tree")
        handlers = [one for one in super().init_handlers() if not any(path in one[0] for path in closed)]
        if self.start_page:
            lesson = f"{self.base_url}voila/render/{url_escape(self.start_page)}"
            handlers.insert(0, (r"/", tornado.web.RedirectHandler, {"url": lesson, "permanent": False}))
        return handlers

    def listen(self) -> None:
        """Listen, call `on_listening`, and serve until interrupted."""
        if self.on_listening:
            tornado.ioloop.IOLoop.current().add_callback(self.on_listening)
        super().listen()


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


def address(host: str, port: int) -> str:
    """The address to open in a browser."""
    shown = {"": "localhost", "0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def serve(folder: Path, start_page: str | None, host: str, port: int, browser: bool) -> None:
    """Serve the notebooks of a folder until interrupted (Ctrl+C); print the address once it answers.

    Args:
        folder: The notebooks; nothing outside is reachable, and of what is inside only notebooks and pictures.
        start_page: File name of the notebook that `/` leads to; None for an index of all.
        host: Address to listen on.
        port: A free port.
        browser: Whether to open a browser.
    """
    # Editable installs do not install the template: both kinds find it beside this package.
    paths = [str(FOLDER), os.environ.get("JUPYTER_PATH", "")]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(path for path in paths if path)
    settings = copy.deepcopy(CONFIG)
    settings["VoilaConfiguration"]["prelaunch_hook"] = hand_out_xsrf_cookie
    settings["Voila"] = {
        "root_dir": str(folder),
        "ip": host,
        "port": port,
        "port_retries": 0,
        "open_browser": False,
        "config_file_paths": [],
        "log_level": logging.ERROR,
    }

    def announce() -> None:
        print(f"The lessons are at {address(host, port)}  (Ctrl+C stops them)", flush=True)  # noqa: T201
        if browser:
            webbrowser.open(address(host, port))

    server = LessonServer(config=Config(settings))
    server.start_page = start_page
    server.on_listening = announce
    server.initialize(argv=[])
    server.start()
