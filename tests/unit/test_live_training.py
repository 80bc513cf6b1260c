import functools
import gc
import subprocess
import sys
import threading
import weakref
from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
import traitlets

from firstepoch import heart
from firstepoch.widgets import NetworkView, Recording
from firstepoch.widgets.training import worker
from firstepoch.widgets.training.figures import _outline
from firstepoch.widgets.training.run import TrainingDiverged
from firstepoch.widgets.training.widget import LiveTraining

DATA = heart.load()


def live(**settings):
    return LiveTraining(heart.build_model, DATA, **{"epochs": 20, **settings})


def trained(**settings):
    widget = live(**settings)
    widget.train()
    assert widget.wait(120)
    return widget


@functools.cache
def plain_keras(epochs=20, early_stopping=None, **model):
    """Model and history of Model.fit; with the same seed and settings they are the same."""
    keras.utils.set_random_seed(42)
    network = heart.build_model(**model)
    history = network.fit(
        DATA.x_train,
        DATA.y_train,
        batch_size=32,
        epochs=epochs,
        validation_split=0.2,
        verbose=0,
        callbacks=[early_stopping] if early_stopping else [],
    )
    return network, history.history


def first_epochs(epochs, **model):
    """The history of a shorter run: the same seed deals the same rows, so it is how a longer one begins."""
    return {name: values[:epochs] for name, values in plain_keras(**model)[1].items()}


class Gate:
    """Calls a function once the widget reports an epoch, from the thread that reports it."""

    def __init__(self, widget, epoch):
        self.reached = threading.Event()
        widget.observe(lambda change: change["new"]["epoch"] >= epoch and self.reached.set(), "report")


def assert_same(history, expected, tolerance=1e-5):
    assert set(history) == set(expected)
    for name in expected:
        np.testing.assert_allclose(history[name], expected[name], atol=tolerance)


def test_the_lectures_settings_get_51_of_61():
    widget = trained(epochs=300)
    assert widget.status == "done" and widget.run.outcome == "finished"
    assert round(widget.open_test_set()["accuracy"] * 61) == 51
    assert widget.model.count_params() == 497
    assert len(widget.recording) == 300
    assert widget.run.best_epoch == int(np.argmin(widget.history["val_loss"]))


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_history_and_weights_are_those_of_plain_keras(dropout):
    widget = trained(dropout=dropout)
    model, history = plain_keras(dropout=dropout)
    assert_same(widget.history, history)
    for mine, theirs in zip(widget.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)
    np.testing.assert_array_equal(
        widget.recording["weights"][-1], np.concatenate([w.ravel() for w in widget.model.get_weights()])
    )


def test_early_stopping_stops_and_restores_as_keras_does():
    early = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    model, history = plain_keras(300, early, learning_rate=0.01)
    widget = trained(epochs=300, early_stopping=True, patience=5, learning_rate=0.01)
    assert_same(widget.history, history)
    run = widget.run
    assert (run.outcome, run.stopped_epoch, run.best_epoch) == ("early stopped", early.stopped_epoch, early.best_epoch)
    assert run.restored_epoch == early.best_epoch
    assert widget.report["stopped"] == early.stopped_epoch + 1
    np.testing.assert_allclose(widget.model.get_weights()[0], model.get_weights()[0], atol=1e-5)
    assert list(widget.recording["wait"][early.best_epoch :]) == [0, 1, 2, 3, 4, 5]


def with_auc(units=(16,)):
    model = heart.build_model(units=units)
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=[keras.metrics.AUC(name="auc")])
    return model


def test_any_reported_quantity_can_be_watched():
    widget = LiveTraining(with_auc, DATA, epochs=30, early_stopping=True, patience=3, monitor="val_auc")
    widget.train()
    widget.wait()
    values = widget.history["val_auc"]
    assert widget.run.best_epoch == widget.run.restored_epoch == int(np.argmax(values))
    assert widget.report["metric"] == "auc"


