"""One row, raw column by raw column, as it becomes inputs. The inputs are those of the data; nothing is scaled here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets.tour.assemble import PARTS, TEST
from firstepoch.widgets.tour.table import Table
from firstepoch.widgets.tour.words import short, shown

MOST = 12
"""Inputs of one column that are drawn one by one; of more, only those that are not 0."""
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def inputs(table: Table, row: int) -> pd.DataFrame:
    """One line for each input of a row: `column`, `input`, `raw` and `value` (float32); empty if it is left out."""
    x = table.x(row)
    raw = table.frame.iloc[row]
    names = ("column", "input", "raw", "value")
    if x is None:
        return pd.DataFrame(columns=names)
    sources = table.data.source_columns
    lines = [(source, table.data.feature_names[k], raw[source], x[k]) for k, source in enumerate(sources)]
    return pd.DataFrame(lines, columns=names).astype({"value": np.float32})


def counts(table: Table) -> dict[str, int]:
    """How many inputs are standardised numbers, and how many are 0 or 1."""
    numbers = sum(column in table.data.means for column in table.inputs)
    total = len(table.data.feature_names)
    return {"inputs": total, "numbers": numbers, "flags": total - numbers}


def turned(table: Table, row: int) -> dict[str, Any]:
    """The row as the page shows it.

    Returns:
        `steps`, one for each raw column: its name, value and kind, a `sentence`, the `sum` of a number; `inputs` in
        the order of the data: name, value as text and exactly, the step that makes it, and whether it is 0.
    """
    steps = [_step(table, column, row) for column in table.columns]
    made_of = counts(table)
    numbers = flags = 0
    for step in steps:
        here = 0 if table.x(row) is None else len(table.inputs.get(step["column"], ()))
        numbers += bool(here and step["kind"] == "number")
        flags += here - bool(here and step["kind"] == "number")
        step["made"] = [numbers, flags]
    number_of = {column: number for number, column in enumerate(table.columns)}
    made: list[dict[str, Any]] = []
    x = table.x(row)
    for column, places in table.inputs.items():
        if x is None:
            continue
        drawn = [k for k in places if len(places) <= MOST or x[k] != 0]
        for k in drawn:
            made.append(
                {
                    "name": table.data.feature_names[k],
                    "text": short(float(x[k])),
                    "exact": f"{float(x[k]):.9g}".replace("-", "−"),
                    "step": number_of[column],
                    "zero": bool(x[k] == 0),
                }
            )
        if len(drawn) < len(places):
            rest = len(places) - len(drawn)
            name = f"{rest:,} others of {column}"
            made.append({"name": name, "text": "0", "exact": "0", "step": number_of[column], "zero": True})
    return {
        "row": row,
        "label": shown(table.label(row)),
        "part": PARTS[table.part[row]],
        "begin": _begin(table, row),
        "end": f"All {made_of['inputs']} inputs are made: {made_of['numbers']} + {made_of['flags']}." if made else "",
        "steps": steps,
        "inputs": made,
    }


def _begin(table: Table, row: int) -> str:
    noun, label = table.data.row_name.capitalize(), shown(table.label(row))
    where = {"train": "a training row", "test": "a test row", "left out": "left out, as it has no target"}
    return (
        f"{noun} {label} ({where[PARTS[table.part[row]]]}) as the table has it. Go on: one raw column after another "
        f"becomes inputs, {len(table.data.feature_names)} in all."
    )


def _step(table: Table, column: str, row: int) -> dict[str, Any]:
    kind = table.kind(column)
    value = shown(table.frame[column].iloc[row])
    total, sentence = _told(table, column, kind, value, row)
    return {"column": column, "value": value, "kind": kind, "sum": total, "sentence": sentence}


def _told(table: Table, column: str, kind: str, value: str, row: int) -> tuple[str, str]:
    x, made = table.x(row), table.inputs.get(column, [])
    if kind == "target":
        return (
            "",
            f"{column} = {value} is no input: it is the target, what the network has to predict.{_class(table, row)}",
        )
    if kind == "left out":
        why = table.data.columns.get(column, "")
        return "", f"No input is made of {column}{f': {why}' if why else ''}."
    if x is None:
        return "", f"{column} = {value}. This row has no target, so it became neither a training nor a test row."
    names = [table.data.feature_names[k] for k in made]
    if kind == "number":
        gap = len(made) > 1 and bool(x[made[1]])
        return _number(table, column, value, float(x[made[0]]), names[1:], gap)
    if kind == "gaps":
        known = (
            f"It is {shown(float(x[made[0]]))} here: {'the value is missing' if x[made[0]] else 'there is a value'}."
        )
        return "", f"Of {column}, only whether it is missing is an input, {names[0]}. {known}"
    lit = [name for name, k in zip(names, made, strict=True) if x[k] != 0]
    digits = ", ".join(shown(float(x[k])) for k in made)
    total = f"{column} = {value} → {digits}" if len(made) <= MOST else ""
    rest = len(names) - len(lit)
    others = f", the other {_count(rest)} {'is' if rest == 1 else 'are'} 0" if rest else ""
    if not lit:
        return total, f"{column} = {value} is none of its {_count(rest)} categories: all its inputs are 0."
    return total, f"{column} = {value} is a category: {' and '.join(lit)} is 1{others}."


def _number(table: Table, column: str, value: str, x: float, flag: list[str], gap: bool) -> tuple[str, str]:
    mean, std = table.data.means[column], table.data.stds[column]
    # A long number is shortened in the sum; the sentence has it in full.
    used = shown(table.data.fills[column]) if gap else value.strip()
    in_sum = used if len(used) <= 7 else short(float(used.replace("\N{MINUS SIGN}", "-")), 6)
    less = f"− {short(mean)}" if mean >= 0 else f"+ {short(-mean)}"
    total = f"({in_sum} {less}) / {short(std)} = {short(x)}"
    side = "above" if x > 0 else "below" if x < 0 else "exactly"
    end = f"{total} standard deviations: {side} the mean of the training rows."
    if gap:
        start = f"{column} is missing: the training rows' median {used} stands for it, and {flag[0]} is 1."
        return total, f"{start} It becomes {end}"
    kept = f" {flag[0]} is 0: the value is there." if flag else ""
    return total, f"{column} = {used} becomes {end}{kept}"


def _class(table: Table, row: int) -> str:
    y = table.y(row)
    if y is None:
        return " It is missing here."
    held = "y_test" if table.part[row] == TEST else "y_train"
    if table.data.task == "regression":
        mean, std = table.data.target_mean, table.data.target_std
        return f" In {held} it is standardised too: less {short(mean)}, over {short(std)}, is {short(y)}."
    names = table.data.class_names
    named = f", “{names[int(y)]}”" if int(y) < len(names) else ""
    return f" In {held} it is class {int(y)}{named}."


def _count(number: int) -> str:
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"
