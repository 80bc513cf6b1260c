"""EpochRace's two paths against GradientTape, plain updates, keras.optimizers and Keras's own fit."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstepoch import heart
from firstepoch.widgets import EpochRace

DATA = heart.load()
NAMES = list(DATA.feature_names)
RATE = 0.5


def of_heart(**more):
    return EpochRace(DATA.x_train, DATA.y_train, names=NAMES, **{"learning_rate": RATE, **more})


def made(seed, n, columns=2):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, columns))
    y = (random.random(n) < 0.5).astype(int)
    y[:2] = 0, 1
    return x, y


def plain_logistic(x, y, start, rate, batches):
    """Plain updates, written anew: weights after each."""
    w, path = np.array(start, float), [np.array(start, float)]
    for rows in batches:
        p = 1 / (1 + np.exp(-(x[rows] @ w)))
        w = w - rate * ((p - y[rows])[:, None] * x[rows]).mean(axis=0)
        path.append(w)
    return np.array(path)


def batches_of(run):
    return [rows[rows >= 0] for rows in run["rows"][:-1]]


@pytest.mark.parametrize("batch_size", [1, 7, 32, 241, 242])
def test_logistic_paths_are_plain_updates(batch_size):
    race = of_heart(batch_size=batch_size, epochs=2, features=["oldpeak", "thal_normal"])
    x = DATA.x_train[:, [NAMES.index("oldpeak"), NAMES.index("thal_normal")]].astype(float)
    for run in (race.gd, race.sgd):
        path = plain_logistic(x, DATA.y_train, run["w"][0], RATE, batches_of(run))
        np.testing.assert_allclose(run["w"], path, rtol=0, atol=1e-12)


def keras_network(columns):
    import keras

    return keras.Sequential(
        [
            keras.Input((columns,), dtype="float64"),
            keras.layers.Dense(16, activation="relu", dtype="float64"),
            keras.layers.Dense(1, activation="sigmoid", dtype="float64"),
        ]
    )


def put(model, flat):
    parts, at = [], 0
    for weight in model.get_weights():
        parts.append(flat[at : at + weight.size].reshape(weight.shape))
        at += weight.size
    assert at == len(flat)
    model.set_weights(parts)


def flat_of(model):
    return np.concatenate([weight.ravel() for weight in model.get_weights()])


@pytest.mark.parametrize("batch_size", [32, 100])
def test_the_networks_epoch_is_that_of_keras_fit(batch_size):
    import keras

    race = of_heart(model="network", batch_size=batch_size)
    model = keras_network(29)
    put(model, race.sgd["w"][0])
    model.compile(optimizer=keras.optimizers.SGD(RATE), loss=keras.losses.BinaryCrossentropy())
    seen = [flat_of(model)]
    order = np.concatenate(batches_of(race.sgd))
    note = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs=None: seen.append(flat_of(model)))
    model.fit(
        DATA.x_train[order], DATA.y_train[order], batch_size=batch_size, shuffle=False, verbose=0, callbacks=[note]
    )
    np.testing.assert_allclose(race.sgd["w"], seen, rtol=0, atol=1e-6)
    np.testing.assert_allclose(
        race.sgd["loss"][-1], model.evaluate(DATA.x_train, DATA.y_train, batch_size=242, verbose=0), atol=1e-6
    )


@pytest.mark.parametrize("kind", ["logistic", "network"])
def test_paths_equal_gradient_tape_with_keras_sgd(kind):
    import keras
    import tensorflow as tf

    race = of_heart(model=kind, batch_size=50)
    if kind == "network":
        model, x = keras_network(29), DATA.x_train
    else:
        x = DATA.x_train[:, [NAMES.index(name) for name in race.features]]
        layer = keras.layers.Dense(1, use_bias=False, activation="sigmoid", dtype="float64")
        model = keras.Sequential([keras.Input((2,), dtype="float64"), layer])
    x, y = tf.constant(x, tf.float64), tf.constant(DATA.y_train, tf.float64)
    loss_of = keras.losses.BinaryCrossentropy()
    for run in (race.gd, race.sgd):
        put(model, run["w"][0])
        optimizer = keras.optimizers.SGD(RATE)
        for frame, rows in enumerate(batches_of(run)):
            with tf.GradientTape() as tape:
                loss = loss_of(tf.gather(y, rows)[:, None], model(tf.gather(x, rows)))
            gradients = tape.gradient(loss, model.trainable_variables)
            flat = np.concatenate([np.ravel(gradient) for gradient in gradients])
            np.testing.assert_allclose(run["gradient"][frame], flat, rtol=0, atol=1e-6)
            np.testing.assert_allclose(run["batch_loss"][frame], loss, atol=1e-6)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
            np.testing.assert_allclose(run["w"][frame + 1], flat_of(model), rtol=0, atol=1e-6)


@pytest.mark.parametrize("kind", ["logistic", "network"])
@pytest.mark.parametrize("n", [23, 64])
def test_a_batch_of_all_rows_is_gradient_descent_to_the_last_digit(kind, n):
    x, y = made(n, n, 3)
    race = EpochRace(x, y, model=kind, batch_size=n, epochs=3, learning_rate=0.3)
    assert len(race.gd) == 4
    for name in race.gd:
        assert np.array_equal(race.gd[name], race.sgd[name]), name
    dealt_in_turn = EpochRace(x, y, model=kind, batch_size=n, epochs=3, learning_rate=0.3, shuffle=False)
    assert np.array_equal(race.gd["w"], dealt_in_turn.gd["w"])


@pytest.mark.parametrize("kind", ["logistic", "network"])
@pytest.mark.parametrize("batch_size", [1, 7, 32, 242])
def test_batch_gradients_averaged_by_size_are_the_full_gradient(kind, batch_size):
    race = of_heart(model=kind, batch_size=batch_size)
    for frame in (0, len(race.sgd) // 2):
        each = race.batch_gradients(frame)
        assert len(each) == len(race.batch_sizes) == -(-242 // batch_size)
        mean = np.average(each, axis=0, weights=race.batch_sizes)
        np.testing.assert_allclose(mean, race.sgd["full_gradient"][frame], rtol=0, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(2, 60),
    part=st.floats(0, 1),
    epochs=st.integers(1, 3),
    shuffle=st.booleans(),
    kind=st.sampled_from(["logistic", "network"]),
    seed=st.integers(0, 1000),
)
def test_every_race_deals_each_row_once_an_epoch_and_obeys_the_rule(n, part, epochs, shuffle, kind, seed):
    x, y = made(seed, n, 3)
    size = max(1, round(part * n))
    race = EpochRace(x, y, batch_size=size, epochs=epochs, shuffle=shuffle, model=kind, seed=seed, learning_rate=0.05)
    per_epoch = -(-n // size)
    assert (len(race.gd), len(race.sgd)) == (epochs + 1, epochs * per_epoch + 1)
    for run, batches in ((race.gd, 1), (race.sgd, per_epoch)):
        dealt = batches_of(run)
        for epoch in range(epochs):
            order = np.concatenate(dealt[epoch * batches : (epoch + 1) * batches])
            assert sorted(order) == list(range(n))
            assert shuffle or list(order) == list(range(n))
            assert set(run["epoch"][epoch * batches : (epoch + 1) * batches]) == {epoch}
        moved = run["w"][:-1] - 0.05 * run["gradient"][:-1]
        assert np.array_equal(moved, run["w"][1:])
        assert (run["rows"][-1] == -1).all() and (run["gradient"][-1] == 0).all()
    assert np.array_equal(race.gd["w"][0], race.sgd["w"][0])
    if kind == "logistic":
        columns = [int(name[1:]) for name in race.features]
        for run in (race.gd, race.sgd):
            path = plain_logistic(x[:, columns], y, run["w"][0], 0.05, batches_of(run))
            np.testing.assert_allclose(run["w"], path, rtol=0, atol=1e-12)
    if size == n:
        assert all(np.array_equal(race.gd[name], race.sgd[name]) for name in race.gd)
    mean = np.average(race.batch_gradients(0), axis=0, weights=race.batch_sizes)
    np.testing.assert_allclose(mean, race.sgd["full_gradient"][0], rtol=0, atol=1e-12)
    shown, counts = race.shown, (race.sgd["rows"] >= 0).sum(axis=1)
    assert np.array_equal(shown["rows"], race.sgd["rows"]) and np.array_equal(shown["count"], counts)
    assert np.array_equal(shown["processed"], np.cumsum([0, *counts[:-1]]))
    assert list(shown["batch"][:-1]) == [frame % per_epoch for frame in range(epochs * per_epoch)]
    assert np.array_equal(shown["loss"], race.sgd["loss"])
    assert np.array_equal(shown["gd_loss"], race.gd["loss"][shown["gd_updates"]])
    total = shown["processed"]
    assert total[-1] == epochs * n and (np.diff(total) > 0).all()
    assert list(shown["gd_updates"]) == [count // n for count in total]


def test_losses_and_gradients_are_finite_differences_of_the_cross_entropy():
    race = of_heart(batch_size=40, features=["oldpeak", "chol"])
    x = DATA.x_train[:, [NAMES.index("oldpeak"), NAMES.index("chol")]].astype(float)

    def loss(w):
        p = 1 / (1 + np.exp(-(x @ w)))
        return -np.mean(DATA.y_train * np.log(p) + (1 - DATA.y_train) * np.log(1 - p))

    for frame in range(len(race.sgd)):
        w = race.sgd["w"][frame]
        assert race.sgd["loss"][frame] == pytest.approx(loss(w), abs=1e-12)
        for axis in range(2):
            step = 1e-6 * np.eye(2)[axis]
            slope = (loss(w + step) - loss(w - step)) / 2e-6
            assert race.sgd["full_gradient"][frame][axis] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("batch_size", [1, 7, 32, 10_000])
def test_ten_thousand_rows(batch_size):
    x, y = made(0, 10_000)
    race = EpochRace(x, y, batch_size=batch_size)
    assert len(race.sgd) == -(-10_000 // batch_size) + 1
    path = plain_logistic(x, y, race.sgd["w"][0], 0.1, batches_of(race.sgd))
    np.testing.assert_allclose(race.sgd["w"], path, rtol=0, atol=1e-10)
    z = x @ race.sgd["w"][-1]
    assert race.sgd["loss"][-1] == pytest.approx(np.mean(np.logaddexp(0, z) - y * z), abs=1e-12)


def test_rows_until_a_loss():
    race = of_heart(features=["oldpeak", "thal_normal"], learning_rate=1.0, epochs=3)
    losses, counts = race.sgd["loss"], (race.sgd["rows"] >= 0).sum(axis=1)
    first = next(frame for frame, loss in enumerate(losses) if loss <= 0.6)
    assert race.reached(0.6) == {"gd": None, "sgd": int(counts[:first].sum())}
    assert race.reached(5.0) == {"gd": 0, "sgd": 0}


def test_a_rate_that_is_too_large_ends_in_a_sentence_and_no_nan():
    for kind, rate in (("logistic", 1e5), ("logistic", 1e300), ("network", 1e4), ("network", 1e300)):
        race = of_heart(model=kind, learning_rate=rate, epochs=3)
        for run in (race.gd, race.sgd):
            for name in run:
                assert np.isfinite(run[name]).all()
        told = race.report["diverged"]
        assert f"learning rate {rate:g} is too large" in told["sentence"]
        assert 1 <= told["update"] <= 24
        for name in race.shown:
            assert np.isfinite(race.shown[name]).all(), name
    assert of_heart().report["diverged"] is None


def test_racing_loads_no_tensorflow():
    code = (
        "import sys, numpy as np\nfrom firstepoch.widgets import EpochRace\n"
        "race = EpochRace(np.random.default_rng(0).normal(size=(20, 3)), [0, 1] * 10, batch_size=4)\n"
        "race.model = 'network'\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
