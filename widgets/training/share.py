"""Decides when two models may share one trace: a key that is equal only if their traced updates would be equal.

Wrong sharing would train the wrong model, so whatever is not known to be safe gets no key.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from typing import Any

_LAYERS = ("activations", "attention", "convolutional", "core", "merging", "normalization", "pooling")
_LAYER_PACKAGES = tuple(f"keras.src.layers.{name}." for name in (*_LAYERS, "regularization", "reshaping", "rnn"))
_OPTIMIZERS = frozenset(["SGD", "RMSprop", "Adam", "AdamW", "Adamax", "Adagrad", "Adadelta", "Nadam", "Ftrl", "Lion"])
_WRAPPED_BY_KERAS = frozenset({"build", "quantize", "loss"})


def model_key(model: Any, variables: list[Any]) -> str | None:
    """What a trace of this model's step depends on, or None where it is not safe to say.

    Names given to layers are left out, and so is a plain learning rate, because it is a variable.

    Args:
        model: A built and compiled `keras.Model`.
        variables: Every Keras variable its steps read or write, in the order of the trace's arguments.

    Returns:
        A string, equal for models that may share a trace.
    """
    import keras

    if not _is_plain(model):
        return None
    trained = {id(variable) for variable in model.trainable_variables}
    try:
        return json.dumps(
            [
                _anonymous(model.get_config()),
                _compile_config(model),
                [
                    [
                        list(variable.shape),
                        variable._dtype,
                        variable.trainable,
                        id(variable) in trained,
                        variable.value.device,
                        _config(variable.regularizer),
                        _config(variable.constraint),
                    ]
                    for variable in variables
                ],
                [layer.trainable for layer in model._flatten_layers()],
                _names(model),
                bool(model.jit_compile),
                [keras.config.floatx(), keras.config.epsilon(), keras.config.dtype_policy().name],
            ]
        )
    except (TypeError, ValueError, NotImplementedError, AttributeError):
        return None


def _is_plain(model: Any) -> bool:
    """True if everything the step runs is Keras's own code with its state in variables."""
    from keras.src.models.functional import Functional
    from keras.src.models.sequential import Sequential

    layers = list(model._flatten_layers())
    models = [layer for layer in layers if type(layer) in (Functional, Sequential)]
    if type(model) not in (Functional, Sequential) or any(layer._metrics for layer in layers):
        return False
    for layer in layers:
        named = type(layer).__module__.startswith(_LAYER_PACKAGES) and type(layer).__name__ != "Lambda"
        if not (named or layer in models) or getattr(layer, "quantization_mode", None):
            return False
    optimizer = model.optimizer
    if type(optimizer).__name__ not in _OPTIMIZERS or optimizer.loss_scale_factor is not None:
        return False
    if getattr(optimizer, "_exclude_from_weight_decay", None) or getattr(
        optimizer, "_exclude_from_weight_decay_pattern", None
    ):
        return False
    parts = [*layers, optimizer, *_losses(model), *model.metrics]
    if model._compile_metrics is not None:
        parts += model._compile_metrics.metrics
    for variable in model.variables:
        parts += [part for part in (variable.regularizer, variable.constraint) if part is not None]
    return all(_is_keras(part) for part in parts)


def _losses(model: Any) -> Iterator[Any]:
    if model._compile_loss is not None:
        for _, loss, *_ in model._compile_loss._flat_losses:
            yield loss


def _is_keras(part: Any) -> bool:
    """True for an instance of a class of Keras with no method replaced and no foreign function inside."""
    kind = type(part)
    if inspect.isfunction(part):
        # By identity: a user's function may bear the name of one of Keras's.
        return _in_keras(part) and getattr(sys.modules[part.__module__], part.__qualname__, None) is part
    if not _in_keras(kind):
        return False
    for name, value in vars(part).items():
        if name in _WRAPPED_BY_KERAS and not inspect.isfunction(value):
            continue
        if name in ("build", "quantize", "train_function", "test_function", "predict_function"):
            continue
        if inspect.isfunction(inspect.getattr_static(kind, name, None)) and name not in _WRAPPED_BY_KERAS:
            return False
        if inspect.isfunction(value) and not _is_keras(value):
            return False
        if callable(value) and not inspect.isfunction(value) and not _in_keras(type(value)):
            return False
    return True


def _in_keras(thing: Any) -> bool:
    module = getattr(thing, "__module__", None)
    return isinstance(module, str) and module.startswith("keras.src.")


def _config(thing: Any) -> Any:
    import keras

    return None if thing is None else keras.saving.serialize_keras_object(thing)


def _compile_config(model: Any) -> Any:
    from keras.src.backend import Variable

    config = dict(model.get_compile_config())
    optimizer = dict(config["optimizer"])
    optimizer["config"] = dict(optimizer["config"], name=None)
    if isinstance(model.optimizer._learning_rate, Variable):
        optimizer["config"]["learning_rate"] = None
    config["optimizer"] = optimizer
    config.pop("steps_per_execution", None)
    return config


def _names(model: Any) -> Any:
    """Names of inputs and outputs where data or losses may be matched by them."""
    inputs, outputs = getattr(model, "input_names", None), getattr(model, "output_names", None)
    structures = [getattr(model, "_inputs_struct", None), getattr(model, "_outputs_struct", None)]
    if all(len(names or [0]) == 1 for names in (inputs, outputs)) and not any(
        isinstance(structure, dict) for structure in structures
    ):
        return None
    return [inputs, outputs]


def _anonymous(config: Any) -> Any:
    """A model's config with its layers numbered instead of named, nested models included."""
    entries = config["layers"]
    alias = {entry["config"]["name"]: f"#{number}" for number, entry in enumerate(entries)}
    layers = []
    for entry in entries:
        inner = entry["config"]
        inner = _anonymous(inner) if "layers" in inner else dict(inner, name=None)
        nodes = _renamed(entry.get("inbound_nodes"), alias)
        layers.append(dict(entry, name=None, config=inner, inbound_nodes=nodes))
    ends = {key: _relabelled(config.get(key), alias) for key in ("input_layers", "output_layers")}
    return dict(config, name=None, layers=layers, **ends)


def _renamed(node: Any, alias: dict[str, str]) -> Any:
    """Replaces layer names, in `keras_history` entries only."""
    if isinstance(node, dict):
        return {
            key: [alias.get(value[0], value[0]), *value[1:]] if key == "keras_history" else _renamed(value, alias)
            for key, value in node.items()
        }
    return [_renamed(item, alias) for item in node] if isinstance(node, list | tuple) else node


def _relabelled(ends: Any, alias: dict[str, str]) -> Any:
    """Replaces layer names in the [name, node, tensor] lists of a model's inputs and outputs."""
    if isinstance(ends, dict):
        return {key: _relabelled(value, alias) for key, value in ends.items()}
    if isinstance(ends, list | tuple):
        return [_relabelled(item, alias) for item in ends]
    return alias.get(ends, ends) if isinstance(ends, str) else ends
