"""Child: another Python, started for one job whose settings TensorFlow takes only before it starts. It knows no widget.

The program it runs is one file that imports nothing of firstepoch. It writes what it does to its standard output, one
JSON object a line, and its results into the folder it is given.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from firstepoch.widgets.background import Background

# The thread ends the child when this Python is gone and its end of the pipe closes.
_LAUNCH = """
import os, runpy, sys, threading
threading.Thread(target=lambda: os.read(0, 1) or os._exit(1), daemon=True).start()
runpy.run_path(sys.argv[1], run_name="__main__")
os._exit(0)
"""
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}


class ChildError(RuntimeError):
    """The child came to no good end; the message says what to try."""


class Child:
    """A Python that runs `program` in `folder`.

    Args:
        program: The file.
        folder: Where it runs, and leaves its results.
        seconds: When it is ended, however far it is.
        environment: Environment variables of its own, beside those of this Python.
    """

    def __init__(
        self, program: Path, folder: Path, *, seconds: float, environment: Mapping[str, str] | None = None
    ) -> None:
        self._seconds = seconds
        self._errors = folder / "errors.txt"
        self.killed = self._late = False
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _LAUNCH, str(program)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env=os.environ | _QUIET | dict(environment or {}),
            )

    def told(self) -> Iterator[dict[str, Any]]:
        """What the child says, as it says it, until it ends; nothing of it runs afterwards.

        Raises:
            ChildError: It failed or took too long. Not raised when it was killed.
        """
        process, clock = self._process, threading.Timer(self._seconds, self._end_late)
        clock.daemon = True
        clock.start()
        assert process.stdout is not None and process.stdin is not None
        try:
            for line in process.stdout:
                if line.startswith(b"{"):
                    yield json.loads(line)
            code = process.wait()
        finally:
            clock.cancel()
            process.kill()
            process.wait()
            process.stdout.close()
            process.stdin.close()
        if self._late:
            raise ChildError(
                f"It took longer than {self._seconds:g} seconds and was ended; try again when the machine is less busy."
            )
        if code and not self.killed:
            raise ChildError(f"The second Python failed: {self._last_words() or f'it ended with code {code}'}")

    def kill(self) -> None:
        """End it at once; safe from any thread."""
        self.killed = True
        self._process.kill()

    def _end_late(self) -> None:
        self._late = True
        self._process.kill()

    def _last_words(self) -> str:
        lines = self._errors.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


class ChildSession(Background):
    """A job of which other Pythons do the work.

    Its `report` is called with "progress" too.

    Attributes:
        doing: What is being done, in words.
        share: How much is done, from 0 to 1.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__(report)
        self.doing, self.share = "", 0.0
        self._child: Child | None = None

    def _in_child(self, start: Callable[[], Child], hear: Callable[[dict[str, Any]], None]) -> bool:
        """Start a child and hear it to its end; False if it was told to stop, and then it leaves no result.

        Raises:
            ChildError: It failed or took too long.
        """
        with self._lock:
            if self._stop:
                return False
            self._child = child = start()
        try:
            for told in child.told():
                hear(told)
        finally:
            self._child = None
        return not child.killed

    def _halt(self) -> None:
        if self._child is not None:
            self._child.kill()
