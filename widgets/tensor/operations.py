"""TensorFlow's operations on tensors, worked out by numpy: the result, the line of code and the rule of the shapes.

TensorFlow is never imported; where it differs from numpy, the result is TensorFlow's and `numpy_code` says how numpy
comes to the same values:

* sums keep the dtype (numpy widens small integers) and wrap around in it;
* a mean of integers is an integer, cut towards zero (numpy gives a float); of no integers it is 0;
* operands of different dtypes are refused, and so is arithmetic on bool;
* in reshape, -1 next to a size of 0 is worked out from the other sizes (numpy refuses).

Floating-point sums agree to rounding: the two libraries add in different orders.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from firstepoch.widgets.tensor import arguments as given
from firstepoch.widgets.tensor import results
from firstepoch.widgets.tensor.arguments import OperationError

__all__ = ["NAMES", "Operation", "OperationError", "apply", "arguments_of"]

_REQUIRED = object()


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation on tensors.

    Attributes:
        name: TensorFlow's name, for example "transpose".
        arguments: All arguments by name, JSON-able, as given: {"perm": [1, 0]}, {"axis": -1, "keepdims": False}.
        operands: The tensors.
        names: What the code calls them: x, y, z, w, v, u; if there are more, x0, x1, x2, ...
        result: The result with TensorFlow's values, shape and dtype; may share memory with an operand.
        code: "tf.transpose(x, perm=[1, 0])".
        numpy_code: "np.transpose(x, (1, 0))"; gives equal values.
        shape_rule: "(2, 3) → (3, 2): axis 1 comes first, then axis 0."
    """

    name: str
    arguments: dict[str, Any]
    operands: tuple[np.ndarray, ...]
    names: tuple[str, ...]
    result: np.ndarray = field(repr=False)
    code: str
    numpy_code: str
    shape_rule: str


def apply(name: str, operands: Sequence[Any], /, **arguments: Any) -> Operation:
    """Do an operation.

    Args:
        name: One of `NAMES`.
        operands: The tensors, as arrays or what `np.asarray` takes; the order of TensorFlow's arguments.
        **arguments: TensorFlow's arguments by TensorFlow's names; see `arguments_of`.

    Returns:
        The operation with its result.

    Raises:
        OperationError: There is no such operation or argument, or it does not fit the shapes and dtypes.

    Source:
        tf.expand_dims, tf.squeeze, tf.reshape, tf.transpose, tf.stack, tf.concat, tf.reduce_sum, tf.reduce_mean,
        tf.matmul (two matrices), tf.add, tf.multiply.
    """
    entry = _entry(name)
    tensors = tuple(_native(np.asarray(operand)) for operand in operands)
    least, most = entry.operands
    if len(tensors) < least or (most is not None and len(tensors) > most):
        wanted = f"{least} tensor{'' if least == 1 else 's'}" + ("" if most else " or more")
        raise OperationError(f"{name} takes {wanted}; got {len(tensors)}.")
    names = tuple("xyzwvu"[: len(tensors)] if len(tensors) <= 6 else (f"x{i}" for i in range(len(tensors))))
    kinds = {parameter["name"]: parameter for parameter in entry.parameters}
    for argument in arguments:
        if argument not in kinds:
            have = f"It has: {', '.join(kinds)}" if kinds else "It has none besides the tensors"
            raise OperationError(f"{name} has no argument {argument!r}. {have}.")
    read = {}
    for parameter in entry.parameters:
        value = arguments.get(parameter["name"], _REQUIRED if parameter["required"] else parameter["default"])
        if value is _REQUIRED:
            raise OperationError(f"{name} needs {parameter['name']}, for example {parameter['example']}.")
        read[parameter["name"]] = given.read(parameter["kind"], parameter["name"], value)
    with np.errstate(all="ignore"):
        result, numpy_code, rule = entry.make(tensors, names, **read)
    before = given.listed(tensor.shape for tensor in tensors)
    return Operation(
        name,
        read,
        tensors,
        names,
        result,
        _code(name, names, read),
        numpy_code,
        f"{before} → {result.shape}: {rule}.",
    )


def arguments_of(name: str) -> dict[str, Any]:
    """What an operation takes, so that a form can be built from it.

    Args:
        name: One of `NAMES`.

    Returns:
        JSON-able: `operands`, the least and the most number of tensors (None: any number), and `arguments`, a list
        of `name`, `kind` ("axis", "axes", "shape", "perm" or "flag", see `arguments.read`), `required`, `default`
        and `example`.

    Raises:
        OperationError: There is no such operation.
    """
    entry = _entry(name)
    return {"operands": list(entry.operands), "arguments": [dict(parameter) for parameter in entry.parameters]}


def _entry(name: str) -> _Entry:
    if name not in _TABLE:
        raise OperationError(f"There is no operation {name!r}. There are: {', '.join(_TABLE)}.")
    return _TABLE[name]


def _native(array: np.ndarray) -> np.ndarray:
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def _code(name: str, names: Sequence[str], arguments: Mapping[str, Any]) -> str:
    tensors = ", ".join(names)
    parts = [f"[{tensors}]" if name in ("stack", "concat") else tensors]
    for argument, value in arguments.items():
        if argument == "shape":
            parts.append(str(value))
        elif value is not None and value is not False:
            parts.append(f"{argument}={value}")
    return f"tf.{name}({', '.join(parts)})"


@dataclass(frozen=True)
class _Entry:
    operands: tuple[int, int | None]
    parameters: tuple[dict[str, Any], ...]
    make: Callable[..., results.Made]


def _parameter(name: str, kind: str, example: str, default: Any = _REQUIRED) -> dict[str, Any]:
    required = default is _REQUIRED
    return {
        "name": name,
        "kind": kind,
        "required": required,
        "default": None if required else default,
        "example": example,
    }


_REDUCE = (_parameter("axis", "axes", "axis=0", None), _parameter("keepdims", "flag", "keepdims=True", False))
_TABLE = {
    "expand_dims": _Entry((1, 1), (_parameter("axis", "axis", "axis=0"),), results.expand_dims),
    "squeeze": _Entry((1, 1), (_parameter("axis", "axes", "axis=0", None),), results.squeeze),
    "reshape": _Entry((1, 1), (_parameter("shape", "shape", "shape=[-1, 2]"),), results.reshape),
    "transpose": _Entry((1, 1), (_parameter("perm", "perm", "perm=[1, 0]", None),), results.transpose),
    "stack": _Entry((1, None), (_parameter("axis", "axis", "axis=0", 0),), results.stack),
    "concat": _Entry((1, None), (_parameter("axis", "axis", "axis=0"),), results.concat),
    "reduce_sum": _Entry((1, 1), _REDUCE, results.reduce_sum),
    "reduce_mean": _Entry((1, 1), _REDUCE, results.reduce_mean),
    "matmul": _Entry((2, 2), (), results.matmul),
    "add": _Entry((2, 2), (), results.elementwise("add", np.add)),
    "multiply": _Entry((2, 2), (), results.elementwise("multiply", np.multiply)),
}
NAMES: tuple[str, ...] = tuple(_TABLE)
"""The operations there are."""
