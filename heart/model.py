"""The lecture's network, built and compiled. Keras is loaded when the first model is built, not before."""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from firstepoch.data.loading import load_keras
from firstepoch.heart.features import NAMES

if TYPE_CHECKING:
    import keras


def build_model(
    units: Sequence[int] = (16,),
    activation: str = "relu",
    dropout: float | Sequence[float] = 0.0,
    optimizer: str | keras.optimizers.Optimizer = "adam",
    learning_rate: float | None = None,
) -> keras.Model:
    """Build and compile the lecture's network: 29 inputs, dense hidden layers, one sigmoid output.

    The loss is binary cross-entropy and the metric accuracy. Layers are made from input to output, so plain
    Keras code with the same layers and seed starts from the same weights. The default has 497 parameters.

    Args:
        units: Units of each hidden layer; `()` is a logistic regression.
        activation: Name of a Keras activation, for every hidden layer.
        dropout: Share of units dropped, in [0, 1): one rate for all hidden layers, or one for each.
            A layer with rate 0 gets no Dropout layer.
        optimizer: Name of a Keras optimizer, or an optimizer.
        learning_rate: The optimizer's learning rate; Keras's default for it if None. Only with a name.

    Returns:
        A compiled functional model from (batch, 29) to (batch, 1).

    Raises:
        ValueError: An argument out of its range, or a name that Keras does not know.

    Example:
        >>> build_model().count_params()
        497
    """
    units = _checked_units(units)
    rates = _checked_rates(dropout, len(units))
    if learning_rate is not None and not (_is_real(learning_rate) and 0 < learning_rate < math.inf):
        raise ValueError(f"learning_rate must be a positive number, got {learning_rate!r}. Try 0.001.")

    keras = load_keras()
    _check_activation(activation)
    inputs = keras.Input((len(NAMES),))
    hidden = inputs
    for width, rate in zip(units, rates, strict=True):
        hidden = keras.layers.Dense(width, activation=activation)(hidden)
        if rate > 0:
            hidden = keras.layers.Dropout(rate)(hidden)
    outputs = keras.layers.Dense(1, activation="sigmoid")(hidden)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=_made_optimizer(optimizer, learning_rate), loss="binary_crossentropy", metrics=["accuracy"])
    return model


def _is_real(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _checked_units(units: Sequence[int]) -> tuple[int, ...]:
    if isinstance(units, str) or not isinstance(units, Iterable):
        raise ValueError(f"units lists the units of each hidden layer, got {units!r}. Try (16,).")
    for width in units:
        if not isinstance(width, numbers.Integral) or isinstance(width, bool) or width < 1:
            raise ValueError(f"A hidden layer needs a whole number of units, 1 or more, got {width!r}. Try 16.")
    return tuple(int(width) for width in units)


def _checked_rates(dropout: float | Sequence[float], layers: int) -> tuple[float, ...]:
    one_for_all = isinstance(dropout, (str, numbers.Number))
    rates: tuple[Any, ...] = (dropout,) if one_for_all else tuple(dropout)  # type: ignore[arg-type]
    for rate in rates:
        if not _is_real(rate) or not 0 <= rate < 1:
            raise ValueError(f"A dropout rate is the share dropped, from 0 to below 1, got {rate!r}. Try 0.5.")
    if one_for_all:
        rates *= layers
    if len(rates) != layers:
        raise ValueError(f"{len(rates)} dropout rates for {layers} hidden layers. Give one, or one for each.")
    return tuple(float(rate) for rate in rates)


def _check_activation(activation: str) -> None:
    import keras

    known = sorted(
        name
        for name, member in vars(keras.activations).items()
        if inspect.isfunction(member) and name not in ("get", "serialize", "deserialize")
    )
    if activation not in known:
        raise ValueError(f"Keras has no activation {activation!r}. It has: {', '.join(known)}.")


def _made_optimizer(
    optimizer: str | keras.optimizers.Optimizer, learning_rate: float | None
) -> keras.optimizers.Optimizer:
    import keras

    if isinstance(optimizer, keras.optimizers.Optimizer):
        if learning_rate is not None:
            raise ValueError("learning_rate goes with the name of an optimizer. Set it on the optimizer you made.")
        return optimizer
    wrappers = ("Optimizer", "LossScaleOptimizer", "MultiOptimizer")
    known: dict[str, Any] = {
        name.lower(): member
        for name, member in vars(keras.optimizers).items()
        if inspect.isclass(member) and issubclass(member, keras.optimizers.Optimizer) and name not in wrappers
    }
    if not isinstance(optimizer, str) or optimizer.lower() not in known:
        raise ValueError(f"Keras has no optimizer {optimizer!r}. It has: {', '.join(sorted(known))}.")
    chosen = known[optimizer.lower()]
    return chosen() if learning_rate is None else chosen(learning_rate=float(learning_rate))
