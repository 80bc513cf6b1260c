"""What the page is told: figures as plain data, and notes in words. It computes nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets.evaluation.classified import SHARES, Classified
from firstepoch.widgets.evaluation.numbers import Numbers
from firstepoch.widgets.evaluation.rows import MANY, Rows

_LISTED = 200
"""Rows of each kind that are sent as text; the page lists as many at most."""


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
    fixed, method = result.figures(0.5), result.sampling.method
    loss = result.fixed_intervals["loss"]
    found = {
        "task": "multiclass" if result.many else "binary",
        "rows": result.rows.name,
        "n": result.n,
        "wrong": int((result.predicted != result.targets).sum()) if result.many else 0,
        "method": result.sampling.method,
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
            *([] if result.many else [_moving("accuracy", method, "accuracy", "resampled")]),
            *_fixed_lines(result),
            {"figure": "loss", "method": method, "value": fixed["loss"], "low": loss[0], "high": loss[1]},
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
        "wrong": 0,
        "method": result.sampling.method,
        "classes": [str(getattr(data, "target_name", "") or "target")],
        "note": "",
        "positive": 0,
        "figures": figures,
        "baseline": {"name": "always the training mean", "right": 0, "share": figures["baseline_mae"]},
        "intervals": result.intervals().to_dict("records"),
        "notes": _numeric_notes(result, figures["r2"]),
        "matrix": [],
        "per_class": [],
        "scatter": _scatter(result),
    }
    return plain(found)


def _numeric_notes(result: Numbers, r2: float) -> list[str]:
    said = [] if math.isfinite(r2) else ["R² needs two rows at least: it is not defined here."]
    if result.n > MANY:
        said.append(f"{MANY:,} of the {result.n:,} rows are drawn, chosen by lot. Every figure is of all rows.")
    return said


def _scatter(result: Numbers) -> dict[str, Any]:
    some = np.arange(result.n)
    if result.n > MANY:
        some = np.sort(np.random.default_rng(0).choice(result.n, MANY, replace=False))
    return {"actual": result.actual[some], "predicted": result.predicted[some], "names": _names(result.rows, some)}


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
    shown, total = len(result.some), len(result.cuts.low)
    if shown < total:
        said.append(
            f"{result.n:,} rows: the pictures and the steps show {shown:,} of {total:,} thresholds, at even steps "
            "along the ROC curve. Every count and figure is of all rows, and any threshold may be typed."
        )
    elif result.n >= total:
        said.append(
            f"{result.n:,} rows have {total - 1:,} different outputs: rows with the same one change sides together."
        )
    return said


def points(result: Classified) -> dict[str, Any]:
    """A mark for each row, or of many rows for every so many of a class, counted from the lowest output.

    Returns:
        For each mark `actual` (1 for class 1), `falls` (the first of the cuts shown in which it is predicted 0),
        `outputs` and `names`; and for how many rows `each` stands.
    """
    some, each = result.marked
    return plain(
        {
            "actual": result.actual[some].astype(int),
            "falls": np.searchsorted(result.some, result.cuts.falls[some]),
            "outputs": result.scores[some].astype(float),
            "names": _names(result.rows, some),
            "each": each,
        }
    )


def _names(rows: Rows, some: np.ndarray) -> list[str]:
    return [str(name) for name in (some if rows.raw is None else rows.raw.index[some])]


def raw(rows: Rows, data: Any, some: np.ndarray) -> pd.DataFrame:
    """These of the rows as they were; where they were not kept, the inputs of the model with the target."""
    if rows.raw is not None:
        return rows.raw.iloc[some]
    flat = rows.x[some].reshape(len(some), -1)
    given = tuple(getattr(data, "feature_names", ()))
    columns = given if len(given) == flat.shape[1] else tuple(f"x[{column}]" for column in range(flat.shape[1]))
    target = getattr(data, "target_name", "") or "target"
    return pd.DataFrame(flat, index=some, columns=list(columns)).assign(**{target: rows.y[some]})


def wrong(result: Classified | Numbers, data: Any, threshold: float) -> pd.DataFrame:
    """The raw rows with what the model said, those furthest off first; with classes those it got wrong alone."""
    order = np.argsort(-result.wrongness(), kind="stable")
    if isinstance(result, Numbers):
        added = {"predicted": result.predicted, "error": result.error}
    else:
        predicted = result.predictions(threshold)
        order = order[(predicted != result.targets)[order]]
        own = result.outputs.max(axis=1) if result.many else result.scores
        added = {"output": own.astype(float), "predicted": np.array(result.names, object)[predicted]}
    told = raw(result.rows, data, order)
    named = {name if name not in told else f"model {name}": value[order] for name, value in added.items()}
    return told.assign(**named)


def table(result: Classified | Numbers, data: Any) -> dict[str, Any]:
    """The raw rows as text, those furthest off first.

    Of two classes the first 200 of each class: at any threshold the first 200 that are wrong are among them.

    Returns:
        `columns`, and `rows` of `row` (its number), `name`, `cells` and what the model said as `output` and `said`.
    """
    order = result.furthest(_LISTED)
    told = raw(result.rows, data, order)
    falls = np.searchsorted(result.some, result.cuts.falls[order]) if isinstance(result, Classified) else order
    rows = []
    for place, (row, name) in enumerate(zip(order, _names(result.rows, order), strict=True)):
        cells = [_text(value) for value in told.iloc[place]]
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
                "name": name,
                "output": float(output),
                "falls": int(falls[place]),
                "said": said,
                "actual": actual,
                "cells": cells,
            }
        )
    return {"columns": [str(name) for name in told.columns], "rows": plain(rows)}


def _text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)
