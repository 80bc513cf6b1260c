"""Reads this machine: what is installed, which backend Keras runs on, devices, and the operations of one update."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from firstepoch.widgets.devices.machine import usable
from firstepoch.widgets.training.session import SEEDING

BACKENDS: Final = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
"""Those one can train with, by the name of the package and as they are written."""
DEVICES: Final = ("CPU", "GPU", "TPU")
LINE: Final = "model.fit(x, y, batch_size=32, epochs=300)"
_ROWS: Final = 32


@dataclass(frozen=True)
class Facts:
    """What was read.

    Attributes:
        python: Version of Python.
        installed: Version of each backend that is installed, by package.
        keras: Version of Keras; "" until it is loaded.
        backend: Package that Keras runs on; "" until it is loaded.
        devices: Names of the devices of each kind, as Keras has them; None until it is loaded.
        cores: Cores of the processor that this program may use.
        operations: Operations of one update of the lecture's model, by type; None until they are counted, or where
            the backend is not TensorFlow.
        forward: Those of its prediction alone.
    """

    python: str
    installed: dict[str, str]
    cores: int
    keras: str = ""
    backend: str = ""
    devices: dict[str, list[str]] | None = None
    operations: Counter[str] | None = None
    forward: Counter[str] = field(default_factory=Counter)


def before() -> Facts:
    """What can be told without loading Keras."""
    return Facts(platform.python_version(), _installed(), usable())


def after(keras: Any) -> Facts:
    """What can be told once Keras is loaded."""
    devices = {kind: list(keras.distribution.list_devices(kind.lower())) for kind in DEVICES}
    return Facts(platform.python_version(), _installed(), usable(), keras.__version__, keras.backend.backend(), devices)


def operations(keras: Any) -> tuple[Counter[str], Counter[str]] | None:
    """TensorFlow's operations, by type: of one update of the lecture's model, and of its prediction alone.

    It has 29 inputs, 16 relu units and a sigmoid output; binary cross-entropy, Adam, accuracy; a batch of 32 rows.
    They are those TensorFlow records (`tf.function`), before a compiler joins some of them. None on another backend.
    """
    if keras.backend.backend() != "tensorflow":
        return None
    import tensorflow as tf

    layers = keras.layers
    # Keras draws the first weights from the process's random state, which a training may be seeding.
    with SEEDING:
        model = keras.Sequential(
            [keras.Input((29,)), layers.Dense(16, activation="relu"), layers.Dense(1, activation="sigmoid")]
        )
        model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
        model.optimizer.build(model.trainable_variables)
    # The first step makes what there is only once, such as the metrics.
    model.train_step((np.zeros((_ROWS, 29), np.float32), np.zeros((_ROWS, 1), np.float32)))
    row, target = tf.TensorSpec((_ROWS, 29)), tf.TensorSpec((_ROWS, 1))
    update = tf.function(model.train_step).get_concrete_function((row, target))
    predict = tf.function(lambda x: model(x, training=False)).get_concrete_function(row)
    return _types(update.graph), _types(predict.graph)


def _types(graph: Any) -> Counter[str]:
    return Counter(operation.type for operation in graph.get_operations())


def _installed() -> dict[str, str]:
    found = {}
    for package in BACKENDS:
        if importlib.util.find_spec(package) is not None:
            try:
                found[package] = importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                found[package] = ""  # installed under another name, such as a build for one kind of processor
    return found
