"""What Keras brings along, counted in the installed package."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any, Final

KINDS: Final = ("layers", "optimizers", "losses", "metrics", "callbacks", "applications")
LECTURE: Final = {
    "layers": ("InputLayer", "Dense", "Dropout"),
    "optimizers": ("Adam", "SGD"),
    "losses": ("BinaryCrossentropy",),
    "metrics": ("BinaryAccuracy",),
    "callbacks": ("EarlyStopping",),
    "applications": (),
}
"""What the lecture uses of each."""
_FIRST: Final = ("core", "regularization", "preprocessing")
"""Families of layers that stand first, because the lecture uses them."""


@dataclass(frozen=True)
class Shelf:
    """One kind of things.

    Attributes:
        kind: Name of Keras's module.
        families: Their names, by the family they are of.
    """

    kind: str
    families: dict[str, list[str]]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(map(len, self.families.values()))


def shelves(keras: Any) -> list[Shelf]:
    """What there is of each kind: each class once, whatever other names it has, and without the base class."""
    bases = {
        "layers": keras.layers.Layer,
        "optimizers": keras.optimizers.Optimizer,
        "losses": keras.losses.Loss,
        "metrics": keras.metrics.Metric,
        "callbacks": keras.callbacks.Callback,
    }
    found = [Shelf(kind, _classes(getattr(keras, kind), base)) for kind, base in bases.items()]
    models = sorted(name for name, _ in inspect.getmembers(keras.applications, inspect.isfunction))
    return [*found, Shelf("applications", {"": models})]


def _classes(module: Any, base: type) -> dict[str, list[str]]:
    names: dict[type, str] = {}
    for name, one in inspect.getmembers(module, inspect.isclass):
        # Of several names its own one is taken, if Keras exports it under that.
        if issubclass(one, base) and one is not base and (one not in names or name == one.__name__):
            names[one] = name
    families: dict[str, list[str]] = {}
    for one in sorted(names, key=lambda it: names[it].lower()):
        # keras.src.layers.convolutional.conv1d: the fourth word is the family. Other modules have none.
        words = one.__module__.split(".")
        family = words[3] if base.__name__ == "Layer" and len(words) > 4 else ""
        families.setdefault(family, []).append(names[one])
    order = sorted(families, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name == "", name))
    return {name: families[name] for name in order}
