"""The rows of a race: what is given made into numbers, and refused where it cannot be raced on. No model here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError

_MOST_NAMES = 8
_LARGEST = 1e12
"""Beyond it, squares and steps leave the range of floats on the way."""


@dataclass(frozen=True, eq=False)
class Rows:
    """A training set.

    Attributes:
        x: Inputs, float64, shape (n, columns).
        y: Targets, 0.0 or 1.0, shape (n,).
        names: Name of each column.
    """

    x: np.ndarray
    y: np.ndarray
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.x)

    def column(self, feature: Any) -> int:
        """The number of a column, by its name or its number.

        Raises:
            SettingsError: There is no such column, or it is the same in every row.
        """
        if isinstance(feature, str) and feature in self.names:
            column = self.names.index(feature)
        elif isinstance(feature, int | np.integer) and not isinstance(feature, bool):
            column = int(feature)
        else:
            raise SettingsError(f"There is no feature {feature!r}. There are: {listed(self.names)}.")
        if not 0 <= column < len(self.names):
            raise SettingsError(f"There is no column {column}. Use 0 to {len(self.names) - 1}.")
        values = self.x[:, column]
        if np.ptp(values) == 0:
            raise SettingsError(
                f"Feature {self.names[column]!r} is {values[0]:g} in every row: it cannot tell the classes apart. "
                "Choose another feature."
            )
        return column

    def pair(self, features: Any) -> tuple[int, int]:
        """The numbers of two different columns.

        Raises:
            SettingsError: They are not two, or one of them is no feature to learn from.
        """
        if isinstance(features, str) or not isinstance(features, Sequence | np.ndarray) or len(features) != 2:
            raise SettingsError(
                f"features is {features!r}; a surface over two weights needs two, for example {list(self.names[:2])}."
            )
        one, other = (self.column(feature) for feature in features)
        if one == other:
            raise SettingsError(f"Both features are {self.names[one]!r}. Choose two different ones.")
        return one, other

    def two(self) -> tuple[int, int]:
        """The columns of a table of two; else the pair of which a logistic regression without bias promises most.

        What a pair promises is the fall of the loss in the first Newton step from weights of 0, g' H^-1 g / 2.

        Raises:
            SettingsError: Fewer than two columns differ between rows.
        """
        if len(self.names) == 2:
            return self.pair([0, 1])
        varied = np.flatnonzero(np.ptp(self.x, axis=0) > 0)
        if len(varied) < 2:
            raise SettingsError("Fewer than two columns differ between rows. Give x with two features that do.")
        x = self.x[:, varied]
        slope, curvature = x.T @ (0.5 - self.y) / len(x), 0.25 * x.T @ x / len(x)
        own = np.diag(curvature)
        determinant = np.outer(own, own) - curvature**2
        fall = np.outer(slope**2, own) + np.outer(own, slope**2) - 2 * np.outer(slope, slope) * curvature
        promise = np.where(determinant > 1e-9 * np.outer(own, own), fall / np.where(determinant, determinant, 1), -1.0)
        np.fill_diagonal(promise, -1.0)
        if promise.max() < 0:
            return int(varied[0]), int(varied[1])
        one, other = np.unravel_index(int(np.argmax(promise)), promise.shape)
        return int(varied[one]), int(varied[other])


def take(x: Any, y: Any, names: Sequence[str] | None = None) -> Rows:
    """Rows from arrays, lists or a DataFrame.

    Args:
        x: Numbers, shape (n, columns) with at least two rows and two columns.
        y: n labels, 0 or 1, both of them present.
        names: Names of the columns; default those of a DataFrame, else x0, x1, ...

    Raises:
        SettingsError: What is given cannot be raced on; the message says where.
    """
    named = names if names is not None else list(getattr(x, "columns", [])) or None
    inputs, targets = _numbers("x", x), _numbers("y", y)
    if inputs.ndim != 2:
        raise SettingsError(f"x has shape {inputs.shape}; give a table of shape (rows, features).")
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    if targets.ndim != 1:
        raise SettingsError(f"y has shape {targets.shape}; give one label for each row, shape ({len(inputs)},).")
    if len(inputs) != len(targets):
        raise SettingsError(f"x has {len(inputs)} rows, but y has {len(targets)} labels. Give one label for each row.")
    if len(inputs) < 2:
        raise SettingsError(f"There is {len(inputs) or 'no'} row. A race needs at least 2 rows to make batches of.")
    if inputs.shape[1] < 2:
        raise SettingsError("x has 1 column; a surface over two weights needs two features.")
    columns = tuple(map(str, named)) if named is not None else tuple(f"x{k}" for k in range(inputs.shape[1]))
    if len(columns) != inputs.shape[1] or len(set(columns)) != len(columns):
        raise SettingsError(f"names has {len(columns)} names for {inputs.shape[1]} columns; give each its own.")
    bad = np.argwhere(~np.isfinite(inputs))
    if len(bad):
        row, column = bad[0]
        raise SettingsError(
            f"x holds {inputs[row, column]} in row {row}, column {columns[column]!r}. "
            "Fill it in or leave the row out: a loss needs numbers."
        )
    huge = np.argwhere(np.abs(inputs) > _LARGEST)
    if len(huge):
        row, column = huge[0]
        raise SettingsError(
            f"x holds {inputs[row, column]:g} in row {row}, column {columns[column]!r}: too large to reckon with. "
            "Normalise the columns first."
        )
    wrong = np.flatnonzero((targets != 0) & (targets != 1))
    if len(wrong):
        raise SettingsError(
            f"y holds {targets[wrong[0]]:g} in row {wrong[0]}; labels are 0 or 1. Try (y > 0).astype(int)."
        )
    if np.ptp(targets) == 0:
        raise SettingsError(
            f"All {len(targets)} labels are {targets[0]:g}: with one class only there is nothing to tell apart. "
            "Give rows of both classes."
        )
    return Rows(inputs, targets, columns)


def listed(names: Sequence[str]) -> str:
    """Names for a message, cut short where there are many."""
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown}, … ({len(names)} in all)" if len(names) > _MOST_NAMES else shown


def _numbers(name: str, value: Any) -> np.ndarray:
    if hasattr(value, "columns"):
        # Column by column: text is told with the name of its column, and what pandas calls missing is NaN.
        parts = [_numbers(f"{name}, column {str(column)!r},", value[column]) for column in value.columns]
        return np.column_stack(parts) if parts else np.empty(value.shape)
    if hasattr(value, "isna"):
        value = value.astype(object).where(~value.isna(), np.nan)
    try:
        made = np.asarray(value)
    except ValueError as error:
        raise SettingsError(f"{name} has rows of different lengths. Give each row as many numbers.") from error
    try:
        if made.dtype.kind not in "biufOSU":
            raise TypeError(f"its type is {made.dtype}")
        return made.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{name} holds something that is no number: {error}. Encode text columns first.") from error
