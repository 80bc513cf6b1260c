"""What is handed to the second Python, and the Recording of what it hands back. No widget, and no TensorFlow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording

REPLICAS = 2
MOST_NUMBERS = 2_000_000
"""Updates times parameters that are written down at most: each takes some 30 bytes of it."""
_LAYERS = (
    "InputLayer",
    "Dense",
    "Activation",
    "ReLU",
    "LeakyReLU",
    "ELU",
    "Softmax",
    "Flatten",
    "Reshape",
    "Rescaling",
)
"""Layers that do the same to a row whatever other rows are beside it, and whenever."""


@dataclass(frozen=True)
class Rows:
    """The rows of the run.

    Attributes:
        x: Inputs, float32, shape (rows, ...).
        y: Targets, float32, shape (rows,).
        noun: What a row is, in the singular.
    """

    x: np.ndarray
    y: np.ndarray
    noun: str = "row"

    @classmethod
    def of(cls, data: Any) -> Rows:
        """The training rows of a TabularData, or of (x, y).

        Raises:
            SettingsError: It is neither, or the two do not fit.
        """
        try:
            x, y = (data.x_train, data.y_train) if hasattr(data, "x_train") else data
            x, y = np.asarray(x, np.float32), np.asarray(y, np.float32)
        except (TypeError, ValueError) as error:
            raise SettingsError(
                f"data is {type(data).__name__}; give a TabularData, for example heart.load(), or (x, y) of numbers."
            ) from error
        if x.ndim < 2 or len(x) != len(y) or not len(x):
            raise SettingsError(f"x has shape {x.shape} and y {y.shape}; give one target for each of one row or more.")
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise SettingsError("The data hold a value that is not finite. Fill it in or leave the row out.")
        return cls(x, y, getattr(data, "row_name", "row"))

    def __len__(self) -> int:
        return len(self.x)


def check_model(model: Any, rows: Rows) -> None:
    """Refuse a model whose runs could not be compared.

    Raises:
        SettingsError: Says why, and what to give.
    """
    if not getattr(model, "built", False) or not getattr(model, "compiled", False):
        raise SettingsError("Give a built and compiled keras.Model, or a function that returns one.")
    others = [layer for layer in model.layers if type(layer).__name__ not in _LAYERS]
    if others:
        raise SettingsError(
            f"The layer {others[0].name} is {type(others[0]).__name__}: what it does to a row may differ between "
            "devices, so the two runs could not be compared. Give a model of Dense layers."
        )
    if not (isinstance(model.loss, str) or callable(model.loss)):
        raise SettingsError("Give a model compiled with one loss.")
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise SettingsError("Give a model with one input and one output.")
    wanted = tuple(model.inputs[0].shape[1:])
    if wanted != rows.x.shape[1:]:
        raise SettingsError(f"A row has shape {rows.x.shape[1:]} and the model takes {wanted}. Give rows made for it.")
    if any(weight.dtype != "float32" for weight in model.weights):
        raise SettingsError("The model has weights that are not float32; build it with dtype float32.")


def hand_over(model: Any, rows: Rows, batch_size: int, seed: int, folder: Path) -> dict[str, Any]:
    """Write what the second Python reads.

    Args:
        model: A keras.Model that `check_model` let through.
        rows: The rows.
        batch_size: Rows of an update, over all devices.
        seed: Of the order in which the rows are dealt.
        folder: Where to.

    Returns:
        Settings of the recording.
    """
    updates = -(-len(rows) // batch_size)
    parameters = sum(int(np.prod(weight.shape)) for weight in model.trainable_variables)
    if updates * parameters > MOST_NUMBERS:
        raise SettingsError(
            f"{updates:,} updates of {parameters:,} parameters are too much to write down; use a larger batch size or "
            "a smaller model."
        )
    order = np.random.default_rng(seed).permutation(len(rows))
    y = rows.y.reshape(len(rows), -1) if model.outputs[0].shape[-1] == 1 else rows.y
    model.save(folder / "model.keras")
    np.savez(folder / "rows.npz", numbers=order.astype(np.int32), x=rows.x[order], y=y[order])
    (folder / "settings.json").write_text(json.dumps({"batch_size": batch_size}), encoding="utf-8")
    loss = model.loss if isinstance(model.loss, str) else getattr(model.loss, "name", type(model.loss).__name__)
    return {
        "batch_size": batch_size,
        "seed": seed,
        "rows": len(rows),
        "row_name": rows.noun,
        "updates": updates,
        "parameters": parameters,
        "bytes": 4 * parameters,
        "weights": [[weight.path, list(weight.shape)] for weight in model.trainable_variables],
        "optimizer": type(model.optimizer).__name__,
        "learning_rate": float(model.optimizer.learning_rate.numpy()),
        "loss": str(loss),
        "loss_object": not isinstance(model.loss, str) and hasattr(model.loss, "call"),
        "penalised": bool(model.losses),
    }


def take_back(folder: Path, settings: dict[str, Any]) -> Recording:
    """The recording of what the second Python left in the folder; see `Distribution.recording`."""
    facts = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    with np.load(folder / "frames.npz") as kept:
        arrays = {name: kept[name] for name in kept.files}
    versions = facts.pop("versions")
    for name in ("two_seconds", "one_seconds"):
        times = arrays[name]
        facts[name] = {
            "median": float(np.median(times)),
            "fastest": float(times.min()),
            "slowest": float(times.max()),
            "updates": len(times),
        }
    recording = Recording({**settings, **facts})
    recording.versions.update(versions)
    recording.extend(_frames(arrays))
    return recording


def _frames(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    updates = len(arrays["rows"])
    start = arrays["start"]
    gradient, reduced = arrays["gradient"], arrays["reduced"]
    weights = np.concatenate([start[None], arrays["weights"]])
    single = np.concatenate([start[:1], arrays["single_weights"]])
    norms = np.linalg.norm(gradient.astype(np.float64), axis=2)

    def later(values: np.ndarray, before: float = np.nan) -> np.ndarray:
        """With a frame before the first update."""
        return np.concatenate([np.full((1, *values.shape[1:]), before, values.dtype), values])

    return {
        "update": np.arange(updates + 1),
        "rows": later(arrays["rows"], -1),
        "dealt": later(arrays["dealt"], 0),
        "loss": later(arrays["loss"].sum(axis=1)),
        "single_loss": later(arrays["single_loss"]),
        "gradient": later(gradient),
        "gradient_norm": later(norms),
        "angle": later(_angles(gradient, norms)),
        "reduced": later(reduced[:, 0]),
        "reduced_norm": later(np.linalg.norm(reduced[:, 0].astype(np.float64), axis=1)),
        "single_gradient": later(arrays["single_gradient"]),
        "gradient_difference": later(np.abs(reduced[:, 0].astype(np.float64) - arrays["single_gradient"]).max(axis=1)),
        "weights": weights,
        "single_weights": single,
        "replica_difference": np.abs(weights[:, 0].astype(np.float64) - weights[:, 1]).max(axis=1),
        "single_difference": np.abs(weights[:, 0].astype(np.float64) - single).max(axis=1),
    }


def _angles(gradient: np.ndarray, norms: np.ndarray) -> np.ndarray:
    """Degrees between the two devices' gradients; NaN where one of them is 0."""
    product = (gradient[:, 0].astype(np.float64) * gradient[:, 1]).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.degrees(np.arccos(np.clip(product / norms.prod(axis=1), -1, 1)))
