"""What a graph is made from: an expression or a Python function, behind one door. It knows no widget."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from firstepoch.widgets.autodiff import parse, trace
from firstepoch.widgets.autodiff.graph import Graph
from firstepoch.widgets.errors import SettingsError

MOST_LINES = 24
_RESERVED = ("tf", "tape")


class Source:
    """An expression or a function.

    Args:
        given: Which.

    Raises:
        SettingsError: It is neither, or its names cannot be read.
    """

    def __init__(self, given: str | Callable[..., Any]) -> None:
        if not isinstance(given, str) and not callable(given):
            raise SettingsError(
                f"source is {type(given).__name__}; give an expression such as 'w * x + b', or a function."
            )
        self.given = given
        taken = dict.fromkeys(parse.names(given)) if isinstance(given, str) else trace.parameters(given)
        self.names: list[str] = list(taken)
        lines = [name for name, _ in parse.read(given)] if isinstance(given, str) else []
        reserved = [name for name in (*self.names, *lines) if name in _RESERVED]
        if reserved:
            raise SettingsError(f"{reserved[0]} has a meaning of its own in the TensorFlow program. Use another name.")
        self.defaults = {name: value for name, value in taken.items() if value is not None}

    @property
    def expression(self) -> str:
        """The expression; empty for a function."""
        return self.given.strip() if isinstance(self.given, str) else ""

    @property
    def text(self) -> str:
        """What the learner wrote, as far as Python still knows it."""
        return self.given.strip() if isinstance(self.given, str) else _written(self.given, self.names)

    def build(self, values: Mapping[str, float]) -> Graph:
        """The graph at these values.

        Raises:
            SettingsError: A value is missing or impossible.
        """
        return parse.build(self.given, values) if isinstance(self.given, str) else trace.build(self.given, values)


def _written(function: Callable[..., Any], names: list[str]) -> str:
    function = getattr(function, "python_function", function)
    name = getattr(function, "__name__", type(function).__name__)
    short = f"{name}({', '.join(names)})"
    try:
        lines = textwrap.dedent(inspect.getsource(function)).strip()
    except (OSError, TypeError):
        return short
    if name == "<lambda>":
        try:
            found = [node for node in ast.walk(ast.parse(lines)) if isinstance(node, ast.Lambda)]
        except SyntaxError:
            found = []
        return ast.unparse(found[0]) if len(found) == 1 else f"lambda {', '.join(names)}: …"
    return lines if lines.count("\n") < MOST_LINES else short
