"""Kernels that are forked: the provisioner that a server's notebooks get theirs from. The parent is forkserver.py."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from firstepoch.lessons.classroom.roll import ROLL
from firstepoch.lessons.classroom.turns import TURNS
from firstepoch.lessons.paths import FOLDER

NAME: Final = "firstepoch-fork"
"""Name of the provisioner among the entry points."""
PROGRAM: Final = "firstepoch.lessons.classroom.forkserver"
AVAILABLE: Final = sys.platform == "linux"
"""Elsewhere a process with TensorFlow cannot be forked safely; ordinary kernels are started there."""


PRELOADED: Final = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "ipywidgets",
    "anywidget",
    "bqplot",
    "pandas",
    "tensorflow",
    "keras",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "firstepoch.heart",
    "firstepoch.widgets",
    "firstepoch.widgets.training.live",
    *(f"firstepoch.lessons.{path.stem}" for kind in ("questions", "tasks") for path in FOLDER.glob(f"*_{kind}.py")),
)
"""What a kernel of a lesson imports anyway, or soon after it has begun."""


class Forkserver:
    """The process that kernels are forked from; started when first needed, and again when it has died.

    A request is one message on a socket, `{"argv", "env", "cwd", "memory"}`, and comes with a socket of its own, the
    kernel's line. On it the kernel tells its `{"pid"}` once it is there, and how many trainings go on in it,
    `{"training"}`, whenever that changes; the process tells its exit code, `{"exit"}`, once it is gone. The kernel is
    told whether its trainings are to halt, `{"hold"}`. It asks for a turn to train and gives it back, `{"turn"}`, and
    is told by the same word that it has one. It ends when this end of its line is closed: none outlives its server.

    Args:
        preloaded: Names of the modules to import.

    Attributes:
        memory: Megabytes a kernel may take beyond what all share; None for as much as there is.
    """

    def __init__(self, preloaded: Sequence[str] = PRELOADED) -> None:
        self.preloaded = preloaded
        self.memory: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._imported = False

    @property
    def pid(self) -> int | None:
        """Number of the process; None while there is none."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def ready(self) -> bool:
        """Whether everything is imported, so that a kernel is there at once."""
        return self._has_imported() and self.pid is not None

    @property
    def broken(self) -> bool:
        """Whether it died while it was importing, as it would again: kernels are started as programs of their own."""
        return self._process is not None and self.pid is None and not self._has_imported()

    def _has_imported(self) -> bool:
        if not self._imported and self._control:
            with suppress(BlockingIOError):
                self._imported = bool(self._control.recv(16))
        return self._imported

    def start(self) -> None:
        """Start the process if it does not run; it goes on importing after this returns.

        Raises:
            OSError: It cannot be started, or it died while it was importing, as it would again.
        """
        if self.pid is not None:
            return
        if self.broken:
            raise ChildProcessError("the process they come from cannot import what they need")
        self.stop()
        atexit.register(self.stop)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self._control = ours
        with theirs:
            self._process = subprocess.Popen(
                # The debugger of a kernel warns of frozen modules; Jupyter turns them off in this way too.
                [sys.executable, "-X", "frozen_modules=off", "-m", PROGRAM, str(theirs.fileno()), *self.preloaded],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )

    def stop(self) -> None:
        """End the process; the kernels that were forked go on."""
        if self._control:
            self._control.close()
            self._control = None
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
        self._imported = False
        atexit.unregister(self.stop)

    async def fork(self, argv: list[str], env: dict[str, str], cwd: str) -> tuple[socket.socket, int]:
        """Fork a kernel.

        Args:
            argv: Its command line, `["ipykernel_launcher", "-f", FILE]`.
            env: Its whole environment.
            cwd: Its folder.

        Returns:
            Its line, and the number of its process.

        Raises:
            OSError: The process is gone, or cannot fork.
        """
        self.start()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        try:
            with theirs:
                request = {"argv": argv, "env": env, "cwd": cwd, "memory": self.memory}
                await self._ask(json.dumps(request).encode(), theirs)
            told = await asyncio.get_running_loop().sock_recv(ours, 4096)
            if not told:
                raise ChildProcessError("the process they come from is gone")
            return ours, json.loads(told)["pid"]
        except BaseException:
            ours.close()
            raise

    async def _ask(self, request: bytes, line: socket.socket) -> None:
        while self._control:
            with suppress(BlockingIOError):  # many arrive at once, and the process is busy
                socket.send_fds(self._control, [request], [line.fileno()])
                return
            await asyncio.sleep(0.02)


