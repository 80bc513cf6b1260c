"""Several seeds made one picture: median and range of every quantity, epoch by epoch, and the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets.recording import Recording

STATISTICS = ("median", "lowest", "highest")


def band(recordings: Sequence[Recording]) -> Recording:
    """Median, lowest and highest value over several fits.

    Args:
        recordings: One for each seed, with the same arrays; some may end earlier than others.

    Returns:
        One frame an epoch: `epoch`, `seeds` (how many fits reached it), and for each array of the fits, such as
        `val_loss`, the arrays `val_loss_median`, `val_loss_lowest` and `val_loss_highest`, float64.
    """
    made = Recording(versions={})
    if not recordings:
        return made
    length = max(map(len, recordings))
    frames: dict[str, Any] = {
        "epoch": np.arange(length),
        "seeds": np.sum([np.arange(length) < len(one) for one in recordings], axis=0),
    }
    for name in recordings[0]:
        if name == "epoch":
            continue
        values = np.full((len(recordings), length), np.nan)
        for row, one in zip(values, recordings, strict=True):
            row[: len(one)] = one[name]
        frames[f"{name}_median"] = np.nanmedian(values, axis=0)
        frames[f"{name}_lowest"] = np.nanmin(values, axis=0)
        frames[f"{name}_highest"] = np.nanmax(values, axis=0)
    made.extend(frames)
    return made


def kept_epoch(recording: Recording) -> int:
    """The epoch (from 0) whose weights are kept: the last one, or with early stopping the restored one."""
    return int(recording.settings.get("restored_epoch", len(recording) - 1))


def facts(recording: Recording) -> dict[str, float]:
    """The numbers of one fit that are compared.

    Returns:
        `lowest_val_loss` and its `lowest_epoch` (from 0), and at the epoch whose weights are kept `final_loss`,
        `final_val_loss`, their difference `gap`, and `final_val_accuracy` where there is an accuracy.
    """
    val_loss, kept = recording["val_loss"], kept_epoch(recording)
    lowest = int(np.argmin(val_loss))
    found = {
        "lowest_val_loss": float(val_loss[lowest]),
        "lowest_epoch": lowest,
        "epochs": len(recording),
        "final_loss": float(recording["loss"][kept]),
        "final_val_loss": float(val_loss[kept]),
        "gap": float(val_loss[kept]) - float(recording["loss"][kept]),
    }
    if "val_accuracy" in recording:
        found["final_val_accuracy"] = float(recording["val_accuracy"][kept])
    return found


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Median, lowest and highest."""
    return float(np.median(values)), float(np.min(values)), float(np.max(values))


def summary(groups: Mapping[tuple[int, str], tuple[list[Recording], int, Mapping[str, int]]]) -> pd.DataFrame:
    """A row for each width and variant.

    Args:
        groups: For each (units, variant): the recordings of the fits that ended well, how many diverged, and
            `parameters` and `training_rows`.

    Returns:
        Columns `parameters`, `training_rows`, `parameters_per_row`, `seeds`, `diverged`, then for each number of
        `facts` its median under its own name, and its range as `..._low` and `..._high`.
    """
    rows = []
    for (units, variant), (recordings, diverged, counts) in groups.items():
        row: dict[str, Any] = {"units": units, "variant": variant, **counts}
        row["parameters_per_row"] = counts["parameters"] / max(1, counts["training_rows"])
        row |= {"seeds": len(recordings), "diverged": diverged}
        found = [facts(recording) for recording in recordings]
        for name in found[0] if found else ():
            row[name], row[f"{name}_low"], row[f"{name}_high"] = spread([one[name] for one in found])
        rows.append(row)
    return pd.DataFrame(rows).set_index(["units", "variant"]) if rows else pd.DataFrame()
