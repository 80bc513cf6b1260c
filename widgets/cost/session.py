"""Session: one measurement at a time in a worker thread. It knows no widget."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from firstepoch.widgets.background import Background
from firstepoch.widgets.cost.measure import Measurement, Progress, Settings, Stopped
from firstepoch.widgets.recording import Recording

RUNNING = ("measuring", "stopping")
STATES = ("idle", *RUNNING, "done", "failed")


class Session(Background):
    """Measures in a worker thread.

    Its `report` is called with "point" and "progress" too.

    Attributes:
        recording: One frame for each n measured.
        progress: Where it is.
    """

    BUSY = "A measurement is going on. Stop it first: .stop(), then .wait()."

    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__(report)
        self.recording = Recording()
        self.progress = Progress()

    def start(
        self,
        settings: Settings,
        recording: Recording,
        given: tuple[np.ndarray, np.ndarray] | None,
    ) -> None:
        """Start measuring; one that is stopping is waited for.

        Raises:
            RuntimeError: A measurement is going on.
        """

        def prepare() -> bool:
            self.status, self.recording, self.progress = "measuring", recording, Progress()
            return True

        def measure() -> bool:
            try:
                measurement = Measurement(settings, given, self._between, self.progress)
                measurement.run(recording, lambda: self._report("point"))
            except Stopped:
                return False
            return True

        self._begin(prepare, measure)

    def _forget(self) -> None:
        super()._forget()
        self.recording = Recording()

    def _between(self) -> None:
        if self._stop:
            raise Stopped
        self._report("progress")