FORKSERVER: Final = Forkserver()
"""The one of this server."""


class ForkProvisioner(LocalProvisioner):
    """Forks kernels of this Python; any other kernel it starts as jupyter_client does.

    Attributes:
        training: How many trainings go on in the kernel, as far as it has been heard.
    """

    training = 0
    _line: socket.socket | None = None
    _loop: asyncio.AbstractEventLoop
    _exit: int | None = None
    _told_to_end = False

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel, or one that has not been waited for."""
        return self._line is not None or bool(super().has_process)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start one as a program of its own where that is not possible.

        Args:
            cmd: The command of the kernel spec.
            **kwargs: As for `subprocess.Popen`; of a fork `env` and `cwd` count.

        Returns:
            Where the kernel listens.
        """
        argv = launcher(cmd)
        if argv:
            env = {**(kwargs.get("env") or os.environ)}
            env.pop("JPY_PARENT_PID", None)
            try:
                self._line, self.pid = await FORKSERVER.fork(argv, env, str(kwargs.get("cwd") or os.getcwd()))
            except OSError as error:
                self.log.warning("No kernel can be forked: %s. It is started as a program of its own.", error)
            else:
                self.pgid, self._exit = self.pid, None
                self._loop = asyncio.get_running_loop()
                self._loop.add_reader(self._line.fileno(), self.hear)
        if self._line is None:
            await super().launch_kernel(cmd, **kwargs)
        self._told_to_end, self.training = False, 0
        ROLL.enter(self)
        return self.connection_info

    @property
    def reached(self) -> bool:
        """Whether the kernel can be told anything, and tells: it was forked."""
        return self._line is not None

    def tell(self, message: dict[str, Any]) -> None:
        """Tell the kernel something, if it can be told."""
        if self._line is not None:
            with suppress(OSError):  # it is about to be found dead
                self._line.send(json.dumps(message).encode())

    def hear(self) -> None:
        """Take in what the kernel has told."""
        if self._line is None:
            return
        while self._exit is None:
            try:
                told = self._line.recv(4096)
            except BlockingIOError:
                return
            except OSError:
                told = b""
            # Where the process it came from died before it did, nobody knows how it ended.
            message = json.loads(told) if told else {"exit": 1}
            self._exit, self.training = message.get("exit"), message.get("training", self.training)
            if "turn" in message:
                (TURNS.ask if message["turn"] else TURNS.back)(self)
        TURNS.leave(self)
        if not self._loop.is_closed():
            self._loop.remove_reader(self._line.fileno())

    async def poll(self) -> int | None:
        """The exit code of the kernel; None while it runs."""
        self.hear()
        code = await super().poll() if self._line is None else self._exit
        if code is not None:
            ROLL.leave(self, by_itself=not self._told_to_end)
        return code

    async def wait(self) -> int | None:
        """Wait until the kernel has ended; its exit code."""
        if self._line is None:
            return await super().wait()
        while await self.poll() is None:
            await asyncio.sleep(0.05)
        self._line.close()
        self._line = None
        return self._exit

    async def shutdown_requested(self, restart: bool = False) -> None:
        """The kernel has been asked to end, by a message."""
        self._told_to_end = True

    async def cleanup(self, restart: bool = False) -> None:
        """The kernel has been waited for."""
        ROLL.leave(self, by_itself=not self._told_to_end)
        await super().cleanup(restart)

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and the processes it started."""
        if self._line is None:
            await super().send_signal(signum)
        elif await self.poll() is None:
            assert self.pgid is not None
            with suppress(ProcessLookupError):
                os.killpg(self.pgid, signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel at once."""
        self._told_to_end = True
        await (self.send_signal(signal.SIGKILL) if self._line else super().kill(restart))

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        self._told_to_end = True
        await (self.send_signal(signal.SIGTERM) if self._line else super().terminate(restart))


def launcher(cmd: list[str]) -> list[str] | None:
    """The arguments of `ipykernel_launcher`, itself first, in a command that a fork can stand for; None in others."""
    python, *rest = cmd
    while rest and rest[0].startswith("-X"):
        rest = rest[1:]
    places = {(os.path.dirname(path), os.path.realpath(path)) for path in (python, sys.executable)}
    return rest[1:] if AVAILABLE and rest[:2] == ["-m", "ipykernel_launcher"] and len(places) == 1 else None
