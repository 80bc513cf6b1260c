"""The learning rate from epoch to epoch: schedules by name, as Keras's callbacks, as Keras code, in numbers.

A schedule is a callback, not a `keras.optimizers.schedules` object inside the optimizer: so it goes with whatever
optimizer a builder made, and Keras itself logs the rate of every epoch beside the loss.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.training.values import is_number, is_whole

if TYPE_CHECKING:
    from firstepoch.widgets.training.settings import Settings

CONSTANT, PLATEAU = "constant", "reduce on plateau"
SCHEDULES = (CONSTANT, "exponential", "cosine", "piecewise", PLATEAU)
"""The names are those of OptimizerRace, where a schedule runs from step to step and not from epoch to epoch."""
PLATEAU_MIN_DELTA = 1e-4
"""Keras's own: what `monitor` must improve by to count."""


def schedule_problems(s: Settings) -> Iterator[str]:
    """What makes the schedule unfit, a sentence each."""
    if s.schedule not in SCHEDULES:
        yield f"There is no schedule {s.schedule!r}. There are: {', '.join(SCHEDULES)}."
    if not (is_number(s.schedule_factor) and 0 < s.schedule_factor < 1):
        yield f"The factor of the schedule is above 0 and below 1; it is {s.schedule_factor}. Try 0.1."
    if s.schedule_patience is not None and not (is_whole(s.schedule_patience) and s.schedule_patience >= 1):
        yield f"The patience of the schedule is 1 epoch or more; it is {s.schedule_patience}. Try 10."
    if s.schedule == PLATEAU and s.monitor.startswith("val_") and s.validation_split == 0:
        yield (
            f"The schedule watches {s.monitor}, but validation_split is 0, so nothing is kept out for validation. "
            "Try validation_split 0.2, or monitor loss."
        )


def patience_of(s: Settings) -> int:
    """Epochs without improvement before the rate falls: as set, or a thirtieth of all epochs, but 2 at least."""
    return max(2, s.epochs // 30) if s.schedule_patience is None else s.schedule_patience


def rate_of(s: Settings, first: float, epoch: int) -> float:
    """The learning rate of an epoch.

    Args:
        s: Their schedule is "exponential", "cosine" or "piecewise"; those end near `first * schedule_factor`.
        first: The rate of the first epoch.
        epoch: Counted from 0.

    Returns:
        What `ExponentialDecay`, `CosineDecay` and `PiecewiseConstantDecay` of `keras.optimizers.schedules` give for
        this epoch as their step.
    """
    factor, epochs = s.schedule_factor, s.epochs
    if s.schedule == "exponential":
        return float(first * factor ** (epoch / epochs))
    if s.schedule == "cosine":
        return float(first * (factor + (1 - factor) * (1 + np.cos(np.pi * epoch / epochs)) / 2))
    one, two = _pieces(epochs)
    return float(first * factor ** (((epoch >= one) + (epoch >= two)) / 2))


def _pieces(epochs: int) -> tuple[int, int]:
    """The epochs (from 0) at which the second and the third piece begin."""
    return max(1, epochs // 3), max(2, 2 * epochs // 3)


def learning_rate(model: Any) -> float:
    """The optimizer's learning rate at this moment, as the shortest number that is the same in float32."""
    return float(str(np.float32(np.asarray(model.optimizer.learning_rate))))


def callbacks(s: Settings, model: Any) -> list[Any]:
    """The Keras callback of the schedule, in a list; none for a constant rate.

    Args:
        s: The settings of the run.
        model: The compiled model, not yet trained.

    Raises:
        SettingsError: The model's optimizer has a schedule of its own.
    """
    if s.schedule == CONSTANT:
        return []
    import keras

    if isinstance(getattr(model.optimizer, "_learning_rate", None), keras.optimizers.schedules.LearningRateSchedule):
        raise SettingsError(
            "The optimizer of this model has a learning-rate schedule of its own. Set schedule to constant, or give "
            "the optimizer a number as its learning rate."
        )
    if s.schedule == PLATEAU:
        return [keras.callbacks.ReduceLROnPlateau(monitor=s.monitor, factor=s.schedule_factor, patience=patience_of(s))]
    first = learning_rate(model)
    return [keras.callbacks.LearningRateScheduler(lambda epoch, _: rate_of(s, first, epoch))]


def code_lines(s: Settings, first: float) -> list[str]:
    """Python that makes the same callback, as `schedule`; no lines for a constant rate."""
    if s.schedule == CONSTANT:
        return []
    factor, epochs = s.schedule_factor, s.epochs
    if s.schedule == PLATEAU:
        return [
            "schedule = keras.callbacks.ReduceLROnPlateau(",
            f"    monitor={json.dumps(s.monitor)},",
            f"    factor={factor},",
            f"    patience={patience_of(s)},",
            ")",
        ]
    one, two = _pieces(epochs)
    share = {
        "exponential": f"{factor} ** (epoch / {epochs})",
        "cosine": f"({factor} + (1 - {factor}) * (1 + np.cos(np.pi * epoch / {epochs})) / 2)",
        "piecewise": f"{factor} ** (((epoch >= {one}) + (epoch >= {two})) / 2)",
    }[s.schedule]
    return [f"schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: {first} * {share})"]


def words(s: Settings, first: float | None) -> str:
    """What the schedule comes to, in a sentence with its numbers.

    Args:
        s: Settings that can be trained with.
        first: The rate of the first epoch; None where only the model knows it.
    """

    def told(rate: float) -> str:
        if first is None:
            return "the model's own rate" if rate == 1 else f"{100 * rate:.3g} % of it"
        return f"{first * rate:.3g}"

    if s.schedule == CONSTANT:
        return f"{told(1)} in every epoch."
    if s.schedule == PLATEAU:
        falls = ", then ".join(told(s.schedule_factor**times) for times in (1, 2))
        return (
            f"{told(1)} at first; times {s.schedule_factor:g} whenever {s.monitor} has not improved by "
            f"{PLATEAU_MIN_DELTA:g} for {patience_of(s)} epochs: {falls}, and so on."
        )
    if s.schedule == "piecewise":
        one, two = _pieces(s.epochs)
        return (
            f"{told(1)} up to epoch {one}, {told(rate_of(s, 1.0, one))} up to epoch {two}, then "
            f"{told(rate_of(s, 1.0, two))}."
        )
    last = s.epochs - 1
    shown = ", ".join(f"{told(rate_of(s, 1.0, at))} in epoch {at + 1}" for at in sorted({0, s.epochs // 2, last}))
    if s.schedule == "exponential":
        return f"{shown}: times {s.schedule_factor ** (1 / s.epochs):.4g} from one epoch to the next."
    return f"{shown}: it falls slowly at first, fastest in the middle, slowly at the end, like half a cosine wave."


def in_words(s: Settings) -> str:
    """The schedule in a few words, for the table of runs."""
    if s.schedule == PLATEAU:
        return f"{s.schedule} × {s.schedule_factor:g} after {patience_of(s)}"
    return f"{s.schedule} to {100 * s.schedule_factor:g} %"
