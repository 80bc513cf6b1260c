"""How the targets are spread over training and test, and what one gets right without any model."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstepoch.widgets.tour.assemble import TEST, TRAIN
from firstepoch.widgets.tour.table import Table
from firstepoch.widgets.tour.words import short

PARTS = {"all": (TRAIN, TEST), "train": (TRAIN,), "test": (TEST,)}


def class_names(table: Table) -> list[str]:
    """The names of the classes; their numbers where they have none."""
    y = table.targets
    known = y[~np.isnan(y)]
    count = max(len(table.data.class_names), int(known.max()) + 1 if len(known) else 0)
    return [*table.data.class_names, *map(str, range(len(table.data.class_names), count))]


def balance(table: Table) -> dict[str, dict[str, Any]]:
    """Rows of each class by its name, or mean, std (ddof 1), min and max of the target, in all, train and test."""
    y, found = table.targets, {}
    names = [] if table.data.task == "regression" else class_names(table)
    for part, numbers in PARTS.items():
        here = y[np.isin(table.part, numbers)]
        if table.data.task == "regression":
            spread = float(here.std(ddof=1)) if len(here) > 1 else 0.0
            found[part] = {
                "rows": len(here),
                "mean": float(here.mean()),
                "std": spread,
                "min": float(here.min()),
                "max": float(here.max()),
            }
        else:
            counts = np.bincount(here.astype(int), minlength=len(names))
            found[part] = {name: int(count) for name, count in zip(names, counts, strict=True)}
    return found


def baseline(table: Table) -> dict[str, Any]:
    """What always the same answer gets: the most frequent class of the training rows, or their mean.

    Returns:
        `answer` (name of the class, or the mean); for "train" and "test" a dict: `right`, `of` and `share` of classes,
        `mae` (mean absolute error, in the target's own unit) and `of` of a regression.
    """
    y = table.targets
    parts = {part: y[table.part == number] for part, number in (("train", TRAIN), ("test", TEST))}
    if table.data.task == "regression":
        mean = float(parts["train"].mean())
        errors = {part: {"mae": float(np.abs(here - mean).mean()), "of": len(here)} for part, here in parts.items()}
        return {"answer": mean, **errors}
    most = int(np.bincount(parts["train"].astype(int)).argmax())
    found: dict[str, Any] = {"answer": class_names(table)[most], "number": most}
    for part, here in parts.items():
        right = int((here == most).sum())
        found[part] = {"right": right, "of": len(here), "share": right / len(here)}
    return found


def described(table: Table) -> dict[str, Any]:
    """Both as the page shows them: lines of counts and shares, and sentences."""
    held, least = balance(table), baseline(table)
    unit = table.data.target_name or "target"
    if table.data.task == "regression":
        heads = ["rows", "mean", "standard deviation", "lowest", "highest"]
        lines = [
            {
                "part": part,
                "counts": [f"{line['rows']:,}", *(short(line[name]) for name in ("mean", "std", "min", "max"))],
                "shares": [],
            }
            for part, line in held.items()
        ]
        wrong = {part: short(least[part]["mae"]) for part in ("train", "test")}
        told = [
            f"Always answering {short(least['answer'])}, the mean of the training rows, is wrong by {wrong['train']} "
            f"on average in training and by {wrong['test']} in the test (mean absolute error, in units of {unit}).",
            "A model has to be better than that to have learned anything.",
        ]
        return {"heads": heads, "lines": lines, "said": told, "task": "regression"}
    counted: list[dict[str, Any]] = []
    for part, line in held.items():
        of = sum(line.values())
        shares = [count / of if of else 0.0 for count in line.values()]
        counted.append({"part": part, "counts": [f"{count:,}" for count in line.values()], "shares": shares})
    told = []
    for part, where in (("train", "training"), ("test", "test")):
        got = least[part]
        share = f"{100 * got['share']:.1f}\N{NO-BREAK SPACE}%"
        told.append(f"{got['right']:,} of {got['of']:,} {where} {table.data.row_name}s = {share}")
    named = f" (“{least['answer']}”)" if least["answer"] != str(least["number"]) else ""
    answer = f"Always answering {least['number']}{named}, without a look at any {table.data.row_name},"
    return {
        "heads": list(held["all"]),
        "lines": counted,
        "said": [
            f"{answer} is right for {told[0]}, and for {told[1]}.",
            "A model has to be better than that to have learned anything.",
        ],
        "task": table.data.task,
    }
