"""What the page is told, as plain data: panels, curves, table. It trains nothing and knows no widget."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets.overfitting import words
from firstepoch.widgets.overfitting.bands import STATISTICS
from firstepoch.widgets.overfitting.fits import Fit
from firstepoch.widgets.overfitting.plan import DROPOUT, PLAIN
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.training.hold import HOLD

HELD = " · paused by the lecturer, goes on by itself"
LOSSES = ("loss", "val_loss")
ROOM = 3.0
"""The axis reaches at most to so many times the highest median of the first epoch."""

HEADS = (
    "network",
    "variant",
    "seeds",
    "parameters",
    "per training row",
    "lowest validation loss",
    "at epoch",
    "training loss kept",
    "validation loss kept",
    "gap",
    "validation accuracy kept",
)


def curves(bands: Mapping[tuple[int, str], Recording], epochs: int) -> dict[str, Any]:
    """The bands as the page draws them.

    Args:
        bands: See `bands.band`, for each (units, variant); may be empty ones.
        epochs: Length of the epoch axis.

    Returns:
        `epochs`, `series` (units, variant and number of seeds of each) and `values`: float32 of shape (series, 2,
        3, epochs): loss and validation loss; median, lowest, highest; NaN where there is none.
    """
    full = {key: band for key, band in bands.items() if len(band)}
    values = np.full((len(full), 2, 3, epochs), np.nan, np.float32)
    series = []
    for block, ((units, variant), band) in zip(values, full.items(), strict=True):
        series.append({"units": units, "variant": variant, "seeds": int(band["seeds"][0])})
        for lines, name in zip(block, LOSSES, strict=True):
            for line, statistic in zip(lines, STATISTICS, strict=True):
                line[: len(band)] = band[f"{name}_{statistic}"]
    return {"epochs": epochs, "series": series, "values": values.tobytes()}


def axis(drawn: Mapping[tuple[int, str], Recording], live: Sequence[Recording] = ()) -> dict[str, Any]:
    """The range of the loss in all panels, the same in linear and logarithmic form, and what it cuts off.

    Args:
        drawn: Bands.
        live: Single fits.
    """
    parts = [band[f"{name}_{end}"] for band in drawn.values() if len(band) for name in LOSSES for end in STATISTICS[1:]]
    starts = [float(band[f"{name}_median"][0]) for band in drawn.values() if len(band) for name in LOSSES]
    parts += [one[name] for one in live if len(one) for name in LOSSES]
    starts += [float(one[name][0]) for one in live if len(one) for name in LOSSES]
    values = np.concatenate(parts) if parts else np.zeros(0)
    values = values[np.isfinite(values)]
    if not len(values):
        return {"y": [0.0, 1.0], "log": [-2.0, 0.0], "highest": 1.0, "cut": False}
    highest = float(values.max())
    top = min(highest, ROOM * max(filter(math.isfinite, starts), default=highest))
    positive = values[values > 0]
    low = float(np.log10(positive.min())) if len(positive) else -2.0
    high = float(np.log10(max(highest, 1e-12)))
    room = 0.06 * max(high - low, 0.5)
    return {
        "y": [0.0, top * 1.12],
        "log": [low - room, high + 2 * room],
        "highest": highest,
        "cut": highest > top,
    }


def table(summary: pd.DataFrame) -> list[list[str]]:
    """Rows of texts under HEADS: medians, with the range where there are several seeds. Epochs from 1."""
    rows = []
    for line in summary.reset_index().to_dict("records"):
        row = [words.units_words(int(line["units"])), line["variant"], _seeds(line)]
        row += [f"{int(line['parameters']):,}", f"{line['parameters_per_row']:.2f}"]
        if line["seeds"]:
            row += [
                _ranged(line, "lowest_val_loss"),
                _ranged(line, "lowest_epoch", digits=0, more=1),
                *(_ranged(line, name) for name in ("final_loss", "final_val_loss", "gap")),
                _ranged(line, "final_val_accuracy") if "final_val_accuracy" in line else "–",
            ]
        else:
            row += ["–"] * 6
        rows.append(row)
    return rows


def _seeds(line: Mapping[Any, Any]) -> str:
    lost = int(line["diverged"])
    return f"{int(line['seeds'])}" + (f", {lost} diverged" if lost else "")


def _ranged(line: Mapping[Any, Any], name: str, digits: int = 4, more: int = 0) -> str:
    middle, low, high = (line[key] + more for key in (name, f"{name}_low", f"{name}_high"))
    if np.isnan(middle):
        return "–"
    if line["seeds"] == 1:
        return f"{middle:.{digits}f}"
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})".replace("-", "−")


def live(session: Any, results: Any) -> list[dict[str, Any]]:
    """The fits that are no part of a band, as the page draws them: in training, stopped or diverged."""
    told = []
    for fit in _single(session, results):
        values = np.stack([fit.recording[name] for name in LOSSES]).astype(np.float32)
        told.append(
            {
                "units": fit.key.units,
                "variant": DROPOUT if fit.key.dropout else PLAIN,
                "seed": fit.key.seed,
                "state": fit.outcome or "in training",
                "values": values.tobytes(),
            }
        )
    return told


def _single(session: Any, results: Any) -> list[Fit]:
    wanted = ("", "stopped", "diverged")
    fits = [fit for fit in list(session.fits.values()) if fit.outcome in wanted and fit.key in results.keys]
    return sorted((fit for fit in fits if len(fit.recording)), key=lambda fit: wanted.index(fit.outcome))


def report(session: Any, results: Any) -> dict[str, Any]:
    """How far the training is.

    Args:
        session: See `session.Session`.
        results: See `results.Results`.
    """
    plan = results.plan
    keys = session.plan.keys if session.plan else []
    done = sum(key in session.fits and session.fits[key].complete for key in keys)
    fit, part, doing = session.current, 0.0, ""
    if fit is not None and keys:
        part = len(fit.recording) / plan.epochs
        name = f"{words.units_words(fit.key.units)}, seed {fit.key.seed}"
        name += f", dropout {fit.key.dropout:g}" if fit.key.dropout else ""
        doing = f"fit {min(done + 1, len(keys))} of {len(keys)} · {name}{HELD if HOLD.on else ''}"
    failures = [str(fit.error) or type(fit.error).__name__ for fit in session.fits.values() if fit.outcome == "failed"]
    # A fit that diverged would press all others to the ground.
    calm = [one.recording for one in _single(session, results) if one.outcome != "diverged"]
    return {
        "done": done,
        "of": len(keys),
        "share": min(1.0, (done + part) / len(keys)) if keys else 0.0,
        "doing": doing,
        "outcome": session.outcome,
        "error": f"{len(failures)} of {len(keys)} fits failed: {failures[0]}" if failures else str(session.error or ""),
        "axis": axis(results.drawn, calm),
    }
