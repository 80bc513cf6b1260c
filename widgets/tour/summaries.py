"""What each raw column holds, counted: the summary of the table. It knows no row in particular."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from firstepoch.widgets.tour import classes, turned
from firstepoch.widgets.tour.assemble import OUT, TEST, TRAIN
from firstepoch.widgets.tour.table import Table
from firstepoch.widgets.tour.words import short, shown

CHOICES = 60
"""Different values up to which a column's values can be chosen from a list."""
_COUNTED = 6
"""Different values that a summary counts one by one."""


def summary(table: Table) -> pd.DataFrame:
    """One row for each raw column.

    Returns:
        Columns `kind` (number, category, gaps, target or left out), `inputs` (how many were made of it), `different`
        (values), `missing` (rows), `min`, `mean`, `max` (of numbers; NaN otherwise), `most` (the most frequent value)
        and `most_rows` (its rows).
    """
    lines = {}
    for column in table.columns:
        codes, values = table.codes(column)
        known = codes[codes >= 0]
        counts = np.bincount(known, minlength=1)
        numeric = _is_numeric(table, column)
        held = table.numbers(column) if numeric and len(known) else np.full(1, np.nan)
        some = numeric and len(known)
        lines[column] = {
            "kind": table.kind(column),
            "inputs": len(table.inputs.get(column, ())),
            "different": len(values),
            "missing": int((codes < 0).sum()),
            "min": float(np.nanmin(held)) if some else np.nan,
            "mean": float(np.nanmean(held)) if some else np.nan,
            "max": float(np.nanmax(held)) if some else np.nan,
            "most": table.value(column, int(counts.argmax())) if len(known) else None,
            "most_rows": int(counts.max()),
        }
    return pd.DataFrame.from_dict(lines, orient="index")


def facts(table: Table) -> dict[str, Any]:
    """The table as a whole, as the page shows it: its size, notes, balance, numbers of inputs, code."""
    data = table.data
    train, test, out = (int((table.part == part).sum()) for part in (TRAIN, TEST, OUT))
    size = f"{len(table):,} {data.row_name}s, {len(table.columns):,} columns: {train:,} to train on, "
    size += f"{test:,} for the test" + (f", {out:,} left out" if out else "")
    return {
        "rows": len(table),
        "noun": data.row_name,
        "size": size,
        "out": out > 0,
        "notes": [*data.notes, *([data.class_note] if data.class_note else [])],
        "balance": classes.described(table),
        "counts": turned.counts(table),
        "code": data.code,
    }


def described(table: Table, found: pd.DataFrame, meanings: Mapping[str, str]) -> list[dict[str, Any]]:
    """The summary as the page shows it: for each column its name, kind, meaning, counts and choices."""
    told = []
    for column, line in found.iterrows():
        codes, values = table.codes(str(column))
        counted = line["kind"] not in ("number", "left out") and len(values) <= _COUNTED
        counts = np.bincount(codes[codes >= 0], minlength=len(values))
        span = [short(line[name]) if line[name] == line[name] else "" for name in ("min", "mean", "max")]
        if counted:
            holds = " · ".join(f"{shown(value)}: {count:,}" for value, count in zip(values, counts, strict=True))
        elif line["kind"] == "number" or span[0]:
            holds = f"{line['different']:,} different numbers"
        else:
            holds = f"{line['different']:,} different values"
            if line["most"] is not None:
                holds += f", most often {shown(line['most'])}: {line['most_rows']:,}"
        if line["missing"]:
            holds += f" · missing: {line['missing']:,}"
        choices = [shown(value) for value in values] if len(values) <= CHOICES else None
        told.append(
            {
                "name": str(column),
                "kind": line["kind"],
                "meaning": meanings.get(str(column), ""),
                "became": table.data.columns.get(str(column), ""),
                "inputs": int(line["inputs"]),
                "holds": holds,
                "span": span if line["kind"] != "category" else ["", "", ""],
                "choices": choices if choices is None else choices + ["missing"] * bool(line["missing"]),
            }
        )
    return told


def _is_numeric(table: Table, column: str) -> bool:
    dtype = table.frame[column].dtype
    return column in table.data.means or (types.is_numeric_dtype(dtype) and not types.is_bool_dtype(dtype))