def test_a_quantity_the_model_does_not_report_is_named():
    for monitor in ("val_accuracy", "val_f1"):
        widget = LiveTraining(with_auc, DATA, epochs=5, early_stopping=True, monitor=monitor)
        widget.train()
        with pytest.raises(ValueError, match=rf"watches {monitor}, but the model reports auc"):
            widget.wait()


def test_without_validation_the_best_epoch_is_that_of_the_training_loss():
    widget = trained(validation_split=0.0, monitor="val_accuracy", epochs=8)
    assert widget.run.best_epoch == int(np.argmin(widget.history["loss"]))


def test_a_small_batch_of_easy_rows_is_no_divergence():
    for seed in range(4):
        widget = trained(batch_size=2, epochs=1, seed=seed)
        assert widget.run.outcome == "finished"


def test_a_model_without_an_input_layer_is_built():
    def build():
        model = keras.Sequential(
            [keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
        )
        model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
        return model

    widget = LiveTraining(build, DATA, epochs=2)
    widget.train()
    widget.wait()
    assert widget.run.parameters == 125 and "keras.Input((29,))" in widget.code


def test_lists_and_tables_are_taken_for_arrays():
    data = SimpleNamespace(
        x_train=pd.DataFrame(DATA.x_train),
        y_train=pd.Series(DATA.y_train, index=range(7, 249)),
        x_test=DATA.x_test.tolist(),
        y_test=DATA.y_test.tolist(),
        feature_names=list(DATA.feature_names),
        class_names=["no", "yes"],
    )
    widget = LiveTraining(heart.build_model, data, epochs=2)
    widget.train()
    widget.wait()
    assert_same(widget.history, first_epochs(2))


def test_a_recording_of_a_run_can_be_drawn_and_saved(tmp_path):
    widget = trained(epochs=3)
    widget.recording.save(tmp_path / "run")
    view = NetworkView(Recording.load(tmp_path / "run"), DATA)
    np.testing.assert_array_equal(view._shown["drawn"], widget._shown["drawn"])


def test_without_restoring_the_last_weights_stay():
    widget = trained(epochs=300, early_stopping=True, patience=5, restore_best_weights=False)
    assert widget.run.restored_epoch is None
    last = widget.recording["weights"][-1][: 29 * 16].reshape(29, 16)
    np.testing.assert_array_equal(widget.model.get_weights()[0], last)


def test_batch_losses_average_to_the_epochs_loss():
    widget = trained(epochs=3)
    rows = np.array([32] * 6 + [1])
    means = widget.recording["batch_loss"] @ rows / 193
    np.testing.assert_allclose(means, widget.recording["loss"], rtol=1e-5)


def test_pause_halts_resume_goes_on_and_the_numbers_are_the_same():
    widget = live(epochs=20, speed="50 epochs a second")
    gate = Gate(widget, 3)
    widget.train()
    assert gate.reached.wait(60)
    paused = threading.Event()
    widget.observe(lambda change: change["new"] == "paused" and paused.set(), "status")
    widget.pause()
    assert paused.wait(10)
    frames = len(widget.recording)
    assert 3 <= frames < 20
    assert not widget.wait(0.3)
    assert len(widget.recording) == frames
    widget.speed = "full speed"
    widget.resume()
    widget.wait()
    assert_same(widget.history, plain_keras()[1])


def test_pausing_twice_stays_paused():
    widget = live(epochs=100_000)
    gate = Gate(widget, 2)
    paused = threading.Event()
    widget.observe(lambda change: change["new"] == "paused" and paused.set(), "status")
    widget.train()
    assert gate.reached.wait(60)
    widget.pause()
    assert paused.wait(10)
    frames = len(widget.recording)
    widget.pause()
    assert not widget.wait(0.3)
    assert widget.status == "paused" and len(widget.recording) == frames
    widget.stop()
    widget.wait()


def test_stop_while_loading_or_tracing_leaves_no_partial_epoch():
    for units in (5, 6, 7):
        widget = live(epochs=100_000, units=units, dropout=0.1)
        widget.train()
        widget.wait(0.1 * (units - 5))
        widget.stop()
        assert widget.wait(60)
        assert widget.status == "done" and widget.run.outcome == "stopped"
        assert widget.run.partial_batches is None


def large(rows=200_000):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 29)).astype("float32")
    y = (x[:, 0] > 0).astype("float32")
    return replace(DATA, x_train=x, y_train=y)


