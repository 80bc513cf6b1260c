"""The settings of one training, and what makes them or the data unfit. No Keras and no widget here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from types import SimpleNamespace
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.training.layers import LAYER_SETTINGS, layer_problems
from firstepoch.widgets.training.outputs import TASKS, task_of
from firstepoch.widgets.training.schedule import PLATEAU, schedule_problems
from firstepoch.widgets.training.values import LARGEST, is_number, is_whole

DEFAULT_RATES = {
    "adam": 0.001,
    "sgd": 0.01,
    "rmsprop": 0.001,
    "adamw": 0.001,
    "nadam": 0.001,
    "adamax": 0.001,
    "adagrad": 0.001,
    "adadelta": 0.001,
}
"""The optimizers offered, and the learning rate Keras gives each when none is set."""
_FACTS = (
    *("code", "source_columns", "task", "class_note", "row_name", "columns", "notes"),
    *("target_name", "target_mean", "target_std"),
)
MODEL_SETTINGS = ("units", *LAYER_SETTINGS, "optimizer", "learning_rate")
"""The settings that are handed to the function that builds the model."""


@dataclass(frozen=True)
class Settings:
    """What one training is made with; the same names and meanings as in Keras.

    Attributes:
        units: Units of each hidden layer; an empty tuple is a model without hidden layers.
        activation: Keras name of the activation: for all hidden layers or one for each.
        dropout: Share of outputs dropped while training, in [0, 1): for all hidden layers or one for each.
        batch_normalization: Whether sums are normalised before the activation: for all hidden layers or for each.
        l2: What the loss adds for the sum of squared weights, from 0: for all hidden layers or one for each.
        optimizer: Keras name of the optimizer.
        learning_rate: Step size of the optimizer, at first; None for the optimizer's own default.
        schedule: How the learning rate goes on, one of `SCHEDULES`.
        schedule_factor: Share of the rate left at the end, or, on a plateau, what it is multiplied by; in (0, 1).
        schedule_patience: Epochs without a better `monitor` before the rate is reduced, from 1; None for a
            thirtieth of all epochs.
        batch_size: Rows for each update.
        epochs: Passes through the training rows, at most.
        validation_split: Share of the training rows kept out for validation (the last ones), in [0, 1).
        early_stopping: Whether to stop when `monitor` no longer improves.
        patience: Epochs without improvement before stopping.
        min_delta: The least change of `monitor` that counts as an improvement.
        monitor: The quantity early stopping watches, and the schedule that reduces the rate on a plateau.
        restore_best_weights: Whether stopping brings back the weights of the best epoch.
        seed: Seed of the initial weights, the order of the rows, and dropout.
    """

    units: tuple[int, ...] = (16,)
    activation: str | tuple[str, ...] = "relu"
    dropout: float | tuple[float, ...] = 0.0
    batch_normalization: bool | tuple[bool, ...] = False
    l2: float | tuple[float, ...] = 0.0
    optimizer: str = "adam"
    learning_rate: float | None = None
    schedule: str = "constant"
    schedule_factor: float = 0.1
    schedule_patience: int | None = None
    batch_size: int = 32
    epochs: int = 300
    validation_split: float = 0.2
    early_stopping: bool = False
    patience: int = 15
    min_delta: float = 0.0
    monitor: str = "val_loss"
    restore_best_weights: bool = True
    seed: int = 42

    def __post_init__(self) -> None:
        for name in ("units", *LAYER_SETTINGS):
            if isinstance(getattr(self, name), list):
                object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def watcher(self) -> str:
        """Who watches `monitor`, at the beginning of a sentence; empty if nobody does."""
        return "Early stopping" if self.early_stopping else "The schedule" if self.schedule == PLATEAU else ""

    def to_json(self) -> dict[str, Any]:
        """The settings as plain numbers, text and lists."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def for_model(self, accepted: Sequence[str]) -> dict[str, Any]:
        """Those of the model's settings that its builder accepts."""
        return {name: getattr(self, name) for name in MODEL_SETTINGS if name in accepted}

    def changed_from(self, other: Settings) -> list[str]:
        """Names of the settings that differ."""
        return [field.name for field in fields(self) if getattr(self, field.name) != getattr(other, field.name)]

    def split_rows(self, rows: int) -> tuple[int, int]:
        """How many of `rows` train and how many validate; Keras takes the floor."""
        training = math.floor(rows * (1 - self.validation_split))
        return training, rows - training


def problem(settings: Settings, rows: int) -> str | None:
    """The first thing that makes these settings unfit, as one sentence; None if they are fit.

    Args:
        settings: The settings.
        rows: Number of training rows before validation rows are taken from them.
    """
    return next(filter(None, _problems(settings, rows)), None)


