"""The numbers in the picture of a network: drawn weights, sums, activations and dropped units, frame by frame.

Two orders hold everywhere, in Python and in network.ts:

* drawn (D values a frame): for each Dense layer, the kernel of the shown units, row by row (input unit by input unit,
  within it output unit by output unit), then the biases of its shown units (0 without biases);
* units (A values a frame): the shown inputs, then the shown units of each Dense layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from firstepoch.widgets.network.plan import plan

if TYPE_CHECKING:
    import keras

__all__ = ["activations", "drawing", "drawn", "dropped", "forward", "parameters", "plan", "seed_states", "through"]


def parameters(model: keras.Model) -> np.ndarray:
    """All weights as one flat vector.

    Args:
        model: A built model.

    Returns:
        float32, shape (model.count_params(),), in the order of `model.get_weights()`.
    """
    parts = [_read(weight).ravel() for weight in model.weights]
    return np.concatenate(parts).astype(np.float32, copy=False) if parts else np.empty(0, np.float32)


def _read(weight: Any) -> np.ndarray:
    handle = getattr(weight.value, "handle", None)
    if handle is None:
        return np.asarray(weight)
    import tensorflow as tf

    # A variable's own numpy() takes three times as long, and this runs once an epoch.
    return tf.raw_ops.ReadVariableOp(resource=handle, dtype=weight.value.dtype).numpy()


def drawn(weights: np.ndarray, plan: dict[str, Any]) -> np.ndarray:
    """The weights and biases that are on the picture.

    Args:
        weights: Flat parameters of each frame, shape (frames, plan["total"]).
        plan: What `plan` returned for the model.

    Returns:
        float32, shape (frames, D), in the order at the top of this module.
    """
    weights = _checked(weights, plan)
    index = []
    for before, layer in zip(plan["layers"], plan["layers"][1:], strict=False):
        shown = np.asarray(layer["shown"])
        index.append((layer["kernel"] + np.asarray(before["shown"])[:, None] * layer["units"] + shown).ravel())
        index.append(layer["bias"] + shown if layer["bias"] >= 0 else np.full(len(shown), -1))
    flat = np.concatenate(index)
    chosen = weights[:, flat]
    chosen[:, flat < 0] = 0
    return chosen


def activations(weights: np.ndarray, plan: dict[str, Any], row: np.ndarray) -> np.ndarray:
    """The output of every shown unit for one row of inputs, with Dropout off.

    Args:
        weights: Flat parameters of each frame, shape (frames, plan["total"]).
        plan: What `plan` returned for the model.
        row: The inputs, shape (plan["inputs"],) or any shape of as many values.

    Returns:
        float32, shape (frames, A), in the order at the top of this module.
    """
    return forward(weights, plan, row)[1]


def forward(weights: np.ndarray, plan: dict[str, Any], row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The weighted sums and the outputs of every shown unit for one row of inputs, with Dropout off.

    Args:
        weights: Flat parameters of each frame, shape (frames, plan["total"]).
        plan: What `plan` returned for the model.
        row: The inputs, shape (plan["inputs"],) or any shape of as many values.

    Returns:
        The sums (weights times inputs plus bias, before the activation; for an input its value) and the
        outputs, each float32 of shape (frames, A).

    Raises:
        ValueError: `row` or `weights` has another number of values than the plan says.
    """
    shown = [layer["shown"] for layer in plan["layers"]]
    pairs = list(through(weights, plan, np.reshape(row, (1, -1))))
    sums = [total[:, 0, units] for (total, _), units in zip(pairs, shown, strict=True)]
    outputs = [output[:, 0, units] for (_, output), units in zip(pairs, shown, strict=True)]
    return np.concatenate(sums, axis=1), np.concatenate(outputs, axis=1, dtype=np.float32)


