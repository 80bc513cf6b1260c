"""Frames of an operation: the moves of elements, and what the result shows after each step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from firstepoch.widgets.tensor import arguments as given
from firstepoch.widgets.tensor.arguments import Shape
from firstepoch.widgets.tensor.operations import Operation


@dataclass(frozen=True, eq=False)
class Steps:
    """What happens from frame to frame; frame 0 is before anything moved, frame s after step s.

    One move is one entry of `step`, `operand`, `source` and `target`, sorted by step and then by target. Elements are
    numbered in row-major order.

    Attributes:
        step: int32, shape (moves,): in which step it moves, from 1.
        operand: int32, shape (moves,): which operand it comes from.
        source: int32, shape (moves,): which element of that operand it is.
        target: int32, shape (moves,): which element of the result it goes to.
        result: float64, shape (frames, elements of the result): what each element of the result shows; NaN while it
            is empty, and always for text and complex numbers. A running sum of floats is one in float64.
        filled: bool, shape (frames, elements of the result): whether it shows anything.
        sentences: One a frame.
        stretched: For each operand of add and multiply that is stretched, int32 of the result's shape: which of its
            elements stands where; None for every other operand. In step 1 the copies of the first stretched operand
            fill the result; in the steps after that the elements of the other one come and are added or multiplied.
    """

    step: np.ndarray
    operand: np.ndarray
    source: np.ndarray
    target: np.ndarray
    result: np.ndarray
    filled: np.ndarray
    sentences: tuple[str, ...]
    stretched: tuple[np.ndarray | None, ...]


def framed(
    operation: Operation,
    moves: Sequence[np.ndarray],
    shown_after: Sequence[np.ndarray],
    filled_after: Sequence[np.ndarray],
    sentences: Sequence[str],
    stretched: tuple[np.ndarray | None, ...] | None = None,
) -> Steps:
    """Sort the moves (step, operand, source, target) and put frame 0 in front of what is shown after each step."""
    step, operand, source, target = (np.asarray(part, np.int32).reshape(-1) for part in moves)
    order = np.lexsort((operand, target, step))
    size = operation.result.size
    filled = np.stack([np.zeros(size, bool), *filled_after])
    values = np.stack([np.full(size, np.nan), *shown_after])
    told = [f"{name} has shape {one.shape}" for name, one in zip(operation.names, operation.operands, strict=True)]
    start = f"Before the first step: {given.listed(told)}; the result will have shape {operation.result.shape}."
    return Steps(
        step[order],
        operand[order],
        source[order],
        target[order],
        np.where(filled, values, np.nan),
        filled,
        (start, *sentences),
        stretched or (None,) * len(operation.operands),
    )


def as_float64(array: np.ndarray) -> np.ndarray:
    """The elements in row-major order as float64; NaN for what is no real number."""
    if array.dtype.kind in "biuf" or array.dtype.name == "bfloat16":
        return array.astype(np.float64).reshape(-1)
    return np.full(array.size, np.nan)


def groups_of(count: int, most: int) -> list[range]:
    """0 to count - 1 in at most `most` groups, equal but for the last."""
    size = max(1, math.ceil(count / max(1, most)))
    return [range(start, min(start + size, count)) for start in range(0, count, size)]


def index_of(flat: int, shape: Shape) -> list[int]:
    """The index of an element by its number in row-major order."""
    return [int(index) for index in np.unravel_index(flat, shape)]


def position(flat: int, shape: Shape) -> str:
    """The index in a sentence: "[1, 2]"; a scalar has none."""
    return str(index_of(flat, shape)) if shape else "the only place"


def numbered(shape: Shape) -> np.ndarray:
    """A tensor of that shape whose elements are their own numbers in row-major order."""
    return np.arange(math.prod(shape)).reshape(shape)


def capital(sentence: str) -> str:
    """The sentence with a capital in front."""
    return sentence[:1].upper() + sentence[1:]
