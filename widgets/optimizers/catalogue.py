"""The optimizers of a race: names, hyper-parameters, what may be asked for. No widget; Keras only where it must say."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.optimizers import schedules

RATE = 0.1
MOST = 7
_LARGEST_RATE = 1e6
_BELOW_ONE = ("momentum", "rho", "beta_1", "beta_2", "ema_momentum")
_ABOVE_ZERO = ("epsilon",)
_NOT_NEGATIVE = ("weight_decay", "initial_accumulator_value")
_BASE = (
    *("name", "learning_rate", "weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema", "ema_momentum"),
    *("ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps"),
)


@dataclass(frozen=True)
class Kind:
    """An optimizer by its rule.

    `fixed` are arguments that make the rule what it is; `fields` its hyper-parameters and Keras's defaults of them.
    """

    name: str
    label: str
    keras: str
    fields: Mapping[str, float]
    fixed: Mapping[str, Any] = field(default_factory=dict)


KINDS: tuple[Kind, ...] = (
    Kind("sgd", "SGD", "SGD", {}),
    Kind("momentum", "Momentum", "SGD", {"momentum": 0.9}),
    Kind("nesterov", "Nesterov", "SGD", {"momentum": 0.9}, {"nesterov": True}),
    Kind("adagrad", "AdaGrad", "Adagrad", {"initial_accumulator_value": 0.1, "epsilon": 1e-7}),
    Kind("rmsprop", "RMSprop", "RMSprop", {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7}),
    Kind("adam", "Adam", "Adam", {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}),
    Kind("adamw", "AdamW", "AdamW", {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "weight_decay": 0.004}),
)
KNOWN: dict[str, Kind] = {kind.name: kind for kind in KINDS}
NAMES: tuple[str, ...] = tuple(KNOWN)
Spec = dict[str, Any]
"""One optimizer as plain data: `name`, `learning_rate`, its hyper-parameters; where they are given also `schedule`
(its own) and `more` (other arguments of the Keras class)."""


@dataclass
class Catalogue:
    """Kinds the race knows: those above, all that Keras has, and the classes of optimizers it was given."""

    kinds: dict[str, Kind] = field(default_factory=lambda: dict(KNOWN))
    classes: dict[str, type] = field(default_factory=dict)

    def specs(self, given: Any, steps: int) -> list[Spec]:
        """What was given as optimizers, as plain data.

        Args:
            given: Names, dicts with a `name` and hyper-parameters, or keras optimizers; or one of these.
            steps: Steps of the race, for schedules given by name.

        Raises:
            SettingsError: One of them cannot be used, or two are the same.
        """
        if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
            given = [given]
        found = [self.spec(one, steps) for one in given]
        if not found:
            raise SettingsError(f"A race needs an optimizer. There are: {', '.join(NAMES)}.")
        if len(found) > MOST:
            raise SettingsError(f"{len(found)} optimizers are too many to tell apart; a race has room for {MOST}.")
        for place, one in enumerate(found):
            if one in found[:place]:
                raise SettingsError(
                    f"{one['name']} is in the race twice with equal settings. Give one of them another "
                    f'learning rate: {{"name": "{one["name"]}", "learning_rate": {one["learning_rate"] / 2:g}}}.'
                )
        return found

    def spec(self, given: Any, steps: int) -> Spec:
        """One optimizer as plain data; see `specs`."""
        if isinstance(given, str):
            given = {"name": given}
        if isinstance(given, Mapping):
            return self._from_mapping(dict(given), steps)
        # Something that is no name has most likely loaded Keras already.
        import keras

        if isinstance(given, keras.optimizers.Optimizer):
            return self._from_keras(given, steps)
        hint = " Call it: keras.optimizers.Adam()." if isinstance(given, type) else ""
        raise SettingsError(
            f"{given!r} is no optimizer: give a name ({', '.join(NAMES)}), a keras optimizer such as "
            f'keras.optimizers.Adam(0.1), or a dict such as {{"name": "adam", "beta_1": 0.5}}.{hint}'
        )

    def kind(self, name: Any) -> Kind:
        """The kind of this name; case, spaces, hyphens and underscores do not matter.

        Raises:
            SettingsError: There is none.
        """
        plain = "".join(letter for letter in str(name).casefold() if letter.isalnum())
        if plain not in self.kinds:
            made = _keras_class(plain)
            if made is None:
                raise SettingsError(f"There is no optimizer {name!r}. There are: {', '.join(NAMES)}.")
            self.kinds[plain] = _kind_of(made)
        return self.kinds[plain]

    def make(self, spec: Spec, learning_rate: Any) -> Any:
        """A fresh keras optimizer of a spec with this learning rate (or schedule)."""
        import keras

        kind = self.kinds[spec["name"]]
        made: Any = self.classes.get(kind.name) or getattr(keras.optimizers, kind.keras)
        try:
            return made.from_config({"learning_rate": learning_rate, **arguments(kind, spec)})
        except (ValueError, TypeError, NotImplementedError) as error:
            raise SettingsError(f"Keras refuses {kind.name}: {error}") from error

    def _from_mapping(self, given: dict[str, Any], steps: int) -> Spec:
        if "name" not in given:
            raise SettingsError(f'{given!r} has no "name"; for example {{"name": "adam", "beta_1": 0.5}}.')
        kind = self.kind(given.pop("name"))
        more, schedule = given.pop("more", {}), given.pop("schedule", None)
        if kind.name == "sgd" and given.get("momentum"):
            kind = KNOWN["nesterov" if given.get("nesterov") else "momentum"]
        given.pop("nesterov", None) if kind.keras == "SGD" else None
        if kind.name == "sgd":
            given.pop("momentum", None)
        known = ("learning_rate", *kind.fields, *(() if "weight_decay" in kind.fields else ("weight_decay",)))
        for name in given:
            if name not in known:
                raise SettingsError(f"{kind.name} has no {name!r}. It has: {', '.join((*known, 'schedule'))}.")
        spec: Spec = {"name": kind.name, "learning_rate": RATE, **kind.fields, **given}
        for name in spec.keys() - {"name"}:
            number = _number(kind.name, name, spec[name])
            spec[name] = int(number) if type(kind.fields.get(name)) is int else number
        if kind.name in ("momentum", "nesterov") and spec["momentum"] == 0:
            raise SettingsError(f'{kind.name} without momentum is plain SGD: use "sgd", or momentum 0.9.')
        if schedule is not None:
            spec["schedule"] = schedules.normal(schedule, steps)
        if more:
            spec["more"] = dict(more)
        return spec

    def _from_keras(self, given: Any, steps: int) -> Spec:
        import keras

        config = given.get_config()
        rate, schedule = given._learning_rate, None
        if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
            rate, schedule = schedules.from_keras(rate)
        elif callable(rate) and not hasattr(rate, "numpy"):
            raise SettingsError("Its learning rate is a function; give a number or a keras schedule.")
        kind = _kind_of(type(given))
        if kind.keras == "SGD" and type(given) is keras.optimizers.SGD:
            kind = KNOWN["nesterov" if config["nesterov"] and config["momentum"] else "momentum"]
            kind = kind if config["momentum"] else KNOWN["sgd"]
        else:
            kind = self.kinds.setdefault(kind.name, kind)
            self.classes[kind.name] = type(given)
        usual = type(given)(**kind.fixed).get_config()
        taken = {*kind.fields, *kind.fixed, "name", "learning_rate"}
        fields = {name: config[name] for name in kind.fields}
        if config.get("weight_decay") is not None:
            fields["weight_decay"] = config["weight_decay"]
        if kind.keras == "SGD":
            taken |= {"momentum", "nesterov"}
        more = {
            name: value
            for name, value in config.items()
            if name not in taken and name != "weight_decay" and value != usual.get(name)
        }
        # Keras keeps its learning rate in float32: 0.1 would come back as 0.10000000149.
        learning_rate = float(f"{float(rate):.7g}")
        return self._from_mapping(
            {"name": kind.name, "learning_rate": learning_rate, **fields, "schedule": schedule, "more": more}, steps
        )


def arguments(kind: Kind, spec: Spec) -> dict[str, Any]:
    """The arguments of the Keras class apart from the learning rate."""
    taken = {"name", "learning_rate", "schedule", "more"}
    return {**kind.fixed, **{name: value for name, value in spec.items() if name not in taken}, **spec.get("more", {})}


def keys(specs: list[Spec]) -> list[str]:
    """A name for each: that of its kind, with a number where there are several."""
    names = [spec["name"] for spec in specs]
    return [
        name if names.index(name) == place else f"{name} {names[: place + 1].count(name)}"
        for place, name in enumerate(names)
    ]


def _number(kind: str, name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise SettingsError(f"{name} of {kind} is {value!r}; give a number.") from None
    said = f"{name} of {kind} is {number:g}"
    if not math.isfinite(number):
        raise SettingsError(f"{said}; it must be a finite number.")
    if name == "learning_rate":
        if number == 0:
            raise SettingsError(f"{said}, so no step would move w. Try {RATE}.")
        if number < 0:
            raise SettingsError(f"{said}; a step with a negative one goes uphill. Try {-number:g}.")
        if number > _LARGEST_RATE:
            raise SettingsError(f"{said}; it goes up to {_LARGEST_RATE:,.0f}. Try {RATE}.")
    if name in _BELOW_ONE and not 0 <= number < 1:
        raise SettingsError(
            f"{said}; it goes from 0 to below 1. Try {KNOWN.get(kind, KNOWN['adam']).fields.get(name) or 0.9}."
        )
    if name in _ABOVE_ZERO and number <= 0:
        raise SettingsError(f"{said}; it must be above 0, so that nothing is divided by 0. Try 1e-07.")
    if name in _NOT_NEGATIVE and number < 0:
        raise SettingsError(f"{said}; it must not be negative.")
    return number


def _keras_class(plain: str) -> type | None:
    import keras

    for name, made in vars(keras.optimizers).items():
        if inspect.isclass(made) and issubclass(made, keras.optimizers.Optimizer) and name.casefold() == plain:
            return None if name in ("Optimizer", "LossScaleOptimizer") else made
    return None


def _kind_of(made: type) -> Kind:
    """The kind of a Keras class: the plain numbers of its config are its hyper-parameters."""
    name = made.__name__.casefold()
    if _keras_class(name) is not made:
        # A learner's own Adam must not be taken for Keras's.
        name = f"own{name}"
    elif name in KNOWN:
        return KNOWN[name]
    try:
        config = made().get_config()
    except Exception as error:
        raise SettingsError(f"{made.__name__} cannot be made without arguments: {error}") from error
    fields = {
        key: value
        for key, value in config.items()
        if key not in _BASE and isinstance(value, int | float) and not isinstance(value, bool)
    }
    return Kind(name, made.__name__, made.__name__, fields)
