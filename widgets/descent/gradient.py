"""Any function of one or two weights, with its gradient: by hand, by GradientTape, or by finite differences."""

from __future__ import annotations

import contextlib
import inspect
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from firstepoch.widgets.descent import functions
from firstepoch.widgets.descent.calling import Call, at, kind, quietly, said, short
from firstepoch.widgets.errors import SettingsError

FORMULA, TAPE, DIFFERENCES = "formula", "GradientTape", "finite differences"
_PROBES = np.array([0.0, 0.31, -0.27, 0.93, -1.1, 2.3, -2.6])
_EXAMPLE = "lambda w: (w - 3)**2"


@dataclass(frozen=True)
class Differentiable:
    """A function g and how its gradient is found."""

    name: str
    weights: int
    start: tuple[float, ...]
    """The start it was tried with: the one given, or a good one."""
    value: Callable[[np.ndarray], float]
    """g of w, shape (weights,); raises what the function raises."""
    gradient: Callable[[np.ndarray], np.ndarray]
    """The gradient of g at w, shape (weights,)."""
    both: Callable[[np.ndarray], tuple[float, np.ndarray]]
    """Value and gradient at w, for the price of one where that can be."""
    many: Callable[[np.ndarray], np.ndarray | None]
    """g of every row of w, shape (points, weights), NaN where it has none; None where only `value` works."""
    differentiated_by: str
    """"formula", "GradientTape" or "finite differences"."""
    note: str = ""
    """Why finite differences are used."""
    named: functions.Function | None = None
    """The named function behind it."""
    call: str = "w"
    """How g is called: "w" (a number), "[w]" (an array of all weights) or "w1, w2"."""
    inputs: str = "numpy"
    """What g is called with: tensors of "float64" or "float32", or "numpy" numbers."""
    single: bool = False
    """Whether g works in float32."""
    source: Callable[..., Any] | None = None
    """The Python function that was given."""

    @property
    def formula(self) -> str:
        """The formula, or what stands for it."""
        return self.named.formula if self.named else f"g({'w' if self.weights == 1 else 'w₁, w₂'}) = your function"

    def at(self, start: Any) -> Differentiable | None:
        """The same function from another start; None where it would be called in another way.

        Raises:
            SettingsError: It has no finite value or gradient there.
        """
        weights = weights_of(start)
        if len(weights) != self.weights or (self.call == "w") != (np.ndim(start) == 0):
            return None
        point = np.array(weights)
        try:
            value, slope = self.both(point)
        except SettingsError:
            raise
        except Exception as error:
            raise SettingsError(f"The function raises {said(error)} at {at(point)}.") from error
        _check_finite(value, slope, point)
        return replace(self, start=weights)


def differentiable(function: str | Callable[..., Any], start: Any = None) -> Differentiable:
    """Find out how a function is called and how its gradient is found.

    Args:
        function: The name of a function (see functions.py), or a Python function of one weight (a number, or an
            array of one), of an array of two weights, or of two numbers.
        start: A number, or a list of one or two numbers: where it is tried, and how it is called. Default: the
            named function's own; for a Python function 2.0, or [2.0, 1.0] where that does not work.

    Raises:
        SettingsError: The function cannot be used from this start; the message says why and what to try.
    """
    if isinstance(function, str):
        found = functions.named(function)
        return Differentiable(
            found.name,
            found.weights,
            functions.start_of(found, None if start is None else weights_of(start)),
            lambda w: float(found.value(w)),
            found.gradient,
            lambda w: (float(found.value(w)), found.gradient(w)),
            found.value,
            FORMULA,
            named=found,
        )
    if not callable(function):
        raise SettingsError(
            f"function is {kind(function)}; give a name ({', '.join(functions.NAMES)}) or a Python function, "
            f"for example {_EXAMPLE}."
        )
    if start is not None:
        return _from_callable(function, start)
    try:
        return _from_callable(function, 2.0)
    except SettingsError as error:
        with contextlib.suppress(SettingsError):
            return _from_callable(function, [2.0, 1.0])
        raise error


def weights_of(start: Any) -> tuple[float, ...]:
    """A start as one or two numbers.

    Raises:
        SettingsError: It is not one or two finite numbers.
    """
    try:
        array = np.asarray(start, np.float64)
    except (TypeError, ValueError):
        raise SettingsError(f"start is {start!r}; give a number, or a list of two for two weights.") from None
    if array.ndim > 1 or not 1 <= array.size <= 2:
        raise SettingsError(
            f"start has shape {array.shape}; a picture needs one weight or two. Try start=2.5 or start=[2.0, 1.0]."
        )
    if not np.isfinite(array).all():
        raise SettingsError(f"start is {start!r}; it must be finite. Try start=2.5.")
    return tuple(map(float, array.ravel()))


def _from_callable(function: Callable[..., Any], start: Any) -> Differentiable:
    point = np.array(weights_of(start))
    problem: Exception | None = None
    for form in _forms(function, start):
        for inputs in ("float64", "float32", "numpy"):
            call = Call(function, form, inputs)
            try:
                call(point)
            except SettingsError:
                raise
            except Exception as error:
                problem = problem or error
                continue
            return _differentiate(call, point)
    raise SettingsError(f"The function raises {said(problem)} at {at(point)}. Try it there by hand.") from problem


