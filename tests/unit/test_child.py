"""Child: what a second Python says, and that nothing of it is left when it fails, takes too long or is killed."""

import os
import subprocess
import sys
import threading
import time

import pytest

from firstepoch.widgets import child
from firstepoch.widgets.child import Child, ChildError

WAITS = """
import json, os, sys, time
print("noise of a library")
print(json.dumps({"pid": os.getpid()}), flush=True)
time.sleep(60)
"""


@pytest.fixture
def start(tmp_path):
    def start(source, seconds=30.0, **environment):
        program = tmp_path / "program.py"
        program.write_text(source, encoding="utf-8")
        return Child(program, tmp_path, seconds=seconds, environment=environment)

    return start


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_it_runs_in_the_folder_says_lines_and_knows_its_environment(start, tmp_path):
    source = "import json, os; open('result.txt', 'w').write('x'); print(json.dumps({'way': os.environ['WAY']}))"
    assert list(start(source, WAY="mine").told()) == [{"way": "mine"}]
    assert (tmp_path / "result.txt").read_text() == "x"


def test_a_failure_is_one_sentence_with_its_last_words(start):
    with pytest.raises(ChildError, match=r"^The second Python failed: ValueError: the rows do not fit$"):
        list(start("raise ValueError('the rows do not fit')").told())


def test_killed_it_ends_at_once_and_without_an_error(start):
    made = start(WAITS)
    told = made.told()
    pid = next(told)["pid"]
    began = time.monotonic()
    threading.Timer(0.05, made.kill).start()
    assert list(told) == [] and made.killed
    assert time.monotonic() - began < 10 and gone(pid)


def test_it_is_ended_when_it_takes_too_long(start):
    made = start(WAITS, seconds=0.5)
    with pytest.raises(ChildError, match=r"longer than 0\.5 seconds"):
        list(made.told())
    assert not made.killed


def test_it_ends_when_the_python_that_started_it_is_gone(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(WAITS, encoding="utf-8")
    parent = (
        "import os, pathlib, runpy, sys; "
        "program, folder, module = sys.argv[1:]; start = runpy.run_path(module)['Child']; "
        "child = start(pathlib.Path(program), pathlib.Path(folder), seconds=60); "
        "print(next(child.told())['pid'], flush=True); os._exit(0)"
    )
    command = [sys.executable, "-c", parent, str(program), str(tmp_path), child.__file__]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    pid, deadline = int(made.stdout), time.monotonic() + 20
    while not gone(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert gone(pid)
