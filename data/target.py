"""Decides what a target asks for: one of two classes, one of several, or a number. No inputs here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.data.reading import Categories, Numbers, read

TASKS = ("binary", "multiclass", "regression")
_FEW = 10
"""Different whole numbers up to which they are taken for classes."""


@dataclass(frozen=True)
class Target:
    """The target of all rows.

    Attributes:
        task: "binary", "multiclass" or "regression".
        values: float64, one a row: the number of the class, or the number itself. NaN where there is none.
        class_names: What each class is called; empty for a regression.
        texts: Each class as a csv file holds it.
        dtype: As of `reading.Numbers`, for a regression.
        note: How the task was found.
    """

    task: str
    values: np.ndarray
    class_names: tuple[str, ...]
    texts: tuple[str, ...]
    dtype: str
    note: str


def read_target(column: pd.Series, task: str | None, most: int) -> Target:
    """Read the target.

    Args:
        column: The raw column.
        task: One of TASKS; None to find it from the values.
        most: Classes there may be.

    Raises:
        ValueError: The column cannot be the target of this task.
    """
    name = column.name
    if task is not None and task not in TASKS:
        raise ValueError(f"task is {task!r}; it is one of {', '.join(TASKS)}, or None to find it from the target.")
    if column.isna().all():
        raise ValueError(f"The target {name!r} has no value in any of the {len(column)} rows. Name another target.")
    found = _read(column, task in ("binary", "multiclass"), most)
    if isinstance(found, Numbers):
        why_classes = "" if task else _few(found.values[~found.missing])
        if not why_classes:
            return _regression(name, found, given=task is not None)
        return _classes(name, _read(column, True, most), None, why_classes)
    if task == "regression":
        raise ValueError(
            f"The target {name!r} is {_listed(found.labels)}, no numbers, so it cannot be a regression. "
            "Leave task out, or name another target."
        )
    return _classes(name, found, task, "")


def _read(column: pd.Series, categorical: bool, most: int) -> Any:
    try:
        return read(column, categorical=categorical, most=most, instead="task='multiclass'")
    except ValueError as error:
        told = str(error).replace(f"Column {column.name!r}", f"The target {column.name!r}", 1)
        if "max_categories" in told:
            told = f"{told.partition(':')[0]}, so it is no class. Group them into fewer, or name another target."
        elif "drop=[" in told:
            told += " The target itself cannot be dropped: name another."
        raise ValueError(told) from None


def _few(values: np.ndarray) -> str:
    """Why numbers are taken for classes; empty if they are not."""
    if not np.array_equal(values, np.rint(values)):
        return ""
    different = np.unique(values)
    if len(different) > _FEW or len(different) > max(2, len(values) / 2):
        return ""
    return f"it holds {len(different)} different whole numbers; task='regression' would predict the number itself"


def _classes(name: Any, found: Categories, task: str | None, why: str) -> Target:
    count = len(found.labels)
    if count < 2:
        raise ValueError(
            f"The target {name!r} is {found.labels[0]!r} in every row: there is nothing to predict. "
            "Name another target, or add rows with other values."
        )
    if task == "binary" and count != 2:
        raise ValueError(
            f"The target {name!r} has {count} classes ({_listed(found.labels)}), and task='binary' needs two. "
            "Try task='multiclass'."
        )
    chosen = task or ("binary" if count == 2 else "multiclass")
    reason = why or ("as task= says" if task else f"its values are {_listed(found.labels)}")
    note = f"The target {name!r} is taken as one of {'two' if count == 2 else count} classes: {reason}."
    values = np.where(found.missing, np.nan, found.codes.astype("float64"))
    return Target(chosen, values, found.labels, found.texts, "", note)


def _regression(name: Any, found: Numbers, *, given: bool) -> Target:
    known = found.values[~found.missing]
    if known.min() == known.max():
        raise ValueError(
            f"The target {name!r} is {known[0]:g} in every row: there is nothing to predict. "
            "Name another target, or add rows with other values."
        )
    reason = "as task= says" if given else f"it holds {len(np.unique(known)):,} different numbers"
    note = f"The target {name!r} is taken as a number (a regression): {reason}."
    return Target("regression", found.values, (), (), found.dtype, note)


def _listed(labels: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(repr(label) for label in labels[:most])
    return f"{shown} and {len(labels) - most} more" if len(labels) > most else shown
