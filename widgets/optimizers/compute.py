"""Runs of Keras's optimizers on one function from one start, step for step. No widget.

The step that is run is `optimizer.apply`, traced once for each optimizer and used again for other starts, learning
rates and schedules: 60 steps of Adam take about 50 ms so, and 400 ms without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.descent.gradient import Differentiable
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.optimizers import schedules
from firstepoch.widgets.optimizers.catalogue import Catalogue, Spec

MOST_STEPS = 500


@dataclass(frozen=True, eq=False)
class Run:
    """What an optimizer did. Row k of every array belongs to the weights after k steps; row 0 is the start."""

    arrays: dict[str, np.ndarray]
    """`w`, `value`, `gradient`, `learning_rate` (the rate of the step that follows), the optimizer's states by Keras's
    names, and what `_derived` makes of them. All float64."""
    states: tuple[str, ...]
    """The names of the states."""
    ended: str = ""
    """Why there are fewer steps than asked for; empty where there are not."""

    def __len__(self) -> int:
        return len(self.arrays["w"])

    @property
    def turn(self) -> int | None:
        """The first step that points more than 90 degrees away from the one before it."""
        moves = np.diff(self.arrays["w"], axis=0)
        with np.errstate(all="ignore"):
            sizes = np.hypot(*moves.T)
            unit = moves / np.where(sizes > 0, sizes, 1)[:, None]
            back = np.flatnonzero((unit[1:] * unit[:-1]).sum(axis=1) < 0)
        return int(back[0]) + 2 if len(back) else None

    def cut(self, steps: int) -> Run:
        """The first steps of it."""
        if len(self) <= steps + 1:
            return self
        return Run({name: array[: steps + 1] for name, array in self.arrays.items()}, self.states)


class Tracer:
    """Keras's step for the kinds of optimizers it has seen; every run begins from the state of a new optimizer."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._steppers: dict[str, _Stepper] = {}
        self._runs: dict[tuple[str, Differentiable], Run] = {}
        self._rates: dict[str, np.ndarray] = {}
        self._cut: dict[tuple[str, Differentiable, int], Run] = {}

    def run(self, spec: Spec, schedule: schedules.Schedule, function: Differentiable, steps: int) -> Run:
        """Let an optimizer take steps, and stop where the next has no finite numbers. What was run is remembered.

        Args:
            spec: The optimizer.
            schedule: The race's schedule; the optimizer's own comes first.
            function: The function and its start.
            steps: How many steps at most.

        Raises:
            SettingsError: Keras refuses the optimizer.
        """
        schedule = spec.get("schedule", schedule)
        key = repr((sorted(spec.items(), key=str), schedule)), function
        known = self._runs.get(key)
        if known is None or (len(known) <= steps and not known.ended):
            if len(self._runs) > 200:
                self._runs.clear()
                self._cut.clear()
            known = self._runs[key] = self._run(spec, schedule, function, steps)
        cut = self._cut.get((*key, steps))
        if cut is None or len(cut) < min(steps + 1, len(known)):
            cut = self._cut[(*key, steps)] = known.cut(steps)
        return cut

    def _run(self, spec: Spec, schedule: schedules.Schedule, function: Differentiable, steps: int) -> Run:
        made = repr(sorted((item for item in spec.items() if item[0] not in ("learning_rate", "schedule")), key=str))
        if made not in self._steppers:
            if len(self._steppers) > 50:
                self._steppers.clear()
            try:
                self._steppers[made] = _Stepper(lambda rate: self._catalogue.make(spec, rate))
            except SettingsError:
                raise
            except Exception as error:
                reason = " ".join(str(error).split())
                raise SettingsError(f"{spec['name']} cannot take a step of two weights in float64: {reason}") from error
        rates = self._rates_of(schedule, spec["learning_rate"], steps + 1)
        arrays, ended = self._steppers[made].run(function, rates, steps)
        states = tuple(name for name in arrays if name not in ("w", "value", "gradient", "learning_rate"))
        if ended:
            ended = _why(ended, len(arrays["w"]) - 1, spec["learning_rate"])
        return Run(arrays | _derived(spec, arrays), states, ended)

    def _rates_of(self, schedule: schedules.Schedule, learning_rate: float, steps: int) -> np.ndarray:
        key = repr((schedule, learning_rate))
        if len(self._rates.get(key, ())) < steps:
            if len(self._rates) > 200:
                self._rates.clear()
            self._rates[key] = schedules.rates(schedule, learning_rate, steps)
        return self._rates[key][:steps]


