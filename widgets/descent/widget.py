"""GradientStep: traits, validation and wiring. The modules beside it work everything out, view.ts draws."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.descent import compute
from firstepoch.widgets.descent.code import program
from firstepoch.widgets.descent.functions import NAMES
from firstepoch.widgets.descent.gradient import FORMULA, Differentiable, differentiable, weights_of
from firstepoch.widgets.descent.picture import Painter, Picture, facts
from firstepoch.widgets.descent.verdict import judge
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.optimizers import steps as optimizer_steps
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.settings_view import SettingsView

OWN = "your function"


def _function_name(value: Any, _: Any = None) -> str:
    return value if isinstance(value, str) else OWN


def _optimizer_name(value: Any, _: Any = None) -> str:
    return value if isinstance(value, str) else f"your {type(value).__name__}"


def _start_list(value: Any, _: Any = None) -> list[float]:
    return [] if value is None else list(weights_of(value))


class _Given(t.Any):
    """Anything, of which the page is always told a name or a list."""

    allow_none = False


class GradientStep(SettingsView):
    """Gradient descent, step by step: the point, the slope, the arrow −α g′(w), and where it leads.

    Args:
        function: A name, or any Python or TensorFlow function of one weight or two that returns one number. It is
            differentiated by GradientTape; a function that works with numpy by finite differences.
        start: A number, or a list of two. Default: the function's own.
        learning_rate: α, above 0.
        steps: How many steps, 1 to 1000.
        optimizer: "sgd" (the plain rule), "momentum", "nesterov", "adagrad", "rmsprop", "adam", another name Keras
            knows, or a keras optimizer, which is cloned. All but "sgd" are Keras's own.
        **settings: Further traits, by name.

    Raises:
        SettingsError: (a ValueError) A setting cannot be used; the message says why and what to try.

    Example:
        >>> step = GradientStep(lambda w: (w - 3) ** 2, start=0.0, learning_rate=0.1)  # doctest: +SKIP
        >>> step.recording["w"][:, 0]  # doctest: +SKIP
    """

    linked = ("function", "start", "learning_rate", "steps", "optimizer")
    brings = {"function": ("start",)}
    parts = (*linked, "settings", "player", "numbers", "code")

    title = t.Unicode("One gradient-descent step").tag(sync=True)
    """Heading of the card. Input."""
    function = _Given("bowl").tag(
        sync=True, to_json=_function_name, from_json=lambda value, self: self._own_function(value)
    )
    """What is descended: a name, or a Python function ("your function" on the page). A named function brings its own
    start along. Control."""
    start = _Given(None).tag(
        sync=True,
        echo_update=False,
        to_json=_start_list,
        from_json=lambda value, self: self._start_from_page(value),
    )
    """The weights at first: a number, or a list of numbers. Control."""
    learning_rate = t.Float(0.1).tag(sync=True)
    """α: what the gradient is multiplied by for a step; above 0, at most a million. Control."""
    steps = t.Int(30).tag(sync=True)
    """How many steps, 1 to 1000. Control."""
    optimizer = _Given("sgd").tag(
        sync=True, to_json=_optimizer_name, from_json=lambda value, self: self._own_optimizer_named(value)
    )
    """The rule: a name, or a keras optimizer ("your Adam" on the page). Control."""
    verdict = t.Unicode("", read_only=True).tag(sync=True)
    """How the run went, in a word or two: see verdict.KINDS. Report."""
    explanation = t.Unicode("", read_only=True).tag(sync=True)
    """Why, in a sentence, and what to try. Report."""
    code = t.Unicode("", read_only=True).tag(sync=True)
    """Plain Python that ends with the same w. Report."""
    picture = t.Dict(read_only=True).tag(sync=True)
    """The function as drawn: `number`, `weights`, `views` (domain, height, columns, rows) and `values`. Report."""

    def __init__(self, function: Any = "bowl", start: Any = None, **settings: Any) -> None:
        self._painter: Painter | None = None
        self._drawn: Picture | None = None
        self._own: Any = None if isinstance(function, str) else function
        self._own_optimizer: Any = None
        self._own_rate: float | None = None
        optimizer = settings.get("optimizer", "sgd")
        if not isinstance(optimizer, str):
            self._take_optimizer(optimizer)
            settings.setdefault("learning_rate", self._own_rate)
        super().__init__(function=function, start=start, **settings)
        if self.start is None:
            self.start = self._plain_start(differentiable(self.function))
        self.follow("function", "start", "learning_rate", "steps", "optimizer")

    @property
    def recording(self) -> Recording:
        """The run: `w`, shape (frames, weights), the start first; `value`, shape (frames,), and `gradient` there.

        `next` is where each step leads; further arrays hold what the optimizer remembers.
        """
        return self._recording

    def recompute(self) -> None:
        """Run again and show it.

        Raises:
            SettingsError: The settings do not allow it; nothing has been changed.
        """
        compute.check_rate(self.learning_rate)
        compute.check_steps(self.steps)
        function = self._differentiated()
        rate = None if self._keeps_its_rate() else self.learning_rate
        run = compute.descend(function, self.steps, self.optimizer, rate)
        painter = self._painter
        if painter is None or painter.function.name != function.name or self._is_other(painter.function, function):
            painter = Painter(function)
        drawn = painter.picture(run)
        plain = optimizer_steps.is_plain(self.optimizer)
        found = judge(
            run,
            function,
            drawn.views[0],
            self.learning_rate,
            plain,
            lambda other: compute.descend(function, min(self.steps, 60), self.optimizer, other),
        )
        code = program(function, len(run) - 1, self.optimizer, rate)
        self._painter = painter
        if function.source is not None:
            self._own = self.function
        with self.hold_sync():
            self._show_picture(drawn, function)
            self.set_trait("verdict", found.kind)
            self.set_trait("explanation", found.sentence)
            self.set_trait("code", code)
        recording = Recording(
            {
                "function": _function_name(self.function),
                "formula": function.formula,
                "weights": function.weights,
                "start": list(function.start),
                "learning_rate": self.learning_rate,
                "steps": self.steps,
                "optimizer": _optimizer_name(self.optimizer),
                "rule": optimizer_steps.rule(self.optimizer),
                "plain": plain,
                "differentiated_by": function.differentiated_by,
                "note": function.note,
                "verdict": found.kind,
                "explanation": found.sentence,
                "flat_from": found.flat_from,
                "ended": run.ended,
                "picture": self.picture["number"],
                "functions": [*NAMES, *([OWN] if self._own is not None else [])],
                "optimizers": self._optimizers(),
            }
        )
        frames = {"w": run.w, "value": run.value, "gradient": run.gradient, "next": run.next, "view": drawn.frames}
        recording.extend({**frames, **run.state})
        self._recording = recording
        self.publish(recording)

    def still(self) -> str:
        """The run where nothing runs: what happened, in words, and the table of steps. Plain HTML."""
        recording = self._recording
        told = recording.settings
        weights = told["weights"]
        names = ["w"] if weights == 1 else ["w₁", "w₂"]
        slopes = ["g′(w)"] if weights == 1 else ["∂g/∂w₁", "∂g/∂w₂"]
        rows: list[tuple[str, list[tuple[str, float]]]] = []
        for frame in range(min(len(recording), 41)):
            numbers = [*recording["w"][frame], recording["value"][frame], *recording["gradient"][frame]]
            rows.append((str(frame), [(_shown(number), 0.0) for number in numbers]))
        return still.figure(
            self._still,
            self.title,
            [
                still.paragraph(f"{told['formula']}, α = {self.learning_rate:g}, {told['optimizer']}."),
                still.paragraph(self.explanation),
                still.table("The steps", [*names, "g", *slopes], rows),
            ],
        )

    def admit(self, values: Mapping[str, Any]) -> None:
        """A link names an optimizer that the card offers."""
        self.admit_offered(values, "optimizer", self._optimizers())

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """What the page sends. A function chosen there comes with its own start, which the page is then told."""
        super().set_state(sync_data)
        if "function" in sync_data or "optimizer" in sync_data:
            self.send_state(["start", "learning_rate"])

    def _changed(self) -> None:
        if self._restoring:
            return
        changed = {name for name, value in self._good.items() if value is not getattr(self, name)}
        if "function" in changed and self.start == self._good["start"]:
            self._quietly("start", self._fitting_start())
        if self.start is None:
            self._quietly("start", self._plain_start(differentiable(self.function)))
        if "optimizer" in changed and not isinstance(self.optimizer, str):
            self._take_optimizer(self.optimizer)
            if self.learning_rate == self._good["learning_rate"] and self._own_rate is not None:
                self._quietly("learning_rate", self._own_rate)
        super()._changed()

    def _quietly(self, name: str, value: Any) -> None:
        self._restoring = True
        try:
            setattr(self, name, value)
        finally:
            self._restoring = False

    def _fitting_start(self) -> Any:
        """A named function brings its own start; a Python function takes the one there is, if it can."""
        with contextlib.suppress(SettingsError):
            if not isinstance(self.function, str):
                with contextlib.suppress(SettingsError):
                    differentiable(self.function, self.start)
                    return self.start
            return self._plain_start(differentiable(self.function))
        return self.start

    def _differentiated(self) -> Differentiable:
        """The function from its start; how a Python function is called and differentiated is found out only once."""
        known = self._painter.function if self._painter else None
        if known is not None and known.source is not None and known.source is self.function:
            found = known.at(self.start)
            if found is not None:
                return found
        return differentiable(self.function, self.start)

    @staticmethod
    def _plain_start(function: Differentiable) -> Any:
        return function.start[0] if function.weights == 1 else list(function.start)

    @staticmethod
    def _is_other(one: Differentiable, other: Differentiable) -> bool:
        return other.differentiated_by != FORMULA and (one.source is not other.source or one.weights != other.weights)

    def _take_optimizer(self, optimizer: Any) -> None:
        optimizer_steps.make(optimizer)
        self._own_optimizer = optimizer
        # Keras keeps it in float32; shown is the shortest number that is the same there.
        self._own_rate = float(str(np.float32(np.asarray(optimizer.learning_rate))))

    def _keeps_its_rate(self) -> bool:
        """Whether a keras optimizer goes by its own learning rate, which may be a schedule."""
        return not isinstance(self.optimizer, str) and self.learning_rate == self._own_rate

    def _optimizers(self) -> list[str]:
        names = list(optimizer_steps.NAMES)
        if isinstance(self.optimizer, str) and self.optimizer not in names:
            names.append(self.optimizer)
        return names + ([_optimizer_name(self._own_optimizer)] if self._own_optimizer is not None else [])

    def _show_picture(self, drawn: Picture, function: Differentiable) -> None:
        if drawn.same_as(self._drawn):
            return
        self._drawn = drawn
        views, values = facts(drawn)
        number = int(self.picture.get("number", 0)) + 1
        self.set_trait(
            "picture",
            {"number": number, "weights": function.weights, "views": views, "values": memoryview(values)},
        )

    def _own_function(self, value: Any) -> Any:
        return self._own if value == OWN and self._own is not None else value

    def _own_optimizer_named(self, value: Any) -> Any:
        own = self._own_optimizer
        return own if own is not None and value == _optimizer_name(own) else value

    def _start_from_page(self, value: Any) -> Any:
        if isinstance(value, list) and len(value) == 1 and not isinstance(self.start, list):
            return value[0]
        return value

    @t.validate("start")
    def _valid_start(self, proposal: Any) -> Any:
        value = proposal["value"]
        if value is None:
            return None
        numbers = weights_of(value)
        return numbers[0] if np.ndim(value) == 0 else list(numbers)


def _shown(number: float) -> str:
    return f"{number:.6g}".replace("-", "−") if math.isfinite(number) else "–"
