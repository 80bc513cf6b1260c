"""The plain Keras program that repeats a run. It reads a built model; it trains nothing and knows no widget."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from firstepoch.widgets.training import schedule
from firstepoch.widgets.training.run import Run
from firstepoch.widgets.training.settings import Settings

_NO_DATA_CODE = """\
# x_train, y_train, x_test, y_test: the arrays this run was trained on.
with np.load("data.npz") as data:
    x_train, y_train = data["x_train"], data["y_train"]
    x_test, y_test = data["x_test"], data["y_test"]
"""


def program(run: Run, data: Any) -> str:
    """Keras code that gives the same history and weights as `run`, with keras, numpy and pandas alone.

    It leaves `model` and `history` (Keras's History) defined.

    Args:
        run: A run whose model was built.
        data: The TabularData it was trained on; its `code` rebuilds the arrays.

    Returns:
        Python source.
    """
    imports = ["import keras", "import numpy as np"]
    body = getattr(data, "code", "") or _NO_DATA_CODE
    lines = body.splitlines()
    imports += [line for line in lines if line.startswith(("import ", "from ")) and line not in imports]
    prepared = "\n".join(line for line in lines if line not in imports).strip("\n")
    return "\n".join(
        [
            *imports,
            "",
            prepared,
            "",
            f"keras.utils.set_random_seed({run.settings.seed})",
            run.model_code,
            *_fit(run),
            "",
            "test = model.evaluate(x_test, y_test, return_dict=True, verbose=0)",
            "print(test)",
            "",
        ]
    )


def model_source(model: Any) -> str:
    """Keras code that builds and compiles the same model, layer by layer where it is a plain chain of layers."""
    layers = chain(model)
    lines = _chain_lines(layers) if layers is not None else None
    config = {}
    if lines is None:
        source = model.to_json()
        config = json.loads(source)["config"]
        lines = [f"model = keras.models.model_from_json({source!r})"]
    foreign = dict.fromkeys(_foreign([config, model.get_compile_config()]))
    note = f"# Not Keras's own: {', '.join(foreign)}. Define it above, or the model cannot be built again."
    return "\n".join([*([note] if foreign else []), *lines, *_compile_lines(model)])


def _foreign(config: Any) -> Iterator[str]:
    """Names of the layers, losses and metrics in a configuration that are not part of Keras."""
    if isinstance(config, list):
        for value in config:
            yield from _foreign(value)
    elif isinstance(config, dict):
        kind, module = config.get("class_name"), str(config.get("module") or "")
        if kind in ("Lambda", "__lambda__"):
            yield "a lambda"
        elif kind and "module" in config and not module.startswith("keras"):
            yield str(config["config"] if kind == "function" else kind).rpartition(">")[2]
        else:
            for value in config.values():
                yield from _foreign(value)


def chain(model: Any) -> list[Any] | None:
    """The layers of a model in which each takes the output of the one before; None for any other model."""
    import keras

    if isinstance(model, keras.Sequential):
        return list(model.layers)
    if type(model).__name__ != "Functional":
        return None
    layers = list(model.layers)
    for before, layer in itertools.pairwise(layers):
        inputs = layer.input
        if isinstance(inputs, list | tuple | dict) or inputs is not before.output:
            return None
    return layers


def _chain_lines(layers: list[Any]) -> list[str] | None:
    import keras

    lines, inputs = [], None
    for layer in layers:
        if isinstance(layer, keras.layers.InputLayer):
            inputs = layer.batch_shape[1:]
        else:
            call = _layer(layer)
            if call is None:
                return None
            lines.append(f"x = {call}(x)")
    inputs = inputs or tuple(layers[0].input.shape[1:])
    if not lines:
        return None
    lines[-1] = lines[-1].replace("x = ", "outputs = ", 1)
    shape = f"({inputs[0]},)" if len(inputs) == 1 else repr(tuple(inputs))
    lines[0] = lines[0].removesuffix("(x)") + "(inputs)"
    return [f"inputs = keras.Input({shape})", *lines, "model = keras.Model(inputs, outputs)"]


_DEFAULTS: dict[str, dict[str, Any]] = {
    "Dense": {
        "units": None,
        "activation": "linear",
        "use_bias": True,
        "kernel_initializer": "GlorotUniform",
        "bias_initializer": "Zeros",
        "kernel_regularizer": None,
    },
    "Dropout": {"rate": None},
    "BatchNormalization": {
        "axis": -1,
        "momentum": 0.99,
        "epsilon": 0.001,
        "renorm_momentum": 0.99,
        "center": True,
        "scale": True,
        "beta_initializer": "Zeros",
        "gamma_initializer": "Ones",
        "moving_mean_initializer": "Zeros",
        "moving_variance_initializer": "Ones",
    },
    "Activation": {"activation": None},
    "Flatten": {"data_format": "channels_last"},
}
"""Keras's defaults of the layers that are written out; None for what has none and stands first."""

_EVERY_LAYER = ("name", "dtype", "trainable")


def _layer(layer: Any) -> str | None:
    """`keras.layers.Dense(16, activation="relu")` with the arguments that differ from Keras's defaults."""
    name = type(layer).__name__
    defaults = _DEFAULTS.get(name)
    if defaults is None or not type(layer).__module__.startswith("keras."):
        return None
    arguments = []
    for key, value in layer.get_config().items():
        plain = _initializer(value) if key.endswith("_initializer") else value
        if key in _EVERY_LAYER or (key in defaults and plain == defaults[key] and plain is not None):
            continue
        if key not in defaults and (plain is None or plain is False):
            continue
        if plain is None and defaults[key] is None:
            continue
        text = _regularizer(value) if key == "kernel_regularizer" else _literal(plain)
        if text is None or key not in defaults:
            return None
        first = defaults[key] is None and key != "kernel_regularizer"
        arguments.append(text if first else f"{key}={text}")
    return f"keras.layers.{name}({', '.join(arguments)})"


def _initializer(config: Any) -> str | None:
    """Class name of an initializer that has no settings but its seed; None for any other."""
    if not isinstance(config, dict) or any(value is not None for value in config["config"].values()):
        return "another" if config else None
    return str(config["class_name"])


def _regularizer(config: Any) -> str | None:
    if isinstance(config, dict) and config.get("class_name") in ("L1", "L2", "L1L2"):
        values = ", ".join(f"{key}={value!r}" for key, value in config["config"].items())
        return f"keras.regularizers.{config['class_name']}({values})"
    return None


def _literal(value: Any) -> str | None:
    if isinstance(value, str):
        return None if value == "another" else json.dumps(value)
    return repr(value) if isinstance(value, bool | int | float) else None


def _compile_lines(model: Any) -> list[str]:
    config = model.get_compile_config() or {}
    metrics = ", ".join(_named("metrics", metric) for metric in config.get("metrics") or [])
    weighted = ", ".join(_named("metrics", metric) for metric in config.get("weighted_metrics") or [])
    return [
        "model.compile(",
        f"    optimizer={_optimizer(model.optimizer)},",
        f"    loss={_named('losses', config.get('loss'))},",
        *([f"    metrics=[{metrics}],"] if metrics else []),
        *([f"    weighted_metrics=[{weighted}],"] if weighted else []),
        *([f"    loss_weights={config['loss_weights']!r},"] if config.get("loss_weights") else []),
        *(["    jit_compile=True,"] if model.jit_compile else []),
        ")",
    ]


def _named(kind: str, config: Any) -> str:
    """A loss or metric by its Keras name, or rebuilt from its configuration."""
    return json.dumps(config) if isinstance(config, str) else f"keras.{kind}.deserialize({config!r})"


def _optimizer(optimizer: Any) -> str:
    """`keras.optimizers.Adam(learning_rate=0.001)` with what differs from the optimizer's defaults."""
    import keras

    kind = type(optimizer)
    config, default = optimizer.get_config(), kind().get_config()
    changed = {
        key: value for key, value in config.items() if key not in ("name", "learning_rate") and value != default[key]
    }
    rate = config["learning_rate"]
    if kind is not getattr(keras.optimizers, kind.__name__, None) or isinstance(rate, dict):
        return f"keras.optimizers.deserialize({keras.optimizers.serialize(optimizer)!r})"
    arguments = [f"learning_rate={_shortest(rate)}", *(f"{key}={value!r}" for key, value in changed.items())]
    return f"keras.optimizers.{kind.__name__}({', '.join(arguments)})"


def _shortest(value: float) -> str:
    """The shortest number with the same float32 value: 0.001, not 0.0010000000474974513."""
    import numpy as np

    return str(np.float32(value))


def _fit(run: Run) -> list[str]:
    settings = run.settings
    epochs = settings.epochs
    note = ""
    if run.outcome in ("stopped", "failed"):
        whole = len(run.recording) - (run.partial_batches is not None)
        epochs = max(1, whole)
        note = f"  # ended here; {settings.epochs} were planned"
        if run.partial_batches is not None:
            note += f", and {run.partial_batches} batches of epoch {whole + 1} are left out"
    early = [*_early_stopping(settings), ""] if settings.early_stopping else []
    rates = schedule.code_lines(settings, run.first_rate)
    callbacks = ", ".join([*(["early_stopping"] if early else []), *(["schedule"] if rates else [])])
    return [
        "",
        *early,
        *([*rates, ""] if rates else []),
        "history = model.fit(",
        "    x_train,",
        "    y_train,",
        f"    batch_size={settings.batch_size},",
        f"    epochs={epochs},{note}",
        *([f"    validation_split={settings.validation_split},"] if settings.validation_split else []),
        *([f"    callbacks=[{callbacks}],"] if callbacks else []),
        "    verbose=0,",
        ")",
    ]


def _early_stopping(settings: Settings) -> list[str]:
    return [
        "early_stopping = keras.callbacks.EarlyStopping(",
        f"    monitor={json.dumps(settings.monitor)},",
        f"    patience={settings.patience},",
        f"    min_delta={settings.min_delta},",
        f"    restore_best_weights={settings.restore_best_weights},",
        ")",
    ]
