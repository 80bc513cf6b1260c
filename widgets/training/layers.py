"""The settings of the hidden layers: one value for all of them or one for each. No Keras and no widget here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from firstepoch.widgets.training.values import LARGEST, is_number, is_whole, plain

if TYPE_CHECKING:
    from firstepoch.widgets.training.settings import Settings

LAYER_SETTINGS = ("activation", "dropout", "batch_normalization", "l2")
"""Settings that a hidden layer has beside its units."""

ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "selu", "gelu", "silu", "softplus", "linear")
"""The activations offered."""
KNOWN_ACTIVATIONS = (
    *ACTIVATIONS,
    *("celu", "exponential", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "leaky_relu"),
    *("log_sigmoid", "log_softmax", "mish", "relu6", "soft_shrink", "softmax", "softsign", "sparse_plus"),
    *("sparse_sigmoid", "sparsemax", "squareplus", "swish", "tanh_shrink"),
)
"""The activations Keras has that leave as many values as they are given."""
_MOST_UNITS = 100_000


def each(value: Any, layers: int) -> tuple[Any, ...]:
    """The value of a setting for each hidden layer."""
    return value if isinstance(value, tuple) else (value,) * layers


def layer_problems(s: Settings) -> Iterator[str]:
    """What makes the settings of the hidden layers unfit, a sentence each."""
    if not all(is_whole(units) and 1 <= units <= _MOST_UNITS for units in s.units):
        yield f"A hidden layer needs 1 unit or more, and {_MOST_UNITS} at most; units is {list(s.units)}. Try 16."
    if not _all(s.dropout, lambda rate: is_number(rate) and 0 <= rate < 1):
        yield f"Dropout is the share dropped, from 0 to below 1; it is {plain(s.dropout)}. Try 0.5."
    for name in _values(s.activation):
        if name not in KNOWN_ACTIVATIONS:
            yield f"Keras has no activation {name!r}. Try one of these: {', '.join(ACTIVATIONS)}."
    if not _all(s.batch_normalization, lambda on: isinstance(on, bool | np.bool_)):
        yield f"batch_normalization is True or False, for all hidden layers or for each; it is {_shown(s)}. Try True."
    if any(_values(s.batch_normalization)) and s.units and s.batch_size == 1:
        yield (
            "Batch normalization compares the rows of a batch with each other, but batch_size is 1, so nothing would "
            "be left of a row. Try 32."
        )
    if not _all(s.l2, lambda strength: is_number(strength) and 0 <= strength < LARGEST):
        yield f"L2 multiplies the squared weights, so it is a number from 0 up; it is {plain(s.l2)}. Try 0.001."
    nouns = ("activations", "dropout rates", "values of batch_normalization", "values of l2")
    for name, noun in zip(LAYER_SETTINGS, nouns, strict=True):
        value = getattr(s, name)
        if isinstance(value, tuple) and len(value) != len(s.units):
            yield f"There are {len(s.units)} hidden layers but {len(value)} {noun}. Give one for each layer."


def _values(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _all(value: Any, fits: Callable[[Any], bool]) -> bool:
    return all(fits(one) for one in _values(value))


def _shown(s: Settings) -> Any:
    return repr(plain(s.batch_normalization))


def layers_in_words(s: Settings) -> list[str]:
    """The hidden layers in a few words: "16 + 8 relu", "dropout 0.5", "batch norm", "L2 0.01"."""
    if not s.units:
        return ["no hidden layer"]
    count = len(s.units)
    kinds = each(s.activation, count)
    if len(set(kinds)) == 1:
        parts = [f"{' + '.join(map(str, s.units))} {kinds[0]}"]
    else:
        parts = [" + ".join(f"{units} {kind}" for units, kind in zip(s.units, kinds, strict=True))]
    if any(_values(s.dropout)):
        parts.append("dropout " + ", ".join(f"{rate:g}" for rate in _values(s.dropout)))
    normal = each(s.batch_normalization, count)
    if any(normal):
        where = [str(layer + 1) for layer, on in enumerate(normal) if on]
        layers = "" if all(normal) else f" of layer{'s' * (len(where) > 1)} {', '.join(where)}"
        parts.append(f"batch norm{layers}")
    if any(_values(s.l2)):
        parts.append("L2 " + ", ".join(f"{strength:g}" for strength in _values(s.l2)))
    return parts
