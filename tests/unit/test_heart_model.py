"""heart.build_model and heart.evaluate against plain Keras and counts made by hand."""

import subprocess
import sys

import numpy as np
import pytest

from firstepoch import heart
from firstepoch.widgets.training import engine

keras = pytest.importorskip("keras")


@pytest.fixture(scope="module")
def data():
    return heart.load()


def plain(units=(16,), rate=0.0):
    inputs = keras.Input((29,))
    x = inputs
    for width in units:
        x = keras.layers.Dense(width, activation="relu")(x)
        if rate:
            x = keras.layers.Dropout(rate)(x)
    model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(x))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def layers(model):
    return [type(layer).__name__ for layer in model.layers]


def test_the_default_is_the_lectures_network():
    model = heart.build_model()
    assert model.count_params() == 497
    assert layers(model) == ["InputLayer", "Dense", "Dense"]
    assert (model.layers[1].units, model.layers[1].activation.__name__) == (16, "relu")
    assert (model.layers[2].units, model.layers[2].activation.__name__) == (1, "sigmoid")
    assert model.loss == "binary_crossentropy"
    assert type(model.optimizer) is keras.optimizers.Adam
    assert float(model.optimizer.learning_rate) == pytest.approx(0.001)


@pytest.mark.parametrize(("units", "rate"), [((16,), 0.0), ((32, 8), 0.5), ((), 0.0)])
def test_plain_keras_starts_and_learns_the_same(data, units, rate):
    weights = []
    for make in (plain, lambda units, rate: heart.build_model(units, dropout=rate)):
        keras.utils.set_random_seed(3)
        model = make(units, rate)
        model.fit(data.x_train, data.y_train, epochs=2, verbose=0)
        weights.append(model.get_weights())
    assert all(np.array_equal(one, other) for one, other in zip(*weights, strict=True))


def test_no_hidden_layer_is_a_logistic_regression():
    assert heart.build_model(units=()).count_params() == 30
    assert heart.build_model(units=(), dropout=0.5).count_params() == 30


def test_one_rate_for_all_or_one_for_each():
    assert layers(heart.build_model((8, 4), dropout=0.5)).count("Dropout") == 2
    model = heart.build_model((8, 4), dropout=(0.0, 0.25))
    assert layers(model) == ["InputLayer", "Dense", "Dense", "Dropout", "Dense"]
    assert model.layers[3].rate == 0.25


def test_an_optimizer_by_name_with_a_rate_or_ready_made():
    model = heart.build_model(optimizer="SGD", learning_rate=0.5)
    assert type(model.optimizer) is keras.optimizers.SGD
    assert float(model.optimizer.learning_rate) == 0.5
    made = keras.optimizers.RMSprop(0.01)
    assert heart.build_model(optimizer=made).optimizer is made


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": (16, 0)}, "1 or more, got 0"),
        ({"units": (-3,)}, "1 or more, got -3"),
        ({"units": (2.5,)}, r"got 2\.5"),
        ({"units": (True,)}, "got True"),
        ({"units": 16}, r"Try \(16,\)"),
        ({"units": "16"}, r"Try \(16,\)"),
        ({"units": None}, "got None"),
        ({"dropout": 1.0}, r"below 1, got 1\.0"),
        ({"dropout": -0.1}, r"got -0\.1"),
        ({"dropout": float("nan")}, "got nan"),
        ({"dropout": "half"}, "got 'half'"),
        ({"units": (), "dropout": 2}, "got 2"),
        ({"dropout": (0.5, 0.5)}, "2 dropout rates for 1 hidden layers"),
        ({"l2": -0.1}, r"a number from 0 up, got -0\.1"),
        ({"l2": "much"}, "got 'much'"),
        ({"batch_normalization": "yes"}, "True or False, got 'yes'"),
        ({"activation": ("relu", "rellu"), "units": (4, 2)}, "no activation 'rellu'"),
        ({"activation": "rellu"}, r"no activation 'rellu'. It has: .*relu.*tanh"),
        ({"optimizer": "adamm"}, r"no optimizer 'adamm'. It has: .*adam.*sgd"),
        ({"optimizer": None}, "no optimizer None"),
        ({"optimizer": "multioptimizer"}, "no optimizer 'multioptimizer'"),
        ({"learning_rate": 0}, "positive number, got 0"),
        ({"learning_rate": -1.0}, "positive number"),
        ({"learning_rate": float("inf")}, "positive number"),
        ({"learning_rate": "fast"}, "positive number, got 'fast'"),
    ],
)
def test_settings_that_cannot_work_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        heart.build_model(**arguments)