def _forms(function: Callable[..., Any], start: Any) -> list[str]:
    """The ways it may be called, the likeliest first."""
    scalar, two = np.ndim(start) == 0, np.size(start) == 2
    needed = _needed(function)
    if needed == 2 and not two:
        raise SettingsError("The function takes two numbers; give a start for both, for example start=[2.0, 1.0].")
    if needed is not None and needed > 2:
        raise SettingsError(
            f"The function needs {needed} arguments; a picture has room for one weight or two. "
            "Fix the others: lambda w: f(w, 3.0, 5.0)."
        )
    if needed == 2:
        return ["w1, w2"]
    if two:
        return ["[w]"] if needed == 1 else ["[w]", "w1, w2"]
    return ["w", "[w]"] if scalar else ["[w]", "w"]


def _needed(function: Callable[..., Any]) -> int | None:
    """How many arguments must be given by position; None where Python cannot say."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(one.kind is one.VAR_POSITIONAL for one in parameters):
        return None
    return sum(
        one.default is one.empty and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in parameters
    )


def _differentiate(call: Call, start: np.ndarray) -> Differentiable:
    value = call(start)
    _check_finite(value, np.zeros(1), start)
    _check_depends(call, start)
    import tensorflow as tf

    arguments = call.arguments(start)
    result = call.raw(arguments)
    single = "float32" in (call.inputs, getattr(getattr(result, "dtype", None), "name", ""))
    by, note, slope, graph = DIFFERENCES, "", None, None
    if call.inputs == "numpy":
        note = "it works with numpy's arrays and not with tensors"
    elif not tf.is_tensor(result):
        note = f"it gives a {type(result).__name__}, not a tensor, so GradientTape cannot follow it"
    else:
        slope = call.tape(start)
        traced = call.all_in_tensorflow(start)
        if slope is None and traced:
            raise SettingsError(
                "TensorFlow finds no gradient: something in the function cuts it, such as tf.round, tf.sign, "
                "tf.argmax, a tf.cast to whole numbers or tf.stop_gradient. Try a function without it."
            )
        if slope is None or (not traced and not _agrees(call, start, single)):
            note = "numpy or plain Python works out a part of it, which GradientTape cannot follow"
        else:
            by = TAPE
            graph = call.compiled() if traced else None

    def both(w: np.ndarray) -> tuple[float, np.ndarray]:
        if by != TAPE:
            return call(w), call.differences(w, single)
        if graph is not None:
            return graph(w)
        value, found = call.both(w)
        # A branch without w in it has no gradient there: it is flat.
        return value, np.zeros(len(w)) if found is None else found

    _check_finite(value, both(start)[1], start)
    return Differentiable(
        "your function",
        len(start),
        tuple(map(float, start)),
        call,
        lambda w: both(w)[1],
        both,
        lambda points: _many(call, points),
        by,
        note,
        call=call.form,
        inputs=call.inputs,
        single=single,
        source=call.function,
    )


def _check_finite(value: float, slope: np.ndarray, w: np.ndarray) -> None:
    if not np.isfinite(value):
        raise SettingsError(f"The function is {value} at {at(w)}; start where it has a finite value.")
    if not np.isfinite(slope).all():
        raise SettingsError(f"The gradient is not finite at {at(w)}. Try another start.")


def _check_depends(call: Call, start: np.ndarray) -> None:
    seen = []
    for offset in _PROBES:
        with contextlib.suppress(Exception):
            seen.append(call(start + offset * np.maximum(1, np.abs(start))))
    if len(seen) > 1 and len(set(seen)) == 1:
        raise SettingsError(
            f"The function is {short(seen[0])} wherever it was tried: it does not depend on w, so it has no "
            f"gradient. Try {_EXAMPLE}."
        )


def _agrees(call: Call, start: np.ndarray, single: bool) -> bool:
    """Whether the tape's gradient is the slope of the function: numpy can hide a part of it from the tape."""
    wrong, tried = 0, 0
    for offset in _PROBES[:5]:
        w = start + 0.1 * offset * np.maximum(1, np.abs(start))
        with contextlib.suppress(Exception):
            slope, taped = call.differences(w, single), call.tape(w)
            taped = np.zeros(len(w)) if taped is None else taped
            if np.isfinite(slope).all():
                tried += 1
                near = 0.05 if single else 1e-3
                wrong += not np.allclose(taped, slope, rtol=near, atol=near * max(1e-3, np.abs(slope).max()))
    return tried > 0 and wrong <= tried // 2


def _many(call: Call, points: np.ndarray) -> np.ndarray | None:
    """All points in one call, if the function takes them; checked against single calls."""
    tries: list[Callable[[], Any]] = [lambda: call.raw(call.arguments(np.ascontiguousarray(points.T)))]
    if call.inputs != "numpy":
        tries.append(lambda: _vectorized(call, points))
    checked = np.unique(np.linspace(0, len(points) - 1, 9).astype(int))
    for attempt in tries:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = np.asarray(attempt(), np.float64).reshape(-1)
            if len(found) != len(points):
                continue
            single = np.array([quietly(call, points[number]) for number in checked])
        except Exception:
            continue
        if np.allclose(found[checked], single, rtol=1e-4, atol=1e-6, equal_nan=True):
            return np.where(np.isfinite(found), found, np.nan)
    return None


def _vectorized(call: Call, points: np.ndarray) -> Any:
    import tensorflow as tf

    def one(w: Any) -> Any:
        parts = [w] if call.form == "[w]" else tf.unstack(w, num=points.shape[1])
        return tf.reshape(call.function(*parts), ())

    return tf.vectorized_map(one, tf.constant(points, call.dtype), fallback_to_while_loop=False)