@pytest.mark.parametrize("command", ["stop", "pause"])
def test_a_long_epoch_is_cut_short_by_stop_and_halted_by_pause(command):
    widget = LiveTraining(heart.build_model, large(), epochs=1, batch_size=4)
    training, paused = threading.Event(), threading.Event()
    widget.observe(lambda change: change["new"] == "training" and training.set(), "status")
    widget.observe(lambda change: change["new"] == "paused" and paused.set(), "status")
    widget.train()
    assert training.wait(60)
    widget.wait(1.0)
    getattr(widget, command)()
    if command == "pause":
        assert paused.wait(60)
        widget.stop()
    assert widget.wait(60)
    assert 0 < widget.run.partial_batches < 40_000
    assert "are left out" in widget.code


def test_step_trains_one_epoch_at_a_time():
    widget = live(epochs=3)
    paused = threading.Semaphore(0)
    widget.observe(lambda change: change["new"] == "paused" and paused.release(), "status")
    for expected in (1, 2):
        widget.step()
        assert paused.acquire(timeout=60)
        assert len(widget.recording) == expected
    widget.step()
    widget.wait()
    assert widget.status == "done" and len(widget.recording) == 3
    assert_same(widget.history, first_epochs(3))


def test_stop_keeps_the_frames_and_the_code_repeats_them():
    widget = live(epochs=100_000)
    gate = Gate(widget, 5)
    widget.train()
    assert gate.reached.wait(60)
    widget.stop()
    assert widget.status == "stopping"
    widget.wait()
    run = widget.run
    assert widget.status == "done" and run.outcome == "stopped"
    assert 5 <= len(widget.recording) < 100_000 and run.partial_batches is None
    assert f"epochs={len(widget.recording)}," in widget.code


def test_reset_forgets_the_run_in_hand_and_keeps_earlier_ones():
    widget = trained(epochs=2)
    widget.epochs = 100_000
    gate = Gate(widget, 5)
    widget.train()
    assert gate.reached.wait(60)
    widget.reset()
    widget.wait()
    assert widget.status == "idle" and len(widget.recording) == 0
    assert [row["run"] for row in widget.runs] == [1]
    widget.epochs = 2
    widget.train()
    widget.wait()
    assert [row["epochs"] for row in widget.runs] == [2, 2]


@pytest.mark.parametrize("end", ["stop", "reset"])
def test_a_new_run_waits_for_the_end_of_one_that_stops(end):
    widget = live(epochs=100_000)
    gate = Gate(widget, 2)
    widget.train()
    assert gate.reached.wait(60)
    getattr(widget, end)()
    widget.epochs = 2
    widget.train()
    widget.wait()
    assert widget.status == "done" and widget.run.number == 2 and len(widget.recording) == 2
    assert list(widget.kept_runs) == ([1, 2] if end == "stop" else [2])


def test_the_run_before_stays_in_the_table_while_the_next_one_begins():
    widget = trained(epochs=2)
    seen = []
    widget.observe(lambda change: seen.append([row["run"] for row in change["new"]]), "runs")
    widget.train()
    widget.wait()
    assert len(seen) >= 2 and all(numbers == [1, 2] for numbers in seen)


