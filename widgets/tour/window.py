"""The rows a table shows: filtered, sorted, and only so many at a time. What a row becomes is in turned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.tour.assemble import PARTS
from firstepoch.widgets.tour.table import Table
from firstepoch.widgets.tour.words import shown

ROWS = 50
"""Rows on the page at once."""
_ABOVE = 6
"""Rows shown above one that is to stay in sight."""
PART = "part"
"""A filter of this name chooses the training or the test rows, if no column is called so."""


def checked(table: Table, filters: Mapping[Any, Any]) -> dict[str, Any]:
    """Filters with their values as they are in the table.

    Args:
        table: The table.
        filters: For each column the value its rows are to have; None for missing. Text is taken for the value
            that is shown so.

    Raises:
        SettingsError: There is no such column, or no row has the value.
    """
    found = {}
    for column, wanted in filters.items():
        name = str(column)
        if name == PART and PART not in table.columns:
            if wanted not in PARTS:
                raise SettingsError(f"part is {wanted!r}; it is train, test or left out.")
            found[name] = wanted
            continue
        values = table.codes(name)[1]
        code = table.code(name, wanted)
        if code is None:
            span = ", ".join(map(shown, values)) if len(values) <= 12 else f"{shown(values[0])} to {shown(values[-1])}"
            raise SettingsError(f"No row has {name} = {shown(wanted)}. There are: {span}.")
        found[name] = table.value(name, code)
    return found


def matching(table: Table, filters: Mapping[str, Any], sort: str, descending: bool) -> np.ndarray:
    """Places in the table of the rows that fit all filters, sorted.

    Args:
        table: The table.
        filters: As `checked` returns them.
        sort: The column to sort by; "" for the order of the table. Missing values come last.
        descending: From the highest to the lowest.
    """
    fits = np.ones(len(table), bool)
    for column, value in filters.items():
        if column == PART and PART not in table.columns:
            fits &= table.part == PARTS.index(value)
        else:
            fits &= table.codes(column)[0] == table.code(column, value)
    rows = np.flatnonzero(fits)
    if sort:
        codes = table.codes(sort)[0][rows].astype(np.int64)
        keys = np.where(codes < 0, np.iinfo(np.int64).max, -codes if descending else codes)
        return rows[np.argsort(keys, kind="stable")]
    return rows[::-1] if descending else rows


def window(table: Table, rows: np.ndarray, top: int) -> dict[str, Any]:
    """The rows to show, from number `top` of those that fit: their places, labels, parts and cells as text."""
    here = rows[top : top + ROWS]
    frame = table.frame.iloc[here]
    cells = [[shown(value) for value in frame[column]] for column in table.columns]
    return {
        "top": top,
        "fit": len(rows),
        "size": ROWS,
        "rows": [
            {
                "row": int(row),
                "label": shown(table.label(int(row))),
                "part": PARTS[table.part[row]],
                "cells": list(values),
            }
            for row, values in zip(here, zip(*cells, strict=True), strict=True)
        ],
    }


def near(rows: np.ndarray, place: int, top: int) -> int:
    """The first row of a page on which the row at `place` stands among its neighbours; `top` if it does not fit."""
    at = np.flatnonzero(rows == place)
    return max(0, int(at[0]) - _ABOVE) if len(at) else top


def neighbours(rows: np.ndarray, place: int, total: int) -> dict[str, Any]:
    """The rows before and after one among those that fit, and its number there, from 1.

    For a row that does not fit, the nearest of those that do, in the order of the table, and 0.
    """
    at = np.flatnonzero(rows == place)
    if len(at):
        here = int(at[0])
        before = int(rows[here - 1]) if here else None
        after = int(rows[here + 1]) if here + 1 < len(rows) else None
        return {"before": before, "after": after, "number": here + 1}
    lower, upper = int(rows[rows < place].max(initial=-1)), int(rows[rows > place].min(initial=total))
    return {
        "before": lower if lower >= 0 else None,
        "after": upper if upper < total else None,
        "number": 0,
    }
