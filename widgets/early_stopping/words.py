"""What the whole story comes to, in sentences that are true of these numbers. Epochs are counted from 1 here."""

from __future__ import annotations

import math

import numpy as np

from firstepoch.widgets.early_stopping.compute import Plateau, Settings, Story
from firstepoch.widgets.early_stopping.curves import Curves


def number(value: float, digits: int = 3) -> str:
    """A number of so many significant digits, as people read it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size and not 1e-4 <= size < 1e5:
        return f"{value:.{digits - 1}e}".replace("-", "−")
    decimals = digits - 1 - (math.floor(math.log10(size)) if size else 0)
    return (f"{value:.{max(0, decimals)}f}" if size else "0").replace("-", "−")


def outcome(curves: Curves, monitor: str, settings: Settings, story: Story, ranges: list[Plateau]) -> list[str]:
    """What EarlyStopping does in the end, what it costs and gains, and which patiences do the same."""
    values, first = curves.values[monitor], curves.first
    best, end = story.last_best, first + len(values) - 1
    if best is None:
        return [
            f"EarlyStopping looks at no epoch: start_from_epoch is {settings.start_from_epoch}, and the recording "
            f"ends with epoch {end + 1}. It stops nothing and restores nothing."
        ]
    told = [_ending(curves, monitor, settings, story)]
    told += _missed(values, first, settings, story)
    told += _others(curves, monitor, story)
    plateau = next(one for one in ranges if settings.patience >= one.low and _within(settings.patience, one))
    if not math.isnan(values[best - first]):
        told.append(_plateau_words(plateau, settings.restore_best_weights))
    return told


def _within(patience: int, plateau: Plateau) -> bool:
    return plateau.high is None or patience <= plateau.high


def _ending(curves: Curves, monitor: str, settings: Settings, story: Story) -> str:
    values, first = curves.values[monitor], curves.first
    best, stopped, end = story.last_best, story.stopped_epoch, first + len(values) - 1
    assert best is not None

    def at(epoch: int) -> str:
        return number(float(values[epoch - first]))

    if stopped is None:
        told = f"Patience does not run out in the {_epochs(len(values))} recorded; what later ones bring is not known. "
        if not settings.restore_best_weights:
            return told + f"The weights stay those of epoch {end + 1}: {monitor} {at(end)}."
        if best == end:
            return told + f"The last epoch is the best so far: {monitor} {at(end)}."
        return told + (
            f"If training ended there, Keras would restore epoch {best + 1}: {monitor} {at(best)} there, "
            f"{at(end)} in epoch {end + 1}."
        )
    later = f", {at(end)} in epoch {end + 1}, the last recorded" if end > stopped else ""
    spared = f" It saves {end - stopped} of {_epochs(len(values))}." if end > stopped else ""
    if not settings.restore_best_weights:
        return (
            f"EarlyStopping stops the training after epoch {stopped + 1} and leaves the weights as they are then: "
            f"{monitor} {at(stopped)}. It was {at(best)} in epoch {best + 1}{later}.{spared}"
        )
    return (
        f"EarlyStopping stops the training after epoch {stopped + 1} and restores the weights of epoch {best + 1}: "
        f"{monitor} {at(best)} there, {at(stopped)} at the stop{later}.{spared}"
    )


def _missed(values: np.ndarray, first: int, settings: Settings, story: Story) -> list[str]:
    """Whether the recording holds a better value than the one that counts as the best."""
    best = story.last_best
    if best is None or not np.isfinite(values).any():
        return []
    if math.isnan(values[best - first]):
        return [f"The first value looked at, that of epoch {best + 1}, is NaN, and no number counts as better than it."]
    top = int(np.nanargmin(values) if settings.falls else np.nanargmax(values))
    better = values[top] < values[best - first] if settings.falls else values[top] > values[best - first]
    if not better:
        return []
    why = (
        "after the stop"
        if story.stopped_epoch is not None and top + first > story.stopped_epoch
        else "in the warm-up, which does not count"
        if top + first < settings.start_from_epoch
        else "but not by more than min_delta"
    )
    word = "lowest" if settings.falls else "highest"
    return [f"The {word} value recorded is {number(float(values[top]))}, in epoch {top + first + 1}, {why}."]


def _others(curves: Curves, monitor: str, story: Story) -> list[str]:
    """The other quantities of the same rows at the best epoch, at the stop and at the end: numbers, no more."""
    prefix = "val_" if monitor.startswith("val_") else ""
    names = [name for name in curves.values if name.startswith("val_") == bool(prefix) and name != monitor]
    best, first = story.last_best, curves.first
    assert best is not None
    end = first + len(curves) - 1
    epochs = sorted({best, end if story.stopped_epoch is None else story.stopped_epoch, end})
    told = []
    for name in names[:2]:
        parts = [f"{number(float(curves.values[name][epoch - first]))} in epoch {epoch + 1}" for epoch in epochs]
        told.append(f"{name} is {_listed(parts)}.")
    return told


def _plateau_words(plateau: Plateau, restores: bool) -> str:
    does = "restores" if restores else "finds its best value in"
    epoch = f"{does} epoch {plateau.best_epoch + 1}"
    if plateau.high is None:
        return f"Any patience {f'of {plateau.low} or more' if plateau.low else 'at all'} {epoch} on this recording."
    if plateau.low == plateau.high:
        return f"Only a patience of {plateau.low} {epoch}."
    return f"Any patience from {plateau.low} to {plateau.high} {epoch}."


def _epochs(count: int) -> str:
    return f"{count:,} epochs" if count != 1 else "1 epoch"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