def test_an_earlier_run_can_be_put_on_the_card_and_replayed():
    widget = trained(epochs=4, dropout=0.5)
    first = widget.recording
    widget.epochs, widget.dropout = 3, 0.0
    widget.train()
    widget.wait()
    widget.shown = 1
    np.testing.assert_array_equal(widget._shown["loss"], first["loss"])
    assert widget.report["run"] == 1 and "Dropout(0.5)" in widget.code
    assert widget._shown["dropped"].shape == (4, 46)
    widget.shown = 0
    assert widget.report["run"] == 2 and len(widget._shown) == 3
    widget.shown = 1
    widget.train()
    widget.wait()
    assert widget.shown == 0 and widget.report["run"] == 3 and len(widget._shown) == 3
    with pytest.raises(traitlets.TraitError, match=r"number of a run in \[1, 2, 3\]; got 77"):
        widget.shown = 77


def test_a_second_train_while_one_runs_is_refused_and_harms_nothing():
    widget = live(epochs=100_000)
    gate = Gate(widget, 2)
    widget.train()
    with pytest.raises(RuntimeError, match=r"Stop it first"):
        widget.train()
    assert gate.reached.wait(60)
    widget.stop()
    widget.wait()
    assert widget.run.number == 1


def test_runs_one_after_the_other_share_a_thread_and_runs_at_the_same_time_do_not():
    threads: dict[str, int] = {}

    def noting(name):
        def build(**settings):
            threads[name] = threading.get_ident()
            return heart.build_model(**settings)

        return LiveTraining(build, DATA, epochs=1)

    for name in ("first", "second"):
        widget = noting(name)
        widget.train()
        assert widget.wait(60)
    assert threads["first"] == threads["second"]
    held = live(epochs=100_000)
    held.train()
    widget = noting("beside")
    widget.train()
    assert widget.wait(60) and held.status != "done"
    assert threads["beside"] != threads["first"]
    held.stop()
    held.wait()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_whose_work_raised_is_not_given_work_again():
    def broken():
        raise LookupError("an observer failed")

    assert worker.begin(broken).wait(10)
    assert worker.begin(lambda: None).wait(10)


def test_following_batches_records_every_update_and_changes_no_number():
    widget = live(epochs=2, speed="4 batches a second")
    seen = threading.Event()
    widget.observe(lambda change: len(widget.updates) >= 2 and seen.set(), "report")
    widget.train()
    assert seen.wait(60)
    widget.speed = "full speed"
    widget.wait()
    updates = widget.updates
    assert list(updates["batch"][:2]) == [0, 1]
    np.testing.assert_array_equal(updates["loss"][:2], widget.recording["batch_loss"][0][:2])
    dealt = updates["rows"][:2]
    assert len(np.unique(dealt)) == 64 and dealt.max() < 193
    assert_same(widget.history, first_epochs(2))


def test_the_masks_shown_are_those_of_the_run():
    widget = trained(epochs=4, dropout=0.5)
    shown = widget._shown["dropped"]
    states = widget.recording["dropout_state"]
    assert shown.shape == (4, 29 + 16 + 1)
    assert not shown[:, :29].any() and not shown[:, -1].any()
    for epoch in range(4):
        drop = keras.layers.Dropout(0.5)
        drop.build((None, 16))
        drop.seed_generator.state.assign(states[epoch, 0] - [0, 1])
        output = np.asarray(drop(np.ones((1, 16), "float32"), training=True))
        np.testing.assert_array_equal(shown[epoch, 29:45] != 0, output[0] == 0)


