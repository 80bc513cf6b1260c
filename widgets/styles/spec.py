"""What the model is: its settings, checked, and its layers in order. No code and no Keras here."""

from __future__ import annotations

import math
from dataclasses import dataclass

from firstepoch.widgets.errors import SettingsError

ACTIVATIONS = ("relu", "tanh", "sigmoid", "linear")
OUTPUT_ACTIVATIONS = ("sigmoid", "softmax", "linear")
MOST_INPUTS, MOST_UNITS, MOST_HIDDEN, MOST_OUTPUTS = 10_000, 1_000, 3, 100


@dataclass(frozen=True)
class Layer:
    """One layer of the model.

    Attributes:
        key: What its lines of code are linked by.
        make: The Python that makes it, such as `layers.Dense(16, activation="relu")`; an Input for an input.
        takes: Keys of the layers whose outputs go in; empty for an input.
        reads: Numbers in a row that goes in.
        gives: Numbers in a row that comes out.
        kind: "input", "dense", "dropout" or "join".
    """

    key: str
    make: str
    takes: tuple[str, ...]
    reads: int
    gives: int
    kind: str

    @property
    def label(self) -> str:
        """As it is called on the card: `Dense(16, relu)`."""
        if self.kind == "input":
            return f"Input({self.gives})"
        return self.make.removeprefix("layers.").replace("activation=", "").replace('"', "")

    @property
    def formula(self) -> str:
        """How its parameters are counted, in words of numbers; "" for a layer that learns nothing."""
        return f"({self.reads:,} + 1) × {self.gives:,}" if self.kind == "dense" else ""


@dataclass(frozen=True)
class Spec:
    """The settings of ModelStyles; see there."""

    inputs: int
    second: int
    units: tuple[int, ...]
    activation: str
    dropout: float
    outputs: int
    output_activation: str
    seed: int

    def check(self) -> None:
        """Refuse what is no model.

        Raises:
            SettingsError: A setting is out of range, or two do not go together.
        """
        _range("number of inputs", self.inputs, 1, MOST_INPUTS)
        _range("number of outputs", self.outputs, 1, MOST_OUTPUTS)
        _range("seed", self.seed, 0, 2**32 - 1)
        if len(self.units) > MOST_HIDDEN:
            raise SettingsError(f"There are {len(self.units)} hidden layers; use {MOST_HIDDEN} at most.")
        for units in self.units:
            _range("number of units", units, 1, MOST_UNITS)
        if not (math.isfinite(self.dropout) and 0 <= self.dropout < 1):
            raise SettingsError(f"The dropout rate is {self.dropout:g}; use 0 for none, or a share such as 0.5.")
        if self.dropout and not self.units:
            raise SettingsError("Dropout needs a hidden layer to drop from. Add one, or set the rate to 0.")
        if self.outputs == 1 and self.output_activation == "softmax":
            raise SettingsError("softmax over a single output is always 1. Try sigmoid, or two outputs and more.")
        if not 0 <= self.second < self.inputs:
            raise SettingsError(
                f"{self.second:,} of the {self.inputs:,} inputs cannot go into a second one: one must stay at least. "
                "Use 0 for a single input."
            )
        if self.second and not self.units:
            raise SettingsError("Two inputs need a hidden layer each. Add units, or set the second input to 0.")

    @property
    def layers(self) -> list[Layer]:
        """The layers in the order in which a row meets them."""
        made: list[Layer] = []
        hidden = list(self.units)

        def add(key: str, make: str, takes: tuple[str, ...], reads: int, gives: int, kind: str) -> None:
            made.append(Layer(key, make, takes, reads, gives, kind))

        def enter(key: str, width: int) -> None:
            add(key, f"keras.Input(({width},))", (), width, width, "input")

        def dense(key: str, before: Layer, units: int, activation: str) -> None:
            chosen = "" if activation == "linear" else f', activation="{activation}"'
            add(key, f"layers.Dense({units}{chosen})", (before.key,), before.gives, units, "dense")

        def drop(number: int) -> None:
            if self.dropout:
                width = made[-1].gives
                make = f"layers.Dropout({self.dropout:g})"
                add(self._name("dropout", number), make, (made[-1].key,), width, width, "dropout")

        if self.second:
            enter("first", self.inputs - self.second)
            enter("second", self.second)
            units = hidden.pop(0)
            for door in tuple(made):
                dense(f"{door.key}_hidden", door, units, self.activation)
            both = tuple(layer.key for layer in made[2:])
            add("join", "layers.Concatenate()", both, 2 * units, 2 * units, "join")
            drop(1)
        else:
            enter("inputs", self.inputs)
        for number, units in enumerate(hidden, 2 if self.second else 1):
            dense(self._name("hidden", number), made[-1], units, self.activation)
            drop(number)
        dense("outputs", made[-1], self.outputs, self.output_activation)
        return made

    def _name(self, kind: str, number: int) -> str:
        return f"{kind}{number}" if len(self.units) > 1 else kind


def _range(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise SettingsError(f"The {what} is {value:,}; use {least:,} to {most:,}.")
