"""Values forward, gradients backward: numpy float64, one operation at a time, written down as a Recording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.autodiff.graph import Graph
from firstepoch.widgets.autodiff.operations import OPERATIONS
from firstepoch.widgets.autodiff.words import fill, shown
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording

FORWARD, BACKWARD = 0, 1


@dataclass(frozen=True)
class Edge:
    """An input of an operation through which gradient flows back.

    Attributes:
        start: The input.
        stop: The operation.
        slot: Which of its inputs.
        local: d(operation) / d(input) at these values.
        rule: The same as written with names.
        numbers: The same as written with numbers; equal to `rule` if it has no names.
        corner: What is taken where there is no derivative; empty elsewhere.
    """

    start: int
    stop: int
    slot: int
    local: float
    rule: str
    numbers: str
    corner: str


def edges(graph: Graph, variables: Sequence[str]) -> list[Edge]:
    """The edges over which gradient flows back, in that order: from the loss, operation by operation.

    Raises:
        SettingsError: An operation has no finite derivative at these values.
    """
    active = graph.depends_on(variables)
    found = []
    for stop in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[stop]
        if not node.operation:
            continue
        operation = OPERATIONS[node.operation]
        inputs = [graph.nodes[one].value if isinstance(one, int) else one for one in node.operands]
        for slot, start in node.parents:
            if not active[start]:
                continue
            with np.errstate(all="ignore"):
                local = float(operation.slopes[slot](*inputs, node.value))
            if not np.isfinite(local):
                raise SettingsError(
                    f"{graph.formula(stop)} has a value at {graph.nodes[start].name} = "
                    f"{shown(graph.nodes[start].value, 6)}, but no finite derivative. Try other values."
                )
            rule, numbers = _rule(graph, stop, slot, False), _rule(graph, stop, slot, True)
            found.append(Edge(start, stop, slot, local, rule, numbers, operation.corner(*inputs)))
    return found


def _rule(graph: Graph, place: int, slot: int, numbers: bool) -> str:
    node = graph.nodes[place]
    template = OPERATIONS[node.operation].rules[slot]
    exponent = node.operands[1] if node.operation == "power" and slot == 0 else None
    if isinstance(exponent, float):
        lower = exponent - 1
        template = {0.0: "0", 1.0: "1", 2.0: "2 × {0}"}.get(exponent, f"{shown(exponent)} × {{0}}^{_raised(lower)}")
    # A choice between cases says enough with its names; the number that follows is the case.
    numbers = numbers and " if " not in template and "sign of" not in template
    out = shown(node.value) if numbers else node.name
    return fill(template, [graph.operand(one, numbers) for one in node.operands], out)


def _raised(exponent: float) -> str:
    text = shown(exponent)
    return f"({text})" if exponent < 0 else text


def gradients(graph: Graph, flow: Sequence[Edge]) -> np.ndarray:
    """Gradient of the loss with respect to each node after each step back: shape (1 + edges, nodes), NaN if unknown.

    Raises:
        SettingsError: A gradient is too large for float64.
    """
    now = np.full(len(graph.nodes), np.nan)
    now[-1] = 1.0
    rows = [now.copy()]
    for edge in flow:
        with np.errstate(all="ignore"):
            passed = now[edge.stop] * edge.local
            now[edge.start] = passed if np.isnan(now[edge.start]) else now[edge.start] + passed
        if not np.isfinite(now[edge.start]):
            raise SettingsError(
                f"The gradient of {graph.nodes[edge.start].name} is too large for float64: "
                f"{shown(now[edge.stop])} × {shown(edge.local)}. Try other values."
            )
        rows.append(now.copy())
    return np.array(rows)


def record(graph: Graph, variables: Sequence[str]) -> Recording:
    """The whole way, a frame an operation forward, then a frame an edge backward.

    Args:
        graph: The graph at its values.
        variables: Names whose gradient is asked.

    Returns:
        Recording with, for each frame: `phase` (0 forward, 1 backward), `node` (the operation in hand; -1 before the
        first), `edge` (the edge in hand; -1 where there is none), `value` and `gradient` (nodes; NaN is unknown),
        `known` (nodes whose value is known), and the `upstream`, `local` and `passed` gradient of the edge. Its
        settings hold the `graph`, the `edges` and a sentence for each frame.

    Raises:
        SettingsError: An operation has no finite derivative, or no gradient is asked.
    """
    flow = edges(graph, variables)
    back = gradients(graph, flow)
    values = np.array([node.value for node in graph.nodes])
    operations = [place for place, node in enumerate(graph.nodes) if node.operation]
    empty = np.full(len(values), np.nan)
    known = np.array([not node.operation for node in graph.nodes])
    rows: list[dict[str, Any]] = []

    def add(phase: int, node: int, edge: int = -1, gradient: np.ndarray = empty) -> None:
        held = flow[edge] if edge >= 0 else None
        upstream = rows[-1]["gradient"][held.stop] if held else np.nan
        rows.append(
            {
                "phase": phase,
                "node": node,
                "edge": edge,
                "known": known.copy(),
                "value": np.where(known, values, np.nan),
                "gradient": gradient,
                "upstream": upstream,
                "local": held.local if held else np.nan,
                "passed": upstream * held.local if held else np.nan,
            }
        )

    add(FORWARD, -1)
    for place in operations:
        known[place] = True
        add(FORWARD, place)
    add(BACKWARD, len(values) - 1, gradient=back[0])
    for number, edge in enumerate(flow):
        add(BACKWARD, edge.stop, number, back[number + 1])
    said = sentences(graph, variables, flow, back)
    recording = Recording({"graph": described(graph, variables, flow), "sentences": said})
    for row in rows:
        recording.append(row)
    return recording


def described(graph: Graph, variables: Sequence[str], flow: Sequence[Edge]) -> dict[str, Any]:
    """The graph as the page takes it."""
    active = graph.depends_on(variables)
    number = {(edge.stop, edge.slot): place for place, edge in enumerate(flow)}
    nodes = [
        {
            "name": node.name,
            "kind": "operation" if node.operation else "variable" if node.name in variables else "data",
            "symbol": _symbol(graph, place) if node.operation else node.name,
            "formula": graph.formula(place) if node.operation else "",
            "numbers": graph.formula(place, numbers=True) if node.operation else "",
            "operation": node.operation,
            "asked": active[place],
        }
        for place, node in enumerate(graph.nodes)
    ]
    drawn = [
        {
            "start": start,
            "stop": stop,
            "slot": slot,
            "flow": number.get((stop, slot), -1),
            "rule": flow[number[stop, slot]].rule if (stop, slot) in number else "",
            "numbers": flow[number[stop, slot]].numbers if (stop, slot) in number else "",
            "local": flow[number[stop, slot]].local if (stop, slot) in number else None,
        }
        for stop, node in enumerate(graph.nodes)
        for slot, start in node.parents
    ]
    return {"nodes": nodes, "edges": drawn, "flow": len(flow), "loss": graph.nodes[-1].name}


def _symbol(graph: Graph, place: int) -> str:
    """The operation as it stands on its node; a constant operand stands with it."""
    node = graph.nodes[place]
    sign = OPERATIONS[node.operation].symbol
    first, second = (*node.operands, None)[:2]
    if isinstance(first, float):
        return f"max(·, {shown(first)})" if sign in ("max", "min") else f"{shown(first)} {sign}"
    if isinstance(second, float):
        if sign in ("max", "min"):
            return f"{sign}(·, {shown(second)})"
        return f"{sign}{shown(second)}" if sign == "^" else f"{sign} {shown(second)}"
    return sign


def sentences(graph: Graph, variables: Sequence[str], flow: Sequence[Edge], back: np.ndarray) -> list[str]:
    """What happens in each frame, in words and numbers."""
    nodes = graph.nodes
    operations = [place for place, node in enumerate(nodes) if node.operation]
    loss = nodes[-1].name
    given = ", ".join(f"{nodes[place].name} = {shown(nodes[place].value)}" for place in graph.inputs)
    said = [f"Before the first operation, only the names have values: {given}."]
    for number, place in enumerate(operations, 1):
        node = nodes[place]
        last = " This is the loss." if number == len(operations) else ""
        said.append(
            f"Forward {number} of {len(operations)}: {node.name} = {graph.formula(place)} = "
            f"{graph.formula(place, numbers=True)} = {shown(node.value)}.{last}"
        )
    said.append(f"Now backward. The gradient of {loss} with respect to itself is 1; it is passed on, edge by edge.")
    uses = [sum(edge.start == place for edge in flow) for place in range(len(nodes))]
    met = [0] * len(nodes)
    for number, edge in enumerate(flow, 1):
        upstream = back[number - 1, edge.stop]
        start = nodes[edge.start].name
        before, after = back[number - 1, edge.start], back[number, edge.start]
        passed = upstream * edge.local
        met[edge.start] += 1
        steps = [edge.rule, edge.numbers, shown(edge.local)]
        distinct = [step for k, step in enumerate(steps) if step not in steps[:k]]
        up = shown(upstream)
        product = " = ".join(f"{up} × {_grouped(step)}" for step in distinct)
        sentence = (
            f"Backward {number} of {len(flow)}: {nodes[edge.stop].name} = {graph.formula(edge.stop)} "
            f"passes on to {start}: {product} = {shown(passed)}."
        )
        if edge.corner:
            sentence += f" Here {edge.corner}."
        if uses[edge.start] > 1:
            sentence += f" {start} is used {uses[edge.start]} times, and its gradient is the sum over its uses"
            if met[edge.start] == 1:
                sentence += f": {shown(after)} so far."
            else:
                sentence += f": {shown(before)} + {_grouped(shown(passed))} = {shown(after)}."
        if number == len(flow):
            results = ", ".join(
                f"d{loss}/d{nodes[place].name} = {shown(after_all)}"
                for place, after_all in enumerate(back[-1])
                if not nodes[place].operation and nodes[place].name in variables
            )
            sentence += f" Done: {results}."
        said.append(sentence)
    return said


def _grouped(step: str) -> str:
    whole = step.startswith("(") and step.endswith(")") and step.count("(") == 1
    bare = re.sub(r"\([^()]*\)", "", step)
    outside = " + " in bare or " − " in bare or step.startswith("−")
    return f"({step})" if outside and not whole else step
