"""What each tensor operation gives: the result as TensorFlow has it, numpy's line for it, the rule of the shapes.

Each function takes the tensors, their names in the code, and its arguments as `arguments.read` left them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from firstepoch.widgets.tensor import arguments as given
from firstepoch.widgets.tensor.arguments import OperationError, Shape

Made = tuple[np.ndarray, str, str]


def _tuple(value: int | list[int]) -> str:
    return str(tuple(value) if isinstance(value, list) else value)


def expand_dims(tensors: Sequence[np.ndarray], names: Sequence[str], axis: int) -> Made:
    """tf.expand_dims: a new axis of size 1."""
    (x,) = tensors
    at = given.axis_within(axis, x.ndim + 1, f"shape {x.shape} with a new axis has rank {x.ndim + 1}")
    return np.expand_dims(x, at), f"np.expand_dims(x, axis={axis})", f"axis {at} is new, with size 1"


def squeeze(tensors: Sequence[np.ndarray], names: Sequence[str], axis: int | list[int] | None) -> Made:
    """tf.squeeze: axes of size 1 go."""
    (x,) = tensors
    single = [at for at, size in enumerate(x.shape) if size == 1]
    gone = tuple(single) if axis in (None, []) else given.axes_within(axis, x.shape)
    for at in gone:
        if at not in single:
            have = f"here {given.axes_named(single)}" if single else "and here there are none"
            raise OperationError(
                f"Axis {at} of shape {x.shape} has size {x.shape[at]}; squeeze takes away axes of size 1, {have}."
            )
    code = "np.squeeze(x)" if axis is None or axis == [] else f"np.squeeze(x, axis={_tuple(axis)})"
    rule = "there is no axis of size 1, nothing changes"
    if gone:
        rule = f"{given.axes_named(gone)} had size 1 and {'is' if len(gone) == 1 else 'are'} gone"
    return np.squeeze(x, axis=gone), code, rule


def reshape(tensors: Sequence[np.ndarray], names: Sequence[str], shape: list[int]) -> Made:
    """tf.reshape: the same elements in row-major order in another shape."""
    (x,) = tensors
    sizes = given.sizes_for(x.shape, shape)
    rule = f"both hold {given.counted(x.size)}"
    if -1 in shape:
        others = [size for size in shape if size != -1]
        product = math.prod(others)
        if others and product:
            worked = str(product) if len(others) == 1 else f"({' × '.join(map(str, others))})"
            rule = f"-1 becomes {x.size} / {worked} = {sizes[shape.index(-1)]}"
        else:
            rule = f"-1 becomes {sizes[shape.index(-1)]}"
    return x.reshape(sizes), f"np.reshape(x, {sizes if 0 in shape else tuple(shape)})", rule


def transpose(tensors: Sequence[np.ndarray], names: Sequence[str], perm: list[int] | None) -> Made:
    """tf.transpose: the axes in another order."""
    (x,) = tensors
    order = given.permutation(perm, x.shape)
    if order == tuple(range(x.ndim)):
        rule = "the axes stay in their order"
    else:
        rule = f"axis {order[0]} comes first, then {', then '.join(f'axis {axis}' for axis in order[1:])}"
    return x.transpose(order), "np.transpose(x)" if perm is None else f"np.transpose(x, {tuple(perm)})", rule


def stack(tensors: Sequence[np.ndarray], names: Sequence[str], axis: int) -> Made:
    """tf.stack: tensors of one shape along a new axis."""
    given.check_one_dtype("stack", tensors, names)
    first = tensors[0].shape
    for tensor, name in zip(tensors, names, strict=True):
        if tensor.shape != first:
            hint = " Try concat." if tensor.ndim == len(first) else ""
            raise OperationError(
                f"{names[0]} has shape {first} and {name} has shape {tensor.shape}; stack takes equal shapes.{hint}"
            )
    at = given.axis_within(axis, len(first) + 1, f"shape {first} with a new axis has rank {len(first) + 1}")
    given.check_size((len(tensors), *first))
    rule = f"axis {at} is new, with size {len(tensors)}, the number of tensors"
    return np.stack(tensors, axis=at), f"np.stack([{', '.join(names)}], axis={axis})", rule


def concat(tensors: Sequence[np.ndarray], names: Sequence[str], axis: int) -> Made:
    """tf.concat: tensors end to end along an axis they have."""
    given.check_one_dtype("concat", tensors, names)
    shapes = [tensor.shape for tensor in tensors]
    first = shapes[0]
    if not first:
        raise OperationError(f"concat joins along an axis; {names[0]} has shape () and no axis. Try stack.")
    at = given.axis_within(axis, len(first), f"{names[0]} has shape {first}")
    for shape, name in zip(shapes, names, strict=True):
        both = f"{names[0]} has shape {first} and {name} has shape {shape}"
        if len(shape) != len(first):
            raise OperationError(f"{both}; concat takes tensors of one rank, {len(first)} and {len(shape)} differ.")
        differ = [i for i, (one, other) in enumerate(zip(first, shape, strict=True)) if one != other]
        wrong = [i for i in differ if i != at]
        if wrong:
            hint = f" Try axis={wrong[0]}." if len(differ) == 1 else ""
            raise OperationError(
                f"{both}; concat along axis {at} takes equal sizes on axis {wrong[0]}, {first[wrong[0]]} and "
                f"{shape[wrong[0]]} differ.{hint}"
            )
    sizes = [shape[at] for shape in shapes]
    given.check_size((*first[:at], sum(sizes), *first[at + 1 :]))
    total = f"{' + '.join(map(str, sizes))} = {sum(sizes)}" if 1 < len(sizes) < 9 else str(sum(sizes))
    rule = f"axis {at} has size {total}{', the others stay' if len(first) > 1 else ''}"
    return np.concatenate(tensors, axis=at), f"np.concatenate([{', '.join(names)}], axis={axis})", rule


def _reduced(x: np.ndarray, axis: int | list[int] | None, keepdims: bool, done: str) -> tuple[Shape, str, str]:
    """The axes, how numpy's arguments are written, and the rule."""
    axes = given.axes_within(axis, x.shape)
    written = "" if axis is None else f", axis={_tuple(axis)}"
    if not axes:
        rule = f"no axis is {done}, every element stays"
    elif keepdims:
        rule = f"{given.axes_named(axes)} {'is' if len(axes) == 1 else 'are'} {done}, the size 1 stays"
    else:
        rule = f"{given.axes_named(axes)} {'is' if len(axes) == 1 else 'are'} {done} and gone"
    return axes, written + (", keepdims=True" if keepdims else ""), rule


