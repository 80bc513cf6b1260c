"""Reads one raw column as numbers or as categories, or says in a sentence why neither will do. No inputs here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

_DATES = ("datetime64", "datetime", "date", "period")
_CONTAINERS = (list, tuple, dict, set, frozenset, np.ndarray)
_NAMED = 5
"""How many values a sentence names."""


@dataclass(frozen=True)
class Numbers:
    """A column of numbers.

    Attributes:
        values: float64, one a row; NaN where there is none.
        dtype: What they are in the table, if not float64 or whole: "float32", "float16", or "str" for text that
            spells them; else empty.
    """

    values: np.ndarray
    dtype: str = ""

    @property
    def missing(self) -> np.ndarray:
        """True where there is no value."""
        return np.isnan(self.values)


@dataclass(frozen=True)
class Categories:
    """A column of categories.

    Attributes:
        codes: For each row the number of its category, from 0; -1 where there is none.
        texts: Each category as a csv file holds it, without spaces around it.
        labels: Each category as a reader should see it: "2" where the file holds 2.0.
    """

    codes: np.ndarray
    texts: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def missing(self) -> np.ndarray:
        """True where there is no value."""
        return self.codes < 0


def read(column: pd.Series, *, categorical: bool, most: int, instead: str) -> Numbers | Categories:
    """Read a column; text counts as missing where it is empty, and spaces around it do not count.

    Args:
        column: One raw column.
        categorical: Take its values as categories even if they are numbers.
        most: Categories there may be.
        instead: How to have the values taken as categories, for a sentence.

    Raises:
        ValueError: The column holds dates, containers, infinite or complex numbers, numbers with strays of text, or
            more categories than `most`.
    """
    kind = _kind(column)
    if kind in _DATES:
        name = column.name
        when = f"df[{name!r}]"
        if isinstance(column.dtype, pd.PeriodDtype):
            when += ".dt.to_timestamp()"
        elif not types.is_datetime64_any_dtype(column.dtype):
            when = f"pandas.to_datetime({when})"
        raise ValueError(
            f"Column {name!r} holds dates, and a network needs numbers that mean something: how long since when, or "
            f"which month? Say it in a column of its own, such as df['{name}_days'] = ({when} - {when}.min()).dt.days "
            f"or df['{name}_month'] = {when}.dt.month, and leave the dates out with drop=[{name!r}]."
        )
    if kind in ("timedelta64", "timedelta"):
        raise ValueError(
            f"Column {column.name!r} holds lengths of time, and a network needs numbers. "
            f"Try df[{column.name!r}] = df[{column.name!r}].dt.total_seconds()."
        )
    if kind == "complex":
        raise ValueError(f"Column {column.name!r} holds complex numbers. Try drop=[{column.name!r}], or their abs().")
    if kind == "numbers" and not categorical:
        return _finite(column, Numbers(column.to_numpy("float64", na_value=np.nan), _told(column.dtype)))
    values, codes = _factors(column, kind)
    if kind == "text" and not categorical:
        numbers = _text_numbers(column, values, codes, instead)
        if numbers is not None:
            return _finite(column, numbers)
    return _categories(column, kind, values, codes, most)


def _kind(column: pd.Series) -> str:
    """numbers, text, bool, category, other, or the name of what cannot be taken."""
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return "datetime64" if types.is_datetime64_any_dtype(dtype.categories.dtype) else "category"
    if types.is_bool_dtype(dtype):
        return "bool"
    if types.is_complex_dtype(dtype):
        return "complex"
    if types.is_numeric_dtype(dtype):
        return "numbers"
    if types.is_datetime64_any_dtype(dtype) or isinstance(dtype, pd.PeriodDtype):
        return "datetime64"
    if types.is_timedelta64_dtype(dtype):
        return "timedelta64"
    found = types.infer_dtype(column, skipna=True)
    if found in ("integer", "floating", "mixed-integer-float", "decimal"):
        return "numbers"
    return {"string": "text", "boolean": "bool"}.get(
        found, found if found in (*_DATES, "timedelta", "complex") else "other"
    )


def _told(dtype: Any) -> str:
    return str(dtype) if str(dtype) in ("float16", "float32") else ""


def _finite(column: pd.Series, numbers: Numbers) -> Numbers:
    bad = np.flatnonzero(np.isinf(numbers.values))
    if len(bad):
        row = column.index[bad[0]]
        raise ValueError(
            f"Column {column.name!r} holds {_many(len(bad), 'infinite value')}, the first in row {row!r}; a network "
            "can only learn from finite numbers. Try df.replace([numpy.inf, -numpy.inf], numpy.nan) "
            "to take them as missing."
        )
    return numbers


def _factors(column: pd.Series, kind: str) -> tuple[list[Any], np.ndarray]:
    """The different values, and for each row the number of its value; -1 where there is none."""
    if kind == "category":
        return list(column.cat.categories), column.cat.codes.to_numpy("int64")
    if kind == "other":
        held = next((type(value).__name__ for value in column if isinstance(value, _CONTAINERS)), None)
        if held:
            raise ValueError(
                f"Column {column.name!r} holds a {held} in a cell; a cell must hold one number or one word. "
                f"Give each part a column of its own, or try drop=[{column.name!r}]."
            )
        # Values of several types: 1, True and "1" would not be told apart by their hash or in a file.
        column = column.map(str, na_action="ignore")
    codes, values = pd.factorize(column)
    return list(values), codes.astype("int64")


def _text_numbers(column: pd.Series, values: list[Any], codes: np.ndarray, instead: str) -> Numbers | None:
    """The numbers that the text spells; None if it is no text of numbers.

    Raises:
        ValueError: More than half of the cells are numbers and some are not.
    """
    texts = pd.Series([str(value).strip() for value in values], dtype=object)
    parsed = pd.to_numeric(texts, errors="coerce").to_numpy("float64")
    cells = np.bincount(codes[codes >= 0], minlength=len(values))
    empty = (texts == "").to_numpy()
    strays = np.isnan(parsed) & ~empty
    total, stray_cells = cells[~empty].sum(), cells[strays].sum()
    if total == 0 or stray_cells * 2 >= total:
        return None
    if stray_cells:
        most = np.flatnonzero(strays)[np.argsort(-cells[strays], kind="stable")]
        named = ", ".join(f"{texts[at]!r} ({_times(cells[at])})" for at in most[:_NAMED])
        more = f" and {len(most) - _NAMED} more" if len(most) > _NAMED else ""
        name = column.name
        raise ValueError(
            f"Column {name!r} is text, but {total - stray_cells} of its {total} values are numbers; the others are "
            f"{named}{more}. Try df[{name!r}] = pandas.to_numeric(df[{name!r}], errors='coerce') to take them as "
            f"missing, or {instead} to take all as categories."
        )
    return Numbers(np.append(parsed, np.nan)[codes], "str")


def _categories(column: pd.Series, kind: str, values: list[Any], codes: np.ndarray, most: int) -> Categories:
    present = np.unique(codes[codes >= 0])
    if len(present) > most:
        name, rows = column.name, int((codes >= 0).sum())
        unique = (
            " It may be the name or number of a row, which says nothing of new rows." if len(present) == rows else ""
        )
        raise ValueError(
            f"Column {name!r} has {len(present):,} different values, more than max_categories={most}: each would be an "
            f"input of its own.{unique} Try drop=[{name!r}], or keep the frequent ones only: "
            f"common = df[{name!r}].value_counts().index[:20]; "
            f"df[{name!r}] = df[{name!r}].where(df[{name!r}].isin(common), 'other')."
        )
    texts = {int(at): str(values[at]).strip() for at in present}
    order = sorted(texts) if kind == "category" else sorted(texts, key=texts.__getitem__)
    if kind in ("numbers", "bool"):
        order = sorted(texts, key=lambda at: values[at])
    ranks: dict[str, int] = {}
    for at in order:
        if texts[at]:
            ranks.setdefault(texts[at], len(ranks))
    lookup = np.full(len(values) + 1, -1)
    for at, text in texts.items():
        lookup[at] = ranks.get(text, -1)
    whole = kind == "numbers" and all(text.endswith(".0") for text in ranks)
    labels = tuple(text.removesuffix(".0") if whole else text for text in ranks)
    return Categories(lookup[codes], tuple(ranks), labels)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
