"""A class that arrives at once, on `firstepoch serve` and on stock Voilà, in one run on the same notebook.

Run `python tests/bench/bench_class.py`, or call `measure()` for the numbers. Students speak the protocol of a page
(tests/browser/student.py); bench_site.py has one arrival in a real browser.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

import psutil
import servers
from student import Student

from firstepoch.lessons.paths import lessons

LESSON, STUDENTS = "heart", 20
PATIENCE = 200
"""Seconds after which a student who has no page gives up."""
LIMITS = {"last": 1 / 8, "cpu": 1 / 8, "memory": 1 / 3}
"""Of stock Voilà: seconds until the last of all has every widget, CPU seconds and private memory for each."""


def tree(process):
    """A process and all that it started, of those that still run."""
    return [process, *process.children(recursive=True)]


def cpu(process):
    """CPU seconds of a server so far, with what it started and what of that has ended."""
    seconds = 0.0
    for one in tree(process):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def private(kernels):
    """Megabytes of memory that nobody shares, for each of these processes."""
    return sum(one.memory_full_info().uss for one in kernels) / len(kernels) / 1e6


async def rush(url, process, count):
    """So many arrive at once: seconds until the last has all widgets, CPU seconds and private megabytes for each.

    Stock Voilà may leave some without a page; the last then took at least as long as they waited.
    """
    before, others = cpu(process), set(tree(process))
    students = [Student(url, LESSON, timeout=PATIENCE) for _ in range(count)]
    found = await asyncio.gather(*(student.arrive() for student in students), return_exceptions=True)
    spent = cpu(process) - before
    served = [one["widgets"] for one in found if isinstance(one, dict)]
    memory = private([one for one in tree(process) if one not in others])
    for student, one in zip(students, found, strict=True):
        if isinstance(one, dict):
            await student.leave()
    without = count - len(served)
    return {"last": PATIENCE if without else max(served), "cpu": spent / count, "memory": memory, "without": without}


def serve(start, folder):
    """The figures of one server: a first arrival to warm the disk, then the class."""
    with tempfile.TemporaryDirectory(prefix="firstepoch-bench-") as home, start(folder, Path(home)) as server:
        process = psutil.Process(server.process.pid)
        asyncio.run(rush(server.url, process, 1))
        time.sleep(3)
        return asyncio.run(rush(server.url, process, STUDENTS))


def measure():
    """The figures of both servers; of ours the means of a run before and one after, as a machine's speed drifts."""
    with tempfile.TemporaryDirectory(prefix="firstepoch-bench-") as folder:
        shutil.copy(lessons()[LESSON], folder)
        before = serve(servers.voila, Path(folder))
        stock = serve(servers.stock_voila, Path(folder))
        after = serve(servers.voila, Path(folder))
        return {"firstepoch": {name: (before[name] + after[name]) / 2 for name in before}, "voila": stock}


def main():
    found = measure()
    print(f"{STUDENTS} students open the lesson {LESSON!r} at once:")
    missed = False
    for part, what, unit in (
        ("last", "the last has all widgets", "s"),
        ("cpu", "CPU for each", "s"),
        ("memory", "private memory for each", "MB"),
    ):
        ours, stock = found["firstepoch"][part], found["voila"][part]
        missed |= ours / stock > LIMITS[part]
        told = f"ratio 1/{stock / ours:.1f} (limit 1/{1 / LIMITS[part]:.0f})"
        print(f"  {what:25} {ours:8.2f} {unit:2}  Voilà {stock:8.2f} {unit:2}  {told}")
    for name, figures in found.items():
        if figures["without"]:
            print(f"  {name}: {figures['without']} of {STUDENTS} had no page after {PATIENCE} s")
    missed |= found["firstepoch"]["without"] > 0
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
