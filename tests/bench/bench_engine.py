"""Times the engine against the other ways to train the lecture's model, and against plain numpy as the limit.

Run `python tests/bench/bench_engine.py`, or call `measure()` for the numbers. All rows come from one process.
"""

from __future__ import annotations

import io
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")

import numpy as np

EPOCHS, SEED, BATCH, SPLIT, TRAINING_ROWS = 300, 42, 32, 0.2, 193
SHORT = 20


def heart_shaped() -> tuple[np.ndarray, np.ndarray]:
    """242 rows of 29 inputs and a noisy label, the shape of the lecture's training table."""
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(242, 29)).astype("float32")
    return x, (x @ rng.normal(size=29) + 3 * rng.normal(size=242) > 2).astype("float32")


def lecture_model() -> Any:
    """The lecture's model, compiled, under the seed."""
    import keras

    keras.utils.set_random_seed(SEED)
    inputs = keras.Input((29,))
    hidden = keras.layers.Dense(16, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(hidden))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def numpy_adam(x: np.ndarray, y: np.ndarray, weights: list[np.ndarray], order: np.ndarray) -> float:
    """Trains the same network by hand, rows in the order given, validating each epoch; returns the last loss."""
    weights = [weight.copy() for weight in weights]
    moments = [(np.zeros_like(weight), np.zeros_like(weight)) for weight in weights]
    x_train, y_train, x_val, y_val = x[:TRAINING_ROWS], y[:TRAINING_ROWS, None], x[TRAINING_ROWS:], y[TRAINING_ROWS:]
    batches = [order[start : start + BATCH] for start in range(0, TRAINING_ROWS, BATCH)]
    update, mean = 0, 0.0

    def forward(inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        hidden = np.maximum(inputs @ weights[0] + weights[1], 0)
        return hidden, 1 / (1 + np.exp(-(hidden @ weights[2] + weights[3])))

    def crossentropy(target: np.ndarray, output: np.ndarray) -> float:
        output = np.clip(output, 1e-7, 1 - 1e-7)
        return float(-np.mean(target * np.log(output) + (1 - target) * np.log(1 - output)))

    for _ in range(EPOCHS):
        total = 0.0
        for rows in batches:
            inputs, target = x_train[rows], y_train[rows]
            hidden, output = forward(inputs)
            total += crossentropy(target, output) * len(rows)
            error = (output - target) / np.float32(len(rows))
            back = (error @ weights[2].T) * (hidden > 0)
            gradients = [inputs.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]
            update += 1
            rate = np.float32(1e-3 * np.sqrt(1 - 0.999**update) / (1 - 0.9**update))
            for weight, gradient, (first, second) in zip(weights, gradients, moments, strict=True):
                first += (gradient - first) * np.float32(0.1)
                second += (gradient * gradient - second) * np.float32(0.001)
                weight -= rate * first / (np.sqrt(second) + np.float32(1e-7))
        mean = total / TRAINING_ROWS
        crossentropy(y_val[:, None], forward(x_val)[1])
    return mean


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that `run` takes, its output swallowed, and what it returns."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        started = time.perf_counter()
        result = run()
        return time.perf_counter() - started, result


def median(run: Callable[[], Any], times: int = 3) -> float:
    """Median seconds of several runs."""
    return statistics.median(timed(run)[0] for _ in range(times))


def measure() -> dict[str, float]:
    """Times every way to train.

    Returns:
        Seconds for 300 epochs by name (ways marked "scaled" ran 20 epochs; the time of the epochs after the
        first was scaled), ratios against the engine under "ratio: ...", and the loss of each numpy check.
    """
    import keras
    import tensorflow as tf

    from firstepoch.widgets.training import engine, trace

    x, y = heart_shaped()
    timed(lambda: keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]).predict(np.zeros((4, 3)), verbose=0))

    def with_engine() -> Any:
        return engine.fit(lecture_model(), x, y, batch_size=BATCH, epochs=EPOCHS, validation_split=SPLIT)

    def anew() -> Any:
        trace._kept.clear()
        return with_engine()

    def with_keras(epochs: int = EPOCHS, callbacks: list[Any] | None = None) -> Any:
        return lecture_model().fit(
            x, y, batch_size=BATCH, epochs=epochs, validation_split=SPLIT, verbose=0, callbacks=callbacks
        )

    def with_dataset() -> Any:
        rows = (x[:TRAINING_ROWS], y[:TRAINING_ROWS])
        validation = (x[TRAINING_ROWS:], y[TRAINING_ROWS:])
        dataset = tf.data.Dataset.from_tensor_slices(rows).cache().shuffle(TRAINING_ROWS).batch(BATCH)
        held = tf.data.Dataset.from_tensor_slices(validation).cache().batch(BATCH)
        return lecture_model().fit(dataset, validation_data=held, epochs=EPOCHS, verbose=0)

    seconds = {"engine, first of its shape": median(anew), "engine, trace reused": median(with_engine)}
    history = with_engine()
    seconds["Model.fit on a cached tf.data"] = median(with_dataset)
    seconds["Model.fit on numpy"], theirs = timed(with_keras)

    def scaled(callback: Callable[[], Any]) -> float:
        """Seconds for all epochs, from the slope between a short run and one of a few epochs."""
        few = timed(lambda: with_keras(2, [callback()]))[0]
        return few + (timed(lambda: with_keras(SHORT, [callback()]))[0] - few) * (EPOCHS - 2) / (SHORT - 2)

    from livelossplot import PlotLossesKerasTF
    from tqdm.keras import TqdmCallback

    seconds["tqdm's TqdmCallback (scaled)"] = scaled(lambda: TqdmCallback(verbose=0))
    seconds["livelossplot (scaled)"] = scaled(PlotLossesKerasTF)
    with tempfile.TemporaryDirectory() as folder:
        seconds["TensorBoard callback (scaled)"] = scaled(lambda: keras.callbacks.TensorBoard(folder))
    start = lecture_model().get_weights()
    seconds["numpy by hand (the limit)"] = median(lambda: numpy_adam(x, y, start, history.order))

    ours = seconds["engine, first of its shape"]
    found = dict(seconds)
    for name, value in seconds.items():
        found[f"ratio: {name}"] = value / ours
    found["ratio: tf.data against reused trace"] = (
        seconds["Model.fit on a cached tf.data"] / seconds["engine, trace reused"]
    )
    found["loss: Model.fit on numpy"] = theirs.history["loss"][-1]
    found["loss: engine"] = history.history["loss"][-1]
    found["loss: numpy by hand"] = numpy_adam(x, y, start, history.order)
    return found


