"""What may be given to a tensor operation: its arguments as written, and the checks that name what does not fit."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

Shape = tuple[int, ...]
_INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
_FLOATS = ("float16", "float32", "float64")
NUMBERS = (*_INTEGERS, *_FLOATS)
MATMUL_NUMBERS = ("int32", "int64", *_FLOATS)
_MOST_ELEMENTS = 10**8


class OperationError(ValueError):
    """An operation that cannot be done; the message says what is wrong with which shape, and what to try."""


def read(kind: str, name: str, value: Any) -> Any:
    """An argument in the form it is kept and written: JSON-able, otherwise as given (a negative axis stays negative).

    Args:
        kind: "axis" (a whole number), "axes" (None, a whole number or several), "shape" (whole numbers), "perm"
            (None or whole numbers) or "flag" (True or False).
        name: The argument's name, for the message.
        value: What was given.

    Returns:
        None, int, list of int, or bool.

    Raises:
        OperationError: The value is of another kind.
    """
    if kind == "flag" and isinstance(value, (bool, np.bool_)):
        return bool(value)
    value = value.tolist() if isinstance(value, np.ndarray) else value
    if value is None and kind in ("axes", "perm"):
        return None
    if _whole(value):
        if kind not in ("perm", "flag"):
            return [int(value)] if kind == "shape" else int(value)
    elif isinstance(value, (list, tuple, range)) and kind not in ("axis", "flag") and all(map(_whole, value)):
        return list(map(int, value))
    allowed = {
        "axis": "a whole number, for example 0 or -1",
        "axes": "a whole number, several in a list, or None",
        "shape": "whole numbers, for example [3, 2] or [-1, 2]",
        "perm": "the axes in their new order, for example [1, 0], or None",
        "flag": "True or False",
    }
    raise OperationError(f"{name} is {allowed[kind]}; got {value!r}.")


def _whole(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_))


def axis_within(axis: int, rank: int, about: str) -> int:
    """The axis counted from 0.

    Raises:
        OperationError: There is no such axis; `about` begins the explanation ("x has shape (2, 3)").
    """
    if -rank <= axis < rank:
        return axis % rank
    have = f"its axes are 0 to {rank - 1}, or -{rank} to -1 from the end" if rank else "it has no axes"
    raise OperationError(f"axis={axis} is out of range: {about}, so {have}.")


def axes_within(axes: int | list[int] | None, shape: Shape) -> Shape:
    """The axes counted from 0, in order; all of them for None.

    Raises:
        OperationError: An axis is out of range or named twice.
    """
    if axes is None:
        return tuple(range(len(shape)))
    listed = [axes] if isinstance(axes, int) else axes
    found = [axis_within(axis, len(shape), f"x has shape {shape}") for axis in listed]
    for axis in found:
        if found.count(axis) > 1:
            raise OperationError(f"axis={axes} names axis {axis} of shape {shape} twice; name each axis once.")
    return tuple(sorted(found))


def permutation(perm: list[int] | None, shape: Shape) -> Shape:
    """The axes in their new order, counted from 0; backwards for None.

    Raises:
        OperationError: `perm` does not name every axis once.
    """
    rank = len(shape)
    if perm is None:
        return tuple(range(rank))[::-1]
    order = tuple(axis % rank if rank and -rank <= axis < rank else axis for axis in perm)
    if sorted(order) != list(range(rank)):
        example = list(range(rank))[::-1]
        each = f"name each of its axes 0 to {rank - 1} once, for example" if rank else "it has no axes; try"
        raise OperationError(f"perm={perm} is no order of the axes: x has shape {shape}, {each} perm={example}.")
    return order


def sizes_for(shape: Shape, wanted: list[int]) -> Shape:
    """The sizes `wanted` with -1 worked out, as TensorFlow does (also where a size is 0).

    Raises:
        OperationError: The sizes do not hold as many elements as `shape` does.
    """
    asked, count = tuple(wanted), math.prod(shape)
    if asked.count(-1) > 1:
        raise OperationError(f"{asked} has more than one -1; only one size can be worked out from the others.")
    for size in asked:
        if size < -1:
            raise OperationError(f"{asked} has a size of {size}; a size is 0 or more, or -1 for what is left.")
    if -1 not in asked:
        if math.prod(asked) != count:
            fits = ((*asked[:at], -1, *asked[at + 1 :]) for at in range(len(asked) - 1, -1, -1))
            good = next((new for new in fits if 0 not in new and count % -math.prod(new) == 0), (-1,))
            raise OperationError(f"{shape} has {counted(count)}, {asked} holds {math.prod(asked)}. Try {good}.")
        return asked
    product = math.prod(size for size in asked if size > 0)
    held = math.prod(size for size in shape if size) if 0 in asked else count
    sizes = tuple(held // product if size == -1 else size for size in asked)
    if math.prod(sizes) != count:
        if 0 in asked:
            raise OperationError(f"{shape} has {counted(count)}, {asked} holds none: it has a size of 0. Try (-1,).")
        raise OperationError(
            f"{shape} has {counted(count)}, {asked} cannot hold them: {count} is not a multiple of {product}."
        )
    return sizes


def check_numbers(operation: str, operands: Sequence[np.ndarray], names: Sequence[str], allowed: Sequence[str]) -> None:
    """Refuse dtypes that TensorFlow's operation does not take (bool, text and, for matmul, small integers).

    Raises:
        OperationError: Names the dtype and a cast that helps.
    """
    for operand, name in zip(operands, names, strict=True):
        kind = dtype_name(operand)
        if kind in allowed:
            continue
        if kind == "string":
            cast = f"tf.strings.to_number({name})"
        elif operand.dtype.kind == "c":
            cast = f"tf.math.real({name})"
        else:
            wide = {"uint32": "tf.int64", "uint64": "tf.float64"}.get(
                kind, "tf.int32" if operand.dtype.kind in "biu" else "tf.float32"
            )
            cast = f"tf.cast({name}, {wide})"
        refused = "is not worked out in here" if kind == "bfloat16" else "does not take"
        raise OperationError(f"{name} is {kind}, which {operation} {refused}. Try {cast}.")


def check_one_dtype(operation: str, operands: Sequence[np.ndarray], names: Sequence[str]) -> None:
    """Refuse operands of different dtypes: numpy converts them silently, TensorFlow does not.

    Raises:
        OperationError: Names both dtypes and the casts that help.
    """
    first, kind = operands[0], dtype_name(operands[0])
    for operand, name in zip(operands, names, strict=True):
        other = dtype_name(operand)
        if other == kind:
            continue
        if "string" in (kind, other):
            cast = f"tf.strings.as_string({names[0] if other == 'string' else name})"
        else:
            floats = [one.dtype for one in (first, operand) if dtype_name(one) in _FLOATS]
            common = floats[0] if len(floats) == 1 else np.result_type(first.dtype, operand.dtype)
            casts = [
                f"tf.cast({which}, tf.{common})"
                for which, is_now in ((names[0], kind), (name, other))
                if is_now != str(common)
            ]
            cast = " and ".join(casts)
        raise OperationError(f"{names[0]} is {kind} and {name} is {other}; {operation} takes one dtype. Try {cast}.")


def dtype_name(array: np.ndarray) -> str:
    """The dtype as TensorFlow names it: "float32", "string"."""
    return "string" if array.dtype.kind in "US" else array.dtype.name


def check_size(shape: Shape) -> None:
    """Refuse a result that would fill the memory.

    Raises:
        OperationError: It would have more than 100 million elements.
    """
    if math.prod(shape) > _MOST_ELEMENTS:
        raise OperationError(
            f"The result would have shape {shape}, {math.prod(shape):,} elements; at most {_MOST_ELEMENTS:,} are "
            "worked out here. Try a part of the tensors."
        )


def broadcast_shape(x: Shape, y: Shape) -> Shape:
    """The shape both are stretched to.

    Raises:
        OperationError: Two sizes on one axis differ and neither is 1, or TensorFlow cannot stretch this pattern.
    """
    rank = max(len(x), len(y))
    sizes = list(zip((1,) * (rank - len(x)) + x, (1,) * (rank - len(y)) + y, strict=True))
    for axis, (one, other) in reversed(list(enumerate(sizes))):
        if one != other and 1 not in (one, other):
            name = axis if len(x) == len(y) else axis - rank
            hint = ""
            if len(x) != len(y):
                short, shape, whole = ("y", y, x) if len(y) < len(x) else ("x", x, y)
                if _broadcasts((*shape, 1), whole):
                    hint = f" Try tf.expand_dims({short}, axis=-1)."
            raise OperationError(
                f"{x} and {y} do not broadcast: axis {name} has size {one} in x and {other} in y; "
                f"sizes on one axis are equal, or one of them is 1.{hint}"
            )
    # TensorFlow joins neighbouring axes that are stretched alike and has kernels for up to five such groups.
    kinds = [(one == 1, other == 1) for one, other in sizes if (one, other) != (1, 1)]
    groups = sum(kind != before for kind, before in zip(kinds, [None, *kinds], strict=False))
    result: Shape = tuple(other if one == 1 else one for one, other in sizes)
    if groups > 5 and 0 not in result:
        raise OperationError(
            f"{x} and {y} broadcast in numpy, but TensorFlow has no kernel for so many alternating axes. "
            "Try tf.broadcast_to on one of them first."
        )
    return result


def _broadcasts(x: Shape, y: Shape) -> bool:
    return all(one == other or 1 in (one, other) for one, other in zip(x[::-1], y[::-1], strict=False))


def counted(count: int) -> str:
    """The number with its noun: "1 element", "6 elements"."""
    return f"{count} element{'' if count == 1 else 's'}"


def listed(items: Iterable[Any]) -> str:
    """The items in a sentence: "a, b and c"; the middle of a long list is left out."""
    texts = [str(item) for item in items]
    if len(texts) > 5:
        texts = [*texts[:3], "...", texts[-1]]
    return " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))


def axes_named(axes: Sequence[int]) -> str:
    """The axes in a sentence: "axis 1", "axes 0 and 2"."""
    return f"{'axis' if len(axes) == 1 else 'axes'} {listed(axes)}"
