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
    activation: str | Sequence[str] = "relu",
    dropout: float | Sequence[float] = 0.0,
    batch_normalization: bool | Sequence[bool] = False,
    l2: float | Sequence[float] = 0.0,
    optimizer: str | keras.optimizers.Optimizer = "adam",
    learning_rate: float | None = None,
) -> keras.Model:
    """Build and compile the lecture's network: 29 inputs, dense hidden layers, one sigmoid output.

    The loss is binary cross-entropy and the metric accuracy. Layers are made from input to output, so plain
    Keras code with the same layers and seed starts from the same weights. The default has 497 parameters.

    A hidden layer with batch normalization is a Dense layer without activation and bias, a BatchNormalization, and
    an Activation: the order of Ioffe and Szegedy (2015), who normalise the weighted sums. A bias would be taken off
    again with the mean of the batch; BatchNormalization's beta is in its place. Dropout comes last.

    Args:
        units: Units of each hidden layer; `()` is a logistic regression.
        activation: Name of a Keras activation: one for all hidden layers, or one for each.
        dropout: Share of units dropped, in [0, 1): one rate for all hidden layers, or one for each.
            A layer with rate 0 gets no Dropout layer.
        batch_normalization: Whether a hidden layer is normalised over the batch: for all of them, or for each.
        l2: What the loss adds for the sum of a hidden layer's squared weights (not its biases), 0 or more: one
            number for all hidden layers, or one for each.
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
    rates, strengths = _checked_rates(dropout, len(units)), _checked_strengths(l2, len(units))
    normalized = _checked_flags(batch_normalization, len(units))
    if learning_rate is not None and not (_is_real(learning_rate) and 0 < learning_rate < math.inf):
        raise ValueError(f"learning_rate must be a positive number, got {learning_rate!r}. Try 0.001.")

    keras = load_keras()
    activations = _checked_activations(activation, len(units))
    inputs = keras.Input((len(NAMES),))
    hidden = inputs
    for width, kind, rate, normalize, strength in zip(units, activations, rates, normalized, strengths, strict=True):
        penalty = keras.regularizers.L2(strength) if strength else None
        if normalize:
            hidden = keras.layers.Dense(width, use_bias=False, kernel_regularizer=penalty)(hidden)
            hidden = keras.layers.BatchNormalization()(hidden)
            hidden = keras.layers.Activation(kind)(hidden)
        else:
            hidden = keras.layers.Dense(width, activation=kind, kernel_regularizer=penalty)(hidden)
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
    rates = _each(dropout, layers, "dropout rates")
    for rate in rates or _each(dropout, 1, ""):
        if not _is_real(rate) or not 0 <= rate < 1:
            raise ValueError(f"A dropout rate is the share dropped, from 0 to below 1, got {rate!r}. Try 0.5.")
    return tuple(float(rate) for rate in rates)


def _checked_strengths(l2: float | Sequence[float], layers: int) -> tuple[float, ...]:
    strengths = _each(l2, layers, "values of l2")
    for strength in strengths:
        if not _is_real(strength) or not 0 <= strength < math.inf:
            raise ValueError(f"l2 multiplies the squared weights, a number from 0 up, got {strength!r}. Try 0.001.")
    return tuple(float(strength) for strength in strengths)


def _checked_flags(batch_normalization: bool | Sequence[bool], layers: int) -> tuple[bool, ...]:
    flags = _each(batch_normalization, layers, "values of batch_normalization")
    for flag in flags:
        if flag not in (True, False):
            raise ValueError(f"batch_normalization is True or False, got {flag!r}.")
    return tuple(bool(flag) for flag in flags)


def _checked_activations(activation: str | Sequence[str], layers: int) -> tuple[str, ...]:
    import keras

    known = sorted(
        name
        for name, member in vars(keras.activations).items()
        if inspect.isfunction(member) and name not in ("get", "serialize", "deserialize")
    )
    names = _each(activation, layers, "activations")
    for name in names or _each(activation, 1, ""):
        if name not in known:
            raise ValueError(f"Keras has no activation {name!r}. It has: {', '.join(known)}.")
    return names


def _each(value: Any, layers: int, noun: str) -> tuple[Any, ...]:
    """One value for each hidden layer, of one for all or of a list."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return (value,) * layers
    values = tuple(value)
    if noun and len(values) != layers:
        raise ValueError(f"{len(values)} {noun} for {layers} hidden layers. Give one, or one for each.")
    return values


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
