"""Statistics and block means of arrays too large to show element by element, in one pass over the memory."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.tensor.histogram import Histogram, checked, histogram, real

__all__ = ["INFINITE", "NAN", "NEGATIVE_INFINITE", "Blocks", "Histogram", "Statistics"]
__all__ += ["histogram", "statistics", "summarise"]

NAN, INFINITE, NEGATIVE_INFINITE = 1, 2, 4

# Elements read at once (4 MiB of float32: several passes hit the cache), and those of them centred at once.
_CHUNK, _PIECE = 2**20, 2**18
# Not more floats than these are summarised in one go, where each is a block.
_FEW = 2**13
# Shortest run of memory to read when a chunk is cut from several rows.
_RUN = 2**13
# Not more float32 numbers than twice these are added up one after the other: rounding stays below 1e-5.
_CHAIN = 64
# Products of this size still run in one thread of BLAS.
_ROW, _PRODUCT = 2**12, 2**13
# Beyond these magnitudes a sum of squares may leave the range of the type.
_WIDER: dict[str, tuple[float, np.dtype]] = {"f": (1e15, np.dtype(np.float64)), "d": (1e150, np.dtype(np.longdouble))}


@dataclass(frozen=True)
class Statistics:
    """Numbers about all elements of an array; of complex elements, about their absolute values.

    Attributes:
        count: Number of elements.
        nan: Number of elements that are NaN.
        positive_infinite: Number of elements that are +inf.
        negative_infinite: Number of elements that are -inf.
        minimum: Smallest finite element, an exact int for bool and integer arrays; None without finite elements.
        maximum: Largest finite element, likewise.
        mean: Mean of the finite elements; None without any.
        std: Population standard deviation (ddof=0) of the finite elements; None without any.
        zeros: Number of elements that are 0 (or -0.0).
    """

    count: int
    nan: int
    positive_infinite: int
    negative_infinite: int
    minimum: float | int | None
    maximum: float | int | None
    mean: float | None
    std: float | None
    zeros: int


@dataclass(frozen=True)
class Blocks:
    """An array in blocks of neighbouring elements; both fields have shape ceil(shape / block).

    Attributes:
        means: float64, the mean of the finite elements of each block; NaN if it has none.
        marks: uint8, the sum of NAN (1), INFINITE (2) and NEGATIVE_INFINITE (4), each if the block holds such an
            element.
    """

    means: np.ndarray
    marks: np.ndarray


def summarise(array: np.ndarray, block: tuple[int, ...]) -> tuple[Statistics, Blocks]:
    """Statistics and block means in one pass over the memory, without a copy of the array.

    The moments of the chunks are merged as in Chan, Golub and LeVeque (1983), "Algorithms for computing the sample
    variance: analysis and recommendations", The American Statistician 37:242-247.

    Args:
        array: Any shape and memory layout; bool, integers, floats (also longdouble and bfloat16) or complex numbers,
            of which the absolute values are taken.
        block: Number of elements of a block along each axis, at least 1; the last block of an axis may be shorter.

    Returns:
        The statistics of all elements and the blocks.

    Raises:
        TypeError: The elements are not numbers.
        ValueError: `block` does not give a positive size for each axis.
    """
    array = checked(array)
    if len(block) != array.ndim or any(size < 1 for size in block):
        raise ValueError(f"block must give a positive size for each of the {array.ndim} axes; got {block}.")
    few = _few(array) if 0 < array.size <= _FEW and max(block, default=1) == 1 else None
    if few is not None:
        return few
    order, view, sizes = _in_memory_order(array, block)
    counts = _block_lengths(view.shape, sizes)
    marks = np.zeros(counts.shape, np.uint8)
    sums = np.zeros(counts.shape, np.longdouble if array.dtype.itemsize >= 8 else np.float64)
    found = {NAN: 0, INFINITE: 0, NEGATIVE_INFINITE: 0}
    zeros, lows, highs, moments = 0, [], [], []
    with np.errstate(all="ignore"):
        for box in _boxes(view.shape, sizes, _CHUNK):
            cells = tuple(slice(s.start // size, -(-s.stop // size)) for s, size in zip(box, sizes, strict=True))
            values = real(view[box])
            values = _scratch.copy("values", values, _plain_type(values.dtype))
            finite, low, high = values.reshape(-1), values.min(), values.max()
            if not (low > 0 or high < 0):
                nonzero = np.not_equal(values, 0, out=_scratch.take("nonzero", bool, values.shape))
                zeros += values.size - int(np.count_nonzero(nonzero))
            if not (np.isfinite(low) and np.isfinite(high)):
                flags = {NAN: np.isnan(values), INFINITE: values == np.inf, NEGATIVE_INFINITE: values == -np.inf}
                for mark, flag in flags.items():
                    number = _block_sums(flag.astype(np.float32), sizes).astype(np.int64)
                    marks[cells] |= np.where(number, mark, 0).astype(np.uint8)
                    counts[cells] -= number
                    found[mark] += int(number.sum())
                kept = np.isfinite(values)
                finite, values = values[kept], np.where(kept, values, 0)
                if not len(finite):
                    continue
                low, high = finite.min(), finite.max()
            lows.append(low)
            highs.append(high)
            dtype = _working_type(values.dtype, max(-float(low), float(high)))
            part = _block_sums(_scratch.copy("working", values, dtype), sizes)
            sums[cells] += part
            total = part.sum(dtype=sums.dtype)
            moments.append(_moments(_scratch.copy("working", finite, dtype), low, high, total))
        blocks = (sums / counts).astype(np.float64), marks
        minimum, maximum, mean, std = _merged(lows, highs, moments)
    special = found[NAN], found[INFINITE], found[NEGATIVE_INFINITE]
    summary = Statistics(array.size, *special, minimum, maximum, mean, std, zeros)
    return summary, Blocks(*(_in_axis_order(part, array.shape, block, order) for part in blocks))


def statistics(array: np.ndarray) -> Statistics:
    """Statistics of all elements, without a copy of the array.

    Args:
        array: As for `summarise`.

    Returns:
        Counts, extremes, mean and standard deviation of the elements.

    Raises:
        TypeError: The elements are not numbers.
    """
    return summarise(array, tuple(max(1, length) for length in np.shape(array)))[0]


def _few(array: np.ndarray) -> tuple[Statistics, Blocks] | None:
    """`summarise` with blocks of one element, of few finite floats, in one go; None if the elements are not that."""
    if array.dtype.char not in "fd":
        return None
    means = array.astype(np.float64, order="C")
    values, limit = means.reshape(-1), _WIDER["d"][0]
    low, high = float(np.minimum.reduce(values)), float(np.maximum.reduce(values))
    magnitude = max(-low, high)
    if not (magnitude == 0 or 1 / limit < magnitude < limit):
        return None
    zeros = values.size - int(np.count_nonzero(values))
    mean, std = low, 0.0
    if low < high:
        mean = float(np.add.reduce(values)) / values.size
        deviations = values - mean
        std = math.sqrt(deviations @ deviations / values.size)
    summary = Statistics(values.size, 0, 0, 0, low, high, mean, std, zeros)
    return summary, Blocks(means, np.zeros(array.shape, np.uint8))


class _Scratch(threading.local):
    """Memory used again for every chunk: getting new pages from the system takes longer than the sums."""

    def __init__(self) -> None:
        self._buffers: dict[str, np.ndarray] = {}

    def take(self, name: str, dtype: Any, shape: tuple[int, ...]) -> np.ndarray:
        """An array with any contents; the next call with this name in this thread gets the same memory."""
        need = math.prod(shape) * np.dtype(dtype).itemsize
        if need > _CHUNK * np.dtype(np.longdouble).itemsize:
            return np.empty(shape, dtype)
        if name not in self._buffers or self._buffers[name].size < need:
            self._buffers[name] = np.empty(need, np.uint8)
        return self._buffers[name][:need].view(dtype).reshape(shape)

    def copy(self, name: str, values: np.ndarray, dtype: np.dtype) -> np.ndarray:
        """The values as a contiguous array of a type; the array itself if it is one already."""
        if values.dtype == dtype and values.flags.c_contiguous:
            return values
        copy = self.take(name, dtype, values.shape)
        copy[...] = values
        return copy


_scratch = _Scratch()


def _in_memory_order(array: np.ndarray, block: tuple[int, ...]) -> tuple[list[int], np.ndarray, list[int]]:
    """The axes from the widest stride to the narrowest, the array so transposed, and the sizes of its blocks.

    An axis that is one block, or follows an axis of length 1, is merged with the axis before it.
    """
    lengths, strides = array.shape, array.strides
    order = sorted(range(array.ndim), key=lambda k: (lengths[k] > 1, strides[k] != 0, -abs(strides[k])))
    shape, sizes, before = [1], [1], 0
    for axis in order:
        length, stride = lengths[axis], strides[axis]
        size = max(1, min(block[axis], length))
        if shape[-1] == 1 or (size == length and before == length * stride):
            shape[-1] *= length
            sizes[-1] *= size
        else:
            shape.append(length)
            sizes.append(size)
        before = stride
    return order, array.transpose(order).reshape(shape), sizes


def _in_axis_order(grid: np.ndarray, shape: tuple[int, ...], block: tuple[int, ...], order: list[int]) -> np.ndarray:
    ordered = grid.reshape([-(-shape[axis] // block[axis]) for axis in order])
    return np.array(ordered.transpose(np.argsort(order)), order="C")


def _block_lengths(shape: tuple[int, ...], sizes: list[int]) -> np.ndarray:
    """Number of elements of each block, int64."""
    grid = [-(-length // size) for length, size in zip(shape, sizes, strict=True)]
    lengths = np.full(grid, math.prod(sizes), np.int64)
    for axis, (length, size) in enumerate(zip(shape, sizes, strict=True)):
        if length % size:
            last = np.moveaxis(lengths, axis, 0)[-1:]
            last //= size
            last *= length % size
    return lengths


def _boxes(shape: tuple[int, ...], sizes: list[int], limit: int) -> Iterator[tuple[slice, ...]]:
    """Boxes of at most `limit` elements that cover the shape; along each axis whole blocks or a part of one."""
    if math.prod(shape) <= limit:
        if math.prod(shape):
            yield tuple(slice(0, length) for length in shape)
        return
    inner, size = math.prod(shape[1:]), sizes[0]
    if size * inner <= limit:
        step = limit // (size * inner) * size
    else:
        step = min(size, max(1, limit // (inner if inner <= limit else _RUN)))
    for first in range(0, shape[0], max(step, size)):
        last = min(first + max(step, size), shape[0])
        for start in range(first, last, step):
            for rest in _boxes(shape[1:], sizes[1:], limit // step):
                yield (slice(start, min(start + step, last)), *rest)


def _plain_type(dtype: np.dtype) -> np.dtype:
    """The integer or float type with which numpy calculates fast: at least float32 for floats."""
    narrow = dtype.kind not in "iu" and dtype.itemsize < 4
    return np.dtype(np.float32) if narrow else dtype.newbyteorder("=")


def _working_type(dtype: np.dtype, magnitude: float) -> np.dtype:
    """The float type for sums and sums of squares of numbers up to a magnitude."""
    if dtype.kind in "iu":
        return np.dtype(np.float32 if dtype.itemsize < 4 else np.float64)
    limit, wider = _WIDER.get(dtype.char, (math.inf, dtype))
    return dtype if magnitude == 0 or 1 / limit < magnitude < limit else wider


def _block_sums(values: np.ndarray, sizes: list[int]) -> np.ndarray:
    """The sum of each block, in memory that the next call uses again."""
    for axis, size in enumerate(sizes):
        before, length, after = values.shape[:axis], values.shape[axis], values.shape[axis + 1 :]
        rows = values.reshape(math.prod(before), length, math.prod(after))
        values = _sums(rows, min(size, length), f"sums {axis}").reshape(*before, -1, *after)
    return values


def _sums(rows: np.ndarray, size: int, name: str) -> np.ndarray:
    """Sums of `size` consecutive entries along the last but one axis; the last entries may be fewer."""
    if size == 1:
        return rows
    *before, length, after = rows.shape
    groups, left = divmod(length, size)
    dtype = np.float64 if _in_parts(size, rows.dtype) else rows.dtype
    sums = _scratch.take(name, dtype, (*before, groups + bool(left), after))
    whole = rows[..., : length - left, :].reshape(*before, groups, size, after)
    _add(whole, sums[..., :groups, :], name)
    if left:
        _add(rows[..., length - left :, :], sums[..., groups, :], name)
    return sums


def _in_parts(size: int, dtype: np.dtype) -> bool:
    return size > 2 * _CHAIN and dtype == np.float32


def _add(rows: np.ndarray, sums: np.ndarray, name: str) -> None:
    """Writes the sums over the last but one axis, each way where it is fast.

    np.add.reduce is several times slower when the last axis is short. Larger products with ones would wake the threads
    of BLAS, which wait for each other when other work keeps the processors busy.
    """
    if _in_parts(rows.shape[-2], rows.dtype):
        rows = _sums(rows, _CHAIN, name + " of parts").astype(np.float64)
    length, after = rows.shape[-2:]
    if after == 1:
        np.einsum("...i->...", rows[..., 0], out=sums[..., 0])
    elif length * after <= _PRODUCT:
        np.matmul(np.ones(length, rows.dtype), rows, out=sums)
    else:
        np.einsum("...ij->...j", rows, out=sums)


def _moments(values: np.ndarray, low: Any, high: Any, total: Any) -> tuple[int, Any, Any]:
    """Number, mean and sum of squared deviations from the mean of a flat array of finite numbers."""
    number, centre, squares = len(values), values.dtype.type(0), None
    if not (low > high / 2 > 0 or high < low / 2 < 0):
        squares = _sum_of_squares(values)
    if squares is None or total * total > 0.8 * number * squares:
        # The mean is large against the deviations: it is taken away first, or they would drown in rounding.
        centre, total, squares = values.dtype.type(total / number), 0, 0
        for start in range(0, number, _PIECE):
            part = values[start : start + _PIECE]
            part = np.subtract(part, centre, out=_scratch.take("centred", part.dtype, part.shape))
            total = total + _total(part)
            squares = squares + _sum_of_squares(part)
    return number, centre + total / number, squares - total * total / number


def _total(values: np.ndarray) -> Any:
    rows, rest = _rows(values)
    return np.einsum("ij->i", rows).sum(dtype=np.result_type(values, np.float64)) + rest.sum()


def _sum_of_squares(values: np.ndarray) -> Any:
    rows, rest = _rows(values)
    return (rows[:, None] @ rows[..., None]).sum(dtype=np.result_type(values, np.float64)) + rest @ rest


def _rows(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A flat array as rows short enough for sums in float32, and the elements that are left."""
    whole = len(values) - len(values) % _ROW
    return values[:whole].reshape(-1, _ROW), values[whole:]


def _merged(lows: list[Any], highs: list[Any], moments: list[tuple[int, Any, Any]]) -> tuple[Any, Any, Any, Any]:
    """Minimum, maximum, mean and standard deviation of all chunks; None without any."""
    if not moments:
        return None, None, None, None
    number = int if lows[0].dtype.kind in "iu" else float
    minimum, maximum = number(min(lows)), number(max(highs))
    if minimum == maximum:
        return minimum, maximum, float(minimum), 0.0
    numbers, means, deviations = np.array(moments, np.longdouble).T
    weights = numbers / numbers.sum()
    mean = (weights * means).sum()
    variance = (deviations / numbers.sum() + weights * (means - mean) ** 2).sum()
    return minimum, maximum, float(mean), float(np.sqrt(np.maximum(variance, 0)))
