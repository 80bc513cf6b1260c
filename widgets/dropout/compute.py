"""Batch by batch through the real network with a new mask each time, written to a Recording. No widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.dropout.net import Drop, Network
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording

MOST_BATCHES = 1000
MOST_CELLS = 20_000_000
"""Mask values of a run, one for each unit of each row of each batch."""


@dataclass(frozen=True)
class Plan:
    """The settings of a run, checked.

    Raises:
        SettingsError: One of them cannot be worked with.
    """

    rate: float
    batch_size: int
    batches: int
    seed: int
    training: bool
    row: int
    rows: int
    """Rows there are to take a batch from."""

    def __post_init__(self) -> None:
        """Refuse what cannot be worked with."""
        if not np.isfinite(self.rate):
            raise SettingsError(f"rate is {self.rate:g}: it is no finite number. Use 0 to below 1, for example 0.5.")
        if self.rate < 0:
            raise SettingsError(f"rate is {self.rate:g}; it is the share dropped. Use 0 to below 1, for example 0.5.")
        if self.rate >= 1:
            why = "no unit would be left to scale up" if self.rate == 1 else "no more than all units can be dropped"
            raise SettingsError(f"rate is {self.rate:g}: {why}. Use 0 to below 1, for example 0.5.")
        if not 1 <= self.batch_size <= self.rows:
            raise SettingsError(
                f"batch_size is {self.batch_size:,}, but there are {self.rows:,} rows. Use 1 to {self.rows:,}."
            )
        if not 1 <= self.batches <= MOST_BATCHES:
            raise SettingsError(f"batches is {self.batches:,}. Use 1 to {MOST_BATCHES:,}.")
        if not 0 <= self.seed < 2**32:
            raise SettingsError(f"seed is {self.seed}. Use a whole number from 0 to 2**32 - 1, for example 42.")
        if not 0 <= self.row < self.batch_size:
            raise SettingsError(
                f"There is no row {self.row} in a batch of {self.batch_size:,}. Use 0 to {self.batch_size - 1:,}."
            )

    @property
    def scale(self) -> float:
        """What survivors are multiplied by: 1 / (1 - rate) in training, 1 at inference."""
        return 1 / (1 - self.rate) if self.training else 1.0

    def check_size(self, units: int) -> None:
        """Refuse what would take too much memory.

        Raises:
            SettingsError: Too many mask values.
        """
        cells = self.batches * self.batch_size * units
        if cells > MOST_CELLS:
            fewer = max(1, MOST_CELLS // (self.batch_size * units))
            raise SettingsError(
                f"{self.batches:,} batches of {self.batch_size:,} rows with {units:,} units are {cells:,} mask values, "
                f"more than {MOST_CELLS:,}. Use {fewer:,} batches, or a smaller batch_size."
            )


@dataclass(frozen=True)
class Run:
    """What a run did.

    Attributes:
        recording: Frame by frame; see `DropoutView.recording`.
        raw: For each layer of units (the inputs, then each Dense), what it gave for the row before its Dropout, float32
            of shape (batches, units).
        values: The same after its Dropout.
        dropped: Where it was dropped, bool.
    """

    recording: Recording
    raw: list[np.ndarray]
    values: list[np.ndarray]
    dropped: list[np.ndarray]


def run(net: Network, drop: Drop, x: np.ndarray, plan: Plan, settings: dict[str, Any]) -> Run:
    """Put the same rows through the network once for each batch; the weights stand still, so only the masks change.

    Args:
        net: The network.
        drop: The Dropout layer that is shown.
        x: The rows of the batch, shape (batch_size, inputs).
        plan: The settings.
        settings: What the recording says produced it.

    Raises:
        SettingsError: The run is too large, or the network's values are no finite numbers.
    """
    units = int(drop.layer.input.shape[-1])
    plan.check_size(units)
    net.reset(plan.seed, drop, plan.rate)
    one = np.int32(plan.row)
    at_rest = net.passes(drop, len(x), training=False)(x, one)
    if not all(np.isfinite(value).all() for value in at_rest.values):
        raise SettingsError("The network's values for this row are no finite numbers. Look at its weights.")
    batch = net.passes(drop, len(x), plan.training)
    passes = [batch(x, one) for _ in range(plan.batches)]
    before, after, output = (
        np.stack([getattr(done, name) for done in passes]) for name in ("before", "after", "output")
    )
    raw, values = (
        [np.stack(parts) for parts in zip(*(getattr(done, name) for done in passes), strict=True)]
        for name in ("raw", "values")
    )
    gone = np.zeros((plan.batches, len(x), units), bool)
    dropped = [np.zeros(part.shape, bool) for part in raw]
    for frame, done in enumerate(passes):
        for other in net.drops:
            mask = done.gone.get(other.layer.name)
            if mask is None:
                continue
            if other is drop:
                gone[frame] = mask
                mask = mask[plan.row]
            dropped[other.block][frame] |= mask
    recording = Recording(settings)
    recording.extend(
        {
            "mask": ~gone,
            "before": before,
            "after": after,
            "scale": np.full(plan.batches, plan.scale),
            "dropped": gone[:, plan.row].sum(axis=1).astype(np.int32),
            "share": np.cumsum(gone.sum(axis=(1, 2))) / (len(x) * units * _counts(plan.batches)),
            "distinct": _distinct(gone),
            **_averages(before, after, at_rest.before, plan),
            **_output_averages(output, at_rest.output),
        }
    )
    return Run(recording, raw, values, dropped)


def _counts(batches: int) -> np.ndarray:
    return np.arange(1, batches + 1)


def _averages(before: np.ndarray, after: np.ndarray, expected: np.ndarray, plan: Plan) -> dict[str, np.ndarray]:
    """Running means over the masks so far.

    A kept unit gives h / (1 - rate), a dropped one 0: the mean is h and the variance h**2 * rate / (1 - rate). The
    mean of n masks has the root of that over n as its standard error.
    """
    count = _counts(plan.batches)[:, None]
    odds = plan.rate / (1 - plan.rate) if plan.training else 0.0
    spread = np.cumsum(before.astype(np.float64) ** 2 * odds, axis=0)
    return {
        "mean": np.cumsum(after, axis=0, dtype=np.float64) / count,
        "error": np.sqrt(spread) / count,
        "expected": np.repeat(expected[None], plan.batches, axis=0),
    }


def _output_averages(output: np.ndarray, expected: np.ndarray) -> dict[str, np.ndarray]:
    """The same of the network's output; its standard error is that of the sample, which takes two masks."""
    count = _counts(len(output))[:, None]
    offset = output.astype(np.float64) - output[0]
    mean = np.cumsum(offset, axis=0) / count
    squares = np.cumsum(offset**2, axis=0) - count * mean**2
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(np.maximum(squares, 0) / (count - 1) / count)
    return {
        "output": output,
        "output_mean": mean + output[0],
        "output_error": error,
        "output_expected": np.repeat(expected[None], len(output), axis=0),
    }


def _distinct(gone: np.ndarray) -> np.ndarray:
    """How many different masks had been seen after each batch, in any of its rows."""
    batches, rows, _ = gone.shape
    packed = np.ascontiguousarray(np.packbits(gone, axis=2)).reshape(batches * rows, -1)
    seen = np.unique(packed.view(np.dtype((np.void, packed.shape[1]))).ravel(), return_index=True)[1]
    return np.searchsorted(np.sort(seen), _counts(batches) * rows).astype(np.int32)
