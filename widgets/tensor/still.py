"""The still picture of a tensor: its facts, and its first tables or pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from firstepoch.widgets import still
from firstepoch.widgets.tensor import drawing

_MOST_ROWS, _MOST_COLUMNS, _MOST_TABLES, _MOST_PICTURES = 12, 12, 3, 8


def parts(
    array: np.ndarray, axes: Sequence[str], dtype: str, picture: bool, labels: Mapping[int, Sequence[str]]
) -> list[str]:
    """What a page without scripts says and shows of a tensor.

    Args:
        array: The tensor.
        axes: Name of each axis.
        dtype: Name of the element type.
        picture: Whether the last three axes are height, width and colour channels.
        labels: Labels of entries, by axis.

    Returns:
        HTML, part after part.
    """
    shown = [still.paragraph(facts(array.shape, dtype, array.nbytes, axes))]
    if not array.size:
        return [*shown, still.paragraph("There are no elements: an axis has size 0.")]
    if picture:
        outer = array.shape[:-3]
        tiles = [np.asarray(array[index]) for index in _first(outer, _MOST_PICTURES)]
        return [
            *shown,
            still.pictures(tiles, _named(axes[-4] if outer else "picture")),
            *_rest(outer, len(tiles), "picture"),
        ]
    outer = array.shape[:-2]
    indices = _first(outer, _MOST_TABLES)
    reach = max((_reach(array[index]) for index in indices), default=0.0)
    shown += [_table(array, index, axes, labels, reach) for index in indices]
    return [*shown, *_rest(outer, len(indices), "table")]


def facts(shape: Sequence[int], dtype: str, size: int, axes: Sequence[str]) -> str:
    """rank, shape, dtype, elements, bytes, and the names of the axes where they have any."""
    elements = int(np.prod(shape, dtype=np.int64))
    named = ", ".join(axes) if axes and not all(name.startswith("axis ") for name in axes) else ""
    counted = "1 element" if elements == 1 else f"{elements:,} elements"
    line = f"rank {len(shape)} · shape {tuple(shape)} · {dtype} · {counted} · {size:,} bytes"
    return f"{line} · axes: {named}" if named else line


def _first(outer: tuple[int, ...], most: int) -> list[tuple[int, ...]]:
    """The first indices into the outer axes."""
    count = min(most, int(np.prod(outer, dtype=np.int64)))
    return [tuple(int(at) for at in np.unravel_index(number, outer)) for number in range(count)] if outer else [()]


def _rest(outer: tuple[int, ...], shown: int, what: str) -> list[str]:
    count = int(np.prod(outer, dtype=np.int64))
    return [still.paragraph(f"The first {shown} of {count:,} {what}s.")] if count > shown else []


def _named(axis: str) -> str:
    return axis[:-1] if axis.endswith("s") else axis


def _corner(tile: np.ndarray) -> np.ndarray:
    """What is shown of a table: its first rows and columns; a row or a number is a table of one row."""
    return np.atleast_2d(tile)[:_MOST_ROWS, :_MOST_COLUMNS]


def _reach(tile: np.ndarray) -> float:
    """Largest finite size of what is shown: full colour."""
    if drawing.is_text(np.asarray(tile)):
        return 0.0
    sizes = np.abs(drawing.numbers(_corner(tile)).astype(np.float64))
    return float(sizes[np.isfinite(sizes)].max(initial=0.0))


def _table(
    array: np.ndarray,
    index: tuple[int, ...],
    axes: Sequence[str],
    labels: Mapping[int, Sequence[str]],
    reach: float,
) -> str:
    tile = np.asarray(array[index])
    corner = _corner(tile)
    numbers = drawing.numbers(corner).astype(np.float64).ravel().tolist()
    written = drawing.texts(corner) or [_written(value, array.dtype) for value in corner.ravel().tolist()]
    shares = [value / reach if reach and np.isfinite(value) else 0.0 for value in numbers]
    cells = list(zip(written, shares, strict=True))
    (height, width), columns = corner.shape, corner.shape[1]
    heads = _heads(labels, array.ndim - 2, height) if tile.ndim == 2 else [""]
    names = _heads(labels, array.ndim - 1, width) if tile.ndim else []
    caption = f"x[{', '.join([*map(str, index), *[':'] * tile.ndim])}]" if array.ndim else "x"
    cut = [
        f"the first {shown} of {tile.shape[at]:,} along {axes[at]}"
        for at, shown in ((-2, height), (-1, width))
        if -at <= tile.ndim and shown < tile.shape[at]
    ]
    rows = [(heads[row], cells[row * columns : (row + 1) * columns]) for row in range(height)]
    return still.table(", ".join([caption, *cut]), names, rows)


def _heads(labels: Mapping[int, Sequence[str]], axis: int, count: int) -> list[str]:
    return list(labels[axis][:count]) if axis in labels else list(map(str, range(count)))


def _written(value: Any, dtype: np.dtype) -> str:
    return f"{value:.4g}" if dtype.kind in "fV" else str(value)