def through(weights: np.ndarray, plan: dict[str, Any], rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The weighted sums and the outputs of all units for several rows of inputs, with Dropout off, layer by layer.

    Args:
        weights: Flat parameters of each frame, shape (frames, plan["total"]).
        plan: What `plan` returned for the model.
        rows: The inputs, shape (rows, plan["inputs"]).

    Yields:
        For each layer of the plan, the input first: the sums and the outputs, each of shape (frames, rows, units).

    Raises:
        ValueError: `rows` or `weights` has another number of values than the plan says.
    """
    weights = _checked(weights, plan)
    values = np.asarray(rows, np.float32)
    if values.shape[-1] != plan["inputs"]:
        raise ValueError(f"The row has {values.shape[-1]} values; the model has {plan['inputs']} inputs.")
    frames, layers = len(weights), plan["layers"]
    output = np.broadcast_to(values, (frames, *values.shape))
    for number, layer in enumerate(layers):
        with np.errstate(all="ignore"):
            total = output
            if number:
                inputs, units, start = layers[number - 1]["units"], layer["units"], layer["kernel"]
                kernel = weights[:, start : start + inputs * units].reshape(frames, inputs, units)
                total = np.matmul(output, kernel)
                if layer["bias"] >= 0:
                    total = total + weights[:, None, layer["bias"] : layer["bias"] + units]
            output = total
            for step in layer["steps"]:
                output = _normalize(output, step, weights) if step["op"] == "normalize" else _activate(output, step)
        yield total, output


def _checked(weights: np.ndarray, plan: dict[str, Any]) -> np.ndarray:
    weights = np.asarray(weights, np.float32)
    if weights.ndim != 2 or weights.shape[1] != plan["total"]:
        raise ValueError(f"weights must have shape (frames, {plan['total']}); got {weights.shape}.")
    return weights


def _normalize(x: np.ndarray, step: dict[str, Any], weights: np.ndarray) -> np.ndarray:
    def part(name: str, default: float) -> Any:
        start = step[name]
        return weights[:, None, start : start + x.shape[-1]] if start >= 0 else default

    scale = part("gamma", 1.0) / np.sqrt(part("moving_variance", 1.0) + step["epsilon"])
    return (x - part("moving_mean", 0.0)) * scale + part("beta", 0.0)


def _activate(x: np.ndarray, step: dict[str, Any]) -> np.ndarray:
    plain = None if step["args"] else _PLAIN.get(step["name"])
    if plain is not None:
        return plain(x)
    import keras

    return np.asarray(getattr(keras.activations, step["name"])(keras.ops.convert_to_tensor(x), **step["args"]))


def _sigmoid(x: np.ndarray) -> np.ndarray:
    half = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + half), half / (1 + half))


def _softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


_PLAIN: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "softplus": lambda x: np.logaddexp(x, 0),
    "softmax": _softmax,
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "silu": lambda x: x * _sigmoid(x),
}


def seed_states(model: keras.Model) -> np.ndarray:
    """The state of each Dropout layer's random generator; read it *before* the batch whose mask is wanted.

    Args:
        model: A built model.

    Returns:
        int64, shape (Dropout layers with a rate above 0, 2): seed and counter, in the order of the plan's slots.
    """
    generators = [layer.seed_generator for layer in model.layers if getattr(layer, "seed_generator", None)]
    return np.array([_read(generator.state) for generator in generators], np.int64).reshape(-1, 2)


def dropped(states: np.ndarray, plan: dict[str, Any], rows: int, jit: bool = False) -> np.ndarray:
    """Which units Keras's Dropout dropped for the first row of a batch; every other row drew its own.

    The masks are drawn again by Keras from the recorded states of its generators, so they are the ones used
    (Srivastava et al. 2014, JMLR 15:1929-1958; Keras's `rate` is the share dropped).

    Args:
        states: `seed_states(model)` before each batch, shape (frames, dropouts, 2).
        plan: What `plan` returned for the model.
        rows: Number of rows in the batch.
        jit: `model.jit_compile`: compiled by XLA, TensorFlow draws other masks from the same state.

    Returns:
        bool, shape (frames, A), in the order at the top of this module; True where a unit was dropped.
    """
    states = np.asarray(states, np.int64)
    if states.ndim != 3 or states.shape[1:] != (plan["dropouts"], 2):
        raise ValueError(f"states must have shape (frames, {plan['dropouts']}, 2); got {states.shape}.")
    masks = []
    for layer in plan["layers"]:
        mask = np.zeros((len(states), layer["units"]), bool)
        for drop in layer["dropouts"]:
            draw = _drawer(float(drop["rate"]), int(rows), int(layer["units"]), jit)
            mask |= draw(states[:, drop["slot"]])
        masks.append(mask[:, layer["shown"]])
    return np.concatenate(masks, axis=1)


def drawing(rate: float, rows: int, units: int, dtype: str = "float32") -> Callable[[Any], Any]:
    """Draws the mask of one Dropout layer again, for every row of a batch; eagerly or inside of a tf.function.

    Args:
        rate: Share dropped, above 0.
        rows: Number of rows in the batch.
        units: Number of units.
        dtype: Type of the values that were dropped; another one draws other masks.

    Returns:
        A function from the state of the layer's generator before the batch, shape (2,), to a tensor of shape
        (rows, units), True where a unit was dropped. Ones are dropped: a relu's 0 would tell nothing.
    """
    import keras

    generator = keras.random.SeedGenerator(0)
    ones = keras.ops.ones((rows, units), dtype)

    def one(state: Any) -> Any:
        generator.state.assign(state)
        return keras.random.dropout(ones, rate, seed=generator) == 0

    return one


@lru_cache(maxsize=16)
def _drawer(rate: float, rows: int, units: int, jit: bool) -> Any:
    import keras
    import tensorflow as tf

    draw = drawing(rate, rows, units)

    def one(state: Any) -> Any:
        return draw(state)[0]

    if jit or keras.backend.backend() != "tensorflow":
        compiled = tf.function(one, jit_compile=True, autograph=False) if jit else one
        return lambda states: np.array([np.asarray(compiled(tf.constant(s))) for s in states]).reshape(-1, units)

    @tf.function(input_signature=[tf.TensorSpec((None, 2), tf.int64)], autograph=False)
    def every(states: Any) -> Any:
        return tf.map_fn(one, states, fn_output_signature=tf.bool)

    return lambda states: every(states).numpy()