def test_what_the_page_gets_is_what_was_recorded():
    widget = trained(epochs=5)
    scenes, recording = widget._shown, widget.recording
    assert len(scenes) == 5
    np.testing.assert_array_equal(scenes["loss"], recording["loss"])
    np.testing.assert_array_equal(scenes["val_loss"], recording["val_loss"])
    np.testing.assert_array_equal(scenes["metric"], recording["accuracy"])
    probability = scenes["activations"][-1, -1]
    expected = widget.model.predict(DATA.x_train[:1], verbose=0)[0, 0]
    np.testing.assert_allclose(probability, expected, atol=1e-5)
    widget.patient = 7
    expected = widget.model.predict(DATA.x_train[7:8], verbose=0)[0, 0]
    np.testing.assert_allclose(widget._shown["activations"][-1, -1], expected, atol=1e-5)


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "sgd", "learning_rate": 1e6},
        {"optimizer": "sgd", "learning_rate": 1e29},
        {"optimizer": "sgd", "learning_rate": 500.0},
        {"optimizer": "sgd", "learning_rate": 2000.0},
        {"optimizer": "sgd", "learning_rate": 1e4},
        {"learning_rate": 1000.0, "epochs": 60},
    ],
)
def test_a_diverging_learning_rate_ends_the_run_with_a_sentence(settings):
    widget = live(**settings)
    widget.train()
    with pytest.raises(TrainingDiverged, match=r"learning rate .* is too large\. Try"):
        widget.wait()
    assert widget.status == "failed" and "learning rate" in widget.report["error"]
    kept = len(widget.recording)
    assert kept >= 1
    widget.learning_rate, widget.optimizer, widget.epochs = None, "adam", 2
    widget.train()
    widget.wait()
    assert widget.status == "done" and len(widget.recording) == 2


def not_compiled():
    return keras.Sequential([keras.Input((29,)), keras.layers.Dense(1)])


