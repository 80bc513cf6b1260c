"""A lesson server in a process of its own, for the tests that need one."""

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest


@contextmanager
def serving(*arguments, **environment):
    """Start `firstepoch serve` and give its process, its first lines and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "firstepoch.lessons.command", "serve", "--no-browser", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
        # Tests that run in the background of a shell hand down a Ctrl-C that is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    killer = threading.Timer(600, process.kill)
    killer.start()
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if found := re.search(r"http://\S+", line):
                yield process, lines, found[0]
                return
        raise AssertionError(f"the server did not start: {lines} {process.stderr.read()}")
    finally:
        killer.cancel()
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="session")
def serve():
    return serving
