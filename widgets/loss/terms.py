"""Binary cross-entropy of single rows, as Keras works it out from outputs. No widget here."""

from __future__ import annotations

import numpy as np

EPSILON = 1e-7
"""How near to 0 and to 1 Keras lets an output come before it takes the logarithm."""
SHIFTS = np.round(np.arange(-6, 6.01, 0.2), 1)
"""Changes of the output unit's bias at which the mean loss is worked out."""
STEPS = np.round(np.arange(-6, 6.01, 0.05), 2)
"""The same for the number of wrong rows, which jumps."""


def clipped(outputs: np.ndarray) -> np.ndarray:
    """The outputs as Keras takes their logarithm: in float32, and not nearer to 0 and 1 than EPSILON.

    Args:
        outputs: From 0 to 1, any shape.

    Returns:
        float64 of the same shape.
    """
    narrow = np.asarray(outputs, np.float32)
    return np.clip(narrow, np.float32(EPSILON), np.float32(1 - EPSILON)).astype(np.float64)


def terms(outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """What each row adds to the sum: -y log(output) - (1 - y) log(1 - output), natural logarithms.

    The mean of these is `keras.losses.BinaryCrossentropy()(y, outputs)`.

    Args:
        outputs: From 0 to 1, shape (..., rows).
        y: 0 or 1, shape (rows,).

    Returns:
        float64 of the shape of `outputs`.
    """
    p = clipped(outputs).astype(np.float32)
    return -np.log(np.where(np.asarray(y) == 1, p, np.float32(1) - p).astype(np.float64))


def wrong(outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which rows are on the wrong side of 0.5; an output of 0.5 counts as class 0, as in Keras's accuracy."""
    return (np.asarray(outputs) > 0.5) != (np.asarray(y) == 1)


def shifted(outputs: np.ndarray, change: float) -> np.ndarray:
    """The outputs of a sigmoid unit after its bias was changed, the weights left as they are.

    Args:
        outputs: From 0 to 1, any shape.
        change: What is added to the bias.
    """
    if change == 0:
        return np.asarray(outputs)
    p = clipped(outputs)
    return 1 / (1 + (1 - p) / p * np.exp(-change))


def over_shifts(outputs: np.ndarray, y: np.ndarray, fixed: int | None = None) -> np.ndarray:
    """The mean loss for each of SHIFTS.

    Args:
        outputs: Of one state of a model, shape (rows,).
        y: 0 or 1, shape (rows,).
        fixed: A row whose output stays what it is.

    Returns:
        Shape of SHIFTS.
    """
    p = clipped(outputs)
    moved = 1 / (1 + (1 - p) / p * np.exp(-SHIFTS)[:, None])
    moved[SHIFTS == 0] = outputs
    if fixed is not None:
        moved[:, fixed] = outputs[fixed]
    return terms(moved, y).mean(axis=1)


def wrong_over_steps(outputs: np.ndarray, y: np.ndarray, fixed: int | None = None) -> np.ndarray:
    """How many rows are on the wrong side of 0.5 for each of STEPS; arguments as above."""
    p = clipped(outputs)
    turns = np.log((1 - p) / p)
    ones = STEPS[:, None] > turns
    if fixed is not None:
        ones[:, fixed] = outputs[fixed] > 0.5
    return (ones != (np.asarray(y) == 1)).sum(axis=1).astype(np.uint16)


def slope(outputs: np.ndarray, y: np.ndarray, fixed: int | None = None) -> float:
    """Of the mean loss over the bias of a sigmoid output unit: the mean of output - y.

    Args:
        outputs: Of one state of a model, shape (rows,).
        y: 0 or 1, shape (rows,).
        fixed: A row whose output stays what it is, and adds nothing.
    """
    off = clipped(outputs) - y
    if fixed is not None:
        off[fixed] = 0
    return float(off.mean())
