"""Reads an expression with Python's own grammar, and never runs it: names, numbers, signs, and known functions."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping

from firstepoch.widgets.autodiff.graph import Builder, Graph, Operand
from firstepoch.widgets.autodiff.operations import ALIASES, INFIX, OPERATIONS
from firstepoch.widgets.errors import SettingsError

FUNCTIONS = {name: name for name in OPERATIONS if name not in INFIX} | ALIASES
"""The functions an expression may call, and the operation each is."""
MOST_LETTERS = 2000
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
}


def read(expression: str) -> list[tuple[str, ast.expr]]:
    """The lines of an expression: for each the name it gives (the last one may have none), and what is calculated.

    Raises:
        SettingsError: It is not written as Python writes it, or holds more than names, numbers, signs and functions.
    """
    text = expression.strip()
    if not text:
        raise SettingsError("The expression is empty. Try 'w * x + b'.")
    if len(text) > MOST_LETTERS:
        raise SettingsError(f"The expression has {len(text)} characters; at most {MOST_LETTERS} can be read.")
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        raise SettingsError(_syntax(text, error)) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise SettingsError(f"The expression cannot be read: {error or 'too many parentheses'}.") from None
    lines: list[tuple[str, ast.expr]] = []
    for number, line in enumerate(body):
        if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
            name = line.targets[0].id
            if name in dict(lines):
                raise SettingsError(f"{name} is given twice. Use another name for the second.")
            lines.append((name, line.value))
        elif isinstance(line, ast.Expr) and number == len(body) - 1:
            lines.append(("", line.value))
        else:
            raise SettingsError(
                f"Line {line.lineno} is not read here. Give names to parts as in 'p = sigmoid(w * x + b)', "
                "and write the loss last."
            )
    return lines


def names(expression: str) -> list[str]:
    """The names that need a value, in the order in which they are met.

    Raises:
        SettingsError: The expression cannot be read.
    """
    found: dict[str, None] = {}
    given: set[str] = set()
    for name, line in read(expression):
        roots = {id(root) for node in ast.walk(line) if isinstance(node, ast.Call) for root in ast.walk(node.func)}
        met = [node for node in ast.walk(line) if isinstance(node, ast.Name) and id(node) not in roots]
        for node in sorted(met, key=lambda node: (node.lineno, node.col_offset)):
            if node.id not in given:
                if node.id in FUNCTIONS:
                    raise SettingsError(f"{node.id} is a function: write {node.id}(...), and use another name here.")
                found[node.id] = None
        given.add(name)
    clash = [name for name, _ in read(expression) if name in found]
    if clash:
        raise SettingsError(f"{clash[0]} is used before it is calculated. Give the calculated one another name.")
    return list(found)


def build(expression: str, values: Mapping[str, float]) -> Graph:
    """The graph of an expression at these values.

    Raises:
        SettingsError: It cannot be read, a value is missing or unused, or an operation has no finite value.
    """
    wanted = names(expression)
    missing = [name for name in wanted if name not in values]
    if missing:
        have = f"given are: {', '.join(values)}" if values else "none is given"
        raise SettingsError(
            f"The expression uses {missing[0]}, and {missing[0]} has no value ({have}). Try {missing[0]}=1.0."
        )
    spare = [name for name in values if name not in wanted]
    if spare:
        raise SettingsError(
            f"{spare[0]} has a value, but the expression does not use it. It uses {', '.join(wanted) or 'no name'}."
        )
    builder = Builder({name: values[name] for name in wanted})
    known: dict[str, Operand] = {name: builder.place(name) for name in wanted}
    result: Operand = 0.0
    for name, line in read(expression):
        result = _walk(line, builder, known)
        if name:
            known[name] = result
            builder.call(result, name)
    return builder.finish(result)


def function_name(node: ast.Call) -> str:
    """The operation a call asks for; `np.log`, `tf.math.log` and `log` are all log.

    Raises:
        SettingsError: There is no such operation.
    """
    written = ast.unparse(node.func)
    name = written.rpartition(".")[2]
    if not isinstance(node.func, ast.Name | ast.Attribute) or name not in FUNCTIONS:
        near = difflib.get_close_matches(name, FUNCTIONS, 1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(sorted(FUNCTIONS))}."
        raise SettingsError(f"There is no function {written!r} here{_place(node)}. {hint}")
    operation = FUNCTIONS[name]
    need = OPERATIONS[operation].arity
    if len(node.args) != need or node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
        raise SettingsError(f"{name} takes {'one number' if need == 1 else 'two numbers'}{_place(node)}.")
    return operation


def _walk(node: ast.expr, builder: Builder, known: Mapping[str, Operand]) -> Operand:
    match node:
        case ast.Constant(value=bool() | str() | bytes() | complex() | None):
            pass
        case ast.Constant(value=int() | float()):
            return _constant(node)
        case ast.Name(id=name):
            return known[name]
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _walk(inner, builder, known)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return builder.apply("negative", _walk(inner, builder, known))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            return builder.apply(_SIGNS[type(sign)], _walk(left, builder, known), _walk(right, builder, known))
        case ast.BinOp(op=ast.BitXor()):
            raise SettingsError(f"A power is written ** in Python, not ^{_place(node)}.")
        case ast.Call():
            return builder.apply(function_name(node), *(_walk(one, builder, known) for one in node.args))
    raise SettingsError(
        f"{ast.unparse(node)!r}{_place(node)} cannot be read: only names, numbers, + − * / **, "
        "parentheses and functions such as log(...) can."
    )


def _constant(node: ast.Constant) -> float:
    try:
        return float(node.value)  # type: ignore[arg-type]
    except OverflowError:
        raise SettingsError(f"The number{_place(node)} is too large for float64.") from None


def _place(node: ast.expr) -> str:
    return (
        f" (line {node.lineno}, character {node.col_offset + 1})"
        if node.lineno > 1
        else (f" (character {node.col_offset + 1})")
    )


def _syntax(text: str, error: SyntaxError) -> str:
    lines = text.splitlines()
    number = min(max(1, error.lineno or 1), len(lines))
    line = lines[number - 1]
    at = min(max(1, error.offset or 1), len(line) + 1)
    where = f"line {number}, character {at}" if len(lines) > 1 else f"character {at}"
    before = line[: at - 1][-20:]
    after = f", after {before!r}" if before.strip() else ""
    if at > len(line) and error.msg == "invalid syntax":
        return f"The expression ends too early ({where}{after}): something is missing there."
    hint = " Write 2*x for 2 times x." if "decimal literal" in (error.msg or "") else ""
    return f"The expression cannot be read at {where}{after}: {error.msg}.{hint}"
