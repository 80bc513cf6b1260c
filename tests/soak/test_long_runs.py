"""What only takes long, of what `make test` does in short: run by `make soak`."""

import keras
import pytest
from test_engine import RARE_ARGUMENTS, RARE_MODELS, SPLIT, lecture
from test_engine import assert_same as assert_same_as_keras

from firstepoch import heart


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_hundred_epochs_of_the_lecture_model(dropout):
    _, history = assert_same_as_keras(lambda: lecture(dropout=dropout), epochs=100, **SPLIT)
    assert len(history.history["val_loss"]) == 100


def test_the_lectures_training_by_model_fit_gets_51_of_61_right():
    data = heart.load()
    keras.utils.set_random_seed(42)
    model = heart.build_model()
    model.fit(data.x_train[:193], data.y_train[:193], batch_size=32, epochs=300, verbose=0)
    result = heart.evaluate(model, data)
    assert (result.right, result.n) == (51, 61)
    assert result.loss == pytest.approx(0.481, abs=0.005)


@pytest.mark.parametrize("name", RARE_MODELS)
def test_same_numbers_for(name):
    assert_same_as_keras(RARE_MODELS[name], epochs=2, **SPLIT)


@pytest.mark.parametrize("name", RARE_ARGUMENTS)
def test_same_numbers_with(name):
    assert_same_as_keras(lambda: lecture(dropout=0.2), epochs=3, **RARE_ARGUMENTS[name])
