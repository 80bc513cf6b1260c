"""Two kept runs side by side: what differs in their settings and in their results, in numbers and in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets.training import schedule
from firstepoch.widgets.training.describe import metric_of
from firstepoch.widgets.training.layers import LAYER_SETTINGS, each
from firstepoch.widgets.training.run import Run
from firstepoch.widgets.training.settings import DEFAULT_RATES, MODEL_SETTINGS, Settings


def results(run: Run) -> dict[str, float]:
    """What a run came to, from its Recording; NaN where it has no such number.

    Returns:
        `parameters`; `epochs` that were trained; the `loss` and the `gap` (validation less training loss) of the last
        of them; the `lowest val_loss`, its epoch (from 0) and the validation metric there; `seconds`, pauses included.
    """
    recording, metric = run.recording, f"val_{metric_of(run)}"

    def at(name: str, epoch: int) -> float:
        return float(recording[name][epoch]) if name in recording and len(recording) else math.nan

    valid = recording["val_loss"] if "val_loss" in recording else np.zeros(0)
    lowest = int(np.nanargmin(valid)) if np.isfinite(valid).any() else None
    return {
        "parameters": run.parameters or math.nan,
        "epochs": len(recording),
        "loss": at("loss", -1),
        "gap": at("val_loss", -1) - at("loss", -1),
        "lowest val_loss": math.nan if lowest is None else at("val_loss", lowest),
        "lowest val_loss epoch": math.nan if lowest is None else lowest,
        f"{metric} there": math.nan if lowest is None else at(metric, lowest),
        "seconds": at("seconds", -1),
    }


def table(run: Run, other: Run) -> pd.DataFrame:
    """Settings and results of two runs.

    Returns:
        One row a setting or result (index levels `part` and `name`), one column a run ("run 1", "run 3"), and the
        `difference`, the second less the first, where both are numbers.
    """
    parts = (
        ("setting", run.settings.to_json(), other.settings.to_json()),
        ("result", results(run), results(other)),
    )
    rows = {
        (part, name): (one.get(name, math.nan), two.get(name, math.nan))
        for part, one, two in parts
        for name in dict.fromkeys([*one, *two])
    }
    return pd.DataFrame(
        {
            f"run {run.number}": pd.Series([one for one, _ in rows.values()], dtype=object).array,
            f"run {other.number}": pd.Series([two for _, two in rows.values()], dtype=object).array,
            "difference": [
                two - one if _is_number(one) and _is_number(two) else math.nan for one, two in rows.values()
            ],
        },
        index=pd.MultiIndex.from_tuples(rows, names=["part", "name"]),
    )


def comparison(run: Run, other: Run, data: Any, accepted: Iterable[str] = MODEL_SETTINGS) -> dict[str, Any]:
    """The same for the page: only the settings that differ, numbers as people read them, epochs from 1.

    Args:
        run: The run on the card; it may be going on.
        other: The one it is compared with.
        data: The TabularData both were trained on.
        accepted: Which of the model's settings its builder takes; the others do nothing.

    Returns:
        Plain data: `run` and `other` (their numbers), `settings` (name and both values), `results` (name, both values
        and the first less the second), and `words`, sentences that are true of the two.
    """
    differing = _differing(run.settings, other.settings, accepted)
    counts = [one.settings.split_rows(len(data.y_train))[1] for one in (run, other)]
    names = [name for name, *_ in differing]
    words = [_of_settings(names, run, other), *_of_losses(names, run, other)]
    words += _of_rows(run, other, counts, f"{getattr(data, 'row_name', 'row')}s")
    return {
        "run": run.number,
        "other": other.number,
        "settings": [[name, _words(one), _words(two)] for name, one, two in differing],
        "results": _rows(run, other, same_rows=counts[0] == counts[1]),
        "words": words,
    }


def curves(run: Run) -> bytes:
    """Loss, metric and both of validation of every epoch: four rows of float64, NaN where there is no number."""
    metric, epochs = metric_of(run), len(run.recording)
    table = pd.DataFrame({name: run.recording[name][:epochs] for name in run.metrics})
    names = ["loss", "val_loss", metric, f"val_{metric}"]
    return np.ascontiguousarray(table.reindex(columns=names).to_numpy(np.float64).T).tobytes()


def _differing(one: Settings, other: Settings, accepted: Iterable[str]) -> list[tuple[str, Any, Any]]:
    """Names and values of the settings that differ and do something in both."""
    idle = {name for name in MODEL_SETTINGS if name not in accepted} | {"schedule_factor", "schedule_patience"}
    found = []
    for field in fields(Settings):
        values = [_in_force(settings, field.name) for settings in (one, other)]
        if field.name not in idle and None not in values and values[0] != values[1]:
            found.append((field.name.replace("_", " "), *values))
    return found


def _in_force(settings: Settings, name: str) -> Any:
    """A setting as it works: the optimizer's own learning rate where none is set; None where it does nothing."""
    value = getattr(settings, name)
    if name in LAYER_SETTINGS:
        values = each(value, len(settings.units))
        return None if not values else values[0] if len(set(values)) == 1 else values
    if name == "learning_rate":
        return DEFAULT_RATES.get(settings.optimizer) if value is None else value
    if name == "schedule":
        return value if value == schedule.CONSTANT else schedule.in_words(settings)
    if name in ("patience", "min_delta", "restore_best_weights"):
        return value if settings.early_stopping else None
    if name == "monitor":
        return value if settings.watcher else None
    return value


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return " + ".join(map(_words, value)) or "no hidden layer"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _of_settings(names: list[str], run: Run, other: Run) -> str:
    if not names:
        both = min(len(run.recording), len(other.recording))
        if both and not np.array_equal(run.recording["loss"][:both], other.recording["loss"][:both]):
            return (
                "Settings and seed are the same, yet the numbers differ: some computers do not add in the same order "
                "twice."
            )
        return "Settings and seed are the same: as far as both runs went, they went the same way, number for number."
    if names == ["seed"]:
        return (
            "Only the seed differs: it draws the first weights, the order of the rows, and what dropout drops. "
            "Whatever differs in the results is luck alone."
        )
    if len(names) == 1:
        return (
            f"Only one setting differs: {names[0]}. Each of these is one run with one seed: train both again with "
            "another seed to see how much is luck."
        )
    return f"{len(names)} settings differ, so no single one of them can be given the credit. Change one at a time."


