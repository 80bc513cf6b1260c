"""What the page plays: one frame for each state of SGD, with gradient descent at the same cost. No widget."""

from __future__ import annotations

import numpy as np

from firstepoch.widgets.epoch.plane import Plane
from firstepoch.widgets.epoch.race import Model, Plan, batches, processed
from firstepoch.widgets.recording import Recording

_MOST_FAN = 64
_FAN_STEPS = 400_000


def scene(gd: Recording, sgd: Recording, plane: Plane, plan: Plan) -> Recording:
    """Both runs on one clock: rows processed.

    Args:
        gd: Gradient descent's run.
        sgd: SGD's run.
        plane: Where points and steps are drawn.
        plan: The settings.

    Returns:
        Frames as many as SGD's; see `EpochRace`.
    """
    rate, done = plan.learning_rate, processed(sgd)
    made = np.minimum(done // plan.rows, len(gd) - 1)
    gradient, full = sgd["gradient"], sgd["full_gradient"]
    size, full_size = np.linalg.norm(gradient, axis=1), np.linalg.norm(full, axis=1)
    frames = Recording(sgd.settings)
    number = np.arange(len(sgd))
    frames.extend(
        {
            "point": plane.coordinates(sgd["w"]),
            "loss": sgd["loss"],
            "batch_loss": sgd["batch_loss"],
            "batch_step": plane.coordinates(-rate * gradient, steps=True),
            "full_step": plane.coordinates(-rate * full, steps=True),
            "angle": _angles(gradient, full, size * full_size),
            "gradient_size": size,
            "full_size": full_size,
            "count": (sgd["rows"] >= 0).sum(axis=1).astype(np.int32),
            "epoch": sgd["epoch"],
            "batch": (number - sgd["epoch"] * plan.batches).astype(np.int32),
            "rows": sgd["rows"],
            "gd_updates": made.astype(np.int32),
            "gd_point": plane.coordinates(gd["w"])[made],
            "gd_loss": gd["loss"][made],
            "gd_gradient_size": np.linalg.norm(gd["full_gradient"], axis=1)[made],
            "processed": done,
        }
    )
    return frames


def fan_size(plan: Plan, frames: int) -> int:
    """Batches of an epoch whose steps are drawn: all of them, or as many as can be worked out in a moment."""
    return min(plan.batches, _MOST_FAN, max(4, _FAN_STEPS // frames))


def fan(model: Model, sgd: Recording, plane: Plane, plan: Plan) -> np.ndarray:
    """The steps that batches of the frame's epoch would make from its weights, float32, shape (frames, batches, 2)."""
    orders, count = plan.orders(), fan_size(plan, len(sgd))
    chosen = np.linspace(0, plan.batches - 1, count).round().astype(int)
    cut = [batches(order, plan.batch_size) for order in orders]
    sizes = np.array([len(cut[0][batch]) for batch in chosen])
    starts = np.cumsum(sizes) - sizes
    rows = [np.concatenate([parts[batch] for batch in chosen]) for parts in cut]
    made = np.empty((len(sgd), count, 2), np.float32)
    for frame, (w, epoch) in enumerate(zip(sgd["w"], sgd["epoch"], strict=True)):
        gradients = model.row_gradients(w, rows[epoch], plane.onto)
        made[frame] = -plan.learning_rate * np.add.reduceat(gradients, starts) / sizes[:, None]
    return made


def _angles(one: np.ndarray, other: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Degrees between rows; 0 where one of them has no direction."""
    safe = np.where(sizes > 0, sizes, 1)
    cosine = np.where(sizes > 0, np.einsum("ij,ij->i", one, other) / safe, 1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))