def main() -> None:
    """Prints the table and fails if a target is missed or the limit does not train the same network."""
    found = measure()
    names = [name for name in found if f"ratio: {name}" in found]
    print(f"{EPOCHS} epochs of the lecture's model (29-16-1, Adam, batch {BATCH}, validation), one process")
    print(f"(scaled) = {SHORT} epochs run, the epochs after the second scaled to {EPOCHS}\n")
    print(f"{'way':34} {'seconds':>8} {'x engine':>9}")
    for name in names:
        print(f"{name:34} {found[name]:8.2f} {found[f'ratio: {name}']:9.2f}")
    print()
    for name in found:
        if name.startswith("loss: "):
            print(f"{name:34} {found[name]:.6f}")
    targets = [
        ("engine against Model.fit on numpy", found["ratio: Model.fit on numpy"], 12.0),
        ("engine against tf.data", found["ratio: Model.fit on a cached tf.data"], 2.5),
        ("reused trace against tf.data", found["ratio: tf.data against reused trace"], 5.0),
    ]
    print()
    for name, ratio, target in targets:
        print(f"{name:34} {ratio:5.1f}x (target {target:g}x) {'ok' if ratio >= target else 'MISSED'}")
    assert abs(found["loss: numpy by hand"] - found["loss: Model.fit on numpy"]) < 1e-3
    if any(ratio < target for _, ratio, target in targets):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
