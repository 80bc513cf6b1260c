import json
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from firstepoch import data, heart, widgets
from firstepoch.widgets.training.code import model_source
from firstepoch.widgets.training.settings import DEFAULT_RATES

CSV = Path(data.__file__).with_name("heart.csv")
RUNNER = """
import json, runpy, sys
for path in sys.argv[1:]:
    found = runpy.run_path(path)
    assert type(found["history"]).__name__ == "History"
    weights = [weight.tolist() for weight in found["model"].get_weights()]
    print("told", json.dumps({"history": found["history"].history, "weights": weights}))
assert not any(name.startswith("firstepoch") for name in sys.modules)
"""

RUNS = {
    "lecture": {},
    "dropout": {"dropout": 0.5},
    "early stopping": {"early_stopping": True, "patience": 2, "epochs": 40, "learning_rate": 0.02},
    "dropout and early stopping": {
        "dropout": [0.5, 0.2],
        "units": [16, 8],
        "early_stopping": True,
        "patience": 2,
        "min_delta": 0.001,
        "epochs": 40,
        "optimizer": "rmsprop",
        "learning_rate": 0.02,
    },
    "sgd without a hidden layer": {"units": [], "optimizer": "sgd", "learning_rate": 0.3, "seed": 7},
    "layers of several kinds": {
        "units": [12, 8],
        "activation": ["tanh", "elu"],
        "batch_normalization": [True, False],
        "l2": [0.01, 0.001],
        "dropout": [0.2, 0.0],
        "schedule": "cosine",
    },
    "plateau and early stopping": {
        "schedule": "reduce on plateau",
        "schedule_patience": 2,
        "early_stopping": True,
        "patience": 7,
        "epochs": 60,
        "learning_rate": 0.01,
    },
    "all training rows": {"validation_split": 0.0, "batch_size": 242, "activation": "tanh"},
}
QUICK, LONG = ("lecture", "dropout and early stopping", "layers of several kinds"), pytest.mark.long


@pytest.fixture(scope="module")
def repeated(request, tmp_path_factory):
    """Every run asked for, and what its code gave: each program with names of its own, all in one new interpreter."""
    asked = {getattr(item, "callspec", None) and item.callspec.params.get("name") for item in request.session.items}
    folder = tmp_path_factory.mktemp("programs")
    shutil.copy(CSV, folder)
    runs = {}
    for number, name in enumerate(name for name in RUNS if name in asked):
        settings = RUNS[name]
        live = widgets.LiveTraining(heart.build_model, heart.load(), **{"epochs": 6, **settings})
        live.train()
        live.wait()
        (folder / f"run{number}.py").write_text(live.code, encoding="utf-8")
        assert (live.run.outcome == "early stopped") == ("early stopping" in name)
        runs[name] = (live.history, live.model.get_weights())
    paths = [f"run{number}.py" for number in range(len(runs))]
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, *paths], cwd=folder, capture_output=True, text=True, check=False, timeout=250
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line.removeprefix("told ")) for line in done.stdout.splitlines() if line.startswith("told ")]
    return {name: (run, again) for (name, run), again in zip(runs.items(), told, strict=True)}


@pytest.mark.parametrize("name", [name if name in QUICK else pytest.param(name, marks=LONG) for name in RUNS])
def test_the_code_repeats_the_run_in_a_fresh_interpreter(name, repeated):
    (history, weights), again = repeated[name]
    assert again["history"].keys() == history.keys()
    for metric, values in history.items():
        np.testing.assert_allclose(again["history"][metric], values, atol=1e-5)
    for mine, theirs in zip(weights, again["weights"], strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)


def test_the_code_of_a_stopped_run_says_where_it_ended():
    live = widgets.LiveTraining(heart.build_model, heart.load(), epochs=9)
    live.step()
    while live.status != "paused":
        live.wait(0.05)
    live.stop()
    live.wait()
    assert "epochs=1,  # ended here; 9 were planned" in live.code


def rebuilt(model):
    namespace = {"keras": keras}
    exec(model_source(model), namespace)
    return namespace["model"]


def dense(*layers, **compiled):
    inputs = keras.Input((5,))
    x = inputs
    for layer in layers:
        x = layer(x)
    model = keras.Model(inputs, x)
    model.compile(**{"loss": "mse", "optimizer": "adam", **compiled})
    return model


L = keras.layers
MODELS = {
    "l2": lambda: dense(L.Dense(4, kernel_regularizer=keras.regularizers.L2(0.01)), L.Dense(1)),
    "batch normalization": lambda: dense(L.Dense(4), L.BatchNormalization(), L.Activation("relu"), L.Dense(1)),
    "initializer": lambda: dense(L.Dense(4, kernel_initializer="he_normal"), L.Dense(1)),
    "initializer with settings": lambda: dense(
        L.Dense(4, kernel_initializer=keras.initializers.RandomNormal(stddev=0.3)), L.Dense(1)
    ),
    "no bias": lambda: dense(L.Dense(4, use_bias=False), L.Dense(1)),
    "momentum": lambda: dense(L.Dense(1), optimizer=keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)),
    "schedule": lambda: dense(
        L.Dense(1), optimizer=keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9))
    ),
    "metrics": lambda: dense(
        L.Dense(1, activation="sigmoid"),
        loss="binary_crossentropy",
        metrics=["accuracy", keras.metrics.AUC(num_thresholds=9)],
    ),
    "loss object": lambda: dense(L.Dense(1), loss=keras.losses.BinaryCrossentropy(from_logits=True)),
}


def unnamed(config):
    """A configuration without the names Keras numbers its objects with."""
    if isinstance(config, dict):
        told = ("name", "keras_history", "input_layers", "output_layers")
        return {key: unnamed(value) for key, value in config.items() if key not in told}
    return [unnamed(value) for value in config] if isinstance(config, list | tuple) else config


@pytest.mark.parametrize("name", MODELS)
def test_the_code_builds_the_same_model(name):
    model = MODELS[name]()
    again = rebuilt(model)

    assert unnamed(again.get_config()) == unnamed(model.get_config())
    assert unnamed(again.optimizer.get_config()) == unnamed(model.optimizer.get_config())
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(8, 5)), rng.integers(0, 2, size=(8, 1))
    again.set_weights(model.get_weights())
    assert again.evaluate(x, y, verbose=0) == model.evaluate(x, y, verbose=0)


def test_a_model_with_branches_is_rebuilt_too():
    inputs = keras.Input((5,))
    a, b = L.Dense(3)(inputs), L.Dense(3)(inputs)
    model = keras.Model(inputs, L.Dense(1)(L.Add()([a, b])))
    model.compile(loss="mse", optimizer="adam")
    assert rebuilt(model).count_params() == model.count_params()
    assert not model_source(model).startswith("#")


def test_the_offered_learning_rates_are_keras_defaults():
    for name, rate in DEFAULT_RATES.items():
        optimizer = keras.optimizers.get(name)
        assert float(np.asarray(optimizer.learning_rate)) == pytest.approx(rate), name


def test_the_code_names_what_is_not_part_of_keras():
    def squared(y, predicted):
        return keras.ops.mean((y - predicted) ** 2)

    class Doubled(keras.layers.Layer):
        def call(self, x):
            return 2 * x

    layers = [keras.Input((4,)), keras.layers.Lambda(lambda x: x), Doubled(), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile(loss=squared, metrics=["mae", keras.metrics.AUC()])
    first = model_source(model).splitlines()[0]
    assert first.startswith("# Not Keras's own: a lambda, Doubled, squared. Define")
    assert not model_source(heart.build_model()).startswith("#")