def reduce_sum(
    tensors: Sequence[np.ndarray], names: Sequence[str], axis: int | list[int] | None, keepdims: bool
) -> Made:
    """tf.reduce_sum: sums along axes, in the dtype of the elements."""
    (x,) = tensors
    given.check_numbers("reduce_sum", tensors, names, given.NUMBERS)
    axes, written, rule = _reduced(x, axis, keepdims, "summed")
    total = np.asarray(np.sum(x, axis=axes, keepdims=keepdims, dtype=x.dtype))
    same = np.sum(np.zeros(1, x.dtype)).dtype == x.dtype
    return total, f"np.sum(x{written}{'' if same else ', dtype=x.dtype'})", rule


def reduce_mean(
    tensors: Sequence[np.ndarray], names: Sequence[str], axis: int | list[int] | None, keepdims: bool
) -> Made:
    """tf.reduce_mean: means along axes; of integers cut towards zero."""
    (x,) = tensors
    given.check_numbers("reduce_mean", tensors, names, given.NUMBERS)
    axes, written, rule = _reduced(x, axis, keepdims, "averaged")
    count = math.prod(x.shape[at] for at in axes)
    if x.dtype.kind == "f":
        mean = np.asarray(np.true_divide(np.sum(x, axis=axes, keepdims=keepdims), count, dtype=x.dtype))
        # np.mean adds up float16 in float32, so that a sum beyond float16 comes out finite.
        half = x.dtype == np.float16
        return mean, f"np.sum(x{written}) / {count}" if half else f"np.mean(x{written})", rule
    rule += f"; {x.dtype} stays {x.dtype}, so the mean is cut to a whole number"
    if not count:
        empty = np.asarray(np.sum(x, axis=axes, keepdims=keepdims, dtype=x.dtype))
        return empty, f"np.sum(x{written}, dtype=x.dtype)", rule
    signed = x.dtype.kind == "i"
    total = np.asarray(np.sum(x, axis=axes, keepdims=keepdims, dtype=np.int64 if signed else np.uint64))
    divisor = total.dtype.type(count)
    mean = np.asarray((total - np.fmod(total, divisor)) // divisor).astype(x.dtype)
    code = f"np.trunc(np.mean(x{written})).astype(x.dtype)"
    if x.size and max(abs(int(x.min())), abs(int(x.max()))) * count >= 2**53:
        # float64, in which np.mean works, cannot hold such a sum.
        by = str(count) if signed else f"np.uint64({count})"
        code = f"((total := np.sum(x{written})) - np.fmod(total, {by})) // {by}"
    return mean, code, rule


def matmul(tensors: Sequence[np.ndarray], names: Sequence[str]) -> Made:
    """tf.matmul of two matrices."""
    x, y = tensors
    for tensor, name, axis in zip(tensors, names, (0, 1), strict=True):
        if tensor.ndim != 2:
            hints = ["Try multiply.", f"Try tf.expand_dims({name}, axis={axis})."]
            hint = hints[tensor.ndim] if tensor.ndim < 2 else f"Try one of its matrices, for example {name}[0]."
            raise OperationError(
                f"{name} has shape {tensor.shape}, rank {tensor.ndim}; matmul here takes matrices, rank 2. {hint}"
            )
    if x.shape[1] != y.shape[0]:
        turned = [("y", x.shape, y.shape[::-1]), ("x", x.shape[::-1], y.shape)]
        hint = next((f" Try tf.transpose({name})." for name, one, two in turned if one[1] == two[0]), "")
        raise OperationError(
            f"x has shape {x.shape} and y has shape {y.shape}: a row of x has {given.counted(x.shape[1])}, a column "
            f"of y has {y.shape[0]}; matmul takes as many in both.{hint}"
        )
    _check_dtypes("matmul", tensors, names, given.MATMUL_NUMBERS)
    given.check_size((x.shape[0], y.shape[1]))
    rule = f"the inner sizes, {x.shape[1]} and {y.shape[0]}, match and are gone; the outer sizes stay"
    return np.matmul(x, y), "np.matmul(x, y)", rule


def _check_dtypes(name: str, tensors: Sequence[np.ndarray], names: Sequence[str], allowed: Sequence[str]) -> None:
    """One dtype, and one that is allowed; of bool and float32 the first is said, as it leads to the better cast."""
    given.check_numbers(name, tensors, names, (*given.NUMBERS, "bool"))
    given.check_one_dtype(name, tensors, names)
    given.check_numbers(name, tensors, names, allowed)


def elementwise(name: str, compute: Callable[[np.ndarray, np.ndarray], Any]) -> Callable[..., Made]:
    """tf.add or tf.multiply with broadcasting; `compute` is numpy's function of that name."""

    def make(tensors: Sequence[np.ndarray], names: Sequence[str]) -> Made:
        x, y = tensors
        _check_dtypes(name, tensors, names, given.NUMBERS)
        shape = given.broadcast_shape(x.shape, y.shape)
        given.check_size(shape)
        stretched = [_stretched(tensor.shape, shape, which) for tensor, which in zip(tensors, names, strict=True)]
        rule = ", ".join(filter(None, stretched)) or "the shapes are equal, nothing is stretched"
        return np.asarray(compute(x, y)), f"np.{name}(x, y)", rule

    return make


def _stretched(shape: Shape, whole: Shape, name: str) -> str:
    padded = (1,) * (len(whole) - len(shape)) + shape
    axes = tuple(at for at, (size, wanted) in enumerate(zip(padded, whole, strict=True)) if size != wanted)
    if axes:
        return f"{name} is stretched along {given.axes_named(axes)}"
    return f"{name} gets axes of size 1 in front" if len(shape) < len(whole) else ""
