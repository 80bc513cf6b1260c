"""What only takes long, of what `make test` does in short: run by `make soak`."""

import keras
import pytest
import servers
from test_engine import SPLIT, lecture
from test_engine import assert_same as assert_same_as_keras
from test_memory import assert_no_growth

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


def test_fifty_trainings_do_not_grow_memory(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    servers.write_notebook(folder, "live", servers.SETUP)
    with servers.voila(folder, tmp_path_factory.mktemp("voila")) as server:
        assert_no_growth(browser, server, 5, 45)
