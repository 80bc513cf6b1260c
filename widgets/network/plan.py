"""Reads a Keras model into a plan: what there is to draw and where its numbers lie. It computes no activations.

A plan is plain data (JSON holds it): it travels to the browser and is saved in a Recording's settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

EXTRA = 8


def plan(
    model: keras.Model,
    feature_names: Sequence[str] | None = None,
    max_units: int = 24,
    source_columns: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Describe a plain chain of dense layers.

    Args:
        model: A built model: inputs, then Dense layers, with Dropout, BatchNormalization, Flatten and
            activation layers between them.
        feature_names: Name of each input. Default: "input 0", "input 1", ...
        max_units: Layers of more than `max_units + 8` units are summarised by their first and last units,
            `max_units` together.
        source_columns: The raw column each input came from; neighbours of one column are bracketed.

    Returns:
        A dict with `inputs` (number of input values), `total` (equal to `model.count_params()`),
        `dropouts` (number of Dropout layers at work), `parameters` (for each layer that has any: `layer`,
        `formula`, `count`) and `layers`. The first of the `layers` is the input; then one for each Dense:

        * `name`, `kind` ("input" or "dense"), `units`, `activation` (its caption);
        * `shown`: indices of the units drawn, all of them unless summarised;
        * `names`, `groups`: for the input, the names of the shown ones and `[label, first, last]` of each bracket
          (positions in `shown`);
        * `dropouts`: for each Dropout behind the layer, `name`, `rate` and `slot` (its number in the model);
        * `kernel`, `bias`: where its weights begin in `parameters(model)`; `bias` is -1 without one;
        * `steps`: what follows the weighted sum, in order.

    Raises:
        ValueError: The model is not built, branches, or has a layer that cannot be drawn; the layer is named.
    """
    if max_units < 2:
        raise ValueError(f"max_units must be at least 2; got {max_units}.")
    parts = chain(model)
    offsets, total = {}, 0
    for weight in model.weights:
        offsets[id(weight)] = total
        total += prod(weight.shape)
    inputs = prod(model.inputs[0].shape[1:])
    layers = [_layer(parts[0].name, "input", inputs, max_units)]
    _name_inputs(layers[0], feature_names, source_columns)
    rows: list[dict[str, Any]] = []
    slots = 0
    for layer in parts:
        kind, last = type(layer).__name__, layers[-1]
        if kind in ("InputLayer", "Flatten"):
            continue
        if kind == "Dense":
            if layer.kernel.shape[0] != last["units"]:
                raise ValueError(_refusal(layer, "works on one axis of a larger tensor; put a Flatten before it"))
            drawn = _layer(layer.name, "dense", layer.units, max_units)
            drawn["kernel"] = offsets[id(layer.kernel)]
            drawn["bias"] = offsets[id(layer.bias)] if layer.use_bias else -1
            drawn["steps"] = _activation_steps(layer)
            layers.append(drawn)
        elif kind == "Dropout":
            if layer.noise_shape is not None:
                raise ValueError(_refusal(layer, "has a noise_shape; only Dropout without one is drawn"))
            if layer.rate > 0:
                last["dropouts"].append({"name": layer.name, "rate": float(layer.rate), "slot": slots})
                slots += 1
        elif kind == "BatchNormalization":
            step: dict[str, Any] = {"op": "normalize", "epsilon": layer.epsilon}
            for part in ("gamma", "beta", "moving_mean", "moving_variance"):
                weight = getattr(layer, part, None)
                step[part] = -1 if weight is None else offsets[id(weight)]
            last["steps"].append(step)
        else:
            last["steps"] += _activation_steps(layer)
        if layer.weights:
            rows.append(_parameters(layer, layers))
    for drawn in layers:
        drawn["activation"] = _caption(drawn)
    if len(layers) == 1:
        raise ValueError("There is no Dense layer in this model, so there are no weights to draw.")
    return {"inputs": inputs, "total": total, "dropouts": slots, "parameters": rows, "layers": layers}


def named(
    plan: dict[str, Any], feature_names: Sequence[str] | None, source_columns: Sequence[str] | None = None
) -> dict[str, Any]:
    """The same plan with other names for its inputs.

    Args:
        plan: What `plan` returned.
        feature_names: Name of each input; None for "input 0", "input 1", ...
        source_columns: The raw column each input came from; None for no brackets.

    Returns:
        A new plan; the old one is left as it is.

    Raises:
        ValueError: There are more or fewer names than inputs.
    """
    first = {**plan["layers"][0], "groups": []}
    _name_inputs(first, feature_names, source_columns)
    return {**plan, "layers": [first, *plan["layers"][1:]]}


