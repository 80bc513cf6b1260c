"""Threads that train one run after another: TensorFlow is a tenth slower in a thread that is new for every run."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

_Jobs = queue.SimpleQueue[tuple[Callable[[], None], threading.Event]]

_idle: list[_Jobs] = []
_lock = threading.Lock()


def begin(work: Callable[[], None]) -> threading.Event:
    """Do `work` in an idle worker thread, or in a new one if none is idle.

    Args:
        work: Called once, with no arguments.

    Returns:
        Set when the work has ended.
    """
    done = threading.Event()
    with _lock:
        jobs = _idle.pop() if _idle else None
    if jobs is None:
        jobs = queue.SimpleQueue()
        threading.Thread(target=_serve, args=(jobs,), daemon=True).start()
    jobs.put((work, done))
    return done


def _serve(jobs: _Jobs) -> None:
    thread = threading.current_thread()
    while True:
        work, done = jobs.get()
        thread.name = "firstepoch"
        try:
            work()
            # Not reached when the work raises: that ends the thread, which must not be given work again.
            with _lock:
                _idle.append(jobs)
        finally:
            del work  # An idle worker keeps no run alive.
            thread.name = "firstepoch, idle"
            done.set()
