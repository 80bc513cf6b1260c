"""What the page is told: figures as plain data, and notes in words. It computes nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets.evaluation.classified import SHARES, Classified
from firstepoch.widgets.evaluation.numbers import Numbers
from firstepoch.widgets.evaluation.rows import Rows

MOST_POINTS = 2_000
"""Rows that are drawn one by one, or sent as a table."""
_MOST_CELLS = 500


def plain(value: Any) -> Any:
    """The value as JSON holds it: NaN and infinities are None."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def of_classes(result: Classified, data: Any) -> dict[str, Any]:
    """The report of a binary or multiclass evaluation."""
    fixed = result.figures(0.5)
    loss = result.fixed_intervals["loss"]
    found = {
        "task": "multiclass" if result.many else "binary",
        "rows": result.rows.name,
        "n": result.n,
        "classes": list(result.names),
        "note": str(getattr(data, "class_note", "")),
        "positive": result.positive,
        "figures": {name: fixed[name] for name in (*result.fixed, *(("right", "accuracy") if result.many else ()))},
        "baseline": {
            "name": f"always {result.baseline}" + (f" ({result.names[result.baseline]})" if result.many else ""),
            "right": result.baseline_right,
            "share": result.baseline_right / result.n,
        },
        "intervals": [
            *([] if result.many else [_moving("accuracy", "Wilson", "accuracy")]),
            *(_moving(name, "Wilson", name) for name in SHARES),
            *([] if result.many else [_moving("accuracy", "bootstrap", "accuracy", "resampled")]),
            *_fixed_lines(result),
            {"figure": "loss", "method": "bootstrap", "value": fixed["loss"], "low": loss[0], "high": loss[1]},
        ],
        "notes": notes(result),
        "matrix": result.confusion(0.5).to_numpy() if result.many else [],
        "per_class": result.per_class(0.5).to_numpy() if result.many else [],
        "scatter": {},
    }
    return plain(found)


def _moving(figure: str, method: str, array: str, ends: str = "") -> dict[str, Any]:
    """A line of the intervals whose numbers stand in the arrays of the recording."""
    ends = ends or array
    return {"figure": figure, "method": method, "value": array, "low": f"{ends}_low", "high": f"{ends}_high"}


def _fixed_lines(result: Classified) -> list[dict[str, Any]]:
    table = result.intervals(0.5)
    kept = table[(table.figure == "auc") | (result.many & (table.figure == "accuracy"))]
    return [{str(name): value for name, value in line.items()} for line in kept.to_dict("records")]


def of_numbers(result: Numbers, data: Any) -> dict[str, Any]:
    """The report of a regression."""
    figures = result.figures()
    found = {
        "task": "regression",
        "rows": result.rows.name,
        "n": result.n,
        "classes": [str(getattr(data, "target_name", "") or "target")],
        "note": "",
        "positive": 0,
        "figures": figures,
        "baseline": {"name": "always the training mean", "right": 0, "share": figures["baseline_mae"]},
        "intervals": result.intervals().to_dict("records"),
        "notes": [] if math.isfinite(figures["r2"]) else ["R² needs two rows at least: it is not defined here."],
        "matrix": [],
        "per_class": [],
        "scatter": {"actual": result.actual, "predicted": result.predicted, "names": _names(result.rows)},
    }
    return plain(found)


def notes(result: Classified) -> list[str]:
    """What cannot be told from these rows, in sentences."""
    said = []
    ones = int(result.actual.sum())
    name = result.names[result.positive]
    if ones in (0, result.n):
        which, rest = (f"All {result.n}", "other class") if ones else (f"None of the {result.n}", "class")
        said.append(
            f"{which} rows are of class {name}. The ROC curve and its AUC compare both classes, so they are not "
            f"defined here; {'specificity' if ones else 'sensitivity'} neither. Try rows that hold the {rest} too."
        )
    ties = result.n - len(result.cuts.low) + 1
    if ties:
        said.append(
            f"{result.n:,} rows have {len(result.cuts.low) - 1:,} different outputs: rows with the same one change "
            "sides together."
        )
    return said


def points(result: Classified) -> dict[str, Any]:
    """Each row for the page; empty if there are more than are drawn one by one."""
    if result.n > MOST_POINTS:
        return {"actual": [], "falls": [], "outputs": [], "names": []}
    return plain(
        {
            "actual": result.actual.astype(int),
            "falls": result.cuts.falls,
            "outputs": result.scores.astype(float),
            "names": _names(result.rows),
        }
    )


def _names(rows: Rows) -> list[str]:
    return [str(name) for name in (rows.raw.index if rows.raw is not None else range(len(rows.y)))]


def raw(rows: Rows, data: Any) -> pd.DataFrame:
    """The rows as they were; where they were not kept, the inputs of the model with the target."""
    if rows.raw is not None:
        return rows.raw
    flat = rows.x.reshape(len(rows.x), -1)
    given = tuple(getattr(data, "feature_names", ()))
    columns = given if len(given) == flat.shape[1] else tuple(f"x[{column}]" for column in range(flat.shape[1]))
    return pd.DataFrame(flat, columns=list(columns)).assign(**{getattr(data, "target_name", "") or "target": rows.y})


def wrong(result: Classified | Numbers, data: Any, threshold: float) -> pd.DataFrame:
    """The raw rows with what the model said, those furthest off first; with classes those it got wrong alone."""
    told = with_outputs(result, data, threshold)
    order = np.argsort(-result.wrongness(), kind="stable")
    if isinstance(result, Classified):
        missed = result.predictions(threshold) != result.targets
        order = order[missed[order]]
    return told.iloc[order]


def with_outputs(result: Classified | Numbers, data: Any, threshold: float) -> pd.DataFrame:
    """The raw rows, and beside them `output` and `predicted`, or `predicted` and `error` of numbers."""
    table = raw(result.rows, data)
    if isinstance(result, Numbers):
        added = {"predicted": result.predicted, "error": result.error}
    else:
        predicted = result.predictions(threshold)
        own = result.outputs.max(axis=1) if result.many else result.scores
        added = {"output": own.astype(float), "predicted": np.array(result.names, object)[predicted]}
    return table.assign(**{name if name not in table else f"model {name}": value for name, value in added.items()})


def table(result: Classified | Numbers, data: Any) -> dict[str, Any]:
    """The raw rows as text, those furthest off first, at most some hundred.

    Returns:
        `columns`, and `rows` of `row` (its number), `name`, `cells` and what the model said as `output` and `said`.
    """
    told = raw(result.rows, data)
    order = np.argsort(-result.wrongness(), kind="stable")
    if isinstance(result, Classified) and result.many:
        order = order[result.predicted[order] != result.targets[order]]
    if result.n > MOST_POINTS or isinstance(result, Numbers):
        order = order[:_MOST_CELLS]
    names = _names(result.rows)
    rows = []
    for row in order:
        cells = [_text(value) for value in told.iloc[row]]
        if isinstance(result, Numbers):
            output, said = result.predicted[row], f"{result.error[row]:+.4g}".replace("-", "−")
        elif result.many:
            output, said = result.outputs[row].max(), result.names[result.predicted[row]]
        else:
            output, said = result.scores[row], ""
        actual = "" if isinstance(result, Numbers) else result.names[result.targets[row]]
        rows.append(
            {
                "row": int(row),
                "name": names[row],
                "output": float(output),
                "falls": int(result.cuts.falls[row]) if isinstance(result, Classified) else 0,
                "said": said,
                "actual": actual,
                "cells": cells,
            }
        )
    return {"columns": [str(name) for name in told.columns], "rows": plain(rows)}


def _text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)