def chain(model: keras.Model) -> list[Any]:
    """The layers of a model from its Input to its output.

    Args:
        model: A built model that is a plain chain of layers.

    Raises:
        ValueError: The model is not built, or it branches; the layer is named.
    """
    if not getattr(model, "built", False) or not getattr(model, "outputs", None):
        raise ValueError(
            "The model is not built yet. Give it an Input, as in keras.Sequential([keras.Input((29,)), ...])."
        )
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError(
            f"The model has {len(model.inputs)} inputs and {len(model.outputs)} outputs; only one of each is drawn."
        )
    found: list[Any] = []
    tensor = model.outputs[0]
    while True:
        layer, node, _ = tensor._keras_history
        if layer in found:
            raise ValueError(_refusal(layer, "is used more than once; only a plain chain of layers is drawn"))
        found.append(layer)
        sources = layer._inbound_nodes[node].input_tensors
        if not sources:
            break
        if len(sources) != 1:
            raise ValueError(_refusal(layer, f"joins {len(sources)} branches; only a plain chain of layers is drawn"))
        tensor = sources[0]
    found.reverse()
    if type(found[0]).__name__ != "InputLayer":
        raise ValueError(_refusal(found[0], "is where the model begins, and it is no Input"))
    return found


def _layer(name: str, kind: str, units: int, max_units: int) -> dict[str, Any]:
    shown = list(range(units))
    if units > max_units + EXTRA:
        first = (max_units + 1) // 2
        shown = shown[:first] + shown[units - (max_units - first) :]
    return {
        "name": name,
        "kind": kind,
        "units": units,
        "activation": "",
        "shown": shown,
        "names": [],
        "groups": [],
        "dropouts": [],
        "kernel": -1,
        "bias": -1,
        "steps": [],
    }


def _name_inputs(layer: dict[str, Any], names: Sequence[str] | None, columns: Sequence[str] | None) -> None:
    units = layer["units"]
    names = [f"input {i}" for i in range(units)] if names is None else [str(name) for name in names]
    for what, given in (("feature_names", names), ("source_columns", columns)):
        if given is not None and len(given) != units:
            raise ValueError(f"{what} has {len(given)} entries; the model has {units} inputs.")
    layer["names"] = [names[i] for i in layer["shown"]]
    if columns is None:
        return
    groups: list[list[Any]] = []
    for position, i in enumerate(layer["shown"]):
        if groups and groups[-1][0] == str(columns[i]):
            groups[-1][2] = position
        else:
            groups.append([str(columns[i]), position, position])
    layer["groups"] = groups


def _activation_steps(layer: Any) -> list[dict[str, Any]]:
    import keras

    kind = type(layer).__name__
    if kind in ("Dense", "Activation"):
        inner = layer.activation
        if isinstance(inner, keras.Layer):
            return _activation_steps(inner)
        name = getattr(inner, "__name__", "")
        if getattr(keras.activations, name, None) is not inner:
            raise ValueError(_refusal(layer, "has an activation that is not one of keras.activations"))
        return [{"op": "activation", "name": name, "args": {}}]
    if kind == "ReLU":
        args = {"max_value": layer.max_value, "negative_slope": layer.negative_slope, "threshold": layer.threshold}
        plain = args == {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}
        return [{"op": "activation", "name": "relu", "args": {} if plain else args}]
    if kind == "LeakyReLU":
        return [{"op": "activation", "name": "leaky_relu", "args": {"negative_slope": layer.negative_slope}}]
    if kind == "ELU":
        return [{"op": "activation", "name": "elu", "args": {"alpha": layer.alpha}}]
    if kind == "Softmax":
        return [{"op": "activation", "name": "softmax", "args": {}}]
    raise ValueError(
        _refusal(layer, "cannot be drawn; Dense, Dropout, BatchNormalization, Flatten and activations can")
    )


def _caption(layer: dict[str, Any]) -> str:
    words = ["batch norm" if step["op"] == "normalize" else step["name"] for step in layer["steps"]]
    words = [word for word in words if word != "linear"]
    return ", ".join(words) if words or layer["kind"] == "input" else "linear"


def _parameters(layer: Any, layers: list[dict[str, Any]]) -> dict[str, Any]:
    count = layer.count_params()
    if type(layer).__name__ == "Dense":
        inputs = f"({layers[-2]['units']} + 1)" if layer.use_bias else f"{layers[-2]['units']}"
        formula = f"{inputs} × {layer.units} = {count:,}"
    else:
        formula = f"{len(layer.weights)} × {layers[-1]['units']} = {count:,}"
    return {"layer": layer.name, "formula": formula, "count": count}


def _refusal(layer: Any, why: str) -> str:
    return f"Layer {layer.name!r} ({type(layer).__name__}) {why}."
