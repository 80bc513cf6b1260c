"""What the ground under a run is like: steepness, curvature, and whether a lower valley is drawn."""

from __future__ import annotations

import numpy as np

from firstepoch.widgets.descent.compute import Run
from firstepoch.widgets.descent.gradient import Differentiable
from firstepoch.widgets.descent.picture import View, valleys


def sizes_of(run: Run) -> np.ndarray:
    """Length of the gradient in each frame."""
    return np.hypot.reduce(run.gradient, axis=1)


def flat_at_once(run: Run) -> bool:
    """Whether the gradient at the start is 0."""
    size = np.abs(run.gradient[0]).max()
    return bool(size <= 1e-12 * max(1.0, abs(run.value[0])))


def curvatures(function: Differentiable, w: np.ndarray) -> np.ndarray | None:
    """The curvatures of the function at w, smallest first: eigenvalues of finite differences of its gradient.

    What is within the error of that counts as 0. None where the function cannot say.
    """
    rough = function.differentiated_by == "finite differences"
    step = (1e-2 if rough else 1e-4) * np.maximum(1, np.abs(w))
    try:
        columns = [
            (function.gradient(w + one) - function.gradient(w - one)) / (2 * one[number])
            for number, one in enumerate(np.diag(step))
        ]
    except Exception:
        return None
    matrix = np.stack(columns)
    if not np.isfinite(matrix).all():
        return None
    found = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    found[np.abs(found) < (1e-2 if rough else 1e-5) * max(1e-3, np.abs(found).max())] = 0
    return np.where(np.abs(found) < 1e-7, 0.0, found)


def lower_valley(w: np.ndarray, value: float, view: View) -> np.ndarray | None:
    """The lowest drawn minimum, if it is clearly lower than the value at w and a rise lies between; else None."""
    axes = [np.linspace(*part, count) for part, count in zip(view.domain, view.values.shape[::-1], strict=True)]
    places = valleys(view.values)
    if not places:
        return None
    lowest = min(places, key=lambda place: view.values[place])
    seen = view.values[np.isfinite(view.values)]
    clear = 0.01 * float(np.quantile(seen, 0.9) - seen.min())
    if not view.values[lowest] < value - clear:
        return None
    # The last axis of the values is the first weight.
    there = np.array([axis[index] for axis, index in zip(axes, lowest[::-1], strict=True)])
    there[np.abs(there) < 1e-9 * np.ptp(axes[0])] = 0
    between = [
        view.values[
            tuple(np.abs(axis - part).argmin() for axis, part in zip(axes, w + share * (there - w), strict=True))[::-1]
        ]
        for share in np.linspace(0, 1, 41)
    ]
    return there if np.nanmax(between) > value + clear / 2 else None
