"""The rows that are evaluated and what the model says of them: taken in, and checked in plain words. No widget here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets.errors import SettingsError

MANY = 2_000
"""More rows than these are not shown one by one; every figure still counts all of them."""
_BATCH, _NUMBERS = 8_192, 1_000_000
"""Rows a model is asked about at once, of many: with Keras's 32 a million take half a minute; and inputs of all of them
at most, because layers may make much of each."""
TASKS = ("binary", "multiclass", "regression")


@dataclass(frozen=True)
class Rows:
    """Some rows of a table.

    Attributes:
        name: "training", "validation" or "test".
        x: Inputs, shape (rows, inputs).
        y: Targets, shape (rows,).
        raw: The rows as they were, or None.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    raw: pd.DataFrame | None


def check_data(data: Any) -> None:
    """Say what is wrong with data that cannot be evaluated on.

    Raises:
        SettingsError: A field is missing, shapes do not fit, there are no rows, or a target is no class.
    """
    wanted = ("x_train", "y_train", "x_test", "y_test", "class_names")
    missing = [name for name in wanted if not hasattr(data, name)]
    if missing:
        raise SettingsError(
            f"data has no {', '.join(missing)}. Pass a TabularData, for example firstepoch.heart.load()."
        )
    task = task_of(data)
    if task not in TASKS:
        raise SettingsError(f"data.task is {task!r}; it is one of {', '.join(TASKS)}.")
    classes = 2 if task == "binary" else len(data.class_names)
    if task != "regression" and (classes < 2 or len(data.class_names) != classes):
        raise SettingsError(f"The task is {task} and class_names is {tuple(data.class_names)!r}: name every class.")
    for part in ("train", "test"):
        _check_part(part, np.asarray(getattr(data, f"x_{part}")), np.asarray(getattr(data, f"y_{part}")), task, classes)


def _check_part(part: str, x: np.ndarray, y: np.ndarray, task: str, classes: int) -> None:
    words = "training" if part == "train" else part
    if y.ndim != 1 or len(x) != len(y):
        raise SettingsError(
            f"x_{part} has shape {x.shape} and y_{part} {y.shape}; y needs one value for each row of x."
        )
    if not len(y):
        raise SettingsError(f"There are no {words} rows to evaluate on: x_{part} has shape {x.shape}.")
    if y.dtype.kind not in "fiub" or not np.isfinite(y.astype(float)).all():
        raise SettingsError(f"y_{part} holds something that is no finite number.")
    if task != "regression" and not np.isin(y, np.arange(classes)).all():
        odd = y[~np.isin(y, np.arange(classes))][0]
        raise SettingsError(f"y_{part} has the value {odd:g}; the targets of {classes} classes are 0 to {classes - 1}.")


def task_of(data: Any) -> str:
    """binary, multiclass or regression."""
    return str(getattr(data, "task", "binary"))


def rows_of(data: Any, name: str, validation_split: float) -> Rows:
    """The training, validation or test rows.

    Args:
        data: A TabularData.
        name: Which rows.
        validation_split: Share of the training rows, from the end, that the model was validated with; the training
            rows are those before them, as in Keras.
    """
    part = "test" if name == "test" else "train"
    x, y, raw = np.asarray(getattr(data, f"x_{part}")), np.asarray(getattr(data, f"y_{part}")), None
    raw = getattr(data, f"raw_{part}", None)
    place = slice(None)
    if name != "test":
        training = math.floor(len(y) * (1 - validation_split))
        place = slice(0, training) if name == "training" else slice(training, None)
    return Rows(name, x[place], y[place], None if raw is None else raw.iloc[place])


