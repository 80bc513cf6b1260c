"""The distribution of the elements of an array of any size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Histogram", "checked", "histogram", "real"]


@dataclass(frozen=True)
class Histogram:
    """How many finite elements fall in each of equally wide bins.

    Attributes:
        counts: int64, shape (bins,).
        edges: float64, shape (bins + 1,); as in `np.histogram`, every bin but the last is open on the right. Shape
            (0,) if no finite element was looked at.
        of: How many elements were counted: the sum of `counts`.
        exact: True if every element of the array was looked at, False if a sample was.
    """

    counts: np.ndarray
    edges: np.ndarray
    of: int
    exact: bool


def histogram(
    array: np.ndarray, bins: int = 32, most: int = 65_536, ends: tuple[float, float] | None = None
) -> Histogram:
    """How the finite elements are distributed, from a sample if there are many.

    Args:
        array: Any shape, memory layout and type of numbers; of complex numbers the absolute values are taken.
        bins: Number of bins of equal width from the smallest to the largest finite element looked at, or to the ends.
        most: Largest number of elements looked at. A larger array is sampled at equal distances in C order; the
            distance shares no divisor with the size, so that no column of a table is left out.
        ends: Smallest and largest element of all, where they are known.

    Returns:
        Counts, edges, and whether they are exact.

    Raises:
        TypeError: The elements are not numbers.
        ValueError: `bins` or `most` is below 1.
    """
    array = checked(array)
    if bins < 1 or most < 1:
        raise ValueError(f"bins and most must be at least 1; got {bins} and {most}.")
    step = max(1, -(-array.size // most))
    while step > 1 and math.gcd(step, array.size) > 1:
        step += 1
    flat = array.reshape(-1) if array.flags.c_contiguous else array.flat
    with np.errstate(all="ignore"):
        values = np.sort(real(flat[::step]).astype(np.float64))  # NaN comes last
        values = values[np.searchsorted(values, -np.inf, "right") : np.searchsorted(values, np.inf)]
        if not len(values):
            return Histogram(np.zeros(bins, np.int64), np.empty(0), 0, step == 1)
        low, high = (values[0], values[-1]) if ends is None else (min(values[0], ends[0]), max(values[-1], ends[1]))
        # The width of a range of float64 numbers may be beyond float64; that of their quarters is not.
        unit = 4.0 if max(-low, high) > 1e300 else 1.0
        low, high, values = low / unit, high / unit, values / unit
        # No bin is narrower than the distance between neighbouring floats.
        least = max(float(low == high), 2 * bins * np.spacing(max(-low, high)))
        if high - low < least:
            middle = low / 2 + high / 2
            low, high = min(low, middle - least / 2), max(high, middle + least / 2)
        edges = np.linspace(low, high, bins + 1)
        # Sorting and looking up the edges takes a third of the time of np.histogram, with the same counts.
        counts = np.diff(np.searchsorted(values, edges[1:-1]), prepend=0, append=len(values))
    return Histogram(counts.astype(np.int64), edges * unit, len(values), step == 1)


def checked(array: Any) -> np.ndarray:
    """The array as a plain numpy array.

    Raises:
        TypeError: The elements are not numbers.
    """
    array = np.asarray(array)
    # What bfloat16 is to numpy: an unknown kind that can be cast.
    if array.dtype.kind not in "biufc" and not (array.dtype.kind == "V" and np.can_cast(array.dtype, np.float32)):
        raise TypeError(f"The elements must be numbers; got dtype {array.dtype}.")
    return array


def real(values: np.ndarray) -> np.ndarray:
    """The same numbers, bool as uint8, and the absolute values of complex numbers."""
    if values.dtype.kind == "c":
        return np.abs(values)
    return values.view(np.uint8) if values.dtype.kind == "b" else values
