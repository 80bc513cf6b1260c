"""Calls any function of one or two weights: with tensors or numpy numbers, in the form it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError


class Call:
    """Calls a function with tensors (float64 or float32) or with numpy numbers, in one of the forms."""

    def __init__(self, function: Callable[..., Any], form: str, inputs: str) -> None:
        self.function, self.form, self.inputs = function, form, inputs

    @property
    def dtype(self) -> str:
        """Of the numbers it is called with."""
        return "float32" if self.inputs == "float32" else "float64"

    def arguments(self, w: np.ndarray) -> list[Any]:
        """What the function is given for w: (weights,), or (weights, points) for many at once."""
        parts: list[Any] = list(w) if self.form != "[w]" else [w]
        parts = [np.asarray(part, self.dtype)[()] for part in parts]
        if self.inputs == "numpy":
            return parts
        import tensorflow as tf

        return [tf.constant(part) for part in parts]

    def __call__(self, w: np.ndarray) -> float:
        """The value at w, shape (weights,)."""
        with np.errstate(all="ignore"):
            return number(self.function(*self.arguments(w)), w)

    def raw(self, arguments: list[Any]) -> Any:
        """What the function returns for these arguments."""
        with np.errstate(all="ignore"):
            return self.function(*arguments)

    def tape(self, w: np.ndarray) -> np.ndarray | None:
        """TensorFlow's gradient, or None where it finds none."""
        return self.both(w)[1]

    def both(self, w: np.ndarray) -> tuple[float, np.ndarray | None]:
        """Value and TensorFlow's gradient."""
        import tensorflow as tf

        arguments = self.arguments(w)
        with tf.GradientTape() as tape:
            for argument in arguments:
                tape.watch(argument)
            result = self.raw(arguments)
            value = number(result, w)
            if not tf.is_tensor(result) or not result.dtype.is_floating:
                return value, None
            result = tf.reshape(result, ())
        found = tape.gradient(result, arguments)
        if all(part is None for part in found):
            return value, None
        parts = [
            np.zeros(np.shape(argument)) if part is None else tf.convert_to_tensor(part).numpy()
            for part, argument in zip(found, arguments, strict=True)
        ]
        return value, np.concatenate([np.ravel(part) for part in parts]).astype(np.float64)

    def compiled(self) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
        """The same as `both` as one TensorFlow graph: several times as fast. The function is read once."""
        import tensorflow as tf

        @tf.function(autograph=False)
        def graph(*arguments: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(arguments)
                result = tf.reshape(self.function(*arguments), ())
            found = tape.gradient(result, arguments, unconnected_gradients=tf.UnconnectedGradients.ZERO)
            return result, tf.concat([tf.reshape(tf.convert_to_tensor(part), [-1]) for part in found], 0)

        def both(w: np.ndarray) -> tuple[float, np.ndarray]:
            value, slope = graph(*self.arguments(w))
            return float(value), slope.numpy().astype(np.float64)

        return both

    def differences(self, w: np.ndarray, single: bool) -> np.ndarray:
        """Central finite differences; the step balances rounding against curvature."""
        slopes = []
        for number in range(len(w)):
            step = (1.2e-7 if single else 2.2e-16) ** (1 / 3) * max(1.0, abs(w[number]))
            ahead, behind = w.copy(), w.copy()
            ahead[number] += step
            behind[number] -= step
            slopes.append((self(ahead) - self(behind)) / (ahead[number] - behind[number]))
        return np.array(slopes)

    def all_in_tensorflow(self, w: np.ndarray) -> bool:
        """Whether TensorFlow can trace the function: neither numpy nor Python's own numbers see a value."""
        import tensorflow as tf

        arguments = self.arguments(w)
        signature = [tf.TensorSpec(argument.shape, argument.dtype) for argument in arguments]
        try:
            tf.function(self.function, autograph=False).get_concrete_function(*signature)
        except Exception:
            return False
        return True


def quietly(value: Callable[[np.ndarray], float], w: np.ndarray) -> float:
    """The value at w, NaN where the function raises."""
    try:
        found = value(w)
    except Exception:
        return float("nan")
    return found if np.isfinite(found) else float("nan")


def number(result: Any, w: np.ndarray) -> float:
    """The value of a function as a float.

    Raises:
        SettingsError: It is no single real number.
    """
    if result is None:
        raise SettingsError("The function returns None. Does it end with `return`?")
    try:
        array = np.asarray(result)
    except Exception:
        raise SettingsError(f"The function returns {kind(result)}; it must return one number.") from None
    if array.dtype.kind in "cSUOMm":
        raise SettingsError(f"The function returns {kind(result)}; it must return one real number.")
    if array.size != 1:
        shape = tuple(array.shape)
        raise SettingsError(
            f"The function returns {array.size} numbers (shape {shape}) for {at(w)}; a loss is one number. "
            "Try tf.reduce_sum or tf.reduce_mean of them."
        )
    return float(array.reshape(())[()])


def at(w: Sequence[float] | np.ndarray) -> str:
    """A point in words."""
    return f"w = {short(w[0])}" if len(w) == 1 else f"w = [{', '.join(map(short, w))}]"


def short(value: float) -> str:
    """A number in words."""
    return f"{value:.6g}"


def kind(value: Any) -> str:
    """A value in words: itself if it is short, or its type."""
    shown = repr(value)
    return shown if len(shown) <= 40 and not callable(value) else f"a {type(value).__name__}"


def said(error: Exception | None) -> str:
    """An exception in words: its type and what it says."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}{f' ({words[:200]})' if words else ''}"
