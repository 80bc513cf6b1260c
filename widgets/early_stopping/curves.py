"""The numbers that are explored: taken from a Recording, a training widget, a Keras History or a dict. No widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording

MOST_EPOCHS = 10_000
_NO_METRIC = ("epoch", "seconds", "best_epoch", "wait", "learning_rate", "lr")
"""Arrays a recording of a training has beside what can be monitored."""
_GIVE = "Give live.recording of a LiveTraining, the History that model.fit returned, or a dict such as {example}."
_EXAMPLE = '{"val_loss": [0.7, 0.5, 0.6]}'
_HELP = _GIVE.format(example=_EXAMPLE)


@dataclass(frozen=True)
class Curves:
    """The recorded epochs.

    Attributes:
        values: For each name, one number an epoch, float64 of shape (epochs,).
        first: Number of the first epoch, from 0.
        settings: What the run was made with, where that is known.
    """

    values: dict[str, np.ndarray]
    first: int
    settings: dict[str, Any]

    def __len__(self) -> int:
        return len(next(iter(self.values.values())))

    @property
    def names(self) -> tuple[str, ...]:
        """What can be monitored, validation first."""
        return tuple(sorted(self.values, key=lambda name: not name.startswith("val_")))

    def twin(self, name: str) -> str | None:
        """The same quantity of the other rows: "loss" for "val_loss"; None if it was not recorded."""
        other = name.removeprefix("val_") if name.startswith("val_") else f"val_{name}"
        return other if other in self.values else None


def take(given: Any) -> Curves:
    """The curves of anything that holds some.

    Args:
        given: A Recording with one frame an epoch, an object with such a `recording` (LiveTraining), a Keras History,
            or a mapping from name to one number an epoch.

    Raises:
        SettingsError: There is nothing to monitor in it; the message says why.
    """
    recording = getattr(given, "recording", None)
    settings: dict[str, Any] = {}
    if isinstance(recording, Recording):
        given = recording
    if isinstance(given, Recording):
        settings = dict(given.settings)
        arrays = {name: given[name] for name in given if name not in _NO_METRIC or name == "epoch"}
        # The weights and the losses of the batches are no curves.
        found = {name: array for name, array in arrays.items() if array.ndim == 1}
    else:
        held = getattr(given, "history", given)
        if not isinstance(held, Mapping):
            raise SettingsError(f"recording is a {type(given).__name__}, which holds no curves. {_HELP}")
        found = {str(name): _numbers(str(name), values) for name, values in held.items() if name not in _NO_METRIC[1:]}
        epochs = getattr(given, "epoch", None)
        if isinstance(epochs, list | tuple) and held is not given:
            found["epoch"] = _numbers("epoch", epochs)
    numbers = found.pop("epoch", None)
    if not found:
        raise SettingsError(f"recording has nothing to monitor: no array with one number an epoch. {_HELP}")
    _check_lengths({**found, **({} if numbers is None else {"epoch": numbers})})
    return Curves({name: np.array(array, np.float64) for name, array in found.items()}, _first(numbers), settings)


def _numbers(name: str, values: Any) -> np.ndarray:
    try:
        array = np.asarray(values)
        if array.dtype.kind == "O":
            array = array.astype(np.float64)
    except (TypeError, ValueError):
        array = np.array("no numbers")
    if array.dtype.kind not in "biuf" or array.ndim != 1:
        what = f"has shape {array.shape}" if array.dtype.kind in "biuf" else "does not hold numbers only"
        raise SettingsError(f"{name} {what}; give one number an epoch, for example {_EXAMPLE}.")
    return array


def _check_lengths(arrays: dict[str, np.ndarray]) -> None:
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise SettingsError(
            f"The curves differ in their number of epochs: {told}. Each needs one number an epoch; with model.fit, "
            "validation_freq must be 1."
        )
    epochs = next(iter(lengths.values()))
    if epochs == 0:
        raise SettingsError("recording is empty: no epoch has been trained. Train first, for example live.train().")
    if epochs > MOST_EPOCHS:
        raise SettingsError(f"recording has {epochs:,} epochs; at most {MOST_EPOCHS:,} can be shown. Give the first.")


def _first(numbers: np.ndarray | None) -> int:
    if numbers is None:
        return 0
    counted = np.arange(len(numbers)) + numbers[0]
    if numbers[0] < 0 or numbers[0] != int(numbers[0]) or not np.array_equal(numbers, counted):
        raise SettingsError("epoch must count on by one, from 0 or from the initial_epoch of model.fit.")
    return int(numbers[0])
