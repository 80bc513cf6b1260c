"""Numbers that pass on what is done with them: by signs, by numpy's functions, or by those of ops.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstepoch.widgets.autodiff.graph import Builder, Operand
from firstepoch.widgets.errors import SettingsError

UFUNCS = {
    "add": "add",
    "subtract": "subtract",
    "multiply": "multiply",
    "divide": "divide",
    "true_divide": "divide",
    "power": "power",
    "float_power": "power",
    "negative": "negative",
    "absolute": "abs",
    "fabs": "abs",
    **{
        name: name
        for name in (
            "exp",
            "log",
            "log1p",
            "expm1",
            "sqrt",
            "square",
            "sin",
            "cos",
            "tan",
            "tanh",
            "maximum",
            "minimum",
        )
    },
}
"""numpy's functions of numbers, and the operation each is."""


class NeedsTensorFlow(Exception):
    """A function gave a recorded number to TensorFlow, which has to record for itself."""


class Scalar:
    """A number whose operations are done by `_apply`."""

    __slots__ = ()

    def _apply(self, operation: str, *operands: Any) -> Scalar:
        raise NotImplementedError

    def _number(self) -> float:
        raise NotImplementedError

    def __add__(self, other: Any) -> Scalar:
        return self._apply("add", self, other)

    def __radd__(self, other: Any) -> Scalar:
        return self._apply("add", other, self)

    def __sub__(self, other: Any) -> Scalar:
        return self._apply("subtract", self, other)

    def __rsub__(self, other: Any) -> Scalar:
        return self._apply("subtract", other, self)

    def __mul__(self, other: Any) -> Scalar:
        return self._apply("multiply", self, other)

    def __rmul__(self, other: Any) -> Scalar:
        return self._apply("multiply", other, self)

    def __truediv__(self, other: Any) -> Scalar:
        return self._apply("divide", self, other)

    def __rtruediv__(self, other: Any) -> Scalar:
        return self._apply("divide", other, self)

    def __pow__(self, other: Any) -> Scalar:
        return self._apply("power", self, other)

    def __rpow__(self, other: Any) -> Scalar:
        return self._apply("power", other, self)

    def __neg__(self) -> Scalar:
        return self._apply("negative", self)

    def __pos__(self) -> Scalar:
        return self

    def __abs__(self) -> Scalar:
        return self._apply("abs", self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Scalar:
        if method != "__call__" or options or ufunc.__name__ not in UFUNCS:
            raise SettingsError(
                f"numpy's {ufunc.__name__} is not recorded; on single numbers these are: {', '.join(sorted(UFUNCS))}."
            )
        return self._apply(UFUNCS[ufunc.__name__], *inputs)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise SettingsError("The function makes an array of its numbers; only single numbers are recorded.")

    def __float__(self) -> float:
        raise SettingsError(
            "The function turns a number into a plain one (math.exp does, and float), and its gradient is lost. "
            "Use firstepoch.widgets.autodiff.ops, numpy or TensorFlow."
        )

    def __tf_tensor__(self, *_: Any, **__: Any) -> Any:
        raise NeedsTensorFlow

    def __bool__(self) -> bool:
        return bool(self._number())

    def __lt__(self, other: Any) -> bool:
        return self._number() < _plain(other)

    def __le__(self, other: Any) -> bool:
        return self._number() <= _plain(other)

    def __gt__(self, other: Any) -> bool:
        return self._number() > _plain(other)

    def __ge__(self, other: Any) -> bool:
        return self._number() >= _plain(other)

    def __eq__(self, other: object) -> bool:
        return self._number() == _plain(other)

    __hash__ = None  # type: ignore[assignment]


class Recorded(Scalar):
    """A number whose operations become nodes of a graph."""

    __slots__ = ("builder", "operand")

    def __init__(self, builder: Builder, operand: Operand) -> None:
        self.builder, self.operand = builder, operand

    def _number(self) -> float:
        return self.builder.value(self.operand)

    def _apply(self, operation: str, *operands: Any) -> Scalar:
        held = [one.operand if isinstance(one, Recorded) else constant(one) for one in operands]
        return Recorded(self.builder, self.builder.apply(operation, *held))


def constant(value: Any) -> float:
    """A plain number that takes part in an operation.

    Raises:
        SettingsError: It is not one number.
    """
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise SettingsError(f"The function calculates with a {type(value).__name__}, which is not a number.") from None
    if array.size != 1:
        raise SettingsError(f"The function calculates with an array of shape {array.shape}; only single numbers are.")
    return float(array.reshape(()))


def _plain(value: Any) -> float:
    return value._number() if isinstance(value, Scalar) else constant(value)
