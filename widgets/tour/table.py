"""The raw table beside the inputs made of it: which row is training or test, and whether both fit. It draws nothing."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.data import TabularData
from firstepoch.data.reading import Numbers, read
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.tour.assemble import OUT, TEST, TRAIN, given, together
from firstepoch.widgets.tour.words import shown


class Table:
    """The rows as they were before they became inputs.

    Args:
        data: The inputs, and how they were made.
        frame: The raw table; None to put `data.raw_train` and `data.raw_test` together.

    Attributes:
        data: As given.
        frame: The raw rows; columns named by text.
        part: For each row TRAIN, TEST or OUT.
        place: For each row its place in `x_train` or `x_test`; -1 if it is left out.

    Raises:
        SettingsError: There are no raw rows, or they do not fit `data`.
    """

    def __init__(self, data: Any, frame: Any = None) -> None:
        if not isinstance(data, TabularData):
            kind = type(data).__name__
            raise SettingsError(
                f"data is a {kind}, not a TabularData. Try TabularData.from_frame(df, target=...), or heart.load()."
            )
        if frame is not None and not isinstance(frame, pd.DataFrame):
            raise SettingsError(f"frame is a {type(frame).__name__}, not a DataFrame. Try pandas.DataFrame(...) of it.")
        self.data = data
        self.frame, self.part, self.place = together(data) if frame is None else given(data, frame)
        if not self.frame.index.is_unique:
            self.frame = self.frame.reset_index(drop=True)
        self.inputs: dict[str, list[int]] = {}
        """For each raw column the numbers of its inputs."""
        for number, column in enumerate(data.source_columns):
            self.inputs.setdefault(column, []).append(number)
        for column in self.inputs:
            if column not in self.frame.columns:
                raise SettingsError(f"The table has no column {column!r}, and data has inputs made of it.")
        self._codes: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._texts: dict[str, dict[str, int]] = {}
        self._check()

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def columns(self) -> list[str]:
        """The raw columns, in their order."""
        return list(self.frame.columns)

    def kind(self, column: str) -> str:
        """What a raw column became: "number", "category", "gaps", "target" or "left out"."""
        made = self.inputs.get(column)
        if column == self.data.target_name and not made:
            return "target"
        if not made:
            return "left out"
        if column in self.data.means:
            return "number"
        return (
            "gaps" if len(made) == 1 and self.data.feature_names[made[0]].startswith(f"{column}_miss") else "category"
        )

    def x(self, row: int) -> np.ndarray | None:
        """The inputs of a row, float32, shape (inputs,), as they are in `x_train` or `x_test`; None if left out."""
        if self.part[row] == OUT:
            return None
        held = self.data.x_train if self.part[row] == TRAIN else self.data.x_test
        return np.asarray(held[self.place[row]])

    def y(self, row: int) -> float | None:
        """The target of a row as the network sees it; None if the row is left out."""
        if self.part[row] == OUT:
            return None
        held = self.data.y_train if self.part[row] == TRAIN else self.data.y_test
        return float(np.ravel(held)[self.place[row]])

    def label(self, row: int) -> Any:
        """The index label of a row."""
        label = self.frame.index[row]
        return label.item() if isinstance(label, np.generic) else label

    def row(self, label: Any) -> int:
        """The place in the table of the row with this index label.

        Raises:
            SettingsError: There is none.
        """
        index = self.frame.index
        try:
            found: Any = index.get_loc(label)
        except (KeyError, TypeError, ValueError, pd.errors.InvalidIndexError):
            first, last = shown(self.label(0)), shown(self.label(len(self) - 1))
            raise SettingsError(f"There is no row {label!r}: the index goes from {first} to {last}.") from None
        return int(found)

    def called(self, text: str) -> Any:
        """The index label that a learner typed.

        Raises:
            SettingsError: There is none.
        """
        index = self.frame.index
        typed = text.strip().replace("−", "-")
        for kind in (str, int, float, pd.Timestamp):
            try:
                label = kind(typed)
                if label in index:
                    found: Any = index.get_loc(label)
                    return self.label(int(found))
            except (ValueError, TypeError):
                continue
        first, last = shown(self.label(0)), shown(self.label(len(self) - 1))
        raise SettingsError(f"There is no row {text.strip()!r}: the index goes from {first} to {last}.")

    def codes(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """A column as numbers of its values, in their order; -1 where there is none.

        Raises:
            SettingsError: There is no such column.
        """
        if column not in self.frame.columns:
            raise SettingsError(f"There is no column {column!r}. There are: {', '.join(self.columns)}.")
        if column not in self._codes:
            held = self.frame[column]
            try:
                codes, values = pd.factorize(held, sort=True)
            except TypeError:
                codes, values = pd.factorize(held.map(shown, na_action="ignore"), sort=True)
            self._codes[column] = np.asarray(codes), np.asarray(values)
        return self._codes[column]

    def value(self, column: str, code: int) -> Any:
        """The value with this number; None for -1."""
        value = None if code < 0 else self.codes(column)[1][code]
        return value.item() if isinstance(value, np.generic) else value

    def code(self, column: str, wanted: Any) -> int | None:
        """The number of a value, or of the value that is shown so; -1 for missing, None if there is no such value."""
        codes, values = self.codes(column)
        text = shown(wanted)
        if values.dtype.kind in "iuf":
            try:
                number = float(text.replace("\N{MINUS SIGN}", "-"))
            except ValueError:
                number = math.nan
            near = int(np.searchsorted(values, number))
            for code in range(max(0, near - 1), min(len(values), near + 2)):
                if values[code] == wanted or shown(values[code]) == shown(number):
                    return code
        else:
            if column not in self._texts:
                self._texts[column] = {shown(value): code for code, value in reversed(list(enumerate(values)))}
            if text in self._texts[column]:
                return self._texts[column][text]
        return -1 if text == "missing" and (codes < 0).any() else None

    @functools.cached_property
    def targets(self) -> np.ndarray:
        """Target of every row in its own unit, float64; NaN where a row is left out."""
        data = self.data
        y = np.full(len(self), np.nan)
        for part, held in ((TRAIN, data.y_train), (TEST, data.y_test)):
            here = self.part == part
            y[here] = np.ravel(held)[self.place[here]]
        if data.task != "regression":
            return y
        if data.target_name in self.frame.columns:
            return np.where(self.part == OUT, np.nan, self.numbers(data.target_name))
        return y * data.target_std + data.target_mean

    def numbers(self, column: str) -> np.ndarray:
        """A column that holds numbers as float64, NaN where there is none."""
        found = read(self.frame[column], categorical=False, most=len(self) + 1, instead="")
        if not isinstance(found, Numbers):
            raise SettingsError(f"Column {column!r} does not hold numbers, and data says that it was standardised.")
        return found.values

    def _check(self) -> None:
        """Whether the inputs could have been made of these rows."""
        data, used = self.data, self.part != OUT
        for column, made in self.inputs.items():
            x = np.empty((len(self), len(made)), np.float32)
            for part, held in ((TRAIN, data.x_train), (TEST, data.x_test)):
                here = self.part == part
                x[here] = held[self.place[here]][:, made]
            if column in data.means:
                try:
                    raw = self.numbers(column)
                except ValueError as error:
                    raise SettingsError(f"The table does not fit data. {error}") from error
                filled = np.where(np.isnan(raw), data.fills.get(column, math.nan), raw)
                expected = (filled - data.means[column]) / data.stds[column]
                wrong = used & ~np.isclose(x[:, 0], expected, rtol=1e-4, atol=1e-4)
            else:
                codes, _ = self.codes(column)
                # Rows with the same value must have the same inputs.
                first = np.zeros(codes.max(initial=-1) + 2, np.int64)
                first[codes[used][::-1]] = np.flatnonzero(used)[::-1]
                wrong = used & (x != x[first[codes]]).any(axis=1)
            if wrong.any():
                row = int(np.flatnonzero(wrong)[0])
                raise SettingsError(
                    f"The table does not fit data: in row {shown(self.label(row))}, {column} is "
                    f"{shown(self.frame[column].iloc[row])}, but its input {data.feature_names[made[0]]} is "
                    f"{x[row, 0]:.4g}. Give the table that data was made of."
                )
