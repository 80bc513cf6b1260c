"""Autodiff: traits, validation and wiring. graph.py holds the graph, compute.py its numbers, view.ts draws them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.autodiff import compute, parse, tape
from firstepoch.widgets.autodiff.code import program
from firstepoch.widgets.autodiff.graph import Graph
from firstepoch.widgets.autodiff.source import Source
from firstepoch.widgets.autodiff.words import agreement, shown
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.settings_view import SettingsView

EXAMPLE = "p = sigmoid(w * x + b)\n-(y * log(p) + (1 - y) * log(1 - p))"
EXAMPLE_VALUES = {"w": 0.5, "b": -0.3, "x": 1.2, "y": 1.0}


class Autodiff(SettingsView):
    """How a gradient is calculated automatically: values flow forward through a graph, gradients flow back.

    Args:
        source: An expression of names, numbers, + - * / **, parentheses and functions such as log (parts may be
            given names on lines of their own, the loss comes last); or a Python function of single numbers, which is
            called with numbers that record what is done with them. Default: the lecture's loss for one patient.
        variables: Names whose gradient is asked. Default: those that begin with w or b, or all if none does.
        values: Values by name, for names that are arguments here.
        title: Heading of the card.
        **named: The value of each name.

    Raises:
        SettingsError: (a ValueError) The source cannot be read or run, or a value is missing, unused or impossible;
            the message says which and what to try.

    Example:
        >>> ad = Autodiff("(w * x + b - y) ** 2", w=2.0, b=0.5, x=1.0, y=3.0)  # doctest: +SKIP
        >>> ad.gradient  # doctest: +SKIP
        {'w': -1.0, 'b': -1.0}
    """

    linked = ("expression", "variables", "values")
    brings = {"expression": ("variables", "values")}
    parts = ("expression", "values", "check", "player", "numbers", "code")

    title = t.Unicode("The gradient, automatically").tag(sync=True)
    """Heading of the card. Input."""
    expression = t.Unicode("", read_only=True).tag(sync=True)
    """The expression, or the function as it is written. Report."""
    editable = t.Bool(True, read_only=True).tag(sync=True)
    """Whether the expression may be changed on the card; a function may not. Report."""
    values = t.Dict().tag(sync=True)
    """The value of each name, finite. Control."""
    variables: t.List[Any] = t.List(t.Unicode()).tag(sync=True)
    """Names whose gradient is asked. Input."""
    checked = t.Dict(read_only=True).tag(sync=True)
    """The comparison with GradientTape: `state` ("", "loading", "done", "failed"), `words`, `rows`. Report."""
    code = t.Unicode("", read_only=True).tag(sync=True)
    """The TensorFlow program that gives the same gradients. Report."""

    def __init__(
        self,
        source: str | Callable[..., Any] = EXAMPLE,
        /,
        *,
        variables: Sequence[str] | None = None,
        values: Mapping[str, Any] | None = None,
        title: str | None = None,
        **named: Any,
    ) -> None:
        self._source = Source(source)
        given = {**(values or {}), **named}
        if source == EXAMPLE and not given:
            given = dict(EXAMPLE_VALUES)
        self._checking = threading.Lock()
        self._generation = 0
        settings = {} if title is None else {"title": title}
        super().__init__(
            values=_settled(self._source, given), variables=_asked(self._source.names, variables), **settings
        )
        self.set_trait("checked", {"state": "", "words": "", "rows": []})
        self.follow("values", "variables")
        self.on_msg(type(self)._command)

    def show(
        self,
        source: str | Callable[..., Any],
        /,
        *,
        variables: Sequence[str] | None = None,
        values: Mapping[str, Any] | None = None,
        **named: Any,
    ) -> None:
        """Show another expression or function in place of this one.

        Args:
            source: As for the class.
            variables: As for the class.
            values: As for the class.
            **named: The value of each name. A name this one has keeps its value where none is given.

        Raises:
            SettingsError: As for the class; what was shown stays.
        """
        before, made = self._source, Source(source)
        kept = {name: value for name, value in self.values.items() if name in made.names}
        settled = _settled(made, {**made.defaults, **kept, **(values or {}), **named})
        asked = _asked(made.names, variables)
        self._source = made
        try:
            if settled == self.values and asked == self.variables:
                self.recompute()
            else:
                with self.hold_trait_notifications():
                    self.values, self.variables = settled, asked
        except Exception:
            self._source = before
            raise
        self.set_trait("problem", "")

    @property
    def recording(self) -> Recording:
        """The frames shown, one an operation forward and one an edge backward; see `compute.record`."""
        return self._recording

    @property
    def graph(self) -> Graph:
        """The computation graph at these values."""
        return self._graph

    @property
    def value(self) -> float:
        """The loss."""
        return self._graph.nodes[-1].value

    @property
    def gradient(self) -> dict[str, float]:
        """d(loss) / d(name) for each of `variables`."""
        last = self._recording["gradient"][-1]
        by_name = {node.name: float(last[place]) for place, node in enumerate(self._graph.nodes)}
        return {name: by_name[name] for name in self.variables}

    def recompute(self) -> None:
        """Work out values and gradients and show them.

        Raises:
            SettingsError: A value is missing or impossible; what was shown stays.
        """
        values = dict(self.values)
        graph = self._source.build(values)
        unknown = [name for name in self.variables if name not in values]
        if unknown or not self.variables:
            raise SettingsError(
                f"variables is {list(self.variables)}; it holds at least one of the names {', '.join(values)}."
            )
        recording = compute.record(graph, self.variables)
        self._graph, self._recording = graph, recording
        self._generation += 1
        self.set_trait("expression", self._source.text)
        self.set_trait("editable", bool(self._source.expression))
        self.set_trait("code", program(graph, self.variables, self._source.expression))
        self.publish(recording)
        if self.checked.get("state"):
            self._check_beside()

    def check(self) -> dict[str, float | None]:
        """Calculate the same gradients with tf.GradientTape, and say on the card how far they agree.

        Returns:
            GradientTape's gradient of each variable; None where it knows of none. `checked` has the comparison.
        """
        generation = self._generation
        ours, loss = self.gradient, self.value
        with self._checking:
            found_loss, found = tape.gradients(self._source.given, dict(self.values), list(self.variables))
        rows = [_compared("loss", loss, found_loss)] + [
            _compared(f"d{self._graph.nodes[-1].name}/d{name}", ours[name], found[name]) for name in found
        ]
        rows[0]["name"] = self._graph.nodes[-1].name
        if generation == self._generation:
            words = "All agree." if all(row["agrees"] for row in rows) else "They differ: see which below."
            self.set_trait("checked", {"state": "done", "words": words, "rows": rows})
        return found

    def still(self) -> str:
        """Expression, values and gradients on a page where nothing runs. Plain HTML."""
        last = self._recording["gradient"][-1]
        rows = []
        for place, node in enumerate(self._graph.nodes):
            gradient = float(last[place])
            cells = [
                (self._graph.formula(place) if node.operation else "", 0.0),
                (shown(node.value, 6), 0.0),
                ("" if np.isnan(gradient) else shown(gradient, 6), 0.0),
            ]
            rows.append((node.name, cells))
        return still.figure(
            self._still,
            self.title,
            [
                still.code(self.expression),
                still.paragraph(self._recording.settings["sentences"][-1]),
                still.table("Values forward, gradients backward", ("operation", "value", "gradient"), rows),
            ],
        )

    def preset(self, values: Mapping[str, Any]) -> None:
        """As for every widget; another expression is drawn with the values that its names have here."""
        rest = dict(values)
        if "expression" in rest:
            if not self.editable:
                raise SettingsError("The graph is that of a function of the notebook, which a link does not replace.")
            try:
                self._draw(str(rest.pop("expression")))
            except SettingsError:
                raise SettingsError(
                    "an expression has names, numbers, + - * / **, parentheses and functions such as log."
                ) from None
        super().preset(rest)

    @t.validate("values")
    def _finite(self, proposal: Any) -> dict[str, float]:
        return {str(name): _number(name, value) for name, value in proposal["value"].items()}

    def _command(self, content: Mapping[str, Any], _: list[memoryview]) -> None:
        if content.get("kind") == "check":
            self._check_beside()
        elif content.get("kind") == "expression":
            self._write(str(content.get("text", "")))

    def _write(self, text: str) -> None:
        """Show the expression that was typed on the card; a new name begins with the value 1."""
        try:
            self._draw(text)
        except SettingsError as error:
            self.set_trait("problem", str(error))

    def _draw(self, text: str) -> None:
        self.show(text, values={name: self.values.get(name, 1.0) for name in parse.names(text)})

    def _check_beside(self) -> None:
        """Check in a thread: TensorFlow takes seconds to load."""
        ready = "tensorflow" in sys.modules
        words = "Calculating with GradientTape …" if ready else "Loading TensorFlow, which takes some seconds …"
        self.set_trait("checked", {"state": "loading", "words": words, "rows": []})
        threading.Thread(target=self._work, name="firstepoch-autodiff", daemon=True).start()

    def _work(self) -> None:
        generation = self._generation
        try:
            self.check()
        except Exception as error:
            if generation == self._generation:
                words = f"GradientTape could not calculate it: {type(error).__name__}: {error}"
                self.set_trait("checked", {"state": "failed", "words": words, "rows": []})


def _number(name: str, value: Any) -> float:
    try:
        if value is None or isinstance(value, bool | str):
            raise TypeError
        number = float(np.asarray(value, dtype=np.float64).reshape(()))
    except (TypeError, ValueError):
        raise SettingsError(f"{name} is {value!r}; it needs to be one number, such as 0.5.") from None
    if not np.isfinite(number):
        raise SettingsError(f"{name} is {value}; it needs to be a finite number, such as 0.5.")
    return number


def _settled(source: Source, given: Mapping[str, Any]) -> dict[str, float]:
    """The values by name, in the order in which the source takes them."""
    held = {**source.defaults, **given}
    order = [name for name in source.names if name in held] + [name for name in held if name not in source.names]
    return {name: _number(name, held[name]) for name in order}


def _asked(names: Sequence[str], chosen: Sequence[str] | None) -> list[str]:
    if chosen is not None:
        return [chosen] if isinstance(chosen, str) else list(chosen)
    return [name for name in names if name[0] in "wb"] or list(names)


def _compared(name: str, ours: float, theirs: float | None) -> dict[str, Any]:
    words, agrees = agreement(ours, theirs)
    # JSON has no NaN; the words say what it was.
    told = theirs if theirs is not None and np.isfinite(theirs) else None
    return {"name": name, "ours": ours, "tape": told, "words": words, "agrees": agrees}
