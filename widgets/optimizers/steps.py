"""Steps of an optimizer on given gradients, one by one, with what it remembers. It knows no function and no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError

NAMES: tuple[str, ...] = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
_MOMENTUM = 0.9


def run(
    optimizer: Any,
    start: Sequence[float] | np.ndarray,
    gradient: Callable[[np.ndarray], np.ndarray],
    steps: int,
    learning_rate: float | None = None,
) -> dict[str, np.ndarray]:
    """Take steps from a start, and stop where the next one has no finite number.

    Args:
        optimizer: "sgd" (w − α g, in numpy), another name Keras has ("momentum", "nesterov", "adam", ...), or a
            `keras.optimizers.Optimizer`, which is cloned and left as it is.
        start: The weights at first, shape (weights,).
        gradient: The gradient at w, shape (weights,); what it raises after the first step ends the run.
        steps: How many steps at most.
        learning_rate: Default: the optimizer's own; 0.1 for a name.

    Returns:
        `w`, `gradient` and, for Keras's optimizers, what they remember (`momentum`, `velocity`, `accumulator`, ...),
        each float64 of shape (frames, weights): frame 0 is the start, all of a frame belongs to that frame's w.
        There are steps + 1 frames, or fewer where the run ended early.

    Raises:
        SettingsError: There is no such optimizer.
    """
    w = np.array(start, np.float64)
    rule = (
        _Plain(0.1 if learning_rate is None else learning_rate)
        if is_plain(optimizer)
        else _Keras(make(optimizer, learning_rate), w)
    )
    slope = np.asarray(gradient(w), np.float64)
    frames: list[dict[str, np.ndarray]] = [{"w": w, "gradient": slope, **rule.state()}]
    for _ in range(steps):
        w = rule.step(w, slope)
        if not np.isfinite(w).all():
            break
        try:
            slope = np.asarray(gradient(w), np.float64)
        except Exception:
            break
        if not np.isfinite(slope).all():
            break
        frames.append({"w": w, "gradient": slope, **rule.state()})
    return {name: np.stack([frame[name] for frame in frames]) for name in frames[0]}


def is_plain(optimizer: Any) -> bool:
    """Whether it is the plain rule w ← w − α g by its name."""
    return isinstance(optimizer, str) and _written(optimizer) == "sgd"


def make(optimizer: Any, learning_rate: float | None = None) -> Any:
    """A fresh Keras optimizer.

    Args:
        optimizer: A name, or an optimizer to be cloned by its config.
        learning_rate: Default: the optimizer's own; 0.1 for a name.

    Raises:
        SettingsError: There is no such optimizer; the message lists the usual ones.
    """
    import keras

    if isinstance(optimizer, keras.optimizers.Optimizer):
        clone = type(optimizer).from_config(optimizer.get_config())
        if learning_rate is not None:
            clone.learning_rate = learning_rate
        return clone
    if not isinstance(optimizer, str):
        raise SettingsError(
            f"optimizer is a {type(optimizer).__name__}; give a name ({', '.join(NAMES)}) or a keras optimizer, "
            "for example keras.optimizers.Adam(0.1)."
        )
    rate = 0.1 if learning_rate is None else learning_rate
    name = _written(optimizer)
    if name in ("sgd", "momentum", "nesterov"):
        momentum = 0.0 if name == "sgd" else _MOMENTUM
        return keras.optimizers.SGD(rate, momentum=momentum, nesterov=name == "nesterov")
    try:
        return keras.optimizers.get({"class_name": name, "config": {"learning_rate": rate}})
    except (ValueError, TypeError):
        raise SettingsError(f"There is no optimizer {optimizer!r}. There are: {', '.join(NAMES)}.") from None


_RULES = {
    "sgd": "w ← w − α · g′(w)",
    "momentum": "m ← β · m − α · g′(w); w ← w + m",
    "nesterov": "m ← β · m − α · g′(w); w ← w + β · m − α · g′(w)",
    "adagrad": "s ← s + g′(w)²; w ← w − α · g′(w) / √s",
    "rmsprop": "v ← mean of g′(w)²; w ← w − α · g′(w) / √v",
    "adam": "m ← mean of g′(w), v ← mean of g′(w)²; w ← w − α · m / √v",
}


def rule(optimizer: Any) -> str:
    """The optimizer's rule in one line; empty where it is not one of the usual ones."""
    if isinstance(optimizer, str):
        return _RULES.get(_written(optimizer), "")
    name = type(optimizer).__name__.casefold()
    if name == "sgd" and getattr(optimizer, "momentum", False):
        name = "nesterov" if optimizer.nesterov else "momentum"
    return _RULES.get(name, "")


def _written(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


class _Plain:
    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    def step(self, w: np.ndarray, slope: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return w - self.learning_rate * slope

    def state(self) -> dict[str, np.ndarray]:
        return {}


class _Keras:
    """Keras's own optimizer on one float64 variable. Its learning rate is float32, as Keras keeps it."""

    def __init__(self, optimizer: Any, start: np.ndarray) -> None:
        import keras

        self.optimizer = optimizer
        self.variable = keras.Variable(start, dtype="float64", name="w")
        optimizer.build([self.variable])

    def step(self, w: np.ndarray, slope: np.ndarray) -> np.ndarray:
        import keras

        self.optimizer.apply([keras.ops.convert_to_tensor(slope, dtype="float64")], [self.variable])
        return np.array(self.variable, np.float64)

    def state(self) -> dict[str, np.ndarray]:
        """What the optimizer remembers of this weight, by Keras's names."""
        kept = {}
        for variable in self.optimizer.variables:
            name = variable.path.split("/")[-1]
            if name.startswith("w_") and tuple(variable.shape) == tuple(self.variable.shape):
                kept[name.removeprefix("w_")] = np.array(variable, np.float64)
        return kept
