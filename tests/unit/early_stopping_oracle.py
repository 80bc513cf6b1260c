"""What keras.callbacks.EarlyStopping itself makes of recorded numbers, and generated cases to ask it about."""

from __future__ import annotations

import keras
import numpy as np

KINDS = ("walk", "valley", "steps", "constant", "holes", "first NaN", "all NaN", "infinite", "nearly equal", "large")


class Weights:
    """Stands for a model: its weights are the number of the epoch that was trained last."""

    def __init__(self):
        self.weights, self.stop_training, self.came_back = None, False, None

    def get_weights(self):
        return [np.array(self.weights)]

    def set_weights(self, weights):
        self.came_back = int(weights[0])


def ask(values, first=0, monitor="val_loss", **settings):
    """Drive the callback over the epochs as `model.fit` does.

    Returns:
        For each trained epoch (best, best_epoch, wait, improved), the last epoch if it stopped, the epoch whose weights
        came back.
    """
    callback = keras.callbacks.EarlyStopping(monitor=monitor, **settings)
    model = Weights()
    callback.set_model(model)
    callback.on_train_begin()
    told, stopped = [], None
    for epoch, value in enumerate(values, first):
        model.weights = epoch
        callback.on_epoch_end(epoch, {"loss": 0.5, monitor: float(value)})
        seen = callback.best is not None
        told.append((callback.best, callback.best_epoch, callback.wait, seen and callback.best_epoch == epoch))
        if model.stop_training:
            stopped = epoch
            assert callback.stopped_epoch == epoch
            break
    callback.on_train_end()
    return told, stopped, model.came_back


def curve(rng, kind, epochs):
    """A curve of one of KINDS, shape (epochs,)."""
    values = 0.5 + np.cumsum(rng.normal(0, 0.03, epochs))
    if kind == "valley":
        at = np.arange(epochs) / epochs
        values = 0.4 + (at - rng.uniform(0.2, 0.9)) ** 2 + rng.normal(0, 0.004, epochs)
    elif kind == "steps":
        values = np.round(values, 1)
    elif kind == "constant":
        values = np.full(epochs, 0.25)
    elif kind == "holes":
        values[rng.random(epochs) < 0.3] = np.nan
    elif kind == "first NaN":
        values[0] = np.nan
    elif kind == "all NaN":
        values[:] = np.nan
    elif kind == "infinite":
        values[rng.random(epochs) < 0.2] = np.inf
        values[rng.random(epochs) < 0.1] = -np.inf
    elif kind == "nearly equal":
        # Some of these differ in float64 and not in float32, in which Keras compares.
        values = 0.433 + rng.choice([0, 1e-9, -1e-9, 3e-8, -3e-8, 6e-8, -6e-8], epochs)
    elif kind == "large":
        values = values * 1e6
    return values


def case(seed):
    """Values, the number of the first epoch, and settings of EarlyStopping; the same for the same seed."""
    rng = np.random.default_rng(seed)
    kind = KINDS[seed % len(KINDS)]
    epochs = int(rng.integers(1, 50))
    values = curve(rng, kind, epochs)
    finite = values[np.isfinite(values)]
    first = int(rng.choice([0, 0, 0, 7]))
    size = 1e6 if kind == "large" else 1.0
    delta = float(rng.choice([0.0, 0.0, 0.001, 0.01, 0.1]) * size)
    settings = {
        "patience": int(rng.integers(0, 12)),
        "min_delta": 1e-9 if kind == "nearly equal" and delta else delta,
        "start_from_epoch": int(rng.choice([0, 0, 3, 10, first + epochs])),
        "mode": str(rng.choice(["min", "max"])),
        "baseline": float(np.quantile(finite, rng.random())) if len(finite) and rng.random() < 0.3 else None,
        "restore_best_weights": bool(rng.random() < 0.7),
    }
    return values, first, settings
