"""The same gradients by tf.GradientTape, on a way of its own: TensorFlow calculates, no graph of ours has a part in it.

TensorFlow is loaded when a function in here is called, not before.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from firstepoch.widgets.autodiff.parse import function_name, read
from firstepoch.widgets.autodiff.scalars import Scalar

_SIGNS: dict[type[ast.operator], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_PLACES = {"log": "math", "log1p": "math", "expm1": "math", "relu": "nn", "softplus": "nn"}
_INFIX: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "power": operator.pow,
    "negative": operator.neg,
}


def gradients(
    source: str | Callable[..., Any], values: Mapping[str, float], variables: Sequence[str]
) -> tuple[float, dict[str, float | None]]:
    """Loss and gradients of an expression or a function, by tf.GradientTape in float64.

    Args:
        source: An expression, or a function of single numbers.
        values: Its names and their values.
        variables: Names whose gradient is asked.

    Returns:
        The loss, and for each variable its gradient; None where the tape knows of none.
    """
    import tensorflow as tf

    given = {
        name: (tf.Variable if name in variables else tf.constant)(value, dtype=tf.float64)
        for name, value in values.items()
    }
    with tf.GradientTape() as tape:
        if isinstance(source, str):
            loss = _expression(source, given)
        elif hasattr(source, "get_concrete_function"):
            loss = source(**{name: tf.convert_to_tensor(value) for name, value in given.items()})
        else:
            loss = source(**{name: _Taped(tf.convert_to_tensor(value)) for name, value in given.items()})
        loss = tf.convert_to_tensor(loss)
    found = tape.gradient(loss, [given[name] for name in variables])
    return float(loss), {name: None if one is None else float(one) for name, one in zip(variables, found, strict=True)}


def with_tensorflow(operation: str, *operands: Any) -> Any:
    """One operation on tensors, by its name in operations.py."""
    import tensorflow as tf

    if operation in _INFIX:
        return _INFIX[operation](*operands)
    return getattr(getattr(tf, _PLACES[operation]) if operation in _PLACES else tf, operation)(*operands)


def _expression(source: str, given: Mapping[str, Any]) -> Any:
    known, loss = dict(given), None
    for name, line in read(source):
        known[name] = loss = _walk(line, known)
    return loss


def _walk(node: ast.expr, known: Mapping[str, Any]) -> Any:
    import tensorflow as tf

    match node:
        case ast.Constant(value=int() | float() as value):
            return tf.constant(value, dtype=tf.float64)
        case ast.Name(id=name):
            return known[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_walk(inner, known)
        case ast.UnaryOp(operand=inner):
            return _walk(inner, known)
        case ast.BinOp(left=left, op=sign, right=right):
            return _SIGNS[type(sign)](_walk(left, known), _walk(right, known))
        case ast.Call(args=arguments):
            return with_tensorflow(function_name(node), *(_walk(one, known) for one in arguments))
    raise TypeError(ast.unparse(node))


class _Taped(Scalar):
    """A number whose operations TensorFlow does, whatever they are written with."""

    __slots__ = ("tensor",)

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor

    def _number(self) -> float:
        return float(self.tensor)

    def __tf_tensor__(self, *_: Any, **__: Any) -> Any:
        return self.tensor

    def _apply(self, operation: str, *operands: Any) -> Scalar:
        import tensorflow as tf

        held = [
            one.tensor if isinstance(one, _Taped) else tf.convert_to_tensor(one, dtype=tf.float64) for one in operands
        ]
        return _Taped(with_tensorflow(operation, *held))
