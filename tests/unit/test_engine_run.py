"""What the engine adds to Model.fit (batch losses, order, stopping, reused traces), and what it refuses."""

import gc
import subprocess
import sys
import threading
import warnings
import weakref

import numpy as np
import pytest

from firstepoch.widgets.training import engine
from firstepoch.widgets.training.order import RowOrder
from firstepoch.widgets.training.trace import trace_count

keras = pytest.importorskip("keras")
layers = keras.layers

RNG = np.random.default_rng(7)
X = RNG.normal(size=(60, 5)).astype("float32")
Y = (X[:, 0] + RNG.normal(size=60) > 0).astype("float32")


def small(units=4, rate=0.0, loss="binary_crossentropy", optimizer="adam", **compile_arguments):
    inputs = keras.Input((5,))
    hidden = layers.Dropout(rate)(layers.Dense(units, activation="relu")(inputs))
    model = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(hidden))
    model.compile(loss=loss, optimizer=optimizer, **compile_arguments)
    return model


def test_import_loads_no_tensorflow():
    code = "import sys, firstepoch.widgets.training.engine; print({'tensorflow', 'keras'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


# Batch losses and order


def test_batch_losses_are_those_of_a_hand_computation():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((5,)), layers.Dense(1, kernel_initializer="zeros")])
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.1))
    history = engine.fit(model, X, Y, batch_size=16, epochs=2)
    weights, bias = np.zeros(5), 0.0
    assert sorted(history.order) == list(range(60))
    for losses in history.batch_loss:
        assert losses.dtype == np.float32
        expected = []
        for start in range(0, 60, 16):
            rows = history.order[start : start + 16]
            error = X[rows] @ weights + bias - Y[rows]
            expected.append(np.mean(error**2))
            weights = weights - 0.1 * 2 * X[rows].T @ error / len(rows)
            bias -= 0.1 * 2 * error.mean()
        np.testing.assert_allclose(losses, expected, rtol=1e-4)


def test_batch_losses_and_order_are_up_to_date_in_callbacks():
    seen = []

    class Watch(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            assert training.batch_loss.shape == (batch + 1,)
            assert training.history.batch_loss[-1].shape == (batch + 1,)
            assert sorted(training.order) == list(range(60))

        def on_epoch_end(self, epoch, logs=None):
            seen.append(training.batch_loss.copy())
            assert len(training.history.batch_loss) == epoch + 1

    training = engine.Training(small(), X, Y, epochs=2, batch_size=16, callbacks=[Watch()])
    assert training.updates == 4
    history = training.run()
    np.testing.assert_array_equal(np.array(seen), np.array(history.batch_loss))
    means = [np.average(losses, weights=[16, 16, 16, 12]) for losses in seen]
    np.testing.assert_allclose(means, history.history["loss"], rtol=1e-5)


def orders(**arguments):
    found = []
    watch = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: found.append(training.order))
    training = engine.Training(small(), X, Y, epochs=3, callbacks=[watch], **arguments)
    training.run()
    return np.array(found)


def test_a_seed_deals_the_same_order_in_every_epoch():
    keras.utils.set_random_seed(5)
    first = orders()
    assert (first == first[0]).all()
    keras.utils.set_random_seed(5)
    np.testing.assert_array_equal(orders(), first)
    keras.utils.set_random_seed(6)
    assert (orders() != first).any()


def test_without_a_seed_every_epoch_is_dealt_anew():
    import tensorflow as tf

    tf.random.set_seed(None)
    for arguments in ({}, {"shuffle": "batch"}):
        first, second, third = orders(**arguments)
        assert (first != second).any() and (second != third).any()
        assert sorted(second) == list(range(60))
    np.testing.assert_array_equal(orders(shuffle=False), np.tile(np.arange(60), (3, 1)))


@pytest.mark.parametrize("rows", [1, 2, 5, 33])
@pytest.mark.parametrize("shuffle", [True, "batch"])
def test_order_is_that_of_keras(rows, shuffle):
    keras.utils.set_random_seed(2)
    order = RowOrder(rows, 4, shuffle)
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

    adapter = ArrayDataAdapter(np.arange(rows), batch_size=4, shuffle=shuffle)
    for _ in range(2):
        expected = np.concatenate([batch.numpy() for batch in adapter.get_tf_dataset()])
        np.testing.assert_array_equal(order.deal().numpy(), expected)


# Stopping and the pace


