"""The plain Python that repeats a run of gradient descent. It runs nothing and knows no widget."""

from __future__ import annotations

import ast
import builtins
import inspect
import types
from collections.abc import Callable
from typing import Any

from firstepoch.widgets.descent.gradient import DIFFERENCES, FORMULA, Differentiable
from firstepoch.widgets.optimizers import steps as optimizer_steps

_KNOWN = {"np", "numpy", "tf", "tensorflow", "keras", "math"}
_GIVEN = "# g is the function you gave to GradientStep."

_TAPE = """\
def gradient(w):
    x = tf.constant(w, "{dtype}")
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = g(x)
    return tape.gradient(value, x).numpy()
"""
_TAPE_OF_TWO = """\
def gradient(w):
    x = [tf.constant(one, "{dtype}") for one in w]
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = g(*x)
    return np.array(tape.gradient(value, x))
"""
_DIFFERENCES_OF_ONE = """\
def gradient(w):
    step = {step} * max(1.0, abs(w))
    return (float(g(w + step)) - float(g(w - step))) / (2 * step)
"""
_DIFFERENCES_OF_MORE = """\
def gradient(w):
    slopes = []
    for number in range(len(w)):
        step = np.zeros_like(w)
        step[number] = {step} * max(1.0, abs(w[number]))
        slopes.append((float(g({ahead})) - float(g({behind}))) / (2 * step[number]))
    return np.array(slopes)
"""


def program(function: Differentiable, steps: int, optimizer: Any, rate: float | None) -> str:
    """Python that ends with the same `w` as the run.

    A named function, or one whose source Python can show, is written out; any other is `g`, to be put there by hand.

    Args:
        function: The function and its start.
        steps: The steps that were taken.
        optimizer: "sgd", another name, or a keras optimizer.
        rate: The learning rate; None for the optimizer's own.
    """
    plain = optimizer_steps.is_plain(optimizer)
    scalar = function.weights == 1 and function.call == "w"
    lines = [_definition(function).rstrip("\n"), "", ""]
    if function.named is None:
        lines += [_gradient(function, scalar).rstrip("\n"), "", ""]
    start = repr(function.start[0]) if scalar else f"np.array({list(function.start)})"
    if plain:
        lines += [f"w = {start}", f"for step in range({steps}):", f"    w = w - {rate!r} * gradient(w)"]
    else:
        lines += [
            f'variable = keras.Variable({start}, dtype="float64")',
            f"optimizer = {_construction(optimizer, rate)}",
            f"for step in range({steps}):",
            "    optimizer.apply([keras.ops.convert_to_tensor(gradient(variable.numpy()), "
            'dtype="float64")], [variable])',
            "w = variable.numpy()",
        ]
    lines.append("print(w)")
    body = "\n".join(lines)
    names = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    imports = [f"import {one}" for one in ("keras", "math") if one in names]
    imports += ["import numpy as np"] * ("np" in names) + ["import tensorflow as tf"] * ("tf" in names)
    return "\n".join([*imports, "", "", body, ""]) if imports else f"{body}\n"


def _definition(function: Differentiable) -> str:
    if function.named is not None:
        return function.named.code.rstrip("\n") + "\n"
    return source(function.source) if function.source else _GIVEN


def _gradient(function: Differentiable, scalar: bool) -> str:
    if function.differentiated_by == FORMULA:
        return ""
    if function.differentiated_by != DIFFERENCES:
        text = _TAPE_OF_TWO if function.call == "w1, w2" else _TAPE
        return text.format(dtype="float32" if function.inputs == "float32" else "float64")
    step = repr((1.2e-7 if function.single else 2.2e-16) ** (1 / 3))
    if scalar:
        return _DIFFERENCES_OF_ONE.format(step=step)
    star = "*" if function.call == "w1, w2" else ""
    return _DIFFERENCES_OF_MORE.format(step=step, ahead=f"{star}(w + step)", behind=f"{star}(w - step)")


def _construction(optimizer: Any, rate: float | None) -> str:
    if not isinstance(optimizer, str):
        made = optimizer_steps.make(optimizer, rate)
        return f"keras.optimizers.{type(made).__name__}.from_config({made.get_config()!r})"
    made = optimizer_steps.make(optimizer, rate)
    more = ""
    if getattr(made, "momentum", 0) and type(made).__name__ == "SGD":
        more = f", momentum={made.momentum}" + (", nesterov=True" if made.nesterov else "")
    return f"keras.optimizers.{type(made).__name__}({rate!r}{more})"


def source(function: Callable[..., Any]) -> str:
    """Python that defines `g`, if the function stands alone: without a closure or names of its own."""
    code = getattr(function, "__code__", None)
    if code is None or code.co_freevars or getattr(function, "__defaults__", None):
        return _GIVEN
    try:
        tree = ast.parse("".join(inspect.findsource(function)[0]))
    except (OSError, TypeError, SyntaxError):
        return _GIVEN
    found = [node for node in ast.walk(tree) if _is(node, code)]
    if len(found) != 1:
        return _GIVEN
    node = found[0]
    loaded = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    if not loaded <= _KNOWN | set(dir(builtins)) | set(code.co_varnames):
        return _GIVEN
    if isinstance(node, ast.Lambda):
        return f"g = {ast.unparse(node)}"
    return ast.unparse(node) + ("" if code.co_name == "g" else f"\n\n\ng = {code.co_name}")


def _is(node: ast.AST, code: types.CodeType) -> bool:
    """Whether this piece of source is the function of that code."""
    if isinstance(node, ast.FunctionDef):
        return not node.decorator_list and (node.name, node.lineno) == (code.co_name, code.co_firstlineno)
    if not isinstance(node, ast.Lambda) or code.co_name != "<lambda>" or node.lineno != code.co_firstlineno:
        return False
    return [one.arg for one in node.args.args] == list(code.co_varnames[: code.co_argcount])
