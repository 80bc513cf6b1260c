"""Gradient descent and SGD on the same rows from the same start, each written to a Recording. No widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording

_LOST = 1000.0
"""A loss so many times that of the start is lost: what follows is no descent."""


class Model(Protocol):
    """What is raced: a loss over rows, differentiable by its flat weights."""

    row_updates: float

    @property
    def weights(self) -> int:
        """Number of weights."""

    def start(self, seed: int) -> np.ndarray:
        """Where both methods begin."""

    def gradient(self, w: np.ndarray, rows: np.ndarray | slice = ...) -> tuple[float, np.ndarray]:
        """Mean loss over rows, and its gradient."""

    def full(self, path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Losses over all rows and their gradients along a path."""

    def row_gradients(self, w: np.ndarray, rows: np.ndarray, onto: np.ndarray) -> np.ndarray:
        """Gradients of single rows' losses, as coordinates."""


@dataclass(frozen=True)
class Plan:
    """The settings of a race, checked.

    Raises:
        SettingsError: One of them cannot be raced with.
    """

    rows: int
    batch_size: int
    learning_rate: float
    epochs: int
    shuffle: bool
    seed: int

    def __post_init__(self) -> None:
        """Refuse what cannot be raced with."""
        if not 1 <= self.batch_size <= self.rows:
            raise SettingsError(
                f"batch_size is {self.batch_size}, but there are {self.rows} rows. Use 1 to {self.rows}."
            )
        if not (np.isfinite(self.learning_rate) and self.learning_rate > 0):
            why = "it is no finite number"
            if np.isfinite(self.learning_rate):
                why = "with 0 no weight ever moves" if self.learning_rate == 0 else "steps would go uphill"
            raise SettingsError(
                f"learning_rate is {self.learning_rate:g}: {why}. Use a number above 0, for example 0.1."
            )
        if self.epochs < 1:
            raise SettingsError(f"epochs is {self.epochs}. Use a whole number from 1 on.")
        if not 0 <= self.seed < 2**32:
            raise SettingsError(f"seed is {self.seed}. Use a whole number from 0 to 2**32 - 1, for example 42.")

    @property
    def batches(self) -> int:
        """Batches in an epoch; the last one may be short."""
        return -(-self.rows // self.batch_size)

    def orders(self) -> np.ndarray:
        """The order in which each epoch deals the rows, shape (epochs, rows); a new one an epoch."""
        random = np.random.default_rng(self.seed)
        dealt = [random.permutation(self.rows) if self.shuffle else np.arange(self.rows) for _ in range(self.epochs)]
        return np.stack(dealt)

    def check_cost(self, model: Model) -> None:
        """Refuse what would be measured for minutes: every update is compared with all rows.

        Raises:
            SettingsError: Too many updates for so many rows.
        """
        updates = self.epochs * self.batches
        if updates * self.rows > model.row_updates:
            least = int(np.ceil(self.rows * self.epochs * self.rows / model.row_updates))
            advice = f"batch_size {least} or more, or fewer" if least <= self.rows else "fewer"
            raise SettingsError(
                f"That is {updates:,} updates, each compared with all {self.rows:,} rows. Use {advice} epochs or rows."
            )


def race(model: Model, plan: Plan, start: np.ndarray, settings: dict[str, Any]) -> tuple[Recording, Recording]:
    """Both methods on the same rows, in the same order.

    Returns:
        Gradient descent and SGD. A frame is the state after as many updates: `w`, the `loss` over all rows and its
        `full_gradient` there; and the batch that is used next: its `rows` (padded with -1), `batch_loss`, `gradient`.
        In the last frame no batch is left. A method that diverges ends with the first frame whose loss is more than a
        thousand times that of the start, or before the first that is no number.
    """
    orders = plan.orders()
    return (
        _descend(model, plan, start, orders, plan.rows, settings | {"method": "gradient descent"}),
        _descend(model, plan, start, orders, plan.batch_size, settings | {"method": "stochastic gradient descent"}),
    )


def batches(order: np.ndarray, size: int) -> list[np.ndarray]:
    """The rows of an epoch cut into batches, in the order dealt."""
    return [order[at : at + size] for at in range(0, len(order), size)]


def _descend(
    model: Model, plan: Plan, start: np.ndarray, orders: np.ndarray, size: int, settings: dict[str, Any]
) -> Recording:
    dealt = [batch for order in orders for batch in batches(order, size)]
    w = np.empty((len(dealt) + 1, len(start)))
    gradient = np.zeros_like(w)
    batch_loss = np.empty(len(w))
    w[0] = start
    with np.errstate(over="ignore", invalid="ignore"):
        for update, batch in enumerate(dealt):
            # The same rows give the same last digit in whatever order they are dealt.
            batch_loss[update], gradient[update] = model.gradient(w[update], np.sort(batch))
            w[update + 1] = w[update] - plan.learning_rate * gradient[update]
            if not (np.isfinite(w[update + 1]).all() and np.isfinite(batch_loss[update])):
                w = w[: update + 1]
                break
        loss, full = model.full(w)
    if not (np.isfinite(loss[0]) and np.isfinite(full[0]).all() and np.isfinite(gradient[0]).all()):
        raise SettingsError("The loss is no finite number at the start. Give a start nearer to 0, or smaller inputs.")
    finite = np.isfinite(loss) & np.isfinite(full).all(axis=1) & np.isfinite(gradient[: len(w)]).all(axis=1)
    lost = np.flatnonzero(~finite | (loss > _limit(loss)))
    frames = int(lost[0]) + int(finite[lost[0]]) if len(lost) else len(w)
    padded = np.full((frames, size), -1, np.int32)
    for frame, batch in enumerate(dealt[: frames - 1]):
        padded[frame, : len(batch)] = batch
    gradient, batch_loss = gradient[:frames].copy(), batch_loss[:frames].copy()
    gradient[-1], batch_loss[-1] = 0, loss[frames - 1]
    per_epoch = -(-plan.rows // size)
    number = np.arange(frames)
    recording = Recording(settings)
    recording.extend(
        {
            "w": w[:frames],
            "loss": loss[:frames],
            "rows": padded,
            "gradient": gradient,
            "full_gradient": full[:frames],
            "batch_loss": batch_loss,
            "epoch": np.minimum(number // per_epoch, max(0, (frames - 2) // per_epoch)).astype(np.int32),
        }
    )
    return recording


def diverged(recording: Recording, updates: int) -> int | None:
    """The update (from 1) that lost the way; None where there was none."""
    loss = recording["loss"]
    if loss[-1] > _limit(loss):
        return len(recording) - 1
    return None if len(recording) == updates + 1 else len(recording)


def _limit(loss: np.ndarray) -> float:
    return _LOST * max(1.0, float(loss[0]))


def processed(recording: Recording) -> np.ndarray:
    """Rows processed by each frame, shape (frames,)."""
    counts = (recording["rows"] >= 0).sum(axis=1)
    return np.concatenate([[0], np.cumsum(counts[:-1])]).astype(np.int64)


def reached(recording: Recording, loss: float) -> int | None:
    """Rows processed by the first frame whose loss over all rows is `loss` or less; None if there is none."""
    fine = np.flatnonzero(recording["loss"] <= loss)
    return int(processed(recording)[fine[0]]) if len(fine) else None
