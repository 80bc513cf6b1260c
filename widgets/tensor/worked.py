"""Steps of the operations that work something out: sums, means, matrix products, element by element."""

from __future__ import annotations

import math

import numpy as np

from firstepoch.widgets.tensor import arguments as given
from firstepoch.widgets.tensor.arguments import Shape
from firstepoch.widgets.tensor.equations import combination, quotient, shown
from firstepoch.widgets.tensor.frames import Steps, as_float64, capital, framed, groups_of, numbered, position
from firstepoch.widgets.tensor.operations import Operation


def reduction(operation: Operation, most_steps: int) -> Steps:
    """Sums and means: one index of the reduced axes a step; a mean is divided in the last step."""
    (x,), result = operation.operands, operation.result
    mean = operation.name == "reduce_mean"
    axes = given.axes_within(operation.arguments["axis"], x.shape)
    kept = tuple(axis for axis in range(x.ndim) if axis not in axes)
    count = math.prod(x.shape[axis] for axis in axes)
    order = numbered(x.shape).transpose(axes + kept).reshape(count, result.size)
    target = np.tile(np.arange(result.size), count)
    everywhere = np.ones(result.size, bool)
    if not axes or not x.size:
        moves = (np.ones(order.size), np.zeros(order.size), order, target)
        return framed(operation, moves, [as_float64(result)], [everywhere], [_nothing_reduced(operation, axes)])
    elements = x.reshape(-1)[order]
    # A whole-number mean is added up in 64 bits, a sum in its own dtype; floats as exactly as they can be shown.
    wide = {"f": np.float64, "i": np.int64, "u": np.uint64}[x.dtype.kind]
    with np.errstate(all="ignore"):
        running = np.cumsum(elements, axis=0, dtype=wide if mean or x.dtype.kind == "f" else x.dtype)
    groups = groups_of(count, most_steps - mean)
    values = [as_float64(running[group[-1]]) for group in groups]
    totals = [running[group[-1], 0] for group in groups]
    first = result.reshape(-1)[0]
    if not mean:
        values[-1], totals[-1] = as_float64(result), first
    dtype = str(x.dtype if x.dtype.kind == "f" else running.dtype)
    where = "the sum" if result.size == 1 else position(0, result.shape)
    ending = f" {_end(axes, operation.arguments['keepdims'])}"
    sentences = []
    for number, group in enumerate(groups):
        terms = [*([totals[number - 1]] if number else []), *elements[group.start : group.stop, 0]]
        worked = combination([(term,) for term in terms], totals[number], dtype) if terms[1:] else shown(totals[number])
        comes = ("comes first", "come first", "is added", "are added")[2 * (number > 0) + (len(group) > 1)]
        last = number == len(groups) - 1
        sentence = f"{_positions(group, x.shape, axes)} {comes}: {where} is {worked}{'' if last else ' so far'}."
        sentences.append(sentence + (ending if last and not mean else ""))
    if mean:
        values.append(as_float64(result))
        where = "the mean" if result.size == 1 else where
        size = f"the size of {given.axes_named(axes)}" if len(axes) == 1 else "the number of elements added"
        worked = quotient(running[-1, 0], count, first, str(x.dtype))
        sentences.append(f"Divided by {count}, {size}: {where} is {worked}.{ending}")
    step = 1 + np.repeat(np.arange(count) // len(groups[0]), result.size)
    moves = (step, np.zeros(order.size), order, target)
    return framed(operation, moves, values, [everywhere] * len(values), sentences)


def _nothing_reduced(operation: Operation, axes: Shape) -> str:
    (x,), result = operation.operands, operation.result
    if not axes:
        return "No axis is named: every element stays as it is." if x.ndim else "There is one element, and it stays."
    if not result.size:
        return "There are no elements to move: only the shape changes."
    value = result.reshape(-1)[0]
    mean = operation.name == "reduce_mean"
    worked = quotient(0, 0, value, str(x.dtype)) if mean else f"the sum of nothing is {shown(value)}"
    have = "has no elements" if len(axes) == 1 else "have no elements"
    return f"{capital(given.axes_named(axes))} {have}: {worked}."


def _end(axes: Shape, keepdims: bool) -> str:
    one = len(axes) == 1
    if keepdims:
        return f"{capital(given.axes_named(axes))} {'stays' if one else 'stay'}, with size 1."
    return f"{capital(given.axes_named(axes))} {'is' if one else 'are'} gone."


def _positions(group: range, shape: Shape, axes: Shape) -> str:
    sizes = tuple(shape[axis] for axis in axes)
    ends = [str(flat) if len(axes) == 1 else position(flat, sizes) for flat in (group[0], group[-1])]
    places = f" {ends[0]}" if len(group) == 1 else f" {ends[0]} to {ends[1]}"
    if 1 < len(axes) == len(shape):
        return f"{'Element' if len(group) == 1 else 'Elements'}{places}"
    return f"{'Index' if len(group) == 1 else 'Indices'}{places} of {given.axes_named(axes)}"


def matmul(operation: Operation, most_steps: int) -> Steps:
    """Matrix products: a row of x and a column of y come to one element of the result a step."""
    (x, y), result = operation.operands, operation.result
    inner, columns = y.shape
    if not result.size:
        nothing = np.zeros(0, int)
        sentence = "There are no elements to move: the result is empty."
        return framed(operation, [nothing] * 4, [nothing], [nothing], [sentence])
    groups = groups_of(result.size, most_steps)
    cell, along = (part.reshape(-1) for part in np.indices((result.size, inner)))
    row, column = np.divmod(cell, columns)
    step = 1 + cell // len(groups[0])
    moves = (
        np.tile(step, 2),
        np.repeat([0, 1], cell.size),
        np.concatenate([row * inner + along, along * columns + column]),
        np.tile(cell, 2),
    )
    sentences = []
    for group in groups:
        i, j = divmod(group[-1], columns)
        terms, value = list(zip(x[i], y[:, j], strict=True)), result[i, j]
        worked = combination(terms, value, str(result.dtype)) if terms else f"nothing to add up, so {shown(value)}"
        sentence = f"row {i} times column {j}: {worked}."
        sentences.append(capital(_in_group(group, result.shape) + sentence))
    order = np.arange(result.size)
    return framed(operation, moves, [as_float64(result)] * len(groups), [order <= g[-1] for g in groups], sentences)


def elementwise(operation: Operation, most_steps: int) -> Steps:
    """Sums and products element by element: a stretched operand is laid out first, then the other one comes to it."""
    operands, result = operation.operands, operation.result
    sources = [np.broadcast_to(numbered(one.shape), result.shape) for one in operands]
    padded = [(1,) * (result.ndim - one.ndim) + one.shape for one in operands]
    axes = [tuple(axis for axis in range(result.ndim) if shape[axis] != result.shape[axis]) for shape in padded]
    stretched = tuple(source.astype(np.int32) if along else None for source, along in zip(sources, axes, strict=True))
    order, everywhere = np.arange(result.size), np.ones(result.size, bool)
    if not result.size:
        sentence = "There are no elements to move: the result is empty."
        return framed(operation, [order] * 4, [order], [everywhere], [sentence], stretched)
    laid_out = next((number for number, along in enumerate(axes) if along), None)
    begun = int(laid_out is not None)
    groups = groups_of(result.size, most_steps - begun)
    values, filled, sentences, said = [], [], [], ""
    before = final = as_float64(result)
    if laid_out is not None:
        other = 1 - laid_out
        before = as_float64(operands[laid_out])[sources[laid_out].reshape(-1)]
        values, filled, sentences = [before], [everywhere], [_copies(operation, laid_out, axes[laid_out])]
        said = f"{_copies(operation, other, axes[other])} " if axes[other] else ""
    for group in groups:
        done = order <= group[-1]
        values.append(np.where(done, final, before))
        filled.append(everywhere if begun else done)
        x, y = (one.reshape(-1)[source.reshape(-1)[group[-1]]] for one, source in zip(operands, sources, strict=True))
        terms = [(x, y)] if operation.name == "multiply" else [(x,), (y,)]
        worked = combination(terms, result.reshape(-1)[group[-1]], str(result.dtype))
        sentence = f"{position(group[-1], result.shape)}: {worked}."
        sentences.append(said + capital(_in_group(group, result.shape) + sentence))
        said = ""
    arrival = 1 + begun + order // len(groups[0])
    step = [np.ones(result.size) if number == laid_out else arrival for number in (0, 1)]
    moves = [np.concatenate(step), np.repeat([0, 1], result.size), np.stack(sources), np.tile(order, 2)]
    return framed(operation, moves, values, filled, sentences, stretched)


def _in_group(group: range, shape: Shape) -> str:
    if len(group) == 1:
        return ""
    ends = f"{position(group[0], shape)} to {position(group[-1], shape)}"
    return f"{len(group)} elements of the result, {ends}; the last is "


def _copies(operation: Operation, number: int, axes: Shape) -> str:
    times = math.prod(operation.result.shape[axis] for axis in axes)
    each = "its element stands" if operation.operands[number].size == 1 else "each of its elements stands"
    return f"{operation.names[number]} is stretched along {given.axes_named(axes)}: {each} in {times} places."
