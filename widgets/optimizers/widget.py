"""OptimizerRace: traits, validation and wiring. compute.py runs Keras's optimizers, view.ts draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.descent.gradient import Differentiable, differentiable
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.optimizers import catalogue, picture, schedules, words
from firstepoch.widgets.optimizers import settings as settings_traits
from firstepoch.widgets.optimizers.catalogue import Catalogue, Spec
from firstepoch.widgets.optimizers.code import program
from firstepoch.widgets.optimizers.compute import Run, Tracer
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.settings_view import SettingsView

OWN = "your function"


class OptimizerRace(SettingsView):
    """Keras's own optimizers on one surface, from one start, step for step.

    Every step is made by `keras.optimizers`. Making the widget loads Keras, which takes some seconds the first time.

    Args:
        optimizers: Names ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", or any other optimizer
            of Keras by its class name), dicts such as {"name": "adam", "beta_1": 0.5}, or keras optimizers, which are
            copied and left as they are. Up to 7.
        function: The name of a function with two weights, or a Python function of two weights (an array of two, or
            two numbers); its gradient is then found by GradientTape, or by finite differences.
        start: The weights at first. Default: the function's own, or [2.0, 1.0].
        steps: How many steps, from 1 to 500.
        learning_rates: Learning rates by name, for example {"sgd": 0.05}. Default: 0.1, or what `optimizers` says.
        schedule: "constant", "exponential", "cosine", "piecewise", "inverse time", "polynomial", or a dict such as
            {"name": "cosine", "decay_steps": 60}: how the learning rates change. An optimizer's own comes first.
        **settings: `title` and `hidden`.

    Raises:
        SettingsError: (a ValueError) Settings do not work; the message says which and what to try.
        TypeError: An argument is unknown.

    Example:
        >>> race = OptimizerRace(["sgd", "adam"], learning_rates={"sgd": 0.05})  # doctest: +SKIP
        >>> race.recordings["adam"]["w"][-1]  # doctest: +SKIP
    """

    linked = ("optimizers", "function", "start", "steps", "schedule", "hidden")
    brings = {"optimizers": ("hidden",)}
    parts = ("optimizers", "function", "start", "steps", "schedule", "settings", "player", "numbers", "code")

    title = t.Unicode("A race of optimizers").tag(sync=True)
    """Heading of the card. Input."""
    optimizers: t.List[Any] = settings_traits.Optimizers().tag(sync=True)
    """A dict for each: `name`, `learning_rate`, its hyper-parameters by Keras's names, and where they are given its own
    `schedule` and `more` arguments. Set it to anything the constructor takes. Control."""
    function = settings_traits.Function("valley").tag(
        sync=True,
        to_json=lambda value, _: value if isinstance(value, str) else OWN,
        from_json=lambda value, race: race.own if value == OWN and race.own else value,
    )
    """Name of the function, or a Python function. Control."""
    start: t.List[float] = settings_traits.Start(t.Float(), default_value=None, allow_none=True).tag(sync=True)
    """The two weights at first; None for the function's own. Control."""
    steps = settings_traits.Steps(60).tag(sync=True)
    """Steps of each optimizer, from 1 to 500. Control."""
    schedule: t.Dict[str, Any] = settings_traits.Schedule().tag(sync=True)
    """The learning-rate schedule of all optimizers without one of their own: `name` and its arguments. Control."""
    hidden: t.List[str] = t.List(t.Unicode()).tag(sync=True)
    """Optimizers that are not drawn, by their names in `recordings`. Control."""
    report = t.Dict(read_only=True).tag(sync=True)
    """What was run, and what can be chosen. Report."""
    surface = t.Dict(read_only=True).tag(sync=True)
    """The values of the function under the paths, float32. Report."""
    code = t.Unicode(read_only=True).tag(sync=True)
    """A plain Keras program that repeats all runs. Report."""

    own: Callable[..., Any] | None = None
    """The Python function that was given last."""

    def __init__(
        self,
        optimizers: Any = ("sgd", "momentum", "adam"),
        function: str | Callable[..., Any] = "valley",
        start: Any = None,
        steps: int = 60,
        learning_rates: Mapping[str, float] | None = None,
        schedule: Any = "constant",
        **settings: Any,
    ) -> None:
        self.catalogue = Catalogue()
        self.recordings: dict[str, Recording] = {}
        self._runs: dict[str, Run] = {}
        self._tracer = Tracer(self.catalogue)
        self._found: tuple[Any, Any, Differentiable] | None = None
        self._drawn: Any = (None, None, None)
        # Schedules given by name depend on the steps, so these come first.
        checked = type(self).steps.validate(self, steps)
        specs = self.catalogue.specs(optimizers, checked)
        settings |= {"steps": checked, "function": function, "start": start}
        settings |= {
            "optimizers": _with_rates(specs, learning_rates or {}),
            "schedule": schedules.normal(schedule, checked),
        }
        super().__init__(**settings)
        self.follow("optimizers", "function", "start", "steps", "schedule")

    def add(self, optimizer: Any, **hyperparameters: Any) -> str:
        """Put another optimizer into the race.

        Args:
            optimizer: A name, a dict or a keras optimizer.
            **hyperparameters: Hyper-parameters to go with a name.

        Returns:
            Its name in `recordings`.
        """
        if isinstance(optimizer, str):
            optimizer = {"name": optimizer, **hyperparameters}
        elif hyperparameters:
            raise SettingsError("Hyper-parameters go with a name; give them inside of a dict or a keras optimizer.")
        self.optimizers = [*self.optimizers, optimizer]
        return list(self.recordings)[-1]

    def remove(self, name: str) -> None:
        """Take an optimizer out of the race.

        Args:
            name: Its name in `recordings`.

        Raises:
            SettingsError: There is none of this name, or it is the last one.
        """
        names = catalogue.keys(self.optimizers)
        if name not in names:
            raise SettingsError(f"There is no {name!r} in the race. There are: {', '.join(names)}.")
        self.optimizers = [one for one, key in zip(self.optimizers, names, strict=True) if key != name]

    def recompute(self) -> None:
        """Run what has changed and show it."""
        function = self._differentiable()
        names = catalogue.keys(self.optimizers)
        runs = {
            name: self._tracer.run(spec, self.schedule, function, self.steps)
            for name, spec in zip(names, self.optimizers, strict=True)
        }
        part = picture.domain(function, list(runs.values()))
        if (function, part) != self._drawn[:2]:
            self._drawn = (function, part, picture.sample(function, part))
        if not isinstance(self.function, str):
            self.own = self.function
        if list(self._runs.items()) != list(runs.items()):
            self._runs = runs
            self._show(function)

    def still(self) -> str:
        """The race on a page where nothing runs. Plain HTML."""
        labels = {run["key"]: run["label"] for run in self.report["runs"]}
        parts = [
            still.paragraph(
                f"{self.report['formula']}, from w = ({self.report['start'][0]:g}, {self.report['start'][1]:g})."
            ),
            still.paragraph(words.summary(self._runs, labels)),
        ]
        rows = []
        for name, run in self._runs.items():
            w, value = run.arrays["w"][-1], run.arrays["value"]
            spec = self.optimizers[list(self._runs).index(name)]
            cells = (spec["learning_rate"], len(run) - 1, w[0], w[1], value[-1], value.min())
            rows.append((labels[name], [(f"{cell:.6g}", 0.0) for cell in cells]))
        heads = ("learning rate", "steps", "last w₁", "last w₂", "last loss", "lowest loss")
        parts.append(still.table("Each optimizer in the end", heads, rows))
        return still.figure(self._still, self.title, parts)

    def admit(self, values: Mapping[str, Any]) -> None:
        """Of an optimizer a link gives the name and numbers."""
        for spec in values.get("optimizers", []):
            if isinstance(spec, Mapping) and spec.get("more"):
                raise SettingsError("a link gives of an optimizer its name, its numbers and its schedule.")

    @t.validate("hidden")
    def _check_hidden(self, proposal: Any) -> Any:
        names = catalogue.keys(self.optimizers)
        for name in proposal["value"]:
            if name not in names:
                raise SettingsError(f"hidden has {name!r}, which is not in the race. There are: {', '.join(names)}.")
        return proposal["value"]

    def _differentiable(self) -> Differentiable:
        start = None if self.start is None else tuple(self.start)
        if self._found is None or self._found[0] is not self.function or self._found[1] != start:
            found = differentiable(self.function, start if start or isinstance(self.function, str) else [2.0, 1.0])
            if found.weights != 2:
                raise SettingsError("The function has one weight; a race needs two. Try lambda w: w[0]**2 + w[1]**2.")
            self._found = (self.function, start, found)
        return self._found[2]

    def _show(self, function: Differentiable) -> None:
        runs, specs = self._runs, self.optimizers
        for name in [name for name in self.recordings if name not in runs]:
            del self.recordings[name]
        for (name, run), spec in zip(runs.items(), specs, strict=True):
            self.recordings[name] = Recording({**spec, "schedule": spec.get("schedule", self.schedule)})
            self.recordings[name].extend(run.arrays)
        self.recordings = {name: self.recordings[name] for name in runs}
        _, part, values = self._drawn
        with np.errstate(over="ignore"):
            single = np.ascontiguousarray(values, np.float32)
        rows, columns = values.shape
        self.set_trait("code", program(specs, self.catalogue, self.schedule, function, self.steps))
        self.set_trait(
            "surface",
            {
                "x": list(part[0]),
                "y": list(part[1]),
                "columns": columns,
                "rows": rows,
                "values": single.tobytes(),
                "minimum": picture.lowest(values, part),
            },
        )
        self.hidden = [name for name in self.hidden if name in runs]
        self.set_trait("report", self._told(function))
        self.publish(self._together())

    def _told(self, function: Differentiable) -> dict[str, Any]:
        runs = []
        labels = _labels(self.optimizers, self.catalogue)
        for number, ((name, run), spec) in enumerate(zip(self._runs.items(), self.optimizers, strict=True)):
            runs.append(
                {
                    "key": name,
                    "label": labels[number],
                    "frames": len(run),
                    "ended": run.ended,
                    "turn": run.turn,
                    "states": list(run.states),
                    "drawn": [one for one in ("push", "rms", "effective_rate") if one in run.arrays],
                    "schedule": spec.get("schedule", self.schedule)["name"],
                }
            )
        return {
            "runs": runs,
            "formula": function.formula,
            "start": list(function.start),
            "functions": [*settings_traits.FUNCTIONS, *([OWN] if self.own else [])],
            "offered": list(catalogue.NAMES),
            "most": catalogue.MOST,
            "schedules": {shape.name: shape.formula for shape in schedules.SHAPES},
        }

    def _together(self) -> Recording:
        """All runs frame by frame, as the page plays them; NaN after the end of one."""
        together = Recording({})
        frames = max(map(len, self._runs.values()))
        chunk = {}
        for number, run in enumerate(self._runs.values()):
            for name, array in run.arrays.items():
                padded = np.full((frames, *array.shape[1:]), np.nan)
                padded[: len(array)] = array
                chunk[f"{number} {name}"] = padded
        together.extend(chunk)
        return together


def _with_rates(specs: list[Spec], rates: Mapping[str, float]) -> list[Spec]:
    names = catalogue.keys(specs)
    for name in rates:
        if name not in names:
            raise SettingsError(
                f"learning_rates has {name!r}, which is not in the race. There are: {', '.join(names)}."
            )
    return [
        {**spec, "learning_rate": rates.get(name, spec["learning_rate"])}
        for name, spec in zip(names, specs, strict=True)
    ]


def _labels(specs: list[Spec], known: Catalogue) -> list[str]:
    """What they are called on the page; a second one of a kind has a number."""
    return [
        known.kinds[spec["name"]].label + key.removeprefix(spec["name"])
        for key, spec in zip(catalogue.keys(specs), specs, strict=True)
    ]
