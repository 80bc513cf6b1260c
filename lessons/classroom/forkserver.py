"""The process that kernels are forked from: it imports what a lesson needs, once, and then forks on request.

Run by `kernels.Forkserver` as a program of its own, with one end of a socket; the messages are told there. It must
stay without threads and run no operation of TensorFlow: neither survives a fork.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import resource
import selectors
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from firstepoch.data.loading import silent_stderr

HOLD: Final = "firstepoch.widgets.training.hold"
TURNS: Final = "firstepoch.widgets.training.turns"
"""The modules that hold the trainings of a kernel and give them turns, where the kernel has them."""
NO_HISTORY: Final = "--HistoryManager.enabled=False"
"""What a page runs is the lesson's code; all kernels would write it into one file, which is a person's own."""


def main() -> None:
    """Import the modules named after the first argument, and serve the socket with that number until it is closed."""
    number, *names = sys.argv[1:]
    control = socket.socket(fileno=int(number))
    os.set_inheritable(control.fileno(), False)
    # As ipykernel_launcher does; a kernel adds the folder of its notebook itself.
    sys.path[:] = [path for path in sys.path if path not in ("", os.getcwd())]
    preload(names)
    with suppress(BrokenPipeError):
        control.send(b"ready")
        serve(control)


def preload(names: Sequence[str]) -> None:
    """Import, and keep the garbage collector from what is there: it would write in memory that all share."""
    missing = {}
    with silent_stderr():
        for name in names:
            try:
                importlib.import_module(name)
            except ImportError as error:
                missing[name] = error
    for name, why in missing.items():
        print(f"Kernels have to import {name} themselves: {why}", file=sys.stderr)  # noqa: T201
    gc.collect()
    gc.freeze()


def serve(control: socket.socket) -> None:
    """Fork a kernel for each request, and tell at the end of each how it ended."""
    kernels: dict[int, socket.socket] = {}
    woken, wakes = socket.socketpair()
    woken.setblocking(False)
    wakes.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C at a terminal reaches everyone; the server ends us
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _ in selector.select()]
            if woken in ready:
                woken.recv(4096)
                reap(kernels)
            if control not in ready:
                continue
            request = receive(control)
            if request is None:
                return
            message, line = request
            try:
                pid = os.fork()
            except OSError as error:
                print(f"No kernel can be forked: {error}", file=sys.stderr)  # noqa: T201
                line.close()
                continue
            if pid == 0:
                selector.close()
                signal.set_wakeup_fd(-1)
                for one in (control, woken, wakes, *kernels.values()):
                    one.close()
                become(message, line)
            kernels[pid] = line


def receive(control: socket.socket) -> tuple[dict[str, Any], socket.socket] | None:
    """One request and the socket that came with it; None once the other end is closed."""
    try:
        data, descriptors, _, _ = socket.recv_fds(control, 1 << 20, 1)
    except ConnectionResetError:
        return None
    if not data:
        return None
    os.set_inheritable(descriptors[0], False)
    return json.loads(data), socket.socket(fileno=descriptors[0])


def reap(kernels: dict[int, socket.socket]) -> None:
    """Tell of each kernel that has ended how it did."""
    while kernels:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with kernels.pop(pid) as line, suppress(OSError):  # perhaps nobody listens any more
            line.send(json.dumps({"exit": os.waitstatus_to_exitcode(status)}).encode())


def become(message: dict[str, Any], line: socket.socket) -> None:
    """In the child: be the kernel that was asked for, until its end."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setpgid(0, 0)  # in the server's session: one of its own Linux would give as much time as all others
        line.send(json.dumps({"pid": os.getpid()}).encode())
        os.chdir(message["cwd"])
        os.environ.clear()
        os.environ.update(message["env"])
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        own_random_state()
        if message["memory"]:
            limit_memory(message["memory"])
        if hold := sys.modules.get(HOLD):
            hold.HOLD.tell = lambda training: tell(line, {"training": training})
        if turns := sys.modules.get(TURNS):
            turns.TURNS.ask = lambda wanted: tell(line, {"turn": wanted})
        threading.Thread(target=listen, args=(line,), daemon=True, name="firstepoch, server").start()
        sys.argv = message["argv"]
        from ipykernel import ipkernel
        from ipykernel.kernelapp import IPKernelApp
        from IPython.core import shellapp

        # As a child of process 1, which never ends: ipykernel is not to watch the parent, whom its kernels outlive.
        app = IPKernelApp.instance(parent_handle=1)
        ipkernel.sys = shellapp.sys = WithoutModules()  # type: ignore[assignment]
        app.initialize([*message["argv"][1:], NO_HISTORY])
        ipkernel.sys = shellapp.sys = sys
        if ipywidgets := sys.modules.get("ipywidgets"):
            ipywidgets.load_ipython_extension(app.shell)  # as its import does where there is a kernel already
        app.start()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class WithoutModules:
    """`sys`, where nothing is imported.

    A kernel lists all modules, for its debugger and for `%reset`. To look at a module is to write in its memory (it
    counts who does), and would copy 30 MB that all kernels share.
    """

    modules: Final[dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        """Anything else is as it is."""
        return getattr(sys, name)


def limit_memory(megabytes: int) -> None:
    """Let this process take so much more memory, and no more: what asks for it gets a MemoryError."""
    with open("/proc/self/status", encoding="ascii") as status:
        taken = next(int(line.split()[1]) for line in status if line.startswith("VmData:"))
    limit = (taken << 10) + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def own_random_state() -> None:
    """Draw anew what the parent had drawn when it imported: two students must not see the same numbers."""
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def tell(line: socket.socket, message: dict[str, Any]) -> None:
    """Tell the server something."""
    with suppress(OSError):
        line.send(json.dumps(message).encode(), socket.MSG_DONTWAIT)


def listen(line: socket.socket) -> None:
    """Hold the trainings and give them turns when the server says so, and end this kernel when the server does."""
    with suppress(OSError):
        while told := line.recv(4096):
            try:
                message = json.loads(told)
                if "hold" in message and (hold := sys.modules.get(HOLD)):
                    hold.HOLD.set(message["hold"])
                if "turn" in message and (turns := sys.modules.get(TURNS)):
                    turns.TURNS.given()
            except Exception:  # the server has to be heard for as long as this kernel lives
                sys.excepthook(*sys.exc_info())
    os._exit(0)


if __name__ == "__main__":
    main()
