"""The TensorFlow program that gives the same gradients. It knows no widget."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from firstepoch.widgets.autodiff.graph import Graph
from firstepoch.widgets.autodiff.operations import INFIX, OPERATIONS
from firstepoch.widgets.autodiff.parse import function_name, read


def program(graph: Graph, variables: Sequence[str], expression: str = "") -> str:
    """A program that leaves `gradient` defined: a dict from each variable to its gradient.

    Args:
        graph: The graph at its values.
        variables: Names whose gradient is asked.
        expression: What the graph was read from; without it, the program has a line an operation.

    Returns:
        Python source.
    """
    inputs = [graph.nodes[place] for place in graph.inputs]
    given = [
        f"{node.name} = tf.{'Variable' if node.name in variables else 'constant'}({node.value!r}, dtype=tf.float64)"
        for node in inputs
    ]
    lines = _of_expression(expression, graph.nodes[-1].name) if expression else _of_graph(graph)
    asked = ", ".join(f'"{name}": {name}' for name in variables)
    return "\n".join(
        [
            "import tensorflow as tf",
            "",
            *given,
            "",
            "with tf.GradientTape() as tape:",
            *(f"    {line}" for line in lines),
            "",
            f"gradient = tape.gradient({graph.nodes[-1].name}, {{{asked}}})",
            "print({name: float(value) for name, value in gradient.items()})",
            "",
        ]
    )


def _of_expression(expression: str, loss: str) -> list[str]:
    return [f"{name or loss} = {ast.unparse(_Renamed().visit(line))}" for name, line in read(expression)]


def _of_graph(graph: Graph) -> list[str]:
    lines = []
    for node in graph.nodes:
        if node.operation:
            written = [_plain(one) if isinstance(one, float) else graph.nodes[one].name for one in node.operands]
            lines.append(f"{node.name} = {OPERATIONS[node.operation].tensorflow.format(*written)}")
    return lines


def _plain(value: float) -> str:
    return f"({value!r})" if value < 0 else repr(value)


def _has_names(node: ast.expr) -> bool:
    calls = {id(one) for call in ast.walk(node) if isinstance(call, ast.Call) for one in ast.walk(call.func)}
    return any(isinstance(one, ast.Name) and id(one) not in calls for one in ast.walk(node))


class _Float64(ast.NodeTransformer):
    """Constants as TensorFlow's float64; of themselves they would be whole numbers or float32."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        done = ast.unparse(node.func) == "tf.constant"
        return node if done else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        written = f"tf.constant({float(ast.literal_eval(node))!r}, dtype=tf.float64)"
        return ast.parse(written, mode="eval").body


class _Renamed(ast.NodeTransformer):
    """Functions by TensorFlow's names."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        operation = function_name(node)
        named = [_has_names(one) for one in node.args]
        visited = [self.visit(one) for one in node.args]
        inside = [one if name else _Float64().visit(one) for name, one in zip(named, visited, strict=True)]
        if operation in INFIX:
            pattern = OPERATIONS[operation].tensorflow.format(*(f"({ast.unparse(one)})" for one in inside))
            return ast.parse(f"({pattern})", mode="eval").body
        written = OPERATIONS[operation].tensorflow.partition("(")[0]
        return ast.Call(ast.parse(written, mode="eval").body, inside, [])
