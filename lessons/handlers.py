"""How a notebook becomes a page: its text at once, then its outputs as the cells run. The server is in server.py."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import nbformat
import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.utils import url_path_join
from nbclient.exceptions import CellExecutionError, DeadKernelError
from tornado.httputil import split_host_and_port
from tornado.iostream import StreamClosedError
from voila.execute import VoilaExecutor
from voila.handler import VoilaHandler
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

from firstepoch.lessons.beside import TICKET, wait
from firstepoch.lessons.classroom.absent import Absent
from firstepoch.lessons.classroom.arrivals import Arrival, Arrivals
from firstepoch.lessons.classroom.guard import Owners, student
from firstepoch.lessons.classroom.room import Room
from firstepoch.lessons.course import course, listing
from firstepoch.lessons.entrance import AtTheDoor
from firstepoch.lessons.paths import needs_kernel
from firstepoch.lessons.templates import COMPILED

HEARTBEAT: Final = 1.0
"""Seconds without output after which the page is told that work goes on."""
RENDER: Final = "voila/render"
ALONE: Final = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
"""Environment of a kernel that is one of many: threads of its own would only wait for those of the others."""
BROKEN: Final = """<script>firstepoch.failed("Python could not be started, or it stopped. The text can be read; \
what Python had to work out is missing.")</script></body></html>"""
TELL: Final = """
try:
    from firstepoch.lessons.loading import tell as _tell
    _tell({!r})
    del _tell
except ImportError:
    pass
"""
"""Run in a kernel before the lesson; one without this package simply does not tell what it loads."""


class Renderer(NotebookRenderer):
    """Voilà's renderer, of a notebook that is in no file too."""

    made: nbformat.NotebookNode | None = None

    async def load_notebook(self, path: str) -> nbformat.NotebookNode:
        """The notebook that was made here, or that of the file."""
        return self.made or await super().load_notebook(path)


class LessonHandler(AtTheDoor, VoilaHandler):
    """The page of one notebook, with a kernel of its own if it needs one."""

    def initialize(self, room: Room, arrivals: Arrivals, owners: Owners, absent: Absent, **settings: Any) -> None:
        """Take the room whose seats the kernels are, the line for them, whose they are, and when each was seen."""
        super().initialize(**settings)
        self.room, self.arrivals, self.owners, self.absent = room, arrivals, owners, absent

    @tornado.web.authenticated
    async def get(self, path: str) -> None:
        """Send the page of a notebook; what goes wrong once it has begun is told on it."""
        if Path(path).suffix != ".ipynb":
            raise tornado.web.HTTPError(404, f"{path} is no notebook")
        await self.page(path)

    async def page(self, path: str, made: nbformat.NotebookNode | None = None) -> None:
        """Send the page of a file, or of a notebook made here."""
        renderer = await self.renderer(path, made)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-cache, no-store, must-revalidate")
        if not needs_kernel(renderer.notebook.metadata):
            async for piece, _ in self.generate(renderer, kernel=False):
                self.write(piece)
            return
        with tempfile.TemporaryDirectory(prefix="firstepoch-") as folder:
            loading = Path(folder) / "loading"
            loading.touch()
            if self.room.enter(self.get_cookie(TICKET)):
                await self.live(renderer, loading)
            else:
                self.full()

    async def live(self, renderer: Renderer, loading: Path) -> None:
        """Send a page with a kernel, piece by piece as its cells run; `loading` names what the kernel is importing."""
        arrival = Arrival(self.arrivals)
        starting = asyncio.ensure_future(self.start_kernel(renderer, student(self), arrival))
        starting.add_done_callback(lambda task: self.room.entered(outcome(task)))
        pieces = self.generate(
            renderer,
            kernel=True,
            kernel_start=partial(self.connect, renderer, starting, loading),
            cell_generator=renderer._jinja_cell_generator,
        )

        def beat() -> str:
            told = (loading.read_text(encoding="utf-8"), arrival.ahead)
            return f"<script>firstepoch.busy({', '.join(map(json.dumps, told))})</script>\n"

        left = False
        try:
            async for piece in with_heartbeat(pieces, beat):
                self.write(piece)
                await self.flush()
        except StreamClosedError:
            left = True
        except Exception:
            self.log.exception("The page of %s broke off", renderer.notebook_path)
            self.write(BROKEN)
        if not arrival.begun:
            starting.cancel()
        arrival.end()
        await asyncio.wait({starting})
        kernel_id = outcome(starting)
        if kernel_id and left:  # the page was left before it was whole
            await ensure_async(self.kernel_manager.shutdown_kernel(kernel_id, now=True))
        elif kernel_id:
            self.absent.sent(kernel_id)

    def full(self) -> None:
        """Say that all seats are taken, and what place in the line this page has; it opens itself when one is free."""
        self.set_status(503, "The room is full")
        self.set_header("Retry-After", "5")
        self.write(self.render_template("full.html", ahead=wait(self, self.room), base_url=self.base_url))

    async def renderer(self, path: str, made: nbformat.NotebookNode | None) -> Renderer:
        """What renders one notebook with our template.

        Raises:
            HTTPError: There is no such notebook (404).
        """
        page_config = get_page_config(
            base_url=self.base_url,
            settings=self.settings,
            log=self.log,
            voila_configuration=self.voila_configuration,
        )
        renderer = Renderer(
            request_handler=self,
            voila_configuration=self.voila_configuration,
            traitlet_config=self.traitlet_config,
            notebook_path=path,
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            prelaunch_hook=self.voila_configuration.prelaunch_hook,
            page_config=page_config,
        )
        renderer.made = made
        await renderer.initialize()
        renderer.exporter.environment.bytecode_cache = COMPILED
        return renderer

    def course(self, path: str) -> dict[str, Any]:
        """The course that a notebook belongs to: the notebooks of its folder."""
        parent = Path(path).parent
        address = url_path_join(self.base_url, RENDER, parent.as_posix().removeprefix("."))
        return course(Path(self.contents_manager.root_dir) / parent, address, Path(path).name)

    def generate(self, renderer: Renderer, **context: Any) -> AsyncIterator[tuple[str, Any]]:
        """The page in pieces, as the template gives them."""
        pieces: AsyncIterator[tuple[str, Any]] = renderer.exporter.generate_from_notebook_node(
            renderer.notebook,
            resources=renderer.resources,
            extra_context={"main_js": "voila.js", "course": self.course(renderer.notebook_path), **context},
            page_config=renderer.page_config,
        )
        return pieces

    async def start_kernel(self, renderer: Renderer, owner: str, arrival: Arrival) -> str:
        """Start a kernel in the notebook's folder; what the page was asked for is in its environment, as of a CGI."""
        await arrival.turn()
        host, port = split_host_and_port(self.request.host.lower())
        request = {
            "SCRIPT_NAME": self.request.path,
            "PATH_INFO": "",
            "QUERY_STRING": str(self.request.query),
            "SERVER_SOFTWARE": f"voila/{version('voila')}",
            "SERVER_PROTOCOL": str(self.request.version),
            "SERVER_NAME": host,
            "SERVER_PORT": str(port or ""),
            "VOILA_REQUEST_URL": self.request.full_url(),
        }
        started = self.kernel_manager.start_kernel(
            kernel_name=renderer.notebook.metadata.kernelspec.name,
            path=os.path.dirname(renderer.notebook_path),
            env={**(ALONE if self.room.seats else {}), **os.environ, **request},
        )
        kernel_id = str(await ensure_async(started))
        self.owners.enter(kernel_id, owner, self.kernel_manager)
        return kernel_id

    async def connect(
        self, renderer: Renderer, starting: asyncio.Future[str], loading: Path, nb: nbformat.NotebookNode
    ) -> str:
        """Called by the template once all of the text is sent: wait until the kernel answers, and give its id."""
        kernel_id = await asyncio.shield(starting)  # who leaves meanwhile ends the wait, not the start
        await renderer._jinja_kernel_start(nb, kernel_id, self.kernel_manager.get_kernel(kernel_id))
        end_with_kernel(renderer.executor)
        renderer.executor.kc.execute(TELL.format(str(loading)), silent=True, store_history=False)
        return kernel_id


