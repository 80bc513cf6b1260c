"""What the screen says of a run, as plain data: the report and the rows of the table of runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from firstepoch.widgets.training import schedule
from firstepoch.widgets.training.layers import ACTIVATIONS, layers_in_words
from firstepoch.widgets.training.outputs import guess, loss_words, name_of, output_of, task_of
from firstepoch.widgets.training.run import Run
from firstepoch.widgets.training.session import SPEEDS
from firstepoch.widgets.training.settings import DEFAULT_RATES, Settings


def metric_of(run: Run | None, usual: str = "accuracy") -> str:
    """The first of Keras's logs besides the loss; the usual one while there is no run."""
    others = ("val_", "learning_rate")
    names = [name for name in run.metrics if name != "loss" and not name.startswith(others)] if run else []
    return names[0] if names else usual


def choices(data: Any, accepted: Sequence[str]) -> dict[str, Any]:
    """What the controls offer, and the facts of the data they speak of.

    Args:
        data: A TabularData.
        accepted: The settings that the model's builder takes.
    """
    output, train, test = output_of(data), np.asarray(data.y_train), np.asarray(data.y_test)
    regression = task_of(data) == "regression"
    return {
        "activations": list(ACTIVATIONS),
        "optimizers": dict(DEFAULT_RATES),
        "schedules": list(schedule.SCHEDULES),
        "monitors": ["val_loss", f"val_{output.metric}", "loss", output.metric],
        "speeds": list(SPEEDS),
        "accepted": list(accepted),
        "rows": len(train),
        "test_rows": len(test),
        "classes": [str(name) for name in data.class_names],
        "output": output.words,
        "guess": guess(data, train, test),
        "scale": {"name": name_of(data), "mean": data.target_mean, "std": data.target_std} if regression else None,
        "columns": [[name, words] for name, words in getattr(data, "columns", {}).items()],
        "notes": list(getattr(data, "notes", ())),
    }


def baseline(settings: Settings, data: Any) -> dict[str, Any]:
    """What always giving one answer gets: on the validation rows, or on the training rows if there are none.

    Args:
        settings: Says which rows are for validation.
        data: A TabularData.

    Returns:
        What `outputs.guess` returns, and whether it is judged by `validation` rows.
    """
    targets = np.asarray(data.y_train)
    training, validation = settings.split_rows(len(targets))
    if not 0 < training <= len(targets):
        training, validation = len(targets), 0  # settings that are refused
    seen = targets[:training]
    return guess(data, seen, targets[training:] if validation else seen) | {"validation": validation > 0}


def report(run: Run | None, status: str, ranges: dict[str, Any], data: Any, note: str = "") -> dict[str, Any]:
    """The state of the run in hand.

    Args:
        run: The run; None before the first.
        status: State of the session.
        ranges: Axis ranges of the charts, as drawn.
        data: A TabularData.
        note: What the learner is to know beside; that of the run if it is empty.

    Returns:
        Plain data; epochs are counted from 1, as Keras prints them.
    """
    output = output_of(data)
    told: dict[str, Any] = {
        "charts": ranges,
        "loss": (run.loss if run and run.loss else loss_words(output.loss)) + _penalty(run),
        "metric": metric_of(run, output.metric),
        "epoch": 0,
        "run": 0,
        "outcome": "",
    }
    if run is None:
        return told
    epochs = len(run.recording)
    return told | {
        "run": run.number,
        "epoch": epochs,
        "updates": len(run.updates),
        "planned": run.settings.epochs,
        "rate": _rate(run),
        "best": _counted(run.best_epoch),
        "wait": run.wait,
        "patience": run.settings.patience if run.settings.early_stopping else None,
        "monitor": run.settings.monitor,
        "stopped": _counted(run.stopped_epoch),
        "restored": _counted(run.restored_epoch),
        "partial": run.partial_batches,
        "outcome": run.outcome,
        "error": str(run.error) if run.error else "",
        "parameters": run.parameters,
        "status": status,
        "note": note or run.note,
    }


def rows(runs: Sequence[Run], opened: bool) -> list[dict[str, Any]]:
    """One row of the table for each run.

    Args:
        runs: Oldest first.
        opened: Whether the test set has been opened; until then no test result leaves Python.
    """
    return [_row(run, opened) for run in runs]


def _row(run: Run, opened: bool) -> dict[str, Any]:
    recording = run.recording
    best = run.best_epoch
    metric = metric_of(run)

    def last(name: str) -> float | None:
        at = run.restored_epoch if run.restored_epoch is not None else -1
        value = float(recording[name][at]) if name in recording and len(recording) else np.nan
        return value if np.isfinite(value) else None

    return {
        "run": run.number,
        "settings": in_words(run.settings),
        "epochs": len(recording) if run.outcome else None,
        "outcome": run.outcome,
        "loss": last("loss"),
        "val_loss": last("val_loss"),
        "val_metric": last(f"val_{metric}"),
        "best": _counted(best),
        "restored": _counted(run.restored_epoch),
        "metric": metric,
        "has_test": bool(run.test),
        "test": dict(run.test) if opened and run.test else None,
    }


def in_words(settings: Settings) -> str:
    """The settings that differ from run to run, in a few words."""
    parts = layers_in_words(settings)
    rate = "" if settings.learning_rate is None else f" {settings.learning_rate:g}"
    parts.append(f"{settings.optimizer}{rate}")
    parts += [schedule.in_words(settings)] if settings.schedule != schedule.CONSTANT else []
    parts.append(f"batch {settings.batch_size}")
    if settings.early_stopping:
        parts.append(f"patience {settings.patience}")
    if settings.seed != Settings.seed:
        parts.append(f"seed {settings.seed}")
    return " · ".join(parts)


def schedule_words(settings: Settings, accepted: Sequence[str]) -> str:
    """The schedule of the learning rate in numbers; the first rate is known if the model's builder takes it."""
    first = settings.learning_rate if "learning_rate" in accepted else None
    if first is None and "optimizer" in accepted:
        first = DEFAULT_RATES.get(settings.optimizer)
    return schedule.words(settings, first)


def chosen(data: Any, row: int) -> dict[str, Any]:
    """The followed training row: how many there are to choose from, its target and what that means, what a row is."""
    target = float(data.y_train[row])
    told = {"rows": len(data.y_train), "noun": str(getattr(data, "row_name", "row"))}
    if task_of(data) == "regression":
        value = target * data.target_std + data.target_mean
        return told | {"target": float(f"{target:.4g}"), "label": f"{name_of(data)} {value:.4g}"}
    return told | {"target": int(target), "label": str(data.class_names[int(target)])}


def _penalty(run: Run | None) -> str:
    """What the layers add to the loss, in words."""
    return " + weight penalty" if run and run.penalised else ""


def _rate(run: Run) -> float | None:
    """Epochs a second over the last second of training, or over all of it if it was shorter."""
    if len(run.recording) < 2:
        return None
    seconds = run.recording["seconds"]
    first = int(np.searchsorted(seconds, seconds[-1] - 1.0))
    first = min(first, len(seconds) - 2)
    passed = seconds[-1] - seconds[first]
    return float((len(seconds) - 1 - first) / passed) if passed > 0 else None


def _counted(epoch: int | None) -> int | None:
    return None if epoch is None else epoch + 1
