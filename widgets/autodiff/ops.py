"""Functions to use inside a function that Autodiff records: `ops.log(p)`. On plain numbers they give plain numbers."""

from __future__ import annotations

import sys
from typing import Any

from firstepoch.widgets.autodiff.operations import OPERATIONS
from firstepoch.widgets.autodiff.scalars import Scalar


def _apply(operation: str, *operands: Any) -> Any:
    for one in operands:
        if isinstance(one, Scalar):
            return one._apply(operation, *operands)
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and any(tensorflow.is_tensor(one) for one in operands):
        from firstepoch.widgets.autodiff.tape import with_tensorflow

        return with_tensorflow(operation, *operands)
    return float(OPERATIONS[operation].value(*map(float, operands)))


def exp(a: Any) -> Any:
    """The exponential."""
    return _apply("exp", a)


def log(a: Any) -> Any:
    """The natural logarithm."""
    return _apply("log", a)


def log1p(a: Any) -> Any:
    """log(1 + a)."""
    return _apply("log1p", a)


def expm1(a: Any) -> Any:
    """exp(a) − 1."""
    return _apply("expm1", a)


def sigmoid(a: Any) -> Any:
    """1 / (1 + exp(−a))."""
    return _apply("sigmoid", a)


def tanh(a: Any) -> Any:
    """The hyperbolic tangent."""
    return _apply("tanh", a)


def relu(a: Any) -> Any:
    """The larger of a and 0."""
    return _apply("relu", a)


def softplus(a: Any) -> Any:
    """log(1 + exp(a))."""
    return _apply("softplus", a)


def sqrt(a: Any) -> Any:
    """The square root."""
    return _apply("sqrt", a)


def square(a: Any) -> Any:
    """The number times itself."""
    return _apply("square", a)


def sin(a: Any) -> Any:
    """The sine."""
    return _apply("sin", a)


def cos(a: Any) -> Any:
    """The cosine."""
    return _apply("cos", a)


def tan(a: Any) -> Any:
    """The tangent."""
    return _apply("tan", a)


def absolute(a: Any) -> Any:
    """The number without its sign."""
    return _apply("abs", a)


def maximum(a: Any, b: Any) -> Any:
    """The larger of two numbers."""
    return _apply("maximum", a, b)


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two numbers."""
    return _apply("minimum", a, b)