def _problems(s: Settings, rows: int) -> list[str | None]:
    split = s.validation_split
    training, validation = s.split_rows(rows) if is_number(split) and 0 <= split < 1 else (0, 0)
    return [
        *layer_problems(s),
        _when(
            s.learning_rate is not None and not (is_number(s.learning_rate) and 0 < s.learning_rate < LARGEST),
            f"The learning rate must be above 0 and below {LARGEST:g}; it is {s.learning_rate}. Try 0.001.",
        ),
        _when(
            not (is_whole(s.epochs) and s.epochs >= 1),
            f"Training needs 1 epoch or more; epochs is {s.epochs}. Try 300.",
        ),
        _when(
            not (is_number(s.validation_split) and 0 <= s.validation_split < 1),
            f"validation_split is a share from 0 to below 1; it is {s.validation_split}. Try 0.2.",
        ),
        _when(
            training < 1 or (validation < 1 and s.validation_split != 0),
            f"validation_split {s.validation_split} of {rows} rows leaves {training} to train on and "
            f"{validation} to validate with. Try 0.2.",
        ),
        _when(
            not (is_whole(s.batch_size) and s.batch_size >= 1),
            f"A batch holds 1 row or more; batch_size is {s.batch_size}. Try 32.",
        ),
        _when(
            is_whole(s.batch_size) and s.batch_size > training,
            f"batch_size {s.batch_size} is larger than the {training} training rows. "
            f"Try {min(32, training)}, or {training} for gradient descent on all rows at once.",
        ),
        _when(
            s.early_stopping and s.monitor.startswith("val_") and s.validation_split == 0,
            f"Early stopping watches {s.monitor}, but validation_split is 0, so nothing is kept out for "
            f"validation. Try validation_split 0.2, or monitor loss.",
        ),
        *schedule_problems(s),
        _when(
            not (is_whole(s.patience) and s.patience >= 0),
            f"Patience is a number of epochs, 0 or more; it is {s.patience}. Try 15.",
        ),
        _when(
            not (is_number(s.min_delta) and 0 <= s.min_delta < LARGEST),
            f"min_delta must be 0 or more, and a number of the loss's own size; it is {s.min_delta}. Try 0.",
        ),
        _when(
            not (is_whole(s.seed) and 0 <= s.seed < 2**32),
            f"The seed is a whole number from 0 to 4294967295; it is {s.seed}. Try 42.",
        ),
    ]


def missing_monitor(monitor: str, names: Sequence[str], who: str) -> str:
    """What to say when early stopping, or the schedule, watches a quantity the model does not report."""
    return f"{who} watches {monitor}, but the model reports {', '.join(names)}. Try monitor val_loss."


def check_data(data: Any) -> Any:
    """Refuse data the widget cannot train on.

    Args:
        data: A TabularData, or any object with its fields; lists and pandas objects are taken for arrays.

    Returns:
        The same data with numpy arrays and tuples of names.

    Raises:
        SettingsError: A field is missing, shapes do not fit, a value is not finite, or a label is no class.
    """
    wanted = ("x_train", "y_train", "x_test", "y_test", "feature_names", "class_names")
    missing = [name for name in wanted if not hasattr(data, name)]
    if missing:
        raise SettingsError(
            f"data has no {', '.join(missing)}. Pass a TabularData, for example firstepoch.heart.load()."
        )
    for name in ("feature_names", "class_names"):
        if isinstance(getattr(data, name), str) or not isinstance(getattr(data, name), Sequence | np.ndarray):
            raise SettingsError(f"{name} is {getattr(data, name)!r}; give a name for each, for example ('no', 'yes').")
    given = {name: np.asarray(getattr(data, name)) for name in wanted[:4]}
    names = {name: tuple(getattr(data, name)) for name in ("feature_names", "class_names")}
    rest = {name: getattr(data, name) for name in _FACTS if hasattr(data, name)}
    checked = SimpleNamespace(**{"code": "", "source_columns": None, "target_mean": 0.0, "target_std": 1.0} | rest)
    vars(checked).update(given | names)
    checked.task = task_of(checked)
    if checked.task not in TASKS:
        raise SettingsError(f"The data's task is {checked.task!r}; it is one of {', '.join(TASKS)}.")
    for part in ("train", "test"):
        _check_part(part, given[f"x_{part}"], given[f"y_{part}"], checked)
    return checked


def _check_part(part: str, x: np.ndarray, y: np.ndarray, data: Any) -> None:
    names, classes = tuple(data.feature_names), tuple(data.class_names)
    if x.ndim != 2 or x.dtype.kind not in "fiub":
        raise SettingsError(
            f"x_{part} has shape {x.shape} and type {x.dtype}; it must hold numbers of shape (rows, inputs)."
        )
    if y.dtype.kind not in "fiub":
        raise SettingsError(f"y_{part} holds {y.dtype}, not numbers. Try y.astype('float32').")
    if y.ndim != 1:
        raise SettingsError(f"y_{part} has shape {y.shape}; it must have shape (rows,). Try y.reshape(-1).")
    if len(x) != len(y):
        raise SettingsError(f"x_{part} has {len(x)} rows but y_{part} has {len(y)}. Give one label for each row.")
    if len(x) == 0:
        raise SettingsError(f"x_{part} has no rows.")
    if x.shape[1] != len(names):
        raise SettingsError(f"x_{part} has {x.shape[1]} inputs but there are {len(names)} feature_names.")
    bad = np.argwhere(~np.isfinite(x))
    if len(bad):
        row, column = bad[0]
        raise SettingsError(
            f"x_{part} holds {x[row, column]} in row {row}, column {names[column]!r}; a network can only "
            f"learn from numbers. Fill it in or leave the row out."
        )
    if data.task == "regression":
        if not np.isfinite(y).all():
            row = int(np.argmin(np.isfinite(y)))
            raise SettingsError(f"y_{part} holds {y[row]} in row {row}. Fill it in or leave the row out.")
        return
    allowed = np.isin(y, np.arange(len(classes)))
    if not allowed.all():
        row = int(np.argmin(allowed))
        raise SettingsError(
            f"y_{part} holds {y[row]} in row {row}; with the classes {', '.join(map(str, classes))} a label "
            f"is {' or '.join(map(str, range(len(classes))))}."
        )


def _when(wrong: bool, sentence: str) -> str | None:
    return sentence if wrong else None
