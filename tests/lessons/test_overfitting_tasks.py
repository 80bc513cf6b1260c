"""The lesson on overfitting, headless: its run, its tasks, and what guesses and near misses are told."""

import bisect

import keras
import numpy as np
import pytest

from firstepoch import heart
from firstepoch.lessons import overfitting_tasks as tasks
from firstepoch.lessons.paths import lessons
from firstepoch.widgets import DropoutView, EarlyStoppingExplorer


@pytest.fixture(scope="module")
def patients():
    return heart.load()


@pytest.fixture(scope="module")
def recorded(patients):
    return tasks.recorded_run(patients)


@pytest.fixture
def explorer(recorded):
    return EarlyStoppingExplorer(recorded, patience=15)


@pytest.fixture
def view(patients):
    return DropoutView(heart.build_model(dropout=0.5), data=patients, batches=5)


def stops(recorded, monitor, patience):
    """Stopped and restored epoch, from 0, by Keras's own callback on the recorded numbers."""
    mode = "max" if monitor.endswith("accuracy") else "min"
    callback = keras.callbacks.EarlyStopping(monitor=monitor, mode=mode, patience=patience, restore_best_weights=True)

    class Model:
        stop_training, epoch = False, -1
        metrics = []

        def get_weights(self):
            return self.epoch

        def set_weights(self, epoch):
            self.epoch = epoch

    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(recorded[monitor]):
        model.epoch = epoch
        callback.on_epoch_end(epoch, {monitor: value})
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch, model.epoch


@pytest.fixture(scope="module")
def smallest(recorded):
    """The smallest patience by which Keras, watching val_accuracy, restores a late epoch; a larger one does so too."""
    return bisect.bisect(range(300), tasks.LATE, key=lambda patience: stops(recorded, "val_accuracy", patience)[1] + 1)


def test_the_run_is_the_lectures(recorded):
    assert len(recorded) == 300
    assert int(recorded["val_loss"].argmin()) == 38


def test_where_it_stops_is_where_keras_stops(explorer, recorded):
    stopped, restored = (epoch + 1 for epoch in stops(recorded, "val_loss", 15))
    ask = tasks.where_it_stops(explorer)
    ask.answer(stopped)
    assert ask.right and f"epoch {restored} come back" in ask.said
    for guess, words in ((restored, "nobody knows yet"), (15, "from the last improvement"), (300, f"epoch {restored}")):
        ask.answer(guess)
        assert not ask.right and words in ask.said


def test_it_is_not_asked_where_nothing_stops(recorded):
    with pytest.raises(ValueError, match="runs to its end"):
        tasks.where_it_stops(EarlyStoppingExplorer(recorded, patience=300))


def test_the_smallest_patience_by_accuracy(explorer, smallest):
    task = tasks.by_accuracy(explorer)
    explorer.patience = smallest
    assert not task.done and task.said == ""
    explorer.monitor = "val_accuracy"
    assert task.done
    task.reset()
    explorer.patience = smallest - 1
    assert not task.done and "too early" in task.said
    explorer.patience = smallest + 1
    assert not task.done and "a smaller patience" in task.said
    explorer.restore_best_weights = False
    assert "Tick" in task.said
    explorer.restore_best_weights, explorer.min_delta = True, 0.01
    assert "at 0" in task.said
    explorer.min_delta = 0.0
    exec(tasks.SOLUTIONS["by_accuracy"], {"explorer": explorer})
    assert task.done


def test_the_text_tells_what_this_run_does(explorer, recorded, smallest):
    text = lessons()["overfitting"].read_text(encoding="utf-8")
    restored = [stops(recorded, "val_loss", patience)[1] + 1 for patience in range(61)]
    assert set(restored) == {39} and "every patience ends with the weights of epoch 39" in text
    explorer.min_delta = 0.01
    assert explorer.restored_epoch + 1 == 30
    explorer.patience = 4
    assert explorer.restored_epoch + 1 == 30
    explorer.patience = 3
    assert explorer.restored_epoch + 1 != 30
    assert "With a patience of 4 or more, the weights of epoch 30 come back instead of those of epoch 39" in text
    assert f"A patience of {smallest}. There are 49 validation patients" in text


def test_how_many_networks(view):
    ask = tasks.thinned(view)
    for guess, words in ((16, "exactly one unit"), (32, "four for two"), (1000, "in or out")):
        ask.answer(guess)
        assert not ask.right and words in ask.said
    ask.answer(65536)
    assert ask.right and "65,536" in ask.said


def test_twelve_of_sixteen_stay(view):
    task = tasks.twelve_stay(view)
    assert not task.done and task.said == ""
    view.rate = 0.75
    assert not task.done and "4 stay" in task.said and "share that is kept" in task.said
    view.rate = 0.1
    assert not task.done and "14.4 of the 16" in task.said
    exec(tasks.SOLUTIONS["twelve_stay"], {"view": view})
    assert task.done
    kept = view.recording["mask"].sum(axis=-1)
    assert abs(kept.mean() - tasks.STAY) < 4 * np.sqrt(16 * 0.25 * 0.75 / kept.size)
