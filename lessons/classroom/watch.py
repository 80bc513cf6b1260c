"""The figures of a class: how many are there, what they do, and what the machine has left. No page in here."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from firstepoch.lessons.classroom.roll import Roll
from firstepoch.lessons.classroom.room import Room

MEMORY_AGE: Final = 5.0
"""Seconds a reading of the memory is good for, at least: it costs some milliseconds a kernel."""
MEMORY_SHARE: Final = 20
"""A reading is good for so many times as long as it took."""


@dataclass(frozen=True)
class Figures:
    """What is going on, in numbers alone.

    Attributes:
        seats: How many pages may have a kernel at once; None for as many as come.
        students: Browsers with at least one page that has a kernel.
        kernels: Pages with a kernel.
        waiting: Those who wait for a seat.
        trainings: Trainings that go on, in the kernels that can be reached.
        held: Whether all trainings are to halt.
        unreached: Kernels that cannot be told to, nor tell what they do.
        memory: Bytes that the kernels have beside what all share; None where the system does not tell.
        free: Bytes of memory that the machine has left; None where the system does not tell.
        load: Processes that ran or waited for a processor, on average over the last minute; None as before.
        cores: How many processors there are.
        started: Kernels started since the server was.
        ended: Those of them that have ended.
        died: Those that ended by themselves.
        refused: Arrivals that found the room full.
    """

    seats: int | None
    students: int
    kernels: int
    waiting: int
    trainings: int
    held: bool
    unreached: int
    memory: int | None
    free: int | None
    load: float | None
    cores: int
    started: int
    ended: int
    died: int
    refused: int


class Watch:
    """Takes the figures.

    Args:
        room: The seats and the line.
        roll: The kernels.
        students: Gives how many students there are.
        clock: Gives the time in seconds.
    """

    def __init__(
        self, room: Room, roll: Roll, students: Callable[[], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._room, self._roll, self._students, self._clock = room, roll, students, clock
        self._reading: asyncio.Future[int | None] | None = None
        self._read = self._took = 0.0
        self._pids: list[int] = []

    async def figures(self) -> Figures:
        """The figures as they are now; the memory as it was a few seconds ago, or now if there was nobody then."""
        memory = await self._memory()
        return Figures(
            seats=self._room.seats,
            students=self._students(),
            kernels=len(self._roll.present),
            waiting=self._room.waiting,
            trainings=self._roll.trainings,
            held=self._roll.held,
            unreached=self._roll.unreached,
            memory=memory,
            free=free(),
            load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
            cores=os.cpu_count() or 1,
            started=self._roll.started,
            ended=self._roll.ended,
            died=self._roll.died,
            refused=self._room.refused,
        )

    async def _memory(self) -> int | None:
        """Read by one thread at a time, however many ask."""
        age = max(MEMORY_AGE, MEMORY_SHARE * self._took)
        pids = [one.pid for one in self._roll.present if one.pid]
        old = self._clock() - self._read > age or (pids and not self._pids)
        if self._reading is None or (self._reading.done() and old):
            self._pids = pids
            self._reading = asyncio.get_running_loop().run_in_executor(None, self._look, pids)
        return await asyncio.shield(self._reading)

    def _look(self, pids: list[int]) -> int | None:
        began = self._clock()
        found = private(pids)
        self._read = self._clock()
        self._took = self._read - began
        return found


def private(pids: Iterable[int]) -> int | None:
    """Bytes these processes have for themselves, together; None where the system does not tell (Linux does)."""
    if not os.path.exists("/proc/self/smaps_rollup"):
        return None
    kilobytes = 0
    for pid in pids:
        with suppress(OSError), open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as parts:  # perhaps it has ended
            kilobytes += sum(int(line.split()[1]) for line in parts if line.startswith("Private_"))
    return kilobytes << 10


def free() -> int | None:
    """Bytes of memory that processes can still have; None where the system does not tell (Linux does)."""
    with suppress(OSError), open("/proc/meminfo", encoding="ascii") as parts:
        return next((int(line.split()[1]) << 10 for line in parts if line.startswith("MemAvailable:")), None)
    return None


class Exposed:
    """Figures as Prometheus collects them.

    Args:
        figures: The figures.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Each figure under its name; one that is not known is left out."""
        now = self._figures
        gauges = {
            "seats": ("Pages that may have a kernel at once.", now.seats),
            "students": ("Browsers with at least one page that has a kernel.", now.students),
            "kernels": ("Pages that have a kernel.", now.kernels),
            "waiting": ("Pages that wait for a seat.", now.waiting),
            "trainings": ("Trainings that go on.", now.trainings),
            "held": ("1 while all trainings are told to halt.", int(now.held)),
            "kernels_unreached": ("Kernels that are not told to.", now.unreached),
            "kernels_private_memory_bytes": ("Memory of the kernels beside what all share.", now.memory),
            "memory_available_bytes": ("Memory that the machine has left.", now.free),
            "load_average": ("Processes that ran or waited for a processor, over the last minute.", now.load),
        }
        for name, (words, value) in gauges.items():
            if value is not None:
                yield GaugeMetricFamily(f"firstepoch_{name}", words, value=value)
        counters = {
            "kernels_started": ("Kernels started.", now.started),
            "kernels_ended": ("Kernels that have ended.", now.ended),
            "kernels_died": ("Kernels that ended by themselves.", now.died),
            "arrivals_refused": ("Arrivals that found the room full.", now.refused),
        }
        for name, (words, value) in counters.items():
            yield CounterMetricFamily(f"firstepoch_{name}", words, value=value)


def exposition(figures: Figures) -> bytes:
    """The figures in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(Exposed(figures))
    return generate_latest(registry)