def test_a_rate_for_a_ready_made_optimizer_is_refused():
    with pytest.raises(ValueError, match="Set it on the optimizer"):
        heart.build_model(optimizer=keras.optimizers.Adam(), learning_rate=0.1)


@pytest.fixture(scope="module")
def trained(data):
    """The lecture's training: seed 42, 300 epochs; the rows held out change no weight and are left out.

    The engine gives the numbers of Model.fit in a tenth of its time; tests/soak has Model.fit do it.
    """
    keras.utils.set_random_seed(42)
    model = heart.build_model()
    engine.fit(model, data.x_train[:193], data.y_train[:193], batch_size=32, epochs=300)
    return model


def test_rows_held_out_change_no_weight(data):
    weights = []
    for rows, held_out in ((193, {}), (242, {"validation_split": 0.2})):
        keras.utils.set_random_seed(42)
        model = heart.build_model()
        model.fit(data.x_train[:rows], data.y_train[:rows], batch_size=32, epochs=3, verbose=0, **held_out)
        weights.append(model.get_weights())
    assert all(np.array_equal(one, other) for one, other in zip(*weights, strict=True))


def test_the_lectures_training_gets_51_of_61_right(trained, data):
    result = heart.evaluate(trained, data)
    assert (result.right, result.n, result.baseline_right) == (51, 61, 44)
    assert result.loss == pytest.approx(0.481, abs=0.005)
    assert "51 of 61 right (83.6%)" in str(result)


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_the_counts_are_those_made_by_hand(trained, data, threshold):
    result = heart.evaluate(trained, data, threshold)
    said = [float(p) > threshold for p in trained.predict(data.x_test, verbose=0)[:, 0]]
    pairs = list(zip(said, data.y_test, strict=True))
    assert result.true_positive == sum(s and y == 1 for s, y in pairs)
    assert result.false_positive == sum(s and y == 0 for s, y in pairs)
    assert result.false_negative == sum(not s and y == 1 for s, y in pairs)
    assert result.true_negative == sum(not s and y == 0 for s, y in pairs)
    assert result.right == result.true_positive + result.true_negative
    assert result.accuracy == result.right / 61
    assert result.baseline_accuracy == 44 / 61


def test_loss_and_accuracy_are_keras_own(trained, data):
    result = heart.evaluate(trained, data)
    loss, accuracy = trained.evaluate(data.x_test, data.y_test, verbose=0)
    assert result.loss == loss
    assert result.right == round(accuracy * 61)
    assert result.accuracy == pytest.approx(accuracy, abs=1e-6)


def test_an_output_of_exactly_one_half_is_counted_as_keras_counts_it(data):
    model = heart.build_model()
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    result = heart.evaluate(model, data)
    assert result.right == round(model.evaluate(data.x_test, data.y_test, verbose=0)[1] * 61) == 44
    assert (result.true_positive, result.false_positive) == (0, 0)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_that_is_no_probability_is_refused(trained, data, threshold):
    with pytest.raises(ValueError, match=r"from 0 to 1.*Try 0\.5"):
        heart.evaluate(trained, data, threshold)


def test_a_model_that_does_not_fit_is_refused(data):
    inputs = keras.Input((29,))
    with pytest.raises(ValueError, match="not compiled"):
        heart.evaluate(keras.Model(inputs, keras.layers.Dense(1)(inputs)), data)
    unbuilt = keras.Sequential([keras.layers.Dense(1)])
    unbuilt.compile(loss="mse")
    with pytest.raises(ValueError, match="not built"):
        heart.evaluate(unbuilt, data)
    two = keras.Model(inputs, keras.layers.Dense(2)(inputs))
    two.compile(loss="mse")
    with pytest.raises(ValueError, match=r"to \(None, 2\); these data need \(None, 29\) to \(None, 1\)"):
        heart.evaluate(two, data)


def test_a_diverged_model_is_refused(data):
    model = heart.build_model()
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    with pytest.raises(ValueError, match="diverged"):
        heart.evaluate(model, data)


def test_the_first_model_of_a_process_writes_nothing_and_leaves_standard_error_open():
    program = "from firstepoch import heart; heart.build_model(); import os; os.write(2, b'still open')"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert (ran.stdout, ran.stderr) == ("", "still open")
