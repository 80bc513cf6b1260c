"""The frames the page plays, one an epoch, and what is true of all of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from firstepoch.widgets.early_stopping.compute import Plateau, Settings, Story
from firstepoch.widgets.early_stopping.curves import Curves
from firstepoch.widgets.early_stopping.words import outcome
from firstepoch.widgets.recording import Recording


def scene(
    curves: Curves, monitor: str, mode: str, settings: Settings, story: Story, ranges: list[Plateau]
) -> Recording:
    """A frame for every recorded epoch.

    Returns:
        Recording with `epoch` (from 0), `value` of what is monitored, `twin` (the same quantity of the other rows; NaN
        without one) and the arrays of `Story`.
    """
    values = curves.values[monitor]
    twin = curves.twin(monitor)
    other = curves.values[twin] if twin else np.full(len(values), np.nan)
    facts: dict[str, Any] = {
        "monitor": monitor,
        "monitors": list(curves.names),
        "twin": twin or "",
        "mode": mode,
        "first": curves.first,
        **vars(settings),
        "stopped_epoch": story.stopped_epoch,
        "best_epoch": story.last_best,
        "restored_epoch": story.restored_epoch,
        "height": list(height(values, other, settings.baseline)),
        "plateaus": [
            {
                "low": one.low,
                "high": one.high,
                "best_epoch": one.best_epoch,
                "stops": list(one.stops),
                "value": _finite(values[one.best_epoch - curves.first]),
            }
            for one in ranges
        ],
        "outcome": outcome(curves, monitor, settings, story, ranges),
    }
    recording = Recording(facts)
    epochs = np.arange(len(values)) + curves.first
    recording.extend({"epoch": epochs, "value": values, "twin": other, **story.arrays()})
    return recording


def height(values: np.ndarray, other: np.ndarray, baseline: float | None) -> tuple[float, float]:
    """The range of values to draw: all of them, but for a start or an end far outside of the rest."""
    seen = np.concatenate([values, other, [] if baseline is None else [baseline]])
    seen = np.clip(seen[np.isfinite(seen)], -1e300, 1e300)
    if not len(seen):
        return 0.0, 1.0
    low, high = float(seen.min()), float(seen.max())
    few, most = (float(one) for one in np.quantile(seen, [0.05, 0.95]))
    far = 3 * (most - few)
    if far > 0:
        low, high = max(low, few - far), min(high, most + far)
    room = 0.08 * (high - low) or 0.1 * abs(high) or 1.0
    return low - room, high + room


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