def _of_losses(names: list[str], run: Run, other: Run) -> list[str]:
    """What makes losses of the two mean different things."""
    words = []
    if "dropout" in names:
        words.append(
            "Dropout is on while the training loss is taken and off for validation: more dropout makes the training "
            "loss higher and the gap smaller."
        )
    if "l2" in names:
        words.append(
            "The loss contains the L2 penalty, in validation too, so losses with different L2 cannot be set side by "
            f"side: look at the {metric_of(run if len(run.recording) else other)}."
        )
    return words


def _of_rows(run: Run, other: Run, counts: list[int], rows: str) -> list[str]:
    """How many validation rows each gets right, if it is done and there are any."""
    if counts[0] != counts[1]:
        return [
            f"They were validated on {counts[0]} and on {counts[1]} {rows}: validation numbers of different {rows} "
            "cannot be compared."
        ]
    metric, count = f"val_{metric_of(run)} there", counts[0]
    shares = [results(one).get(metric, math.nan) for one in (run, other)]
    if "accuracy" not in metric or not (run.outcome and other.outcome) or not all(map(math.isfinite, shares)):
        return []
    one, two = (round(share * count) for share in shares)
    begin = "At the epoch with its lowest validation loss,"
    if one == two:
        return [f"{begin} each of them gets {one} of {count} validation {rows} right: no difference."]
    return [
        f"{begin} run {run.number} gets {one} of {count} validation {rows} right and run {other.number} gets {two}: a "
        f"difference of {abs(one - two)} of {count} {rows}."
    ]


def _rows(run: Run, other: Run, same_rows: bool) -> list[list[str]]:
    """Name, value of each, and difference of every result."""
    both = run, other
    metric = metric_of(run if len(run.recording) else other)
    share = "share" if "accuracy" in metric else "number"
    lines = [
        ("parameters", "parameters", "whole"),
        ("epochs trained", "epochs", "whole"),
        ("training loss at the end", "loss", "number"),
        ("validation less training loss at the end", "gap", "number"),
        ("lowest validation loss", "lowest val_loss", "number"),
        ("at epoch", "lowest val_loss epoch", "epoch"),
        (f"validation {metric} there", f"val_{metric} there", share),
        ("seconds, pauses included", "seconds", "seconds"),
    ]
    found = [results(one) for one in both]
    rows = []
    for label, name, kind in lines:
        going = [not one.outcome and name != "parameters" for one in both]
        values = [math.nan if on else one.get(name, math.nan) for on, one in zip(going, found, strict=True)]
        if not any(map(math.isfinite, values)):
            continue
        comparable = same_rows or "val" not in label
        difference = _signed(values[0] - values[1], kind) if all(map(math.isfinite, values)) and comparable else "–"
        shown = ["…" if on else _shown(value, kind) for on, value in zip(going, values, strict=True)]
        rows.append([label, *shown, difference])
    return rows


_FORMATS = {"whole": ",.0f", "epoch": ",.0f", "share": ".1f", "seconds": ".1f", "number": "#.3g"}


def _shown(value: float, kind: str) -> str:
    if not math.isfinite(value):
        return "–"
    scaled = {"epoch": value + 1, "share": 100 * value}.get(kind, value)
    return _text(f"{scaled:{_FORMATS[kind]}}") + (" %" if kind == "share" else "")


def _signed(value: float, kind: str) -> str:
    text = f"{100 * value if kind == 'share' else value:+{'#.2g' if kind == 'number' else _FORMATS[kind]}}"
    if not any(digit in text for digit in "123456789"):
        return "same"
    return _text(text) + (" points" if kind == "share" else "")


def _text(number: str) -> str:
    return number.removesuffix(".").replace("-", "−")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