def wrong_inputs():
    model = keras.Sequential([keras.Input((28,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy")
    return model


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: keras.Sequential([keras.layers.Dense(1)]), r"not compiled"),
        (not_compiled, r"not compiled\. Call model\.compile"),
        (wrong_inputs, r"takes 28 inputs but the data has 29"),
        (lambda: "a model", r"returned str, not a keras\.Model"),
        (lambda: 1 / 0, r"division by zero"),
    ],
)
def test_a_model_that_cannot_be_trained_fails_with_a_sentence(build, words):
    widget = LiveTraining(build, DATA, epochs=2)
    widget.train()
    with pytest.raises((ValueError, ZeroDivisionError), match=words):
        widget.wait()
    assert widget.status == "failed" and widget.report["error"]


def test_bad_settings_say_so_on_the_screen_and_raise_the_same_sentence():
    widget = trained(epochs=2)
    widget.set_state({"batch_size": 500})
    assert "larger than the 193 training rows" in widget.problem
    with pytest.raises(ValueError) as caught:
        widget.train()
    assert str(caught.value) == widget.problem
    assert len(widget.recording) == 2 and widget.status == "done"
    widget.batch_size = 32
    assert widget.problem == ""


@pytest.mark.parametrize("settings", [{"epochs": 0}, {"batch_size": 500}, {"units": [0]}, {"dropout": 1.5}])
def test_the_constructor_refuses_bad_settings(settings):
    with pytest.raises(ValueError, match=r"\."):
        live(**settings)


def test_unknown_arguments_are_refused_by_name():
    with pytest.raises(TypeError, match="no argument 'epoch'"):
        live(epoch=3)
    with pytest.raises(ValueError, match="not a function"):
        LiveTraining("model", DATA)
    with pytest.raises(ValueError, match="every run starts from a new one"):
        LiveTraining(heart.build_model(), DATA)


def test_buttons_do_what_the_methods_do():
    widget = live(epochs=2)
    command = widget._command
    command({"kind": "train", "view": "a"}, [])
    widget.wait()
    assert widget.runs[-1]["has_test"] and widget.runs[-1]["test"] is None
    command({"kind": "open_test_set", "view": "a"}, [])
    assert widget.runs[-1]["test"]["loss"] == pytest.approx(widget.run.test["loss"])
    command({"kind": "train", "view": "a"}, [])
    widget.wait()
    command({"kind": "forget", "view": "a"}, [])
    assert [row["run"] for row in widget.runs] == [2]


def test_a_button_brings_the_settings_that_are_still_on_their_way():
    widget = live(epochs=2)
    shown = {"optimizer": "sgd", "learning_rate": 0.5, "batch_size": 500}
    widget._command({"kind": "train", "view": "a", "settings": shown}, [])
    assert "500" in widget.problem and widget.status == "idle" and widget.run.number == 0
    widget._command({"kind": "train", "view": "a", "settings": {**shown, "batch_size": 64}}, [])
    widget.wait()
    ran = widget.run.settings
    assert (ran.optimizer, ran.learning_rate, ran.batch_size, ran.epochs) == ("sgd", 0.5, 64, 2)
    widget._command({"kind": "train", "view": "a", "settings": {"epochs": "many"}}, [])
    assert "epochs" in widget.problem and widget.run.number == 1


def test_a_run_started_from_a_page_ends_when_the_last_page_closes():
    widget = live(epochs=100_000)
    gate = Gate(widget, 2)
    for content in ({"kind": "enter", "view": "a"}, {"kind": "enter", "view": "b"}, {"kind": "train", "view": "a"}):
        widget._command(content, [])
    assert gate.reached.wait(60)
    widget._command({"kind": "leave", "view": "a"}, [])
    assert widget.status == "training"
    widget._command({"kind": "leave", "view": "b"}, [])
    assert widget.wait(30) and widget.run.outcome == "stopped"


def test_a_run_ends_when_its_page_is_heard_no_more(monkeypatch):
    monkeypatch.setattr("firstepoch.widgets.training.widget._LONE_SECONDS", 0.3)
    widget = live(epochs=100_000)
    widget._command({"kind": "enter", "view": "a"}, [])
    widget._command({"kind": "train", "view": "a"}, [])
    assert widget.wait(60) and widget.run.outcome == "stopped"


def test_a_run_started_from_python_needs_no_page():
    widget = live(epochs=3)
    widget._command({"kind": "enter", "view": "a"}, [])
    widget.train()
    widget._command({"kind": "leave", "view": "a"}, [])
    widget.wait()
    assert widget.run.outcome == "finished"


@pytest.mark.long
def test_two_widgets_training_at_once_keep_their_own_numbers():
    widgets = [live(epochs=10, dropout=0.5), live(epochs=10, units=[8])]
    for widget in widgets:
        widget.train()
    for widget in widgets:
        widget.wait()
    assert_same(widgets[0].history, first_epochs(10, dropout=0.5))
    assert_same(widgets[1].history, plain_keras(10, units=(8,))[1])


def test_closed_widgets_are_forgotten():
    gone = []
    for _ in range(3):
        widget = trained(epochs=1)
        gone.append(weakref.ref(widget))
        before = len(instances())
        widget.close()
        assert len(instances()) < before
        del widget
    gc.collect()
    assert [one() for one in gone] == [None] * 3


def instances():
    from ipywidgets.widgets import widget

    return widget._instances


def test_a_long_curve_is_thinned_but_keeps_its_ends_and_extremes():
    curve = np.random.default_rng(0).normal(size=54_321)
    kept = _outline(curve)
    assert len(kept) <= 2002 and kept[0] == 0 and kept[-1] == 54_320
    assert {curve.argmin(), curve.argmax()} <= set(kept)
    assert list(_outline(curve[:2000])) == list(range(2000))


def test_numpy_numbers_and_a_single_layer_are_taken():
    widget = trained(units=8, epochs=np.int64(2), learning_rate=np.float32(0.5), dropout=np.array([0.25]))
    assert widget.units == [8] and widget.dropout == [0.25] and len(widget.recording) == 2


def test_leaving_python_ends_a_training():
    code = (
        "from firstepoch import heart, widgets;"
        "live = widgets.LiveTraining(heart.build_model, heart.load(), epochs=10**6); live.train();"
        "import time; [time.sleep(0.05) for _ in range(400) if len(live.recording) < 5]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)


def test_importing_loads_neither_tensorflow_nor_keras():
    code = (
        "import sys, firstepoch.widgets, firstepoch.heart, firstepoch.data;"
        "firstepoch.widgets.LiveTraining(firstepoch.heart.build_model, firstepoch.heart.load());"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
