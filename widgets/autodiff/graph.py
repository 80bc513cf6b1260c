"""The computation graph: nodes in an order in which each comes after its inputs. Equal operations are one node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from firstepoch.widgets.autodiff.operations import INFIX, OPERATIONS
from firstepoch.widgets.autodiff.words import fill, shown
from firstepoch.widgets.errors import SettingsError

MOST_OPERATIONS = 60
"""Operations a picture can hold and still be read."""

Operand = int | float
"""An input of an operation: a node by its place (int), or a constant (float)."""


@dataclass(frozen=True)
class Node:
    """A name with a value, or an operation on nodes and constants.

    Attributes:
        name: The name it was given, or v1, v2, ... in order.
        operation: A key of OPERATIONS; empty for a name with a value.
        operands: Its inputs.
        value: Its value.
    """

    name: str
    operation: str
    operands: tuple[Operand, ...]
    value: float

    @property
    def parents(self) -> list[tuple[int, int]]:
        """The inputs that are nodes: which input it is, and the node."""
        return [(slot, of) for slot, of in enumerate(self.operands) if isinstance(of, int)]


@dataclass(frozen=True)
class Graph:
    """All nodes; the last one is the loss, and the names with values come first."""

    nodes: tuple[Node, ...]

    @property
    def inputs(self) -> list[int]:
        """The names with values."""
        return [place for place, node in enumerate(self.nodes) if not node.operation]

    def operand(self, operand: Operand, numbers: bool = False) -> str:
        """An operand as written: its name, or its number."""
        if isinstance(operand, float):
            return shown(operand)
        return shown(self.nodes[operand].value) if numbers else self.nodes[operand].name

    def formula(self, place: int, numbers: bool = False) -> str:
        """The operation of a node with the names, or the numbers, of its inputs."""
        node = self.nodes[place]
        return fill(OPERATIONS[node.operation].formula, [self.operand(one, numbers) for one in node.operands])

    def depends_on(self, names: Sequence[str]) -> list[bool]:
        """For each node whether it changes when one of these names changes."""
        found: list[bool] = []
        for node in self.nodes:
            found.append(node.name in names if not node.operation else any(found[of] for _, of in node.parents))
        return found


class Builder:
    """Collects the operations of an expression or of a function as they are met.

    Args:
        values: The names and their values.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        self._operations: list[tuple[str, tuple[Operand, ...], float]] = [
            ("", (), float(value)) for value in values.values()
        ]
        self._names: dict[int, str] = dict(enumerate(values))
        self._inputs = len(values)
        self._known: dict[tuple[str, ...], int] = {}

    def place(self, name: str) -> int:
        """The node with this name."""
        return next(place for place, held in self._names.items() if held == name)

    def value(self, operand: Operand) -> float:
        """The value of a node or of a constant."""
        return operand if isinstance(operand, float) else self._operations[operand][2]

    def call(self, operand: Operand, name: str) -> None:
        """Give a node its name; the first one counts."""
        if isinstance(operand, int):
            self._names.setdefault(operand, name)

    def apply(self, operation: str, *operands: Operand) -> Operand:
        """The node of this operation on these operands; a constant if all of them are.

        Raises:
            SettingsError: It has no finite value, or there are too many operations.
        """
        value = self._value(operation, operands)
        if all(isinstance(one, float) for one in operands):
            return value
        # Written out, because the node 1 and the constant 1.0 are equal to Python.
        key = (operation, *map(repr, operands))
        if key not in self._known:
            if len(self._known) >= MOST_OPERATIONS:
                raise SettingsError(
                    f"There are more than {MOST_OPERATIONS} operations, too many to draw. "
                    "Try one part of the expression, or one row of the data."
                )
            self._known[key] = len(self._operations)
            self._operations.append((operation, operands, value))
        return self._known[key]

    def finish(self, loss: Operand) -> Graph:
        """The graph of all that `loss` is made of.

        Raises:
            SettingsError: It is made of no operation, or one of the names is not used in it.
        """
        if isinstance(loss, float):
            raise SettingsError(f"The result is the constant {shown(loss)}: none of the names has a part in it.")
        used = {loss}
        for place in range(loss, -1, -1):
            if place in used:
                used |= {of for of in self._operations[place][1] if isinstance(of, int)}
        unused = [name for place, name in self._names.items() if place < self._inputs and place not in used]
        if unused:
            raise SettingsError(
                f"{unused[0]} has a value, but the loss does not use it, so it would have no gradient. "
                f"Leave {unused[0]} out, or use it."
            )
        if loss < self._inputs:
            raise SettingsError(f"The loss is only the name {self._names[loss]}; there is no operation in it.")
        if "loss" not in self._names.values():
            self.call(loss, "loss")
        places = sorted(used)
        moved = {old: new for new, old in enumerate(places)}
        names = self._all_names(places)
        return Graph(
            tuple(
                Node(names[old], operation, tuple(moved[o] if isinstance(o, int) else o for o in operands), value)
                for old in places
                for operation, operands, value in [self._operations[old]]
            )
        )

    def _all_names(self, places: Sequence[int]) -> dict[int, str]:
        taken = set(self._names.values())
        letter = next(one for one in "vunabc" if not any(name[0] == one and name[1:].isdigit() for name in taken))
        names, number = {}, 0
        for place in places:
            if place not in self._names:
                number += 1
            names[place] = self._names.get(place, f"{letter}{number}")
        return names

    def _value(self, operation: str, operands: Sequence[Operand]) -> float:
        rule = OPERATIONS[operation]
        inputs = [self.value(one) for one in operands]
        wrong = rule.domain(*inputs)
        with np.errstate(all="ignore"):
            value = float("nan") if wrong else float(rule.value(*inputs))
        if not np.isfinite(value):
            met = dict.fromkeys(one for one in operands if isinstance(one, int))
            known = " and ".join(f"{self._written(one)} is {shown(self.value(one), 6)}" for one in met)
            why = wrong or "the result is too large for float64"
            raise SettingsError(
                f"{fill(rule.formula, [self._written(one, rule.symbol) for one in operands])} cannot be calculated: "
                f"{known and f'{known}, and '}{why}. Try other values."
            )
        return value

    def _written(self, operand: Operand, around: str = "") -> str:
        """An operand as it was written, down to what has a name."""
        if isinstance(operand, float):
            return shown(operand)
        if operand in self._names:
            return self._names[operand]
        operation, operands, _ = self._operations[operand]
        rule = OPERATIONS[operation]
        text = fill(rule.formula, [self._written(one, rule.symbol) for one in operands])
        if len(text) > 60:
            return "(…)"
        return f"({text})" if operation in INFIX and around and not around.isalpha() else text