def test_stop_from_another_thread_between_chunks():
    begun, asked = threading.Event(), threading.Event()

    class Begin(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                begun.set()
                assert asked.wait(60)

    model = small()

    def ask():
        assert begun.wait(60)
        model.stop_training = True
        asked.set()

    other = threading.Thread(target=ask)
    other.start()
    history = engine.fit(model, X, Y, batch_size=4, epochs=50, callbacks=[Begin()], validation_split=0.2)
    other.join()
    assert history.epoch == [0, 1, 2]
    assert len(history.history["val_loss"]) == 3
    assert history.batch_loss[2].shape == (1,)


def test_a_large_epoch_is_stopped_in_its_middle():
    x, y = np.tile(X, (3000, 1)), np.tile(Y, 3000)
    model = small()

    class Begin(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            threading.Timer(0.3, setattr, (model, "stop_training", True)).start()

    training = engine.Training(model, x, y, batch_size=2, epochs=1, callbacks=[Begin()])
    history = training.run()
    assert 0 < len(history.batch_loss[0]) < training.updates
    assert len(history.history["loss"]) == 1


def test_run_in_a_worker_thread_prints_nothing(capfd):
    found = []
    worker = threading.Thread(target=lambda: found.append(engine.fit(small(), X, Y, epochs=2)))
    worker.start()
    worker.join()
    assert len(found[0].history["loss"]) == 2
    assert capfd.readouterr().out == ""


def test_wants_batches_is_read_before_every_call():
    class Sometimes(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.wants_batches, self.calls = False, []

        def on_epoch_begin(self, epoch, logs=None):
            self.wants_batches = epoch == 1

        def on_train_batch_end(self, batch, logs=None):
            self.calls.append(batch)
            self.wants_batches = batch < 2

    callback = Sometimes()
    history = engine.fit(small(), X, Y, batch_size=6, epochs=3, callbacks=[callback])
    assert callback.calls == [0, 1, 2]
    assert [losses.shape for losses in history.batch_loss] == [(10,)] * 3


# Reused traces


def traces(build, **arguments):
    before = trace_count()
    engine.fit(build(), X, Y, validation_split=0.2, epochs=1, **arguments)
    return trace_count() - before


def test_a_model_of_the_same_shape_needs_no_trace():
    build = lambda: small(units=7, rate=0.25, metrics=["accuracy"])  # noqa: E731
    assert traces(build) == 2
    assert traces(build) == 0
    rate = lambda: small(units=7, rate=0.25, metrics=["accuracy"], optimizer=keras.optimizers.Adam(0.5))  # noqa: E731
    assert traces(rate) == 0
    assert traces(build, batch_size=15) == 0


@pytest.mark.parametrize(
    "other",
    [
        {"rate": 0.5},
        {"units": 6},
        {"loss": "mse"},
        {"metrics": ["accuracy"]},
        {"optimizer": lambda: keras.optimizers.Adam(beta_1=0.5)},
        {"optimizer": lambda: keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.5))},
        {"loss": lambda: keras.losses.BinaryCrossentropy(label_smoothing=0.1)},
    ],
)
def test_a_model_that_differs_is_traced_again(other):
    assert traces(lambda: small(units=5, rate=0.1)) in (0, 2)
    made = {key: value() if callable(value) else value for key, value in other.items()}
    assert traces(lambda: small(**{"units": 5, "rate": 0.1, **made})) > 0


def test_a_frozen_layer_and_weights_need_their_own_trace():
    def frozen():
        model = small(units=3)
        model.layers[1].trainable = False
        model.compile(loss="binary_crossentropy", optimizer="adam")
        return model

    assert traces(lambda: small(units=3)) == 2
    assert traces(frozen) > 0
    assert traces(lambda: small(units=3), class_weight={0: 1.0, 1: 2.0}) == 1


def test_functions_that_share_the_name_of_a_keras_function_are_not_confused():
    def relu(x):
        return x * x

    def build(activation):
        model = keras.Sequential(
            [keras.Input((5,)), layers.Dense(4, activation=activation), layers.Dense(1, activation="sigmoid")]
        )
        model.compile(loss="binary_crossentropy", optimizer="adam")
        return model

    def losses(fit, activation, **verbose):
        keras.utils.set_random_seed(1)
        return fit(build(activation), X, Y, epochs=2, **verbose).history["loss"]

    engine.fit(build("relu"), X, Y)
    assert losses(engine.fit, relu) == pytest.approx(losses(keras.Model.fit, relu, verbose=0), abs=1e-6)


def test_reused_traces_train_each_model_by_itself():
    keras.utils.set_random_seed(1)
    first = small()
    engine.fit(first, X, Y)
    weights = first.get_weights()
    second = small()
    engine.fit(second, X, Y, epochs=3)
    for before, after in zip(weights, first.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    engine.fit(first, X, Y)
    assert int(first.optimizer.iterations) == 4 and int(second.optimizer.iterations) == 6


def test_traces_keep_no_model_alive():
    def model_of(units):
        model = small(units=units)
        engine.fit(model, X, Y, validation_split=0.2)
        return weakref.ref(model)

    alive = [model_of(units) for units in (9, 9, 10)]
    gc.collect()
    assert [ref() for ref in alive] == [None] * 3


def test_model_is_whole_again_after_a_trace_that_failed():
    model = small()
    values = [variable._value for variable in model.variables]
    with pytest.raises(Exception, match=r"shape|incompatible"):
        engine.fit(model, X[:, :3], Y)
    assert all(variable._value is value for variable, value in zip(model.variables, values, strict=True))
    assert len(engine.fit(model, X, Y).history["loss"]) == 1


# Falling back to Model.fit


class OwnFit(keras.Sequential):
    def make_train_function(self, force=False):
        return super().make_train_function(force)


def compiled(model, **arguments):
    model.compile(loss="mse", optimizer="sgd", **arguments)
    return model


def dense(kind=keras.Sequential):
    return kind([keras.Input((5,)), layers.Dense(1)])


def dataset():
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(16)


def sparse():
    import tensorflow as tf

    return tf.sparse.from_dense(X)


FALLBACKS = {
    "run_eagerly": lambda: (compiled(dense(), run_eagerly=True), X, Y, {}),
    "Dataset": lambda: (compiled(dense()), dataset(), None, {"shuffle": False}),
    "make_train_function": lambda: (compiled(dense(OwnFit)), X, Y, {}),
    "validation_data is a": lambda: (compiled(dense()), X, Y, {"validation_data": dataset()}),
    "SparseTensor": lambda: (compiled(dense()), sparse(), Y, {"shuffle": False}),
}


@pytest.mark.parametrize("reason", FALLBACKS)
def test_falls_back_and_says_so_once(reason):
    keras.utils.set_random_seed(1)
    model, x, y, arguments = FALLBACKS[reason]()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = engine.fit(model, x, y, batch_size=16, epochs=2, **arguments)
    messages = [str(warning.message) for warning in caught if "fast engine" in str(warning.message)]
    assert len(messages) == 1 and reason in messages[0]
    assert len(history.history["loss"]) == 2
    assert [losses.shape for losses in history.batch_loss] == [(4,)] * 2
    means = [np.average(losses, weights=[16, 16, 16, 12]) for losses in history.batch_loss]
    np.testing.assert_allclose(means, history.history["loss"], rtol=1e-4)


def test_evaluate_falls_back_too():
    model = compiled(dense(), run_eagerly=True)
    with pytest.warns(UserWarning, match="run_eagerly"):
        ours = engine.evaluate(model, X, Y)
    assert ours == pytest.approx(model.evaluate(X, Y, verbose=0, return_dict=True))


# Errors


def with_value(array, where, value):
    array = array.copy()
    array[where] = value
    return array


ERRORS = [
    ({"epochs": 0}, "epochs is 0"),
    ({"epochs": 2, "initial_epoch": 2}, "leaves nothing to train"),
    ({"epochs": 1.5}, "whole number"),
    ({"initial_epoch": -1}, "initial_epoch is -1"),
    ({"batch_size": 0}, "batch_size is 0"),
    ({"validation_split": 1.0}, "validation_split is 1.0"),
    ({"validation_split": -0.1}, "validation_split is -0.1"),
    ({"validation_split": 1e-17}, "no validation rows"),
    ({"validation_split": 0.999}, "no training rows"),
    ({"shuffle": "yes"}, "shuffle is 'yes'"),
    ({"y": Y[:50]}, "y has 50 rows but x has 60"),
    ({"x": X[:0], "y": Y[:0]}, "has no rows"),
    ({"y": [0.0, 1.0] * 30}, "y holds plain Python numbers"),
    ({"x": with_value(X, (3, 2), np.nan)}, "x holds nan in row 3, column 2"),
    ({"x": with_value(X, (59, 0), -np.inf)}, "x holds -inf in row 59, column 0"),
    ({"y": with_value(Y, 7, np.nan)}, "y holds nan in row 7"),
    ({"sample_weight": np.ones(3)}, "sample_weight has 3 rows but x has 60"),
    ({"validation_data": (X, Y[:4])}, "validation y has 4 rows but validation x has 60"),
    ({"validation_data": (with_value(X, (0, 1), np.inf), Y)}, "validation x holds inf in row 0, column 1"),
    ({"class_weight": {0: 1.0}, "sample_weight": np.ones(60)}, "class_weight"),
]


@pytest.mark.parametrize(("arguments", "message"), ERRORS)
def test_errors_name_what_is_wrong(arguments, message):
    model = small()
    weights = model.get_weights()
    with pytest.raises(ValueError, match=message):
        engine.fit(model, **{"x": X, "y": Y, **arguments})
    for before, after in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_models_that_cannot_be_trained():
    with pytest.raises(ValueError, match="not compiled"):
        engine.fit(dense(), X, Y)
    with pytest.raises(ValueError, match="not compiled"):
        engine.evaluate(dense(), X, Y)
    with pytest.raises(ValueError, match=r"keras\.Model, not a str"):
        engine.fit("model", X, Y)