def predict(model: Any, rows: Rows, data: Any) -> np.ndarray:
    """What the model says of these rows.

    Args:
        model: A keras.Model, or an array of its outputs for the test rows.
        rows: The rows.
        data: The TabularData they are of.

    Returns:
        Shape (rows,) for binary targets and numbers, (rows, classes) for many classes; float32 or float64.

    Raises:
        SettingsError: There is no model, or what it says is not fit for the task.
    """
    if hasattr(model, "predict"):
        model = _asked(model, rows)
    elif rows.name != "test":
        raise SettingsError("An array of predictions speaks of the test rows alone. Give the model for other rows.")
    outputs = np.asarray(model)
    if outputs.dtype.kind not in "fiub":
        raise SettingsError(
            f"model is {type(model).__name__}; give a trained keras.Model, a LiveTraining, or an array of predictions."
        )
    outputs = outputs.astype(np.float64 if outputs.dtype.itemsize > 4 or outputs.dtype.kind != "f" else np.float32)
    return check_outputs(outputs, len(rows.y), task_of(data), len(data.class_names))


def _asked(model: Any, rows: Rows) -> Any:
    if not getattr(model, "built", True):
        raise SettingsError("The model is not built, so it has no weights yet. Train it, or begin it with keras.Input.")
    expected = getattr(model, "input_shape", None)
    if isinstance(expected, tuple) and None not in expected[1:] and expected[1:] != rows.x.shape[1:]:
        raise SettingsError(f"The model takes inputs of shape {expected[1:]}; these rows have {rows.x.shape[1:]}.")
    try:
        return model.predict(rows.x, verbose=0, **_batch(rows.x))
    except TypeError:
        raise SettingsError(
            f"model is {type(model).__name__}, no keras.Model. Give its predictions as an array instead."
        ) from None
    except Exception as error:
        words = (str(error).splitlines() or [type(error).__name__])[0]
        raise SettingsError(f"The model could not be asked about these rows: {words}") from error


def _batch(x: np.ndarray) -> dict[str, int]:
    if len(x) <= MANY:
        return {}
    return {"batch_size": min(_BATCH, max(32, _NUMBERS * len(x) // max(1, x.size)))}


def check_outputs(outputs: np.ndarray, rows: int, task: str, classes: int) -> np.ndarray:
    """The outputs in the shape the task needs.

    Raises:
        SettingsError: Their shape or their values do not fit.
    """
    if task != "multiclass" and outputs.shape == (rows, 1):
        outputs = outputs[:, 0]
    wanted = (rows, classes) if task == "multiclass" else (rows,)
    if outputs.shape != wanted:
        units = classes if task == "multiclass" else 1
        last = {"binary": " with sigmoid", "multiclass": " with softmax", "regression": ""}[task]
        raise SettingsError(
            f"The outputs have shape {outputs.shape}; {rows:,} rows of a {task} target need {wanted}: "
            f"a last layer of {units} unit{'s' if units > 1 else ''}{last}."
        )
    odd = int((~np.isfinite(outputs)).reshape(rows, -1).any(axis=1).sum())
    if odd:
        raise SettingsError(
            f"The outputs of {odd:,} of {rows:,} rows are NaN or infinite: the training diverged, or an input is "
            "missing. Try a smaller learning rate, and look for gaps in the table."
        )
    if task == "regression":
        return outputs
    low, high = float(outputs.min()), float(outputs.max())
    if low < 0 or high > 1:
        name = "sigmoid" if task == "binary" else "softmax"
        raise SettingsError(
            f"The outputs reach from {low:.3g} to {high:.3g}; probabilities are from 0 to 1. A model trained with "
            f"from_logits=True gives logits: end it with {name}, or apply keras.activations.{name} to its outputs."
        )
    if task == "multiclass" and np.abs(outputs.sum(axis=1) - 1).max() > 1e-3:
        raise SettingsError("The outputs of a row do not add up to 1. End the model with softmax.")
    return outputs


def first_of(values: np.ndarray, most: int, *groups: np.ndarray) -> np.ndarray:
    """Numbers of the rows with the highest values, at most so many of each group; the highest first."""
    kept = [
        rows if len(rows) <= most else rows[np.argpartition(values[rows], len(rows) - most)[-most:]] for rows in groups
    ]
    rows = np.concatenate(kept)
    return rows[np.lexsort((rows, -values[rows]))]
