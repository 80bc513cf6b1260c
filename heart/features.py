"""Turns raw patients into the network's inputs with a fitted transformation. No split and no fitting here."""

from __future__ import annotations

import math
import numbers
from typing import Any, Final

import numpy as np
import pandas as pd

from firstepoch.data import TabularData

NUMERIC: Final = ("age", "trestbps", "chol", "thalach", "oldpeak", "slope")
CATEGORIES: Final[dict[str, tuple[str, ...]]] = {
    "sex": ("0", "1"),
    "cp": ("0", "1", "2", "3", "4"),
    "fbs": ("0", "1"),
    "restecg": ("0", "1", "2"),
    "exang": ("0", "1"),
    "ca": ("0", "1", "2", "3"),
    "thal": ("1", "2", "fixed", "normal", "reversible"),
}
SOURCES: Final = NUMERIC + tuple(column for column, values in CATEGORIES.items() for _ in values)
NAMES: Final = NUMERIC + tuple(f"{column}_{value}" for column, values in CATEGORIES.items() for value in values)


def encode(table: pd.DataFrame, data: TabularData) -> np.ndarray:
    """Encode new patients exactly as the training rows of `data` were encoded.

    A numeric column is normalised with the mean and standard deviation of the training rows; a categorical
    one becomes one input a category. Further columns, `target` among them, are ignored.

    Args:
        table: Patients with the raw columns of `firstepoch.data.load_heart()`, in any order of columns.
        data: What `heart.load` returned: its names, means and standard deviations are used.

    Returns:
        Inputs, float32, shape (rows, inputs).

    Raises:
        ValueError: A column is missing or named twice; or a value is missing, is text or infinite in a
            numeric column, or is a category that `data` does not know. The message names the column, the row
            (by its index label) and the value.

    Example:
        >>> from firstepoch.data import load_heart
        >>> encode(load_heart().head(3), load()).shape
        (3, 29)
    """
    _check_columns(table, data)
    inputs = np.empty((len(table), len(data.feature_names)), dtype="float32")
    labels: dict[str, np.ndarray] = {}
    for position, (name, source) in enumerate(zip(data.feature_names, data.source_columns, strict=True)):
        if source in data.means:
            inputs[:, position] = (_numbers(table[source]) - data.means[source]) / data.stds[source]
        else:
            if source not in labels:
                labels[source] = _labels(table[source], data)
            inputs[:, position] = labels[source] == _category(name, source)
    return inputs


def _check_columns(table: pd.DataFrame, data: TabularData) -> None:
    if not isinstance(table, pd.DataFrame):
        raise ValueError(f"Expected a pandas DataFrame of patients, got {type(table).__name__}.")
    present = [str(column) for column in table.columns]
    for column in dict.fromkeys(data.source_columns):
        if column not in present:
            raise ValueError(f"Column {column!r} is missing. There are: {', '.join(present)}. Add or rename it.")
        if present.count(column) > 1:
            raise ValueError(f"Column {column!r} is there {present.count(column)} times. Keep one of them.")


def _refusal(column: pd.Series, row: int, problem: str) -> ValueError:
    return ValueError(f"Column {column.name!r}, row {column.index[row]!r}: {problem}")


def _refuse_missing(column: pd.Series) -> None:
    missing = np.flatnonzero(column.isna())
    if missing.size:
        value = column.iloc[missing[0]]
        raise _refusal(column, missing[0], f"the value is missing ({value}). Fill it in, or drop the row.")


def _numbers(column: pd.Series) -> np.ndarray:
    _refuse_missing(column)
    for row, value in enumerate(column):
        if not isinstance(value, numbers.Real) or isinstance(value, bool):
            raise _refusal(column, row, f"{value!r} is not a number. Try pd.to_numeric on the column.")
        if not math.isfinite(value):
            raise _refusal(column, row, f"{value!r} is not finite. Correct it, or drop the row.")
    return column.to_numpy("float64")


def _labels(column: pd.Series, data: TabularData) -> np.ndarray:
    _refuse_missing(column)
    inputs = zip(data.feature_names, data.source_columns, strict=True)
    known = [_category(name, source) for name, source in inputs if source == column.name]
    labels = [_label(value) for value in column]
    for row, label in enumerate(labels):
        if label not in known:
            value = column.iloc[row]
            raise _refusal(column, row, f"{value!r} is no known category. Use one of {', '.join(known)}.")
    return np.array(labels, dtype=object)


def _label(value: Any) -> str:
    """A category as the feature names spell it: 2 and 2.0 are both '2'."""
    if isinstance(value, numbers.Real) and not isinstance(value, bool) and float(value).is_integer():
        return str(int(float(value)))
    return str(value)


def _category(name: str, source: str) -> str:
    return name.removeprefix(f"{source}_")
