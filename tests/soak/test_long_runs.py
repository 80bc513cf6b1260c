"""What only takes long, of what `make test` does in short: run by `make soak`."""

import pytest
import servers
from test_engine import SPLIT, lecture
from test_engine import assert_same as assert_same_as_keras
from test_memory import assert_no_growth


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_hundred_epochs_of_the_lecture_model(dropout):
    _, history = assert_same_as_keras(lambda: lecture(dropout=dropout), epochs=100, **SPLIT)
    assert len(history.history["val_loss"]) == 100


def test_fifty_trainings_do_not_grow_memory(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    servers.write_notebook(folder, "live", servers.SETUP)
    with servers.voila(folder, tmp_path_factory.mktemp("voila")) as server:
        assert_no_growth(browser, server, 5, 45)
