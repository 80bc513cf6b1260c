"""An operation as the page plays it: operands, result, and every move, in plain data and buffers."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import asdict
from itertools import count
from typing import Any

import numpy as np

from firstepoch.widgets.tensor import drawing
from firstepoch.widgets.tensor.operations import Operation, OperationError, arguments_of
from firstepoch.widgets.tensor.steps import steps

_MOST_RANK = 5
_NEW = "new"
_MOST_WRITTEN = 24
_UNREADABLE = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError)
_numbers = count(1)


def scene(operation: Operation, roles: Sequence[str]) -> dict[str, Any]:
    """What the stage shows of an operation.

    Args:
        operation: What `operations.apply` returned.
        roles: The roles (colours) of the axes of the first operand; the axes keep them in the result.

    Returns:
        `number` (another one for each scene), `name`, `arguments` and `other` as a form writes them, `code`,
        `numpy_code`, `rule`, `result_shape` as text, and, unless there is too much to follow (then `note` says so):
        `operands` and `result` (name, shape, dtype, arrangement, roles, values as float64), `sentences` (one a frame),
        `moves` (int32: step, operand, source, target of each), `shown` (float64: value of each result cell after each
        step) and `filled` (uint8: whether it has one yet).
    """
    of_operands, of_result = axis_roles(operation, roles)
    told: dict[str, Any] = {
        "number": next(_numbers),
        "name": operation.name,
        "arguments": ", ".join(
            f"{name}={value}" for name, value in operation.arguments.items() if value is not None and value is not False
        ),
        "other": _literal(operation.operands[1]) if _is_short(operation.operands[1:]) else "",
        "code": operation.code,
        "numpy_code": operation.numpy_code,
        "rule": operation.shape_rule,
        "result_shape": str(operation.result.shape),
        "error": "",
        "note": "",
        "operands": [
            _side(name, array, own)
            for name, array, own in zip(operation.names, operation.operands, of_operands, strict=True)
        ],
        "result": _side("result", operation.result, of_result),
    }
    try:
        deepest = max(array.ndim for array in (*operation.operands, operation.result))
        if deepest > _MOST_RANK:
            raise OperationError(f"there is a tensor of rank {deepest}, and steps are drawn up to rank {_MOST_RANK}.")
        shown = steps(operation)
    except OperationError as error:
        return {**told, "note": f"The result is there, without its steps: {error}", "operands": [], "sentences": []}
    moves = np.stack([shown.step, shown.operand, shown.source, shown.target], axis=1).astype(np.int32)
    return {
        **told,
        "sentences": list(shown.sentences),
        "moves": _buffer(moves),
        "shown": _buffer(shown.result.astype(np.float64)),
        "filled": _buffer(shown.filled.astype(np.uint8)),
    }


def axis_roles(operation: Operation, roles: Sequence[str]) -> tuple[list[list[str]], list[str]]:
    """The role of every axis of the operands and of the result: an axis that is still the same one keeps its own.

    Args:
        operation: The operation.
        roles: Those of the first operand.

    Returns:
        A list for each operand, and the list of the result. An axis that is new and was none before has "new".
    """
    x, own = operation.operands[0], list(roles)
    rank, result = x.ndim, operation.result
    axis = operation.arguments.get("axis")
    if operation.name == "matmul":
        return [own, [own[1], _NEW]], [own[0], _NEW]
    if operation.name in ("add", "multiply"):
        of_y = [*[_NEW] * result.ndim, *own][result.ndim + rank - operation.operands[1].ndim :]
        longest = own if rank == result.ndim else of_y
        return [own, of_y], longest
    if operation.name == "expand_dims" or operation.name == "stack":
        at = int(axis or 0) % (rank + 1)
        return [own] * len(operation.operands), [*own[:at], _NEW, *own[at:]]
    if operation.name == "transpose":
        order = operation.arguments.get("perm")
        return [own], [own[one] for one in (range(rank)[::-1] if order is None else order)]
    if operation.name == "concat":
        return [own] * len(operation.operands), own
    if operation.name == "reshape":
        return [own], own if result.shape == x.shape else [_NEW] * result.ndim
    if result.ndim == rank:
        return [own], own
    gone = range(rank) if axis is None else [axis] if isinstance(axis, int) else axis
    gone = [one % rank for one in gone]
    if operation.name == "squeeze" and axis is None:
        gone = [one for one in range(rank) if x.shape[one] == 1]
    return [own], [role for one, role in enumerate(own) if one not in gone]


def offered(shape: Sequence[int]) -> list[dict[str, Any]]:
    """The operations a form offers for a tensor of this shape, each with arguments that fit it.

    Returns:
        For each: `name`, `arguments` as written ("axis=0"), `other` (y as written, "" if there is none), `says`,
        and whether it `takes` arguments besides the tensors.
    """
    rank, size = len(shape), int(np.prod(shape))
    flat = f"shape=[{size}]" if rank != 1 else f"shape=[{_divisor(size)}, -1]"
    ones = [axis for axis in range(rank) if shape[axis] == 1]
    same = _literal(100 + np.arange(size).reshape(shape)) if 0 < size <= 24 else "x"
    last = shape[-1] if rank else 1
    found = [
        ("expand_dims", "axis=0", "", "A new axis of size 1; no element moves."),
        ("reshape", flat, "", "Same elements in the same order, in other rows."),
    ]
    if ones:
        found.append(("squeeze", f"axis={ones[0]}", "", "An axis of size 1 is taken away."))
    if rank:
        found += [
            ("reduce_sum", f"axis={rank - 1}", "", "Add along an axis; that axis is gone."),
            ("reduce_mean", "axis=0", "", "The mean along an axis; that axis is gone."),
            ("concat", "axis=0", same, "Two tensors end to end, along an axis they have."),
        ]
    if rank > 1:
        found.append(("transpose", f"perm={list(range(rank))[::-1]}", "", "The axes change places."))
    if rank == 2:
        y = np.arange(2 * last).reshape(last, 2) if last <= 12 else np.ones((last, 1), int)
        found.append(("matmul", "", _literal(y), "Row by column: multiply, and add up."))
    found += [
        ("stack", "axis=0", same, "Two tensors side by side, along a new axis."),
        (
            "add",
            "",
            _literal(10 * (1 + np.arange(last))) if rank and last <= 24 else "10",
            "A smaller tensor is stretched first.",
        ),
        ("multiply", "", "2", "Element by element; a smaller tensor is stretched first."),
    ]
    names = ("name", "arguments", "other", "says")
    return [{**dict(zip(names, one, strict=True)), "takes": bool(arguments_of(one[0])["arguments"])} for one in found]


def read_arguments(written: str) -> dict[str, Any]:
    """Arguments as written in a call, for example "axis=0, keepdims=True".

    Raises:
        OperationError: They are not written as name=value with plain values.
    """
    try:
        call = ast.parse(f"f({written})", mode="eval").body
        if not isinstance(call, ast.Call) or call.args or any(word.arg is None for word in call.keywords):
            raise ValueError(written)
        return {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
    except _UNREADABLE as error:
        raise OperationError(
            f"{written!r}: write arguments as name=value, for example axis=0 or perm=[1, 0]."
        ) from error


def read_other(written: str, x: np.ndarray) -> Any:
    """The other operand as written: numbers in (nested) lists, or x itself.

    Raises:
        OperationError: It is neither.
    """
    if written.strip() == "x":
        return x
    try:
        array = np.asarray(ast.literal_eval(written.strip()))
    except _UNREADABLE as error:
        raise OperationError(f"y = {written!r}: write numbers in lists, for example [[1, 2], [3, 4]], or x.") from error
    if array.dtype.kind not in "biuf" or x.dtype.kind not in "iufV":
        return array
    with np.errstate(all="ignore"):
        cast = array.astype(x.dtype)
    return array if x.dtype.kind in "iu" and not np.array_equal(cast, array) else cast


def _side(name: str, array: np.ndarray, roles: Sequence[str]) -> dict[str, Any]:
    return {
        "name": name,
        "roles": list(roles),
        "shape": list(array.shape),
        "dtype": str(array.dtype),
        "arrangement": asdict(drawing.arrange(array.shape, None)),
        "values": _buffer(drawing.numbers(array).astype(np.float64)),
    }


def _buffer(array: np.ndarray) -> memoryview:
    return memoryview(np.ascontiguousarray(array).tobytes())


def _literal(array: np.ndarray) -> str:
    return str(array.tolist())


def _is_short(others: Sequence[np.ndarray]) -> bool:
    return len(others) == 1 and others[0].size <= _MOST_WRITTEN and others[0].dtype.kind in "biuf"


def _divisor(size: int) -> int:
    return next((part for part in range(int(size**0.5), 1, -1) if size % part == 0), 1)
