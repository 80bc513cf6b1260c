"""What of a tensor is drawn: which part, in blocks of what size, and which axis runs which way. It draws nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.tensor.take import Tensor, TensorError

Window = tuple[tuple[int, int], ...]
MOST_ROWS, MOST_COLUMNS, MOST_LAYERS, MOST_TILES, MOST_ROWS_OF_TILES = 256, 256, 24, 12, 8
USUAL_CELLS, MOST_CELLS, MOST_PIXELS, MOST_TEXTS = 10_000, 20_000, 6000, 2000
_TEXT_LENGTH = 24
_ROLES = {
    "samples": ("sample", "batch", "row", "patient", "example"),
    "time": ("time", "frame", "step"),
    "height": ("height",),
    "width": ("width",),
    "channels": ("channel", "feature", "column", "unit", "colour", "color"),
}
_UNNAMED = ("samples", "height", "width", "channels", "time")


@dataclass(frozen=True)
class Arrangement:
    """Which axis runs which way in the picture; None where the tensor has no such axis.

    Attributes:
        columns: To the right.
        rows: Downwards.
        layers: Into the depth: a cube.
        channel: Drawn as colour: red, green, blue (and opacity).
        line: From tile to tile (a tile is a cube or a picture).
        grid: From row of tiles to row of tiles.
        facets: Not drawn: one index of each is shown at a time.
    """

    columns: int | None = None
    rows: int | None = None
    layers: int | None = None
    channel: int | None = None
    line: int | None = None
    grid: int | None = None
    facets: tuple[int, ...] = ()


def roles(axes: Sequence[str], pictures: bool = False) -> tuple[str, ...]:
    """The role of each axis, which is its colour on the page: samples, time, height, width or channels.

    An axis whose name says its role has that; the others take the roles that are left, in order, and begin again
    when there are more than five. The last three axes of `pictures` are height, width and channels.
    """
    if pictures:
        axes = [*axes[:-3], "height", "width", "channels"]
    known = [
        next((role for role, words in _ROLES.items() if any(word in name.lower() for word in words)), None)
        for name in axes
    ]
    free = [role for role in _UNNAMED if role not in known] or list(_UNNAMED)
    order = iter(range(len(axes)))
    return tuple(role or free[next(order) % len(free)] for role in known)


def has_channels(tensor: Tensor) -> bool:
    """Whether the last axis looks like colour channels: named so, or the unnamed fourth axis of values that fit."""
    array = tensor.array
    if array.ndim < 3 or array.shape[-1] not in (3, 4) or array.dtype.kind not in "uifV":
        return False
    if "channel" in tensor.axes[-1].lower() or tensor.axes[-1].lower() in ("colour", "color", "rgb", "rgba"):
        return True
    return array.ndim in (4, 5) and tensor.axes[-1].startswith("axis ") and _looks_like_colours(array)


def usual_channels(tensor: Tensor) -> str:
    """How colour channels are drawn to begin with: those of one picture as layers; "" where there are none."""
    if not has_channels(tensor):
        return ""
    return "layers" if tensor.array.ndim == 3 else "picture"


def _looks_like_colours(array: np.ndarray) -> bool:
    if array.dtype == np.uint8:
        return True
    if array.dtype.kind not in "fV" or not array.size:
        return False
    some = np.asarray(_thinned(array, 4096), np.float32)
    return bool(np.all((some >= 0) & (some <= 1)))


def _thinned(array: np.ndarray, most: int) -> np.ndarray:
    """A strided view with at most about `most` elements from all over the array."""
    step = max(1, int(np.ceil((array.size / most) ** (1 / max(1, array.ndim)))))
    return array[tuple(slice(None, None, step) for _ in range(array.ndim))]


def arrange(shape: Sequence[int], channels: str | None) -> Arrangement:
    """Which axis runs which way.

    Args:
        shape: The tensor's shape.
        channels: "picture" draws the last axis as colour, "layers" as layers of a cube, None if it holds none.
    """
    rank = len(shape)
    if channels == "picture":
        outer, inner = rank - 3, {"rows": rank - 3, "columns": rank - 2, "channel": rank - 1}
    elif channels == "layers":
        outer, inner = rank - 3, {"rows": rank - 3, "columns": rank - 2, "layers": rank - 1}
    else:
        outer = max(0, rank - 3)
        inner = dict(zip(("columns", "rows", "layers"), range(rank - 1, outer - 1, -1), strict=False))
    line = outer - 1 if outer > 0 else None
    grid = outer - 2 if outer > 1 else None
    return Arrangement(**inner, line=line, grid=grid, facets=tuple(range(max(0, outer - 2))))


def first_window(shape: Sequence[int], arrangement: Arrangement, most_cells: int = MOST_CELLS) -> Window:
    """All of the axes that are drawn in blocks, the first entries of the others."""
    most = _most_shown(shape, arrangement, most_cells)
    return tuple((0, min(size, most.get(axis, size))) for axis, size in enumerate(shape))


def _most_shown(shape: Sequence[int], arrangement: Arrangement, most_cells: int) -> dict[int, int]:
    """How many entries are shown at once of each axis that is not drawn in blocks."""
    left = most_cells
    most = dict.fromkeys(arrangement.facets, 1)
    for axis, tiles in ((arrangement.line, MOST_TILES), (arrangement.grid, MOST_ROWS_OF_TILES)):
        if axis is not None:
            most[axis] = max(1, min(tiles, shape[axis], left))
            left //= most[axis]
    return most


def check_window(window: Any, shape: Sequence[int], arrangement: Arrangement, most_cells: int = MOST_CELLS) -> Window:
    """The window as whole numbers inside the tensor, with the axes that are shown in part cut to what can be drawn.

    The colour channels of a picture are always all shown.

    Raises:
        TensorError: It does not have a [start, stop] for each axis.
    """
    try:
        pairs = [(int(start), int(stop)) for start, stop in window]
    except (TypeError, ValueError, OverflowError) as error:
        raise TensorError(f"window is a list of [start, stop], one an axis; got {window!r}.") from error
    if len(pairs) != len(shape):
        raise TensorError(f"window has {len(pairs)} axes; this tensor has rank {len(shape)}.")
    if arrangement.channel is not None:
        pairs[arrangement.channel] = (0, shape[arrangement.channel])
    most = _most_shown(shape, arrangement, most_cells)
    checked = []
    for axis, ((start, stop), size) in enumerate(zip(pairs, shape, strict=True)):
        start = max(0, min(start, size - 1))
        stop = max(start + 1, min(stop, size)) if size else 0
        checked.append((start, min(stop, start + most.get(axis, size))))
    return tuple(checked)


def block_sizes(window: Window, arrangement: Arrangement, most_cells: int) -> tuple[int, ...]:
    """Elements along each axis that one cell stands for: powers of two, 1 where everything can be drawn.

    A pixel is one cell in all its channels, and a picture keeps its proportions.
    """
    sizes = [stop - start for start, stop in window]
    block = [1] * len(sizes)
    limits = {
        arrangement.columns: MOST_COLUMNS,
        arrangement.rows: MOST_ROWS if arrangement.layers is None else MOST_ROWS // 4,
        arrangement.layers: MOST_LAYERS,
    }
    if arrangement.layers is not None:
        limits[arrangement.columns] = MOST_COLUMNS // 4
    shrinkable = [axis for axis in (arrangement.rows, arrangement.columns, arrangement.layers) if axis is not None]
    together = [shrinkable] if arrangement.channel is not None else [[axis] for axis in shrinkable]
    counted = [axis for axis in range(len(sizes)) if axis != arrangement.channel]

    def drawn(axis: int) -> int:
        return -(-sizes[axis] // block[axis])

    def shrink(axes: list[int]) -> None:
        for axis in axes:
            block[axis] *= 2

    for axes in together:
        while any(drawn(axis) > limits[axis] for axis in axes):
            shrink(axes)
    while int(np.prod([drawn(axis) for axis in counted], dtype=np.float64)) > most_cells:
        widest = max(together, key=lambda axes: max(map(drawn, axes)))
        if max(map(drawn, widest)) == 1:
            break
        shrink(widest)
    return tuple(block)


def most_cells(array: np.ndarray, window: Window, arrangement: Arrangement, asked: int | None) -> int:
    """How many cells are drawn at most: as asked for, or as many as can be sent quickly; a pixel is one cell.

    Args:
        array: The tensor.
        window: The part of it that is drawn.
        arrangement: Which axis runs which way.
        asked: What the caller wants; None for the default.
    """
    if arrangement.channel is None:
        return USUAL_CELLS if asked is None else asked
    pixels = math.prod(stop - start for axis, (start, stop) in enumerate(window) if axis != arrangement.channel)
    # A pixel is up to four numbers of up to eight bytes; one byte each where the elements are sent as they are.
    limit = MOST_CELLS if array.dtype == np.uint8 and pixels <= MOST_CELLS else MOST_PIXELS
    return limit if asked is None else min(asked, limit)


def part(array: np.ndarray, window: Window) -> np.ndarray:
    """The elements in the window, as a view."""
    return np.asarray(array[tuple(slice(start, stop) for start, stop in window)])


def sample(array: np.ndarray, block: Sequence[int]) -> np.ndarray:
    """The first element of every block, as a view."""
    return np.asarray(array[tuple(slice(None, None, size) for size in block)])


def is_text(array: np.ndarray) -> bool:
    """Whether the elements are text, which has no colour."""
    return array.dtype.kind in "UTSO"


def needs_texts(array: np.ndarray) -> bool:
    """Whether a browser's numbers (float64) may not hold the elements exactly."""
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind in "iu" and size == 8:
        some = _thinned(array, 65_536)
        return some.size > 0 and max(int(some.max()), -int(some.min())) >= 2**53
    return kind not in "biufV" or size > 8