class StartHandler(LessonHandler):
    """`/`: leads to the start page, or lists the notebooks where there is none."""

    def initialize(self, start_page: str | None, **settings: Any) -> None:  # type: ignore[override]
        """Take the name of the notebook that `/` leads to; None for the course's start page or the list."""
        super().initialize(**settings)
        self.start_page = start_page

    @tornado.web.authenticated
    async def get(self) -> None:
        """Redirect, or send the list."""
        pages = self.course("start")["pages"]
        start = next((page for page in pages if page["start"] or page["file"] == self.start_page), None)
        if start:
            self.redirect(start["href"])
        else:
            await self.page("", listing(pages))


def outcome(starting: asyncio.Future[str]) -> str | None:
    """The kernel that was started; None where it could not be, or is not to be any more."""
    return None if starting.cancelled() or starting.exception() else starting.result()


def end_with_kernel(executor: VoilaExecutor) -> None:
    """Let a cell whose kernel dies count as one that failed: the page ends there, in words of its own."""
    run = executor.execute_cell

    async def execute_cell(cell: nbformat.NotebookNode, *rest: Any, **options: Any) -> nbformat.NotebookNode:
        try:
            return await run(cell, *rest, **options)
        except DeadKernelError as error:
            cell.outputs = [nbformat.v4.new_output("error", ename="DeadKernelError", evalue="", traceback=[])]
            raise CellExecutionError("", "DeadKernelError", str(error)) from error

    executor.execute_cell = execute_cell


async def with_heartbeat(pieces: AsyncIterator[tuple[str, Any]], beat: Callable[[], str]) -> AsyncIterator[str]:
    """The pieces as they come, and a sign of life whenever none has come for a while."""
    coming = asyncio.ensure_future(anext(pieces))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=HEARTBEAT)
            if not done:
                yield beat()
                continue
            try:
                yield coming.result()[0]
            except StopAsyncIteration:
                return
            coming = asyncio.ensure_future(anext(pieces))
    finally:
        coming.cancel()
