"""Session: measures way after way, each in a Python of its own, from a worker thread. It knows no widget."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from firstepoch.widgets.child import Child, ChildSession
from firstepoch.widgets.devices.machine import machine
from firstepoch.widgets.recording import Recording

RUNNING = ("measuring", "stopping")
STATES = ("idle", *RUNNING, "done", "failed")
WAYS = ("Python loop", "NumPy", "TensorFlow", "TensorFlow, GPU")
SIZE = 1024
"""Rows and columns of the matrices."""
PART = 96
"""Rows and columns of those the loop gets: it would take minutes for the others."""
LONGEST_SECONDS = 300.0
_PROGRAM = Path(__file__).with_name("run.py")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True)
class Job:
    """What one Python measures, with how many threads, and what is said meanwhile."""

    kind: str
    size: int
    threads: int
    doing: str

    @property
    def effort(self) -> int:
        """How long it takes, compared with the others: TensorFlow has to be loaded."""
        return 6 if self.kind == "tensorflow" else 1


def jobs(cores: int) -> list[Job]:
    """All that is measured on a machine with so many cores."""
    counts = [1] if cores == 1 else [1, cores]
    many = {count: "1 thread" if count == 1 else f"{count} threads" for count in counts}
    return [
        Job("python", min(PART, SIZE), 1, "a loop in plain Python, over a small part"),
        *(Job("numpy", SIZE, count, f"NumPy, {many[count]}") for count in counts),
        *(Job("tensorflow", SIZE, count, f"TensorFlow, {many[count]}") for count in counts),
    ]


class Session(ChildSession):
    """Measures in other Pythons.

    Attributes:
        recording: One frame for each way measured; see `Devices.recording`.
        facts: What TensorFlow said of itself; empty before it was asked.
    """

    BUSY = "A measurement is going on. Stop it first: .stop(), then .wait()."

    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__(report)
        self.recording = Recording()
        self.facts: dict[str, Any] = {}

    def start(self) -> None:
        """Start measuring; one that is stopping is waited for.

        Raises:
            RuntimeError: A measurement is going on.
        """
        here = machine()

        def prepare() -> bool:
            self.status, self.doing, self.share, self.facts = "measuring", "", 0.0, {}
            self.recording = Recording({"machine": here, "size": SIZE, "ways": list(WAYS)})
            return True

        self._begin(prepare, lambda: self._measure(jobs(here["usable"])))

    def _measure(self, wanted: list[Job]) -> bool:
        recording = self.recording
        whole, done = sum(job.effort for job in wanted), 0
        for job in wanted:
            self.doing, self.share = job.doing, done / whole
            if job.kind == "tensorflow":
                self.doing = f"loading TensorFlow for {job.doing.partition(', ')[2]}"
            self._report("progress")
            done += job.effort
            with tempfile.TemporaryDirectory(prefix="firstepoch-", ignore_cleanup_errors=True) as name:
                folder = Path(name)
                settings = {"kind": job.kind, "size": job.size, "threads": job.threads}
                (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
                if not self._run(job, folder):
                    return False
                made = json.loads((folder / "result.json").read_text(encoding="utf-8"))
            self.facts = made["facts"] | self.facts
            recording.settings["facts"] = self.facts
            recording.versions |= {key: made["facts"][key] for key in _VERSIONS if key in made["facts"]}
            scale = (SIZE / job.size) ** 3
            for row in made["rows"]:
                for key in ("seconds", "fastest", "slowest"):
                    row[key] *= scale
                recording.append(row, threads=job.threads, measured=job.size, scale=scale)
        return True

    def _run(self, job: Job, folder: Path) -> bool:
        def hear(_: dict[str, Any]) -> None:
            self.doing = job.doing
            self._report("progress")

        environment = dict.fromkeys(_THREADS, str(job.threads))
        return self._in_child(partial(Child, _PROGRAM, folder, seconds=LONGEST_SECONDS, environment=environment), hear)

    def _forget(self) -> None:
        super()._forget()
        self.recording, self.facts = Recording(), {}


_VERSIONS = ("numpy", "tensorflow", "keras")
