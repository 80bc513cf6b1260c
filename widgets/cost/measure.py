"""Measuring: seconds of one gradient over n rows and of one minibatch, by a clock around the arithmetic alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.cost import compute
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording

SMALLEST = 1_000
"""The fewest rows measured."""

MOST_BYTES = 512 * 2**20
MOST_WORK = 4_000_000_000
"""Rows times parameters, at most: some ten seconds for one gradient on a slow machine."""

POINT_SECONDS = 0.5
"""Seconds of repetitions for each n; more if the fewest take longer."""

LONGEST_SECONDS = 6.0
"""No further repetition after so many seconds."""

FEWEST, MOST, BATCHES = 5, 51, 201
"""Repetitions of the gradient over n rows, and of one minibatch."""


class Stopped(Exception):
    """The measurement was told to stop."""


@dataclass(frozen=True)
class Settings:
    """What is measured.

    Attributes:
        inputs: Values in a row.
        hidden: Units of the hidden layer; 0 for logistic regression.
        batch_size: Rows of a minibatch.
        largest: The most rows.
        seed: Of weights, generated rows, and the choice of minibatches.
        generated: Whether the rows are generated; otherwise given ones are repeated.
    """

    inputs: int
    hidden: int
    batch_size: int
    largest: int
    seed: int = 0
    generated: bool = True

    def check(self) -> None:
        """Say in a sentence what cannot be measured.

        Raises:
            SettingsError: A setting is out of its range, or there would be too many numbers.
        """
        for name, low, high in (("largest", SMALLEST, 10**8), ("inputs", 1, 10**4), ("hidden", 0, 10**4)):
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingsError(f"{name} is {value:,}; use a whole number from {low:,} to {high:,}.")
        if not 1 <= self.batch_size <= SMALLEST:
            raise SettingsError(
                f"The batch size is {self.batch_size:,}; use a whole number from 1 to {SMALLEST:,}, the fewest rows "
                "measured."
            )
        size = self.largest * (self.inputs + 1) * 4
        if size > MOST_BYTES:
            raise SettingsError(
                f"{self.largest:,} rows of {self.inputs:,} inputs take {size / 2**20:,.0f} MiB; there may be "
                f"{MOST_BYTES // 2**20}. Try fewer rows or fewer inputs."
            )
        if self.largest * self.parameters > MOST_WORK:
            raise SettingsError(
                f"{self.largest:,} rows through {self.parameters:,} parameters would take too long. "
                "Try fewer rows or fewer units."
            )

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        return self.hidden * (self.inputs + 2) + 1 if self.hidden else self.inputs + 1

    @property
    def sizes(self) -> list[int]:
        """The numbers of rows measured: 1 and 3 times the powers of ten up to the largest, and that itself."""
        steps = [step * 10**power for power in range(3, 9) for step in (1, 3)]
        return [*(n for n in steps if n < self.largest), self.largest]

    def empty(self, guess: float | None = None) -> Recording:
        """A recording for these settings, without a frame."""
        return Recording({**asdict(self), "sizes": self.sizes, "parameters": self.parameters, "guess": guess})


@dataclass
class Progress:
    """How far a measurement is: `n` rows in hand, of them `share` done; `doing` in words."""

    n: int = 0
    share: float = 0.0
    doing: str = ""

    def tell(self, n: int, doing: str) -> None:
        """Something else has begun."""
        self.n, self.share, self.doing = n, 0.0, doing


class Measurement:
    """One measurement, from the fewest rows to the most.

    Args:
        settings: What to measure.
        given: x and y to repeat, or None to generate rows.
        between: Called often, never while the clock runs; raises `Stopped` to end the measurement.
        progress: Kept up to date.
    """

    def __init__(
        self,
        settings: Settings,
        given: tuple[np.ndarray, np.ndarray] | None,
        between: Callable[[], None],
        progress: Progress | None = None,
    ) -> None:
        self.settings, self.between = settings, between
        self._progress = progress or Progress()
        self.parameters = compute.parameters(settings.inputs, settings.hidden, settings.seed)
        self._rows = compute.Rows(settings.inputs, settings.largest, settings.seed, given)
        self._rng = np.random.default_rng(settings.seed)

    def run(self, recording: Recording, measured: Callable[[], None]) -> None:
        """Append one frame for each n, and call `measured` after each.

        Raises:
            Stopped: What `between` raised; the frames so far are whole.
        """
        self._rows.make(SMALLEST, self.between)
        self._warm_up()
        for n in self.settings.sizes:
            self._progress.tell(n, "making rows")
            self._rows.make(n, self.between)
            frame = self.point(n)
            self._progress.tell(n, "")
            recording.append(frame)
            measured()

    def gradient(self, n: int) -> np.ndarray:
        """Gradient of the mean loss of the first n rows, added up as it is when its time is measured."""
        self._rows.make(n)
        return self._timed_gradient(n)[0] / np.float32(n)

    def rows(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """The first n rows: x of shape (n, inputs) and y of shape (n, 1)."""
        self._rows.make(n)
        return self._rows.x[:n], self._rows.y[:n]

    def point(self, n: int) -> dict[str, Any]:
        """Measure one n; the rows must have been made."""
        self._progress.doing = f"batches of {self.settings.batch_size:,}"
        batch = self._repeat(BATCHES, BATCHES, (0.0, 0.1), lambda: self._timed_batch(n))
        self._progress.doing = "all rows"
        full = self._repeat(FEWEST, MOST, (0.1, 1.0), lambda: self._timed_gradient(n)[1])
        seconds, batch_seconds = float(np.median(full)), float(np.median(batch))
        return {
            "rows": n,
            "seconds": seconds,
            "fastest": min(full),
            "slowest": max(full),
            "repetitions": len(full),
            "batch_seconds": batch_seconds,
            "batch_fastest": min(batch),
            "batch_slowest": max(batch),
            "batch_repetitions": len(batch),
            "ratio": seconds / batch_seconds,
        }

    def _repeat(self, fewest: int, most: int, part: tuple[float, float], once: Callable[[], float]) -> list[float]:
        """Seconds of each repetition: as many as fit into the seconds of a point, within these bounds.

        The progress goes through this part of the point.
        """
        times: list[float] = []
        planned = fewest
        while len(times) < planned and sum(times) < LONGEST_SECONDS:
            times.append(once())
            planned = int(np.clip(POINT_SECONDS // max(times[0], 1e-9), fewest, most))
            self._progress.share = part[0] + (part[1] - part[0]) * len(times) / planned
            self.between()
        return times

    def _timed_gradient(self, n: int) -> tuple[np.ndarray, float]:
        """Sum of the gradients of n rows and the seconds of its arithmetic."""
        chunks = compute.in_chunks(
            self.parameters, self._rows.x[:n], self._rows.y[:n], compute.chunk_rows(self.parameters)
        )
        seconds, total = 0.0, np.zeros(0, np.float32)
        while True:
            start = time.perf_counter()
            after = next(chunks, None)
            seconds += time.perf_counter() - start
            if after is None:
                return total, seconds
            total = after
            self.between()

    def _timed_batch(self, n: int) -> float:
        """Seconds to choose a minibatch from n rows at random and to compute its gradient."""
        start = time.perf_counter()
        chosen = self._rng.choice(n, self.settings.batch_size, replace=False, shuffle=False)
        compute.gradient(self.parameters, self._rows.x[chosen], self._rows.y[chosen])
        return time.perf_counter() - start

    def _warm_up(self) -> None:
        """The first calls of a process load code and start threads: they are not what is measured."""
        for _ in range(3):
            self._timed_batch(SMALLEST)
            self._timed_gradient(SMALLEST)
