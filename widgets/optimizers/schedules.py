"""Learning-rate schedules of Keras by name: what they take, their rate at each step. No widget."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError

Schedule = dict[str, Any]
"""A schedule as plain data: `name` and its arguments. Rates are shares of the optimizer's learning rate."""


@dataclass(frozen=True)
class Shape:
    """A schedule of Keras: its class, and its arguments from the number of steps."""

    name: str
    keras: str
    defaults: Callable[[int], dict[str, Any]]
    formula: str


SHAPES: tuple[Shape, ...] = (
    Shape("constant", "", lambda steps: {}, "α"),
    Shape(
        "exponential",
        "ExponentialDecay",
        lambda steps: {"decay_steps": max(1, steps // 3), "decay_rate": 0.5, "staircase": False},
        "α × decay_rate^(step / decay_steps)",
    ),
    Shape(
        "cosine",
        "CosineDecay",
        lambda steps: {"decay_steps": steps, "alpha": 0.0, "warmup_steps": 0},
        "α × ((1 − alpha) × (1 + cos(π step / decay_steps)) / 2 + alpha)",
    ),
    Shape(
        "piecewise",
        "PiecewiseConstantDecay",
        lambda steps: {"boundaries": [max(1, steps // 3), max(2, 2 * steps // 3)], "factors": [1.0, 0.3, 0.1]},
        "α × the factor of the piece: a new one after each boundary",
    ),
    Shape(
        "inverse time",
        "InverseTimeDecay",
        lambda steps: {"decay_steps": max(1, steps // 6), "decay_rate": 1.0, "staircase": False},
        "α / (1 + decay_rate × step / decay_steps)",
    ),
    Shape(
        "polynomial",
        "PolynomialDecay",
        lambda steps: {"decay_steps": steps, "end": 0.01, "power": 1.0, "cycle": False},
        "α × ((1 − end) × (1 − step / decay_steps)^power + end)",
    ),
)
NAMES: tuple[str, ...] = tuple(shape.name for shape in SHAPES)
_WHOLE = ("decay_steps", "warmup_steps")
_YES = ("staircase", "cycle")


def named(name: Any) -> Shape:
    """The schedule of this name, or of this Keras class.

    Raises:
        SettingsError: There is none.
    """
    plain = _plain(name)
    for shape in SHAPES:
        if plain in (_plain(shape.name), _plain(shape.keras), _plain(shape.keras.removesuffix("Decay"))):
            return shape
    raise SettingsError(f"There is no schedule {name!r}. There are: {', '.join(NAMES)}.")


def normal(given: Any, steps: int) -> Schedule:
    """A schedule with all its arguments, checked.

    Args:
        given: A name, or a dict with a `name` and arguments.
        steps: Steps of the race; arguments that are not given follow from them.

    Raises:
        SettingsError: It cannot be used.
    """
    if isinstance(given, str):
        given = {"name": given}
    if not isinstance(given, Mapping):
        raise SettingsError(
            f"schedule is a {type(given).__name__}; give a name ({', '.join(NAMES)}). A keras schedule belongs into "
            "an optimizer: keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.1, 60))."
        )
    given = dict(given)
    shape = named(given.pop("name", "constant"))
    found = shape.defaults(steps)
    for name in given:
        if name not in found:
            has = f"It has: {', '.join(found)}." if found else "It has none."
            raise SettingsError(f"The schedule {shape.name!r} has no argument {name!r}. {has}")
    found.update(given)
    checked = {name: _checked(shape.name, name, value) for name, value in found.items()}
    if shape.name == "piecewise":
        _check_pieces(checked)
    return {"name": shape.name, **checked}


def from_keras(schedule: Any) -> tuple[float, Schedule]:
    """The first rate and the plain data of a keras schedule.

    Raises:
        SettingsError: It is of a class that has no counterpart here.
    """
    config = schedule.get_config()
    for shape in SHAPES:
        if shape.keras == type(schedule).__name__:
            break
    else:
        known = ", ".join(shape.keras for shape in SHAPES if shape.keras)
        raise SettingsError(f"The schedule {type(schedule).__name__} is not known here. There are: {known}.")
    if shape.name == "piecewise":
        first = float(config["values"][0])
        factors = [float(value) / first for value in config["values"]]
        return first, {"name": shape.name, "boundaries": list(config["boundaries"]), "factors": factors}
    rate = float(config["initial_learning_rate"])
    arguments = {name: config[name] for name in shape.defaults(1) if name in config}
    if shape.name == "cosine" and config.get("warmup_steps"):
        if config["initial_learning_rate"] != 0:
            raise SettingsError("A warm-up that does not begin at 0 is not known here. Try initial_learning_rate=0.")
        rate = float(config["warmup_target"])
    if shape.name == "polynomial":
        arguments["end"] = float(config["end_learning_rate"]) / rate
    return rate, {"name": shape.name, **arguments}


def make(schedule: Schedule, learning_rate: float) -> Any:
    """What Keras takes as the learning rate: the number itself, or a keras schedule that begins with it."""
    shape = named(schedule["name"])
    if not shape.keras:
        return learning_rate
    import keras

    return getattr(keras.optimizers.schedules, shape.keras)(**arguments(schedule, learning_rate))


def arguments(schedule: Schedule, learning_rate: float) -> dict[str, Any]:
    """The arguments of the Keras class."""
    given = {name: value for name, value in schedule.items() if name != "name"}
    if schedule["name"] == "piecewise":
        return {
            "boundaries": given["boundaries"],
            "values": [learning_rate * factor for factor in given["factors"]],
        }
    if schedule["name"] == "polynomial":
        given["end_learning_rate"] = learning_rate * given.pop("end")
    if schedule["name"] == "cosine":
        if given["warmup_steps"]:
            return {"initial_learning_rate": 0.0, "warmup_target": learning_rate, **given}
        given.pop("warmup_steps")
    return {"initial_learning_rate": learning_rate, **given}


def rates(schedule: Schedule, learning_rate: float, steps: int) -> np.ndarray:
    """Keras's learning rate of each step, float32 of shape (steps,)."""
    made = make(schedule, learning_rate)
    if not callable(made):
        return np.full(steps, made, np.float32)
    import keras

    return np.array([np.asarray(made(keras.ops.convert_to_tensor(step, "int64"))) for step in range(steps)], np.float32)


def _checked(shape: str, name: str, value: Any) -> Any:
    said = f"{name} of the schedule {shape!r} is {value!r}"
    if name in _YES:
        return bool(value)
    if name in ("boundaries", "factors"):
        try:
            numbers = [float(one) for one in value]
        except (TypeError, ValueError):
            raise SettingsError(f"{said}; give a list of numbers.") from None
        if not all(map(math.isfinite, numbers)):
            raise SettingsError(f"{said}; give finite numbers.")
        return [int(one) for one in numbers] if name == "boundaries" else numbers
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise SettingsError(f"{said}; give a number.") from None
    if not math.isfinite(number):
        raise SettingsError(f"{said}; give a finite number.")
    if name in _WHOLE:
        if number != int(number) or number < (0 if name == "warmup_steps" else 1):
            raise SettingsError(f"{said}; give a whole number of steps from {0 if name == 'warmup_steps' else 1} up.")
        return int(number)
    if number < 0 or (name == "decay_rate" and number == 0):
        raise SettingsError(f"{said}; it must be above 0.")
    return number


def _check_pieces(found: Schedule) -> None:
    boundaries, factors = found["boundaries"], found["factors"]
    if not boundaries or any(after <= before for before, after in zip([0, *boundaries], boundaries, strict=False)):
        raise SettingsError(f"boundaries is {boundaries}; give steps that grow, for example [20, 40].")
    if len(factors) != len(boundaries) + 1:
        raise SettingsError(
            f"{len(boundaries)} boundaries make {len(boundaries) + 1} pieces, but there are {len(factors)} factors."
        )
    if any(factor <= 0 for factor in factors):
        raise SettingsError(f"factors is {factors}; each must be above 0.")


def _plain(name: Any) -> str:
    return "".join(letter for letter in str(name).casefold() if letter.isalnum())
