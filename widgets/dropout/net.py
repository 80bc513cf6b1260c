"""The network whose units are dropped: made from a number of units, or a copy of a model. No run, no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from firstepoch.data.loading import load_keras
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.network import compute as network
from firstepoch.widgets.network.plan import chain

if TYPE_CHECKING:
    import keras

MOST_UNITS = 10_000
MADE_INPUTS = 8
"""Inputs of a network made from a number of units, where no data say how many."""
_KEPT = 12
MADE_SEED = 0
"""Seed of the rows and of the weights that are made up. The masks have a seed of their own."""


@dataclass(frozen=True)
class Drop:
    """A Dropout layer that can be shown.

    Attributes:
        layer: The layer, in the copy.
        rate: Its own rate, the share dropped.
        block: The layer of units it follows: 0 for the inputs, then the Dense layers.
        linear: Whether all that follows it is linear, so that the mean of outputs is the output of means.
    """

    layer: Any
    rate: float
    block: int
    linear: bool


@dataclass(frozen=True)
class Pass:
    """One batch through the network; of one row of it, all values are float32 of shape (units,).

    Attributes:
        before: What went into the chosen Dropout layer.
        after: What came out of it.
        output: What the model gave.
        raw: For each layer of units (the inputs, then each Dense), what it gave before its Dropout.
        values: The same after it.
        gone: By the name of each Dropout layer at work, True where a unit was dropped: shape (rows, units) for the
            chosen layer, (units,) for the others.
    """

    before: np.ndarray
    after: np.ndarray
    output: np.ndarray
    raw: list[np.ndarray]
    values: list[np.ndarray]
    gone: dict[str, np.ndarray]


class Network:
    """A chain of dense layers with Dropout, in a copy of its own: the model that was given is left as it is.

    Args:
        source: A number of units, or a built keras.Model with a Dropout layer.
        inputs: Inputs of a network made from a number of units.

    Attributes:
        model: The copy.
        made: Whether it was made from a number of units.
        drops: Its Dropout layers, from input to output.
        normalised: Whether it normalises batches, which has a training mode of its own.

    Raises:
        SettingsError: The source is neither, or cannot be drawn, or has no Dropout; the message says what to do.
    """

    def __init__(self, source: Any, inputs: int = MADE_INPUTS) -> None:
        self.made = not hasattr(source, "get_weights")
        if self.made:
            source = _made(_units(source), inputs)
        try:
            network.plan(source)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        self.model = _copy(source)
        self._passes: dict[tuple[Any, ...], Callable[[Any, Any], Pass]] = {}
        self._weights = source.get_weights()
        self._chain = chain(self.model)
        own = {layer.name: float(layer.rate) for layer in chain(source) if _is_dropout(layer)}
        self.drops = tuple(self._drops(own))
        shown = [drop.layer for drop in self.drops]
        # Dropout on rows of more than one axis is at work, but no row of units shows it.
        self._others = [layer for layer in self._chain if _is_dropout(layer) and layer not in shown]
        for layer in self._others:
            layer.rate = own[layer.name]
        self.normalised = any(type(layer).__name__ == "BatchNormalization" for layer in self._chain)
        if not self.drops:
            raise SettingsError(
                "This model has no Dropout layer behind a row of units. Add one after a hidden layer, for example "
                "hidden = keras.layers.Dropout(0.5)(hidden), or give a number of units, for example DropoutView(16)."
            )
        self.reset(0, self.drops[0], self.drops[0].rate)

    @property
    def inputs(self) -> int:
        """Values in a row."""
        return int(np.prod(self.model.inputs[0].shape[1:]))

    def drop(self, name: str) -> Drop:
        """The Dropout layer of this name; the first one for an empty name.

        Raises:
            SettingsError: There is none; the message lists those there are.
        """
        for drop in self.drops:
            if name in ("", drop.layer.name):
                return drop
        names = ", ".join(drop.layer.name for drop in self.drops)
        raise SettingsError(f"There is no Dropout layer {name!r} in this model. There is: {names}.")

    def reset(self, seed: int, chosen: Drop, rate: float) -> None:
        """Weights as given, every rate its own but that of `chosen`, and every generator at the start.

        Args:
            seed: Seed of the first Dropout layer; the next has `seed + 1`, and so on.
            chosen: The layer that gets another rate.
            rate: The share it drops.
        """
        self.model.set_weights(self._weights)
        for number, drop in enumerate(self.drops):
            drop.layer.rate = rate if drop is chosen else drop.rate
            drop.layer.seed_generator.state.assign([seed + number, 0])
        for number, layer in enumerate(self._others, len(self.drops)):
            layer.seed_generator.state.assign([seed + number, 0])

    def passes(self, chosen: Drop, rows: int, training: bool) -> Callable[[Any, Any], Pass]:
        """The whole network as a function that also tells what goes on inside; `reset` comes before.

        Args:
            chosen: The Dropout layer to look into.
            rows: Rows of the batch.
            training: Whether the layers are called as in training.

        Returns:
            A function of a batch, float32 of shape (rows, inputs), and the number of a row. Each call puts the batch
            through every layer of the model once; what it returns belongs to that call.
        """
        key = (chosen.layer.name, chosen.layer.rate if training else 0.0, rows, training)
        made = self._passes.pop(key, None) or self._traced(chosen, rows, training)
        self._passes[key] = made
        while len(self._passes) > _KEPT:
            del self._passes[next(iter(self._passes))]
        return made

    def _traced(self, chosen: Drop, rows: int, training: bool) -> Callable[[Any, Any], Pass]:
        keras = load_keras()
        tapped = self._tapped(chosen)
        shape = (rows, *self.model.inputs[0].shape[1:])
        drops = [drop for drop in self.drops if training and drop.layer.rate > 0]
        draws = [
            network.drawing(drop.layer.rate, rows, drop.layer.input.shape[1], drop.layer.compute_dtype)
            for drop in drops
        ]

        def one(x: Any, row: Any) -> Any:
            # Read before the layers draw: the same state draws the same mask.
            states = [drop.layer.seed_generator.state.value * 1 for drop in drops]
            values = tapped(keras.ops.reshape(x, shape), training=training)
            gone = [draw(state) for draw, state in zip(draws, states, strict=True)]
            masks = [mask if drop is chosen else mask[row] for drop, mask in zip(drops, gone, strict=True)]
            return [value[row] for value in values], masks

        call = one
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            # As `fit` does: a call layer by layer takes fifty times as long. Concrete, because TensorFlow would warn of
            # many traces when a slider goes from rate to rate.
            specs = tf.TensorSpec((rows, self.inputs), tf.float32), tf.TensorSpec((), tf.int32)
            call = tf.function(one, autograph=False).get_concrete_function(*specs)

        def batch(x: Any, row: Any) -> Pass:
            values, masks = call(keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(row))
            entered, left, output, *blocks = (_plain(value).ravel() for value in values)
            half = len(blocks) // 2
            gone = {drop.layer.name: np.asarray(mask) for drop, mask in zip(drops, masks, strict=True)}
            return Pass(entered, left, output, blocks[:half], blocks[half:], gone)

        return batch

    def _tapped(self, chosen: Drop) -> keras.Model:
        keras = load_keras()
        blocks: list[list[Any]] = []
        for layer in self._chain:
            if not blocks or type(layer).__name__ == "Dense":
                blocks.append([])
            blocks[-1].append(layer)
        before, after = [], []
        for block in blocks:
            drops = [layer for layer in block if _is_dropout(layer)]
            before.append(drops[0].input if drops else block[-1].output)
            after.append(drops[-1].output if drops else block[-1].output)
        inside = [chosen.layer.input, chosen.layer.output, self.model.outputs[0]]
        return keras.Model(self.model.inputs[0], [*inside, *before, *after])

    def _drops(self, own: dict[str, float]) -> list[Drop]:
        found, block = [], 0
        for place, layer in enumerate(self._chain):
            block += type(layer).__name__ == "Dense"
            if _is_dropout(layer) and len(layer.input.shape) == 2:
                linear = all(_is_linear(later) for later in self._chain[place + 1 :])
                found.append(Drop(layer, own[layer.name], block, linear))
        return found


def _units(source: Any) -> int:
    if isinstance(source, bool) or not isinstance(source, int | np.integer):
        raise SettingsError(
            f"model_or_units is {type(source).__name__}; give a number of units, for example 16, or a built "
            "keras.Model with a Dropout layer, for example heart.build_model(dropout=0.5)."
        )
    if not 1 <= source <= MOST_UNITS:
        raise SettingsError(f"units is {source:,}. Use a whole number from 1 to {MOST_UNITS:,}, for example 16.")
    return int(source)


def _made(units: int, inputs: int) -> keras.Model:
    keras = load_keras()
    start = [keras.initializers.GlorotUniform(seed=MADE_SEED + number) for number in range(2)]
    return keras.Sequential(
        [
            keras.Input((inputs,)),
            keras.layers.Dense(units, activation="relu", kernel_initializer=start[0], name="hidden"),
            keras.layers.Dropout(0.5, name="dropout"),
            keras.layers.Dense(1, activation="sigmoid", kernel_initializer=start[1], name="output"),
        ]
    )


def _copy(model: keras.Model) -> keras.Model:
    """The same layers with other generators. A Dropout of rate 0 has none, so it is made with another rate."""
    keras = load_keras()

    def clone(layer: Any) -> Any:
        config = layer.get_config()
        if _is_dropout(layer):
            config |= {"rate": layer.rate or 0.5, "seed": 0}
        return type(layer).from_config(config)

    return keras.models.clone_model(model, clone_function=clone)


def _plain(value: Any) -> np.ndarray:
    """As numpy; half precision that numpy does not know becomes float32, which holds the same numbers."""
    array = np.asarray(value)
    return array if array.dtype.kind == "f" else array.astype(np.float32)


def _is_dropout(layer: Any) -> bool:
    return type(layer).__name__ == "Dropout"


def _is_linear(layer: Any) -> bool:
    if type(layer).__name__ == "Dense":
        return getattr(layer.activation, "__name__", "") == "linear"
    return type(layer).__name__ in ("Dropout", "Flatten")