def texts(cells: np.ndarray) -> list[str] | None:
    """The elements as Python writes them, where a browser's numbers may not hold them exactly; else None."""
    if not needs_texts(cells):
        return None
    written = [str(one) for one in cells.ravel()[:MOST_TEXTS].tolist()]
    return [one if len(one) <= _TEXT_LENGTH else one[: _TEXT_LENGTH - 1] + "…" for one in written]


def numbers(cells: np.ndarray) -> np.ndarray:
    """The elements as the browser draws them: uint8, float32 or float64; complex numbers by their absolute value."""
    kind = cells.dtype.kind
    if is_text(cells):
        return np.zeros(cells.shape, np.float32)
    if cells.dtype == np.uint8:
        return cells
    if kind == "c":
        return np.abs(cells).astype(np.float64)
    fits = kind == "b" or (kind in "iu" and cells.dtype.itemsize <= 2) or (kind in "fV" and cells.dtype.itemsize <= 4)
    with np.errstate(over="ignore"):
        return cells.astype(np.float32 if fits else np.float64)


def marks(cells: np.ndarray) -> np.ndarray:
    """What is special about each element: 1 = NaN, 2 = +inf, 4 = -inf (as in summary.Blocks)."""
    found = np.zeros(cells.shape, np.uint8)
    if cells.dtype.kind not in "fcV":
        return found
    values = numbers(cells)
    found[np.isnan(values)] = 1
    found[np.isposinf(values)] = 2
    found[np.isneginf(values)] = 4
    return found
