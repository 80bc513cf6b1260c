"""How an operation comes to its result, step by step: which element goes where, and what each one shows by then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from firstepoch.widgets.tensor import arguments as given
from firstepoch.widgets.tensor import worked
from firstepoch.widgets.tensor.arguments import OperationError
from firstepoch.widgets.tensor.equations import shown
from firstepoch.widgets.tensor.frames import Steps, as_float64, capital, framed, groups_of, index_of, numbered, position
from firstepoch.widgets.tensor.operations import Operation, apply


def steps(operation: Operation, most_cells: int = 600, most_steps: int = 60) -> Steps:
    """Follow an operation.

    Args:
        operation: What `apply` returned.
        most_cells: Elements that can be followed, all operands and the result together.
        most_steps: Steps at most (the frames are one more); above that, equal groups of elements go at once.
            Stretching and the division of a mean take a step of their own, so 1 may become 2.

    Returns:
        The steps; at least one, even if there is nothing to move.

    Raises:
        OperationError: There are too many elements; the message says how many.
    """
    cells = sum(operand.size for operand in operation.operands) + operation.result.size
    if cells > most_cells:
        raise OperationError(
            f"{cells:,} elements, operands and result together, are too many to follow one by one; "
            f"up to {most_cells:,} can be."
        )
    follow = {
        "reduce_sum": worked.reduction,
        "reduce_mean": worked.reduction,
        "matmul": worked.matmul,
        "add": worked.elementwise,
        "multiply": worked.elementwise,
    }.get(operation.name, _rearrangement)
    return follow(operation, most_steps)


def _rearrangement(operation: Operation, most_steps: int) -> Steps:
    """Elements that move and do not change; the operation, done to their numbers, says where they go."""
    operands, result = operation.operands, operation.result
    source = apply(operation.name, [numbered(x.shape) for x in operands], **operation.arguments).result.reshape(-1)
    owners = [np.full(x.shape, number) for number, x in enumerate(operands)]
    owner = apply(operation.name, owners, **operation.arguments).result.reshape(-1)
    if not result.size:
        groups, sentences = [range(1)], ["There are no elements to move: only the shape changes."]
        parts = np.zeros(0, int)
    elif operation.name in ("stack", "concat"):
        groups, parts = groups_of(len(operands), most_steps), owner
        sentences = [_arrival(operation, group) for group in groups]
    elif operation.name == "reshape":
        groups, parts = groups_of(result.size, most_steps), source
        sentences = [_in_order(operation, group) for group in groups]
    elif operation.name == "transpose":
        length = operands[0].shape[-1] if operands[0].ndim else 1
        groups, parts = groups_of(result.size // length, most_steps), source // length
        sentences = [_row(operation, source, length, group) for group in groups]
    else:
        groups, parts = [range(1)], np.zeros(result.size, int)
        sentences = [_all_at_once(operation)]
    step = 1 + parts // len(groups[0])
    filled = [step <= number for number in range(1, len(groups) + 1)]
    values = [as_float64(result)] * len(groups)
    return framed(operation, (step, owner, source, np.arange(result.size)), values, filled, sentences)


def _all_at_once(operation: Operation) -> str:
    (x,), result = operation.operands, operation.result
    example = x.size - 1
    value = shown(x.reshape(-1)[example])
    if x.ndim == result.ndim:
        return f"There is no axis of size 1: every element stays, {value} too."
    moved = f"{value} was at {position(example, x.shape)} and is now at {position(example, result.shape)}"
    axis = operation.arguments["axis"]
    if operation.name == "expand_dims":
        return f"Axis {axis % result.ndim} is new and has size 1; all elements keep their order: {moved}."
    gone = tuple(at for at in given.axes_within(None if axis == [] else axis, x.shape) if x.shape[at] == 1)
    are = "is" if len(gone) == 1 else "are"
    return f"{capital(given.axes_named(gone))} {are} gone; all elements keep their order: {moved}."


def _in_order(operation: Operation, group: range) -> str:
    (x,), result = operation.operands, operation.result
    places = [(position(flat, x.shape), position(flat, result.shape)) for flat in (group[0], group[-1])]
    (source, target), (last_source, last_target) = places
    if len(group) == 1:
        value = shown(x.reshape(-1)[group[0]])
        return f"Element {group[0]} in row-major order, {value}, goes from {source} to {target}."
    return (
        f"Elements {group[0]} to {group[-1]} in row-major order go from {source} ... {last_source} "
        f"to {target} ... {last_target}."
    )


def _row(operation: Operation, source: np.ndarray, length: int, group: range) -> str:
    (x,), result = operation.operands, operation.result
    example = (group[-1] + 1) * length - 1
    value = shown(x.reshape(-1)[example])
    end = position(int(np.flatnonzero(source == example)[0]), result.shape)
    if x.ndim < 2:
        return f"There is one axis at most, and it stays: {value} stays at {end}."
    moved = f"{value} goes from {position(example, x.shape)} to {end}"
    if len(group) > 1:
        first, last = (_slices([*index_of(row, x.shape[:-1]), None]) for row in (group[0], group[-1]))
        return f"Rows {first} to {last} of x go to their places; for example, {moved}."
    index = [*index_of(group[0], x.shape[:-1]), None]
    order = given.permutation(operation.arguments["perm"], x.shape)
    return f"Row {_slices(index)} of x becomes {_slices([index[axis] for axis in order])}: {moved}."


def _slices(index: Sequence[int | None]) -> str:
    return f"[{', '.join(':' if at is None else str(at) for at in index)}]"


def _arrival(operation: Operation, group: range) -> str:
    operands, many = operation.operands, len(group) > 1
    names = given.listed(operation.names[number] for number in group)
    if not sum(operands[number].size for number in group):
        return f"{names} {'have' if many else 'has'} no elements: nothing moves."
    axis = operation.arguments["axis"] % operation.result.ndim
    stacked = operation.name == "stack"
    sizes = [1 if stacked else operand.shape[axis] for operand in operands]
    start, stop = sum(sizes[: group[0]]), sum(sizes[: group[-1] + 1])
    where = f"index {start}" if stop == start + 1 else f"indices {start} to {stop - 1}"
    places = [":"] * operation.result.ndim
    places[axis] = str(start) if stacked and not many else f"{start}:{stop}"
    new = "the new " if stacked else ""
    return f"{names} {'go' if many else 'goes'} to {where} of {new}axis {axis}: to [{', '.join(places)}]."
