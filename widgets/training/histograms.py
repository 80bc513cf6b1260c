"""Histograms: how weights, biases and outputs of each layer are spread, epoch by epoch. It knows no widget."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.network.compute import through
from firstepoch.widgets.training.bins import Bins
from firstepoch.widgets.training.run import MAX_RECORDED_WEIGHTS, Run

MAX_EPOCHS = 1000
"""Epochs of one run that are counted; of a longer run every second one is, or every fourth, ..., and its last."""
MAX_ROWS = 1000
"""Rows whose outputs are counted; of more rows so many are taken, evenly spaced."""
_CHUNK = 400_000
"""Values counted in one go."""


@dataclass(frozen=True, eq=False)
class Histogram:
    """How one quantity of one layer is spread, at each of the epochs counted.

    Attributes:
        layer: "hidden layer 1", ..., or "output layer".
        name: Keras's name of the layer.
        kind: "weights", "biases" or "activations" (outputs of its units for the training rows, Dropout off).
        units: Units of the layer.
        activation: What the layer applies to its weighted sums, in words.
        epochs: The epochs counted, from 0, shape (n,).
        edges: Of the bins, the same for all epochs, shape (bins + 1,); a bin holds its lower edge, not its upper.
        counts: Values in each bin, shape (n, bins).
        low, high, mean, std: Of the finite values, shape (n,); NaN where there are none.
        nonfinite: Values that are NaN or infinite and in no bin, shape (n,).
        zeros: Values that are exactly 0, shape (n,).
        dead: Units whose output is 0 for all rows, shape (n,); None where the layer does not end in a ReLU.
    """

    layer: str
    name: str
    kind: str
    units: int
    activation: str
    epochs: np.ndarray
    edges: np.ndarray
    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    nonfinite: np.ndarray
    zeros: np.ndarray
    dead: np.ndarray | None

    @property
    def values(self) -> int:
        """Values there are at each epoch."""
        return int(self.counts[0].sum() + self.nonfinite[0]) if len(self.epochs) else 0


def histograms(run: Run | None, x_train: np.ndarray) -> list[Histogram]:
    """All histograms of a run, up to the epoch it is at.

    Args:
        run: The run.
        x_train: All training rows, those kept for validation last.

    Returns:
        Of each layer with weights those of its weights, its biases (if it has any) and its activations.

    Raises:
        ValueError: There is nothing to count; the sentence says why.
    """
    why = missing(run)
    if run is None or why:
        raise ValueError(why)
    collector = Collector(run, x_train)
    while collector.advance():
        pass
    return collector.histograms()


def missing(run: Run | None) -> str:
    """Why there is no histogram of this run, in one or two sentences; empty if there is."""
    if run is None or not len(run.recording):
        return "There are no weights yet: train first."
    if "weights" not in run.recording:
        return (
            f"The weights of this run were not recorded: {run.parameters:,} parameters × {run.settings.epochs} epochs "
            f"are more than {MAX_RECORDED_WEIGHTS:,} numbers. Try fewer epochs, or fewer units."
        )
    if run.plan is None:
        return (
            "This model is no plain chain of Dense layers, so its weights are not told apart by layer. "
            "Try a model that is one."
        )
    return ""


def sampled_rows(x_train: np.ndarray, training_rows: int) -> np.ndarray:
    """The rows whose outputs are counted: the rows trained on, or MAX_ROWS of them, evenly spaced.

    Args:
        x_train: All training rows, those kept for validation last.
        training_rows: How many are trained on.

    Returns:
        float32, shape (rows, inputs).
    """
    count = min(training_rows, MAX_ROWS)
    chosen = np.linspace(0, training_rows - 1, count).round().astype(int)
    return np.asarray(x_train[chosen], np.float32).reshape(count, -1)


def stride(epochs: int) -> int:
    """Every how many epochs one is counted: the smallest power of two that leaves at most MAX_EPOCHS."""
    return 1 << max(0, math.ceil(math.log2(epochs / MAX_EPOCHS))) if epochs else 1


@dataclass(eq=False)
class _Part:
    """One quantity of one layer of the plan."""

    number: int
    kind: str
    relu: bool
    bins: Bins


def _ends_in_relu(layer: dict[str, Any]) -> bool:
    return bool(layer["steps"]) and layer["steps"][-1].get("name") == "relu" and not layer["steps"][-1]["args"]


class Collector:
    """Counts the epochs of one run, a chunk at a time.

    Args:
        run: A run that `missing` finds nothing wrong with.
        x_train: All training rows.

    Attributes:
        epochs: Those counted.
        every: One epoch in so many is counted.
        rows: Of how many rows the outputs are counted.
        run: The run.
        layout: Rises whenever the bins or the epochs counted before have changed.
    """

    def __init__(self, run: Run, x_train: np.ndarray) -> None:
        assert run.plan is not None
        self.run = run
        self._plan = run.plan
        self._inputs = sampled_rows(x_train, run.training_rows)
        self.rows = len(self._inputs)
        self.epochs: list[int] = []
        self.every = 1
        self.layout = 0
        self._finished = False
        self._parts = [
            _Part(number, kind, kind == "activations" and _ends_in_relu(layer), Bins())
            for number, layer in enumerate(self._plan["layers"][1:], 1)
            for kind in ("weights", "biases", "activations")
            if kind != "biases" or layer["bias"] >= 0
        ]
        units = sum(layer["units"] for layer in self._plan["layers"])
        self._at_once = max(1, _CHUNK // (self._plan["total"] + self.rows * units))

    @property
    def total(self) -> int:
        """How many epochs are counted once all that are recorded are."""
        recorded = len(self.run.recording)
        every = stride(recorded)
        return -(-recorded // every) + bool(self.run.outcome and (recorded - 1) % every)

    def advance(self) -> bool:
        """Count the next chunk.

        Returns:
            False if there was nothing left to count.
        """
        if self._finished:
            return False
        recorded = len(self.run.recording)
        ended = bool(self.run.outcome)
        self._thin(stride(recorded))
        start = self.epochs[-1] + self.every if self.epochs else 0
        chunk = list(range(start, recorded, self.every))[: self._at_once]
        if not chunk and ended and self.epochs[-1] != recorded - 1:
            chunk = [recorded - 1]
        if chunk:
            self._count(chunk, slack=not ended)
        if ended and self.epochs[-1] == recorded - 1:
            self.layout += sum(part.bins.trim() for part in self._parts)
            self._finished = True
        return bool(chunk) or self._finished

    def histograms(self) -> list[Histogram]:
        """All that is counted so far: of each layer the weights, the biases, the activations."""
        return [self._histogram(part) for part in self._parts]

    def _histogram(self, part: _Part) -> Histogram:
        layer, last = self._plan["layers"][part.number], len(self._plan["layers"]) - 1
        low, high, mean, std, nonfinite, zeros, dead = part.bins.facts.T
        return Histogram(
            layer="output layer" if part.number == last else f"hidden layer {part.number}",
            name=layer["name"],
            kind=part.kind,
            units=layer["units"],
            activation=layer["activation"],
            epochs=np.array(self.epochs, np.int32),
            edges=part.bins.edges,
            counts=part.bins.counts,
            low=low,
            high=high,
            mean=mean,
            std=std,
            nonfinite=nonfinite.astype(int),
            zeros=zeros.astype(int),
            dead=dead.astype(int) if part.relu else None,
        )

    def _thin(self, every: int) -> None:
        if every > self.every and self.epochs:
            kept = np.array([epoch % every == 0 for epoch in self.epochs])
            self.epochs = [epoch for epoch in self.epochs if epoch % every == 0]
            for part in self._parts:
                part.bins.thin(kept)
            self.layout += 1
        self.every = max(every, self.every)

    def _count(self, chunk: list[int], slack: bool) -> None:
        weights = self.run.recording["weights"][chunk]
        outputs = [output for _, output in through(weights, self._plan, self._inputs)]
        layers = self._plan["layers"]
        moved = False
        for part in self._parts:
            layer, dead = layers[part.number], None
            if part.kind == "activations":
                values = outputs[part.number].reshape(len(chunk), -1)
                if part.relu:
                    dead = np.sum(outputs[part.number].max(axis=1) <= 0, axis=1)
            else:
                start = layer["kernel"] if part.kind == "weights" else layer["bias"]
                size = layer["units"] * (layers[part.number - 1]["units"] if part.kind == "weights" else 1)
                values = weights[:, start : start + size]
            moved |= part.bins.add(values, dead, slack)
        self.epochs += chunk
        self.layout += moved
