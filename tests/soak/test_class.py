"""A class of sixty on one server for ten minutes: they train, look at earlier runs, leave, and come back.

Half-way all train at once, and each presses Stop at some moment.

Most speak the protocol of a page (tests/browser/student.py), six sit at real pages in Chromium.
"""

import asyncio
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import servers
from card import Card
from pages import watch
from scene import play
from student import Student

STUDENTS, PAGES, MINUTES = 60, 6, 10
LESSON = "heart"
ROOM = 8e9
"""Bytes the server and all kernels may take, memory that several share counted once."""
ANSWER = 0.5
"""Seconds until Stop is answered, half of the times at most."""
GROWTH = 1.15
"""What a student's share of the memory may grow by, from the third minute to the last."""
ENDLESS = 10_000
THINKS = (5, 40)
"""Seconds a student looks at a run before the next."""
GATHER = 40
"""Seconds until all train who press Train at the same moment."""
LONG = 300_000
"""Milliseconds a page is waited for: sixty share two processors."""


class Lesson:
    """What all that take part in it have seen.

    Args:
        url: Address of the server.
        began: When it began, in seconds of the monotonic clock.
    """

    def __init__(self, url, began):
        self.url, self.half, self.end = url, began + 30 * MINUTES, began + 60 * MINUTES
        self.arrivals, self.runs, self.stops = [], 0, []

    @property
    def over(self):
        return time.monotonic() >= self.end


async def one_student(lesson, rng):
    """Comes, trains, looks at an earlier run, leaves, and comes back; once, when all train, stops an endless run."""
    await asyncio.sleep(rng.random())
    stopped = False
    while not lesson.over:
        student = Student(lesson.url, LESSON)
        lesson.arrivals.append((await student.arrive())["widgets"])
        card = student.live
        run = 0
        for _ in range(rng.randint(2, 5)):
            run += 1
            if not stopped and time.monotonic() >= lesson.half:
                stopped = True
                await stop(lesson, student, card, run, rng)
                continue
            await student.set(card, epochs=100, seed=run)
            await train(student, card, run, 100)
            if run > 1:
                await student.set(card, shown=run - 1)
                await student.sees(card, lambda state, run=run: state["report"]["run"] == run - 1)
            await asyncio.sleep(rng.uniform(*THINKS))
        lesson.runs += run
        await student.leave()
        await asyncio.sleep(rng.random() * 5)


async def stop(lesson, student, card, run, rng):
    """Train without an end until all do, and stop at some moment; nothing recorded may be missing."""
    await student.set(card, epochs=ENDLESS)
    await student.press(card, "train")
    await student.sees(card, lambda state: state["report"]["run"] == run and state["report"]["epoch"] > 3)
    await asyncio.sleep(max(0, lesson.half + GATHER - time.monotonic()) + rng.random() * 30)
    pressed = time.monotonic()
    await student.press(card, "stop")
    await student.sees(card, lambda state: state["status"] == "done")
    lesson.stops.append(time.monotonic() - pressed)
    kept = await student.sees(card, lambda state: len(state["runs"]) == run and state["runs"][-1]["epochs"])
    assert kept["runs"][-1]["outcome"] == "stopped" and 3 < kept["runs"][-1]["epochs"] < ENDLESS


async def train(student, card, run, epochs):
    """Press Train and wait for the end of that run, of which nothing may be missing."""
    await student.press(card, "train")
    seen = await student.sees(card, lambda state: len(state["runs"]) == run and state["runs"][-1]["outcome"])
    assert seen["runs"][-1]["epochs"] == epochs and seen["runs"][-1]["outcome"] == "finished"


async def all_students(lesson, count):
    await asyncio.gather(*(one_student(lesson, random.Random(number)) for number in range(count)))


def at_real_pages(browser, lesson, count):
    """Pages in Chromium whose students take turns: train, scrub, stop, and load the page again."""
    pages = []
    for _ in range(count):
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        page = watch(context.new_page())
        page.set_default_timeout(LONG)
        pages.append((context, page))
    while not lesson.over:
        for _, page in pages:
            page.goto(f"{lesson.url}voila/render/{LESSON}.ipynb")
        for _, page in pages:
            card = Card(page, None)
            card.wait("idle", timeout=LONG)
            card.press("Train")
        for _, page in pages:
            card = Card(page, None)
            card.wait("done", timeout=LONG)
            assert "300" in card.bar
            card.scrub(100)
            card.wait_text(".fe-sentence", "Epoch 101:")
            lesson.runs += 1
        for _, page in pages:
            card = Card(page, None)
            card.set("epochs", ENDLESS)
            card.press("Train")
            card.wait("training", timeout=LONG)
            card.wait_epoch(5, timeout=LONG)
            card.press("Stop")
            card.wait("done", timeout=LONG)
            lesson.runs += 1
    problems = [problem for _, page in pages for problem in page.problems]
    for context, _ in pages:
        context.close()
    assert problems == []


def memory(server):
    """Bytes of the server and all it started, memory that several share counted once; and how many kernels."""
    root = psutil.Process(server.process.pid)
    total, processes = 0, [root, *root.children(recursive=True)]
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total, len(processes)


def pace():
    """Nanoseconds of a processor that one turn of a bare loop takes: how fast the machine is just now."""
    began = time.thread_time_ns()
    for _ in range(100_000):
        pass
    return (time.thread_time_ns() - began) / 100_000


@pytest.mark.timeout(2400)
def test_sixty_students_for_ten_minutes(browser, tmp_path_factory):
    with servers.voila(None, tmp_path_factory.mktemp("class"), "--seats", str(STUDENTS + PAGES)) as server:
        alone = memory(server)[1]
        began = time.monotonic()
        lesson = Lesson(server.url, began)
        taken, paces = [], []
        with ThreadPoolExecutor(2) as threads:
            students = threads.submit(play, all_students(lesson, STUDENTS - PAGES))

            def weigh():
                while not lesson.over:
                    taken.append((time.monotonic() - began, *memory(server)))
                    paces.append(pace())
                    time.sleep(10)

            weighing = threads.submit(weigh)
            at_real_pages(browser, lesson, PAGES)
            students.result()
            weighing.result()
        deadline = time.monotonic() + 60
        while memory(server)[1] > alone and time.monotonic() < deadline:
            time.sleep(0.5)
        left = memory(server)[1] - alone
    share = [total / count for moment, total, count in taken if moment > 60]
    third = len(share) // 3
    early, late = statistics.median(share[:third]), statistics.median(share[-third:])
    most, answered = max(total for _, total, _ in taken), statistics.median(lesson.stops)
    print(
        f"{len(lesson.arrivals)} arrivals (median {statistics.median(lesson.arrivals):.1f} s, "
        f"last {max(lesson.arrivals):.1f} s), {lesson.runs} runs, {len(lesson.stops)} stops (median {answered:.2f} s, "
        f"slowest {max(lesson.stops):.2f} s), at most {most / 1e9:.2f} GB, "
        f"a share {early / 1e6:.0f} -> {late / 1e6:.0f} MB; a bare loop took {statistics.median(paces):.0f} ns "
        f"(slowest {max(paces):.0f} ns)"
    )
    assert left == 0, f"{left} processes outlive their pages"
    assert most < ROOM
    assert late < GROWTH * early
    assert answered < ANSWER
