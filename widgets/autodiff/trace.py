"""The graph of a Python function: it is called with recording numbers; where TensorFlow works, that is asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from firstepoch.widgets.autodiff.graph import Builder, Graph, Operand
from firstepoch.widgets.autodiff.scalars import NeedsTensorFlow, Recorded
from firstepoch.widgets.errors import SettingsError

TENSORFLOW = {
    "Add": "add",
    "AddV2": "add",
    "Sub": "subtract",
    "Mul": "multiply",
    "RealDiv": "divide",
    "Pow": "power",
    "Neg": "negative",
    "Exp": "exp",
    "Log": "log",
    "Log1p": "log1p",
    "Expm1": "expm1",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Relu": "relu",
    "Softplus": "softplus",
    "Sqrt": "sqrt",
    "Square": "square",
    "Sin": "sin",
    "Cos": "cos",
    "Tan": "tan",
    "Abs": "abs",
    "Maximum": "maximum",
    "Minimum": "minimum",
}
"""Operations of a TensorFlow graph, and the operation each is."""
_PASSED = ("Identity", "Mean", "Sum", "Reshape")
"""Operations that leave a single number as it is."""


def parameters(function: Callable[..., Any]) -> dict[str, float | None]:
    """The names a function takes, and their default values (None where there is none).

    Raises:
        SettingsError: It takes something else than names.
    """
    try:
        signature = inspect.signature(getattr(function, "python_function", function))
    except (TypeError, ValueError):
        raise SettingsError(
            "The names the function takes cannot be read. Wrap it: Autodiff(lambda w: f(w), w=1.0)."
        ) from None
    found: dict[str, float | None] = {}
    for one in signature.parameters.values():
        if one.kind not in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY):
            raise SettingsError(f"The function takes {one}; give each number a name, as in lambda w, b: w + b.")
        found[one.name] = None if one.default is one.empty else one.default
    if not found:
        raise SettingsError("The function takes no number. Try lambda w: w ** 2.")
    return found


def build(function: Callable[..., Any], values: Mapping[str, float]) -> Graph:
    """The graph of a function at these values.

    Raises:
        SettingsError: It fails, gives no single number, or does what is not recorded.
    """
    wanted = parameters(function)
    missing = [name for name in wanted if name not in values]
    if missing:
        raise SettingsError(f"The function takes {missing[0]}, which has no value. Try {missing[0]}=1.0.")
    spare = [name for name in values if name not in wanted]
    if spare:
        raise SettingsError(f"{spare[0]} has a value, but the function takes {', '.join(wanted)}.")
    builder = Builder({name: values[name] for name in wanted})
    if hasattr(function, "get_concrete_function"):
        return builder.finish(_concrete(function, list(wanted), builder))
    result: Any = None
    try:
        result = function(**{name: Recorded(builder, builder.place(name)) for name in wanted})
    except SettingsError:
        raise
    except NeedsTensorFlow:
        pass
    except Exception as error:
        if not _stems_from_tensorflow(error):
            raise SettingsError(_failed(error, values)) from error
    else:
        if isinstance(result, Recorded):
            return builder.finish(result.operand)
        if not _is_tensor(result):
            raise SettingsError(_no_number(result))
    import tensorflow as tf

    builder = Builder({name: values[name] for name in wanted})
    return builder.finish(_concrete(tf.function(function), list(wanted), builder))


def _concrete(function: Any, names: list[str], builder: Builder) -> Operand:
    """Records the operations of the graph TensorFlow makes of a function."""
    import tensorflow as tf

    try:
        made = function.get_concrete_function(**{name: tf.TensorSpec((), tf.float64, name) for name in names})
    except Exception as error:
        raise SettingsError(f"TensorFlow cannot trace the function: {_last_line(error)}") from error
    outputs = made.outputs
    if len(outputs) != 1 or outputs[0].shape.rank != 0:
        raise SettingsError(f"The function gives {made.structured_outputs}; a loss is one single number.")
    known: dict[str, Operand] = {}
    for operation in made.graph.get_operations():
        kind = operation.type
        if kind == "NoOp":
            continue
        if kind == "Placeholder":
            name = operation.get_attr("_user_specified_name").decode()
            if name not in names:
                raise SettingsError(
                    "The function uses a TensorFlow variable or tensor that it does not take. Make it an argument."
                )
            known[operation.outputs[0].name] = builder.place(name)
            continue
        if kind == "Const":
            value = tf.make_ndarray(operation.get_attr("value"))
            if value.size == 1 and value.dtype.kind in "iuf":
                known[operation.outputs[0].name] = float(value.reshape(()))
            continue
        inputs = [known.get(one.name) for one in operation.inputs]
        if kind not in TENSORFLOW and not any(isinstance(one, int) for one in inputs):
            # Made of constants alone, such as the axes of a mean.
            fixed = tf.get_static_value(operation.outputs[0])
            if fixed is not None and np.size(fixed) == 1:
                known[operation.outputs[0].name] = float(fixed)
            continue
        if kind in _PASSED and operation.inputs[0].shape.rank == 0 and inputs[0] is not None:
            known[operation.outputs[0].name] = inputs[0]
        elif kind in TENSORFLOW and None not in inputs:
            held = [one for one in inputs if one is not None]
            known[operation.outputs[0].name] = builder.apply(TENSORFLOW[kind], *held)
        else:
            at = operation.inputs[inputs.index(None)].op if None in inputs else operation
            raise SettingsError(
                f"TensorFlow's operation {at.type} ({at.name}) is not one of the {len(set(TENSORFLOW.values()))} "
                "on single numbers that can be drawn. Write that part with +, −, *, /, exp or log."
            )
    return known[outputs[0].name]


def _stems_from_tensorflow(error: BaseException) -> bool:
    """Whether TensorFlow was given a recording number; it may wrap what that raised."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, NeedsTensorFlow):
            return True
        seen = seen.__cause__ or seen.__context__
    return "NeedsTensorFlow" in str(error) or "Recorded object" in str(error)


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[-1][:300]


def _is_tensor(value: Any) -> bool:
    return type(value).__module__.startswith("tensorflow")


def _failed(error: Exception, values: Mapping[str, float]) -> str:
    given = ", ".join(f"{name}={value:g}" for name, value in values.items())
    return f"The function raised {type(error).__name__} when called with {given}: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]


def _no_number(result: Any) -> str:
    if isinstance(result, int | float) and not isinstance(result, bool):
        return (
            f"The function gives the constant {result}; none of its numbers has a part in it, so there is no gradient."
        )
    kind = "None (is a return missing?)" if result is None else f"a {type(result).__name__}"
    return f"The function gives {kind}; a loss is one single number."
