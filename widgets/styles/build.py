"""Runs the code that is shown, and measures what came of it: parameters, shapes, and the outputs on the same rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.data.loading import load_keras
from firstepoch.widgets.styles.spec import Layer, Spec
from firstepoch.widgets.styles.writing import Line, code, written
from firstepoch.widgets.training.session import SEEDING


@dataclass(frozen=True)
class Built:
    """What came of one style.

    Attributes:
        model: The keras.Model; None if Keras refused the code.
        refused: Keras's own words then.
        before: Parameters it had before it saw a row.
        counts: Parameters of each layer, by key, in the order of the layers.
        outputs: Its answers, float32, shape (rows, outputs).
    """

    model: Any
    refused: str = ""
    before: int = 0
    counts: dict[str, int] | None = None
    outputs: np.ndarray | None = None


def build(spec: Spec, rows: np.ndarray, loaded: Callable[[], None] = lambda: None) -> dict[str, Built]:
    """Build the model in each style by running its code, give all the same weights, and ask all about the same rows.

    Args:
        spec: Checked settings.
        rows: float32, shape (n, inputs).
        loaded: Called when Keras is loaded.
    """
    keras = load_keras()
    loaded()
    x: Any = rows
    if spec.second:
        x = [rows[:, : spec.inputs - spec.second], rows[:, spec.inputs - spec.second :]]
    found = {style: _run(keras, lines, x) for style, lines in written(spec).items()}
    given: list[np.ndarray] | None = None
    for style, built in found.items():
        if built.model is None:
            continue
        if given is None:
            shapes = [weights.shape for weights in built.model.get_weights()]
            built.model.set_weights(_weights(shapes, spec.seed))
            given = built.model.get_weights()
        else:
            built.model.set_weights(given)
        outputs = np.asarray(built.model(x), np.float32)
        found[style] = Built(built.model, "", built.before, _counts(built.model, spec.layers), outputs)
    return found


def shapes(model: Any, layers: list[Layer]) -> dict[str, str]:
    """What comes out of each layer of a functional model, as Keras writes it: `(None, 16)`."""
    # Keras lists the layers level by level; within one kind, in the order in which they were made.
    inputs = iter(tensor.shape for tensor in model.inputs)
    others = iter(layer.output.shape for layer in _others(model))
    return {layer.key: str(tuple(next(inputs if layer.kind == "input" else others))) for layer in layers}


def _run(keras: Any, lines: list[Line], x: Any) -> Built:
    """Run the code of one style, and count before the line that shows it rows."""
    space: dict[str, Any] = {"keras": keras, "layers": keras.layers, "x": x}
    asks = [line for line in lines if line.text.startswith("model(")]
    makes = [line for line in lines if line not in asks]
    try:
        # Keras draws the first weights from the process's random state, which a training may be seeding.
        with SEEDING:
            exec(code(makes), space)
            before = sum(math.prod(weights.shape) for weights in space["model"].weights)
            exec(code(asks), space)
    except ValueError as error:
        return Built(None, " ".join(str(error).split()))
    return Built(space["model"], "", before)


def _weights(shapes: list[tuple[int, ...]], seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) / shape[0] ** 0.5 for shape in shapes]


def _others(model: Any) -> list[Any]:
    return [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]


def _counts(model: Any, layers: list[Layer]) -> dict[str, int]:
    counted = iter(layer.count_params() for layer in _others(model))
    return {layer.key: 0 if layer.kind == "input" else int(next(counted)) for layer in layers}
