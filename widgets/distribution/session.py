"""Session: one run of a second Python at a time, from a worker thread. It knows no widget."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from firstepoch.data.loading import load_keras
from firstepoch.widgets.child import Child, ChildSession
from firstepoch.widgets.distribution import compute
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.training.session import SEEDING

RUNNING = ("running", "stopping")
STATES = ("idle", *RUNNING, "done", "failed")
LONGEST_SECONDS = 300.0
_PROGRAM = Path(__file__).with_name("run.py")


class Session(ChildSession):
    """Runs the program of `run.py`.

    Attributes:
        recording: The newest run that came to its end; empty before there is one.
    """

    BUSY = "A run is going on. Stop it first: .stop(), then .wait()."

    def __init__(self, report: Callable[[str], None], recording: Recording | None = None) -> None:
        super().__init__(report)
        self.recording = recording if recording is not None else Recording()
        if recording is not None:
            self.status = "done"

    def start(self, source: Any, rows: compute.Rows, batch_size: int, seed: int) -> None:
        """Start a run; one that is stopping is waited for.

        Args:
            source: A compiled keras.Model, or a function that returns one.
            rows: What to train on.
            batch_size: Rows of an update.
            seed: Of the initial weights and the order of the rows.

        Raises:
            RuntimeError: A run is going on.
        """

        def prepare() -> bool:
            self.status, self.doing, self.share = "running", "loading Keras and building the model", 0.0
            return True

        self._begin(prepare, lambda: self._run(source, rows, batch_size, seed))

    def _run(self, source: Any, rows: compute.Rows, batch_size: int, seed: int) -> bool:
        model = source
        if not hasattr(source, "get_weights"):
            keras = load_keras()
            with SEEDING:
                keras.utils.set_random_seed(seed)
                model = source()
        compute.check_model(model, rows)
        with tempfile.TemporaryDirectory(prefix="firstepoch-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            settings = compute.hand_over(model, rows, batch_size, seed, folder)
            self._tell("a second Python is starting TensorFlow", 0.1)
            start = partial(
                Child, _PROGRAM, folder, seconds=LONGEST_SECONDS, environment={"CUDA_VISIBLE_DEVICES": "-1"}
            )
            if not self._in_child(start, lambda told: self._tell(str(told["doing"]), float(told["share"]))):
                return False
            self.recording = compute.take_back(folder, settings)
        return True

    def _tell(self, doing: str, share: float) -> None:
        self.doing, self.share = doing, share
        self._report("progress")

    def _forget(self) -> None:
        super()._forget()
        self.recording = Recording()
