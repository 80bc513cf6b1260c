"""The gradient whose cost is measured: binary cross-entropy of a small network, by hand in numpy, float32.

Rows are made here too. Nothing in this module looks at a clock or knows a widget.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from firstepoch.widgets.errors import SettingsError

Parameters = tuple[np.ndarray, ...]
"""(w1, b1, w2, b2) with a hidden layer, (w, b) without; float32."""

BLOCK = 16_384
"""Rows made at a time."""


def parameters(inputs: int, hidden: int, seed: int = 0) -> Parameters:
    """Random weights (normal, variance 1 / inputs of the layer) and zero biases.

    Args:
        inputs: Values in a row.
        hidden: Units of the hidden layer; 0 for none (logistic regression).
        seed: Of the random weights.
    """
    rng = np.random.default_rng(seed)
    made: list[np.ndarray] = []
    sizes = [inputs, hidden, 1] if hidden else [inputs, 1]
    for fan_in, units in itertools.pairwise(sizes):
        weights = rng.standard_normal((fan_in, units), np.float32) / np.float32(np.sqrt(fan_in))
        made += [weights, np.zeros(units, np.float32)]
    return tuple(made)


def gradient_sum(parameters: Parameters, x: np.ndarray, y: np.ndarray) -> Parameters:
    """Gradient of the binary cross-entropy, summed over the rows.

    Args:
        parameters: Of a network with one hidden layer (relu) or none, and one sigmoid output.
        x: Shape (rows, inputs), float32.
        y: Targets from 0 to 1, shape (rows, 1), float32.

    Returns:
        One array for each parameter, of its shape.
    """
    *hidden, w, b = parameters
    active = np.maximum(x @ hidden[0] + hidden[1], 0) if hidden else x
    # 1 / (1 + exp(-z)) written so that it cannot overflow.
    predicted = 0.5 + 0.5 * np.tanh(0.5 * (active @ w + b))
    error = predicted - y
    last = (active.T @ error, error.sum(axis=0))
    if not hidden:
        return last
    back = (error @ w.T) * (active > 0)
    return (x.T @ back, back.sum(axis=0), *last)


def gradient(parameters: Parameters, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Gradient of the mean loss of these rows, all parameters in one vector; what SGD does with a minibatch."""
    return flat(gradient_sum(parameters, x, y)) / np.float32(len(x))


def in_chunks(parameters: Parameters, x: np.ndarray, y: np.ndarray, rows: int) -> Iterator[np.ndarray]:
    """Gradient of the sum of the losses, added up chunk by chunk of `rows`; yields the sum so far after each."""
    total = np.zeros(count(parameters), np.float32)
    for start in range(0, len(x), rows):
        total += flat(gradient_sum(parameters, x[start : start + rows], y[start : start + rows]))
        yield total


def chunk_rows(parameters: Parameters) -> int:
    """Rows whose gradient is computed at a time; 1,024 for the lecture's network.

    Few enough to stay in the processor's cache, for the linear algebra to need no second thread (which doubles the
    time where all processors are busy), and for Stop to be heard at once; so many that calls cost little.
    """
    return int(np.clip(1 << max(0, (2**19 // count(parameters)).bit_length() - 1), 256, BLOCK))


def flat(arrays: Parameters) -> np.ndarray:
    """All arrays in one vector."""
    return np.concatenate([array.ravel() for array in arrays])


def count(parameters: Parameters) -> int:
    """Number of parameters."""
    return sum(array.size for array in parameters)


class Rows:
    """Rows to measure on: standard-normal ones with targets 0 or 1 by coin, or given ones repeated.

    The first n rows are the same whatever is asked for; memory is taken for as many as were asked for.

    Args:
        inputs: Values in a row.
        most: Rows there may be.
        seed: Of the generated rows.
        given: x of shape (k, inputs) and y of shape (k, 1), repeated; None to generate.
    """

    def __init__(
        self, inputs: int, most: int, seed: int = 0, given: tuple[np.ndarray, np.ndarray] | None = None
    ) -> None:
        self._seed, self._given = seed, given
        whole = -(-most // BLOCK) * BLOCK
        self.x = np.empty((whole, inputs), np.float32)
        self.y = np.empty((whole, 1), np.float32)
        self._made = 0

    def make(self, n: int, between: Callable[[], None] = lambda: None) -> None:
        """Make the first n rows, if they are not made yet; calls `between` after each chunk."""
        while self._made < n:
            place = slice(self._made, self._made + BLOCK)
            if self._given is None:
                rng = np.random.default_rng((self._seed, self._made))
                rng.standard_normal(out=self.x[place], dtype=np.float32)
                self.y[place] = rng.integers(0, 2, (BLOCK, 1))
            else:
                which = np.arange(place.start, place.stop) % len(self._given[0])
                self.x[place], self.y[place] = self._given[0][which], self._given[1][which]
            self._made = place.stop
            between()


def check_rows(x: object, y: object) -> tuple[np.ndarray, np.ndarray]:
    """Given rows and targets as float32 arrays of shape (k, inputs) and (k, 1).

    Raises:
        SettingsError: They are no numbers, or not finite, or do not fit each other.
    """
    try:
        rows, targets = np.asarray(x, np.float64), np.asarray(y, np.float64)
    except (TypeError, ValueError) as error:
        raise SettingsError("x and y must be arrays of numbers, x of shape (rows, inputs).") from error
    if rows.ndim != 2 or 0 in rows.shape:
        raise SettingsError(f"x has shape {rows.shape}; it needs (rows, inputs), for example x.reshape(-1, 1).")
    if targets.size != len(rows) or targets.ndim not in (1, 2):
        raise SettingsError(f"x has {len(rows)} rows and y has shape {targets.shape}; give one target a row.")
    with np.errstate(over="ignore"):
        rows, targets = rows.astype(np.float32), targets.astype(np.float32)
    bad = ~np.isfinite(rows)
    if bad.any():
        row, column = (int(index[0]) for index in np.nonzero(bad))
        raise SettingsError(f"x[{row}, {column}] is {rows[row, column]}; drop or fill such values first.")
    if not np.isin(targets, (0.0, 1.0)).all():
        raise SettingsError("y must hold the targets 0 and 1: the loss is binary cross-entropy.")
    return rows, targets.reshape(-1, 1)