class _Stepper:
    """One keras optimizer on one float64 variable, with a learning rate that can be given for every step."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        import keras
        import tensorflow as tf

        rates = tf.Variable(np.zeros(MOST_STEPS + 1, np.float32), trainable=False)

        class Given(keras.optimizers.schedules.LearningRateSchedule):
            def __call__(self, step: Any) -> Any:
                return tf.gather(rates, step)

            def get_config(self) -> dict[str, Any]:
                return {}

        self.rates = rates
        self.weights = keras.Variable(np.zeros(2), dtype="float64", name="w")
        self.optimizer = make(Given())
        self.optimizer.build([self.weights])
        self.first = [(variable, np.array(variable)) for variable in self.optimizer.variables]
        kept = {}
        for variable in self.optimizer.variables:
            name = variable.path.split("/")[-1]
            if name.startswith("w_") and tuple(variable.shape) == (2,):
                kept[name.removeprefix("w_")] = variable
        self.names = ("w", *kept)

        def apply(slope: Any) -> Any:
            self.optimizer.apply([slope], [self.weights])
            return tf.stack([tf.cast(variable, tf.float64) for variable in (self.weights, *kept.values())])

        self.step = tf.function(apply, input_signature=[tf.TensorSpec((2,), tf.float64)], autograph=False)
        self.step.get_concrete_function()
        self.start = np.stack([np.zeros(2), *(np.array(variable, np.float64) for variable in kept.values())])

    def run(self, function: Differentiable, rates: np.ndarray, steps: int) -> tuple[dict[str, np.ndarray], str]:
        w = np.array(function.start, np.float64)
        for variable, first in self.first:
            variable.assign(first)
        self.weights.assign(w)
        self.rates.assign(np.resize(rates, MOST_STEPS + 1))
        held = self.start.copy()
        held[0] = w
        frames: list[tuple[np.ndarray, float, np.ndarray]] = [(held, *_look(function, w))]
        ended = ""
        for _ in range(steps):
            held = self.step(frames[-1][2]).numpy()
            if not np.isfinite(held).all():
                ended = "weights"
                break
            try:
                value, slope = _look(function, held[0])
            except Exception as error:
                ended = f"The function raises {type(error).__name__} there: {error}"
                break
            if not (np.isfinite(value) and np.isfinite(slope).all()):
                ended = "loss"
                break
            frames.append((held, value, slope))
        arrays = {
            "w": np.stack([frame[0][0] for frame in frames]),
            "value": np.array([frame[1] for frame in frames]),
            "gradient": np.stack([frame[2] for frame in frames]),
            "learning_rate": rates[: len(frames)].astype(np.float64),
        }
        for place, name in enumerate(self.names[1:], 1):
            arrays[name] = np.stack([frame[0][place] for frame in frames])
        return arrays, ended


def _look(function: Differentiable, w: np.ndarray) -> tuple[float, np.ndarray]:
    with np.errstate(all="ignore"):
        return float(function.value(w)), np.asarray(function.gradient(w), np.float64)


def _why(ended: str, last: int, rate: float) -> str:
    what = {"weights": "its next weights are no finite numbers", "loss": "the loss at its next weights is not finite"}
    if ended in what:
        hint = f"The learning rate {rate:g} is too large here; try {rate / 10:g}."
        return f"it ends after step {last}: {what[ended]}. {hint}"
    return f"it ends after step {last}. {ended}"


def _derived(spec: Spec, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What is drawn of the states, in the units of w or of the gradient, shape (frames, 2).

    `push` is where the optimizer's memory of directions pushes w: the velocity, or −α times the averaged gradient
    with its bias corrected. `rms` is the root of the squared-gradient average (AdaGrad: of the sum), bias corrected.
    `effective_rate` is what this frame's step multiplied the gradient (Adam: its corrected average) with. Frame 0 has
    none: there it is 0. Variants (AMSGrad, centered) get only `push`.
    """
    name, variant = spec["name"], bool(spec.get("more"))
    found: dict[str, np.ndarray] = {}
    step = np.arange(len(arrays["w"]))[:, None]
    # Frame k was made with the rate of frame k - 1.
    rate = np.concatenate([[0.0], arrays["learning_rate"][:-1]])[:, None]
    if name in ("momentum", "nesterov"):
        found["push"] = arrays["momentum"].copy()
    if name == "rmsprop" and "momentum" in arrays:
        found["push"] = -arrays["momentum"]
    # Keras rounds both betas to float32 where it corrects the bias.
    beta_1, beta_2 = (float(np.float32(spec.get(beta, 0))) for beta in ("beta_1", "beta_2"))
    if name in ("adam", "adamw"):
        found["push"] = -rate * arrays["momentum"] / np.maximum(1 - beta_1**step, 1e-300)
        found["push"][0] = 0.0
    if variant:
        return found
    if name == "adagrad":
        found["rms"] = np.sqrt(arrays["accumulator"])
        found["effective_rate"] = rate / np.sqrt(arrays["accumulator"] + spec["epsilon"])
    if name == "rmsprop":
        found["rms"] = np.sqrt(arrays["velocity"])
        found["effective_rate"] = rate / np.sqrt(arrays["velocity"] + spec["epsilon"])
    if name in ("adam", "adamw"):
        unbias = np.sqrt(np.maximum(1 - beta_2**step, 1e-300))
        found["rms"] = np.sqrt(arrays["velocity"]) / unbias
        found["effective_rate"] = rate * unbias / (np.sqrt(arrays["velocity"]) + spec["epsilon"])
        found["rms"][0] = 0.0
    return found
