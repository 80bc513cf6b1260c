"""Indexes and slices as people write them in Python, read safely: nothing is evaluated."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from firstepoch.widgets.tensor.take import TensorError

Index = tuple[int | slice, ...]


@dataclass(frozen=True)
class Taken:
    """What an index takes along one axis: the entries start, start + step, ... (`count` of them).

    Attributes:
        start: First entry, from 0.
        step: Distance to the next; negative if it goes backwards.
        count: How many.
        kept: False if the axis is gone from the result because it was indexed by one number.
    """

    start: int
    step: int
    count: int
    kept: bool


@dataclass(frozen=True)
class Selection:
    """An index into a tensor of a known shape.

    Attributes:
        text: The index as written between the brackets, tidied: "3", ":, 0", "..., -1"; "" takes everything.
        index: What numpy takes: `array[index]`.
        taken: One entry an axis.
    """

    text: str
    index: Index
    taken: tuple[Taken, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of what is taken."""
        return tuple(axis.count for axis in self.taken if axis.kept)

    def code(self, name: str = "x") -> str:
        """The Python that takes it, for example "x[:, 0]"."""
        return f"{name}[{self.text}]" if self.text else name


def read(text: str, shape: Sequence[int]) -> Selection:
    """Read an index such as "3", ":, 0", "..., -1", "x[1:5:2, 0]" or "" (everything).

    Args:
        text: Integers, slices and one ellipsis, separated by commas; the name and the brackets may be left out.
        shape: The tensor's shape.

    Returns:
        The selection.

    Raises:
        TensorError: The text is no index, names more axes than there are, or an index is out of range.
    """
    inner = text.strip()
    if inner.endswith("]") and "[" in inner:
        inner = inner[inner.index("[") + 1 : -1].strip()
    parts = _parts(inner, text) if inner else []
    ellipses = sum(part is Ellipsis for part in parts)
    if ellipses > 1:
        raise TensorError(f"{text!r} has {ellipses} ellipses (...); an index can have one.")
    written = len(parts) - ellipses
    if written > len(shape):
        raise TensorError(f"{text!r} indexes {written} axes; this tensor has rank {len(shape)}, shape {_tuple(shape)}.")
    gap: list[Any] = [slice(None)] * (len(shape) - written)
    at = parts.index(Ellipsis) if ellipses else len(parts)
    index = (*parts[:at], *gap, *parts[at + ellipses :])
    taken = tuple(_taken(part, axis, size, shape) for axis, (part, size) in enumerate(zip(index, shape, strict=True)))
    return Selection(", ".join(map(_written, parts)), index, taken)


def _parts(inner: str, text: str) -> list[Any]:
    try:
        tree = ast.parse(f"x[{inner}]", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = ast.Constant(None)
    if not isinstance(tree, ast.Subscript) or not isinstance(tree.value, ast.Name):
        raise TensorError(f"{text!r} is no index. Try 3, or 1:5, or :, 0, or ..., -1.")
    node = tree.slice
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    return [_part(one, text) for one in nodes]


def _part(node: ast.AST, text: str) -> Any:
    if isinstance(node, ast.Slice):
        start, stop, step = (_integer(end, text) for end in (node.lower, node.upper, node.step))
        if step == 0:
            raise TensorError(f"{text!r} has a slice with step 0; a step goes forward (1, 2, ...) or back (-1, ...).")
        return slice(start, stop, step)
    if isinstance(node, ast.Constant) and node.value is Ellipsis:
        return Ellipsis
    found = _integer(node, text)
    if found is None:
        raise TensorError(
            f"{text!r} adds an axis; an index here takes elements only. The operation expand_dims adds an axis."
        )
    return found


def _integer(node: ast.AST | None, text: str) -> int | None:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        sign, node = (-1 if isinstance(node.op, ast.USub) else 1), node.operand
    elif node is None or (isinstance(node, ast.Constant) and node.value is None):
        return None
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return sign * node.value
    raise TensorError(f"{text!r}: {ast.unparse(node)} is no whole number. Try 3, or 1:5, or :, 0, or ..., -1.")


def _taken(part: int | slice, axis: int, size: int, shape: Sequence[int]) -> Taken:
    if isinstance(part, slice):
        entries = range(*part.indices(size))
        return Taken(entries.start if len(entries) else 0, entries.step, len(entries), True)
    if not -size <= part < size:
        ends = f"goes from 0 to {size - 1} (or -1 to -{size} from the end)" if size else "has no entries"
        raise TensorError(f"Index {part} is out of range: axis {axis} of shape {_tuple(shape)} {ends}.")
    return Taken(part % size, 1, 1, False)


def _written(part: Any) -> str:
    if part is Ellipsis:
        return "..."
    if not isinstance(part, slice):
        return str(part)
    start, stop = ("" if end is None else str(end) for end in (part.start, part.stop))
    return f"{start}:{stop}" + ("" if part.step is None else f":{part.step}")


def _tuple(shape: Sequence[int]) -> str:
    return str(tuple(int(size) for size in shape))
