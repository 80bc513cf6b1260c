"""Who arrives at once is served one after the other; a page that is slow, or left, holds nobody up."""

import asyncio
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import nbformat
import psutil
from scene import play

from firstepoch.lessons.classroom.arrivals import AT_ONCE, Arrival, Arrivals

NOTEBOOK = {"kernelspec": {"name": "python3", "display_name": ""}}


NEVER = "import time\ntime.sleep(100)"


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


def test_a_page_left_in_the_line_runs_nothing(serve, tmp_path):
    """As many pages as are served at once wait in a cell; one behind them is left meanwhile."""
    wait = (
        "import pathlib, time, uuid\n"
        "pathlib.Path(f'began-{uuid.uuid4()}').touch()\n"
        "for _ in range(400):\n    if pathlib.Path('go').exists():\n        break\n    time.sleep(0.01)\nprint('whole')"
    )
    for name, source in (("waits", wait), ("leaves", "import pathlib\npathlib.Path('left').touch()\nprint('whole')")):
        made = nbformat.v4.new_notebook(metadata=NOTEBOOK, cells=[nbformat.v4.new_code_cell(source)])
        nbformat.write(made, tmp_path / f"{name}.ipynb")

    with serve(str(tmp_path), "--port", "0") as (_, _, url), ThreadPoolExecutor() as pool:

        def whole(name):
            with urllib.request.urlopen(f"{url}voila/render/{name}.ipynb", timeout=120) as answer:
                return "whole" in answer.read().decode()

        (tmp_path / "go").touch()
        assert whole("waits"), "what all kernels share is imported from now on"
        for path in tmp_path.glob("began-*"):
            path.unlink()
        (tmp_path / "go").unlink()
        pages = [pool.submit(whole, "waits") for _ in range(AT_ONCE)]
        deadline = time.monotonic() + 60
        while len(list(tmp_path.glob("began-*"))) < AT_ONCE and time.monotonic() < deadline:
            time.sleep(0.02)
        with urllib.request.urlopen(f"{url}voila/render/leaves.ipynb", timeout=60) as answer:
            assert b"<html" in answer.read(400), "its text comes at once"
        time.sleep(1.5)  # the server notices with its next sign of life
        (tmp_path / "go").touch()
        assert all(page.result() for page in pages)
        assert not (tmp_path / "left").exists()
        assert whole("leaves") and (tmp_path / "left").exists(), "another page of the same notebook is served"


def test_pages_left_while_their_python_starts_leave_none_behind(serve, tmp_path):
    made = nbformat.v4.new_notebook(metadata=NOTEBOOK, cells=[nbformat.v4.new_code_cell(NEVER)])
    nbformat.write(made, tmp_path / "one.ipynb")
    with serve(str(tmp_path), "--port", "0") as (process, _, url), ThreadPoolExecutor(12) as pool:

        def others():
            return len(psutil.Process(process.pid).children(recursive=True))

        def left_after(seconds):
            with urllib.request.urlopen(f"{url}voila/render/one.ipynb", timeout=120) as answer:
                assert b"<html" in answer.read(400)
                time.sleep(seconds)

        def ended(count):
            deadline = time.monotonic() + 60
            while others() > count and time.monotonic() < deadline:
                time.sleep(0.05)
            return others() == count

        def ready():
            try:
                return urllib.request.urlopen(f"{url}health/ready", timeout=60).status == 200
            except urllib.error.HTTPError:
                return False

        left_after(0)  # its kernel can only be forked once all is imported
        deadline = time.monotonic() + 120
        while not ready() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(2)
        assert ended(1), "there is the process that kernels are forked from, and nothing else"
        for future in [pool.submit(left_after, 0.03 * number) for number in range(32)]:
            future.result()
        assert ended(1)
