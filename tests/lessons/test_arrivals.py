"""Who arrives at once is served one after the other; a page that is slow, or left, holds nobody up."""

import asyncio
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from scene import play
from servers import write_notebook
from settled import until

from firstepoch.lessons.classroom.arrivals import AT_ONCE, Arrival, Arrivals
from firstepoch.lessons.handlers import LessonHandler

WAITS = """
import pathlib, time, uuid
pathlib.Path(f"began-{uuid.uuid4()}").touch()
while not pathlib.Path("go").exists():
    time.sleep(0.01)
print("whole")"""
LEAVES = "import pathlib\npathlib.Path('left').touch()\nprint('whole')"
NEVER = "import time\ntime.sleep(100)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("arrivals")
    for name, source in (("waits", WAITS), ("leaves", LEAVES), ("never", NEVER)):
        write_notebook(made, name, source)
    return made


@pytest.fixture(scope="module")
def server(serve, folder):
    """Its process and its address, once it has imported what all kernels share."""
    with serve(str(folder), "--port", "0") as (process, _, url):
        until(lambda: is_ready(url), True, timeout=120)
        yield process, url


def is_ready(url):
    try:
        return urllib.request.urlopen(f"{url}health/ready", timeout=60).status == 200
    except urllib.error.HTTPError:
        return False


def whole(url, name):
    """Open a page and read it to its end; whether its cell has run."""
    with urllib.request.urlopen(f"{url}voila/render/{name}.ipynb", timeout=120) as answer:
        return "whole" in answer.read().decode()


def left_at_once(url, name):
    """Open a page whose text comes at once, and leave it."""
    with urllib.request.urlopen(f"{url}voila/render/{name}.ipynb", timeout=120) as answer:
        assert b"<html" in answer.read(400)


def test_the_first_to_come_are_the_first_to_be_served():
    async def arrive():
        arrivals, begun = Arrivals(at_once=2), []

        async def page(name):
            arrival = Arrival(arrivals)
            await arrival.turn()
            begun.append(name)
            together = len(begun) - len(done)
            full.append(arrivals.full())
            await asyncio.sleep(0.01)
            done.append(name)
            arrival.end()
            arrival.end()
            return together

        done, full = [], []
        together = await asyncio.gather(*map(page, range(7)))
        return begun, max(together), full[:2], arrivals.full()

    assert play(arrive()) == (list(range(7)), 2, [False, True], False)


def test_a_slow_one_lets_the_next_begin_and_its_end_frees_no_second_place():
    async def arrive():
        arrivals = Arrivals(at_once=1, patience=0.05)
        slow, second, third = (Arrival(arrivals) for _ in range(3))
        await slow.turn()
        began = time.monotonic()
        await second.turn()
        waited = time.monotonic() - began
        slow.end()
        waiting = asyncio.ensure_future(third.turn())
        await asyncio.sleep(0.01)
        return waited, waiting.done() or third.begun

    waited, begun = play(arrive())
    assert waited >= 0.04 and not begun


def test_one_that_leaves_the_line_frees_no_place_and_takes_none():
    async def arrive():
        arrivals = Arrivals(at_once=1)
        first, leaves, last = everyone = [Arrival(arrivals) for _ in range(3)]
        await first.turn()
        waiting, begins = (asyncio.ensure_future(one.turn()) for one in (leaves, last))
        await asyncio.sleep(0.01)
        assert [one.ahead for one in everyone] == [None, 0, 1]
        waiting.cancel()
        leaves.end()
        await asyncio.sleep(0.01)
        assert [one.ahead for one in everyone] == [None, None, 0]
        early = last.begun
        first.end()
        await asyncio.wait_for(begins, 1)
        return leaves.begun, early, last.begun

    assert play(arrive()) == (False, False, True)


def test_a_page_left_in_the_line_runs_nothing(server, folder):
    """As many pages as are served at once wait in a cell; one behind them is left meanwhile."""
    _, url = server
    with ThreadPoolExecutor() as pool:
        pages = [pool.submit(whole, url, "waits") for _ in range(AT_ONCE)]
        until(lambda: len(list(folder.glob("began-*"))), AT_ONCE, timeout=60)
        left_at_once(url, "leaves")
        time.sleep(1.5)  # the server notices with its next sign of life
        (folder / "go").touch()
        assert all(page.result() for page in pages)
    assert not (folder / "left").exists()
    assert whole(url, "leaves") and (folder / "left").exists(), "another page of the same notebook is served"


def test_a_page_left_while_its_python_starts_leaves_none_behind(server):
    process, url = server
    forkserver = psutil.Process(process.pid).children()[0]
    before = len(forkserver.children())
    forkserver.suspend()
    try:
        left_at_once(url, "never")
        time.sleep(2.5)  # the server notices with its next sign of life
    finally:
        forkserver.resume()
    assert whole(url, "leaves"), "what comes later is forked later"
    until(lambda: len(forkserver.children()), before + 1)


def test_who_leaves_while_a_kernel_starts_ends_the_wait_and_not_the_start():
    """A start that were cut off could leave a kernel that nobody knows."""

    async def leave():
        starting = asyncio.get_running_loop().create_future()
        page = asyncio.ensure_future(LessonHandler.connect(None, None, starting, None, None))
        await asyncio.sleep(0)
        page.cancel()
        await asyncio.wait({page})
        return page.cancelled(), starting.cancelled()

    assert play(leave()) == (True, False)
