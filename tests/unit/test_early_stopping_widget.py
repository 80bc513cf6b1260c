"""EarlyStoppingExplorer: what it takes, refuses and tells, and the program that does the same."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import contract
import early_stopping_oracle as oracle
import keras
import numpy as np
import pytest

from firstepoch import heart
from firstepoch.widgets import EarlyStoppingExplorer, LiveTraining, Recording, SettingsError
from firstepoch.widgets.early_stopping import words
from firstepoch.widgets.early_stopping.traits import ExplorerTraits

FOLDER = Path(words.__file__).parent
CURVE = [0.7, 0.5, 0.4, 0.42, 0.41, 0.39, 0.45, 0.46, 0.47, 0.5]


@pytest.fixture(scope="module")
def live():
    """The lecture's model after 300 epochs without early stopping."""
    made = LiveTraining(heart.build_model, heart.load(), epochs=300)
    made.train()
    made.wait(120)
    yield made
    made.close()


@pytest.fixture
def explorer():
    made = EarlyStoppingExplorer(
        {"val_loss": CURVE, "loss": CURVE[::-1], "val_accuracy": np.arange(10) / 10}, patience=3
    )
    yield made
    made.close()


def outcome(explorer):
    return " ".join(explorer.story.settings["outcome"])


def test_the_interface_is_the_classs_traits(explorer):
    source = FOLDER / "traits.ts"
    assert contract.mismatches(ExplorerTraits, "EarlyStoppingTraits", source) == []
    assert set(explorer.story.settings) == set(contract.interface(source, "Facts"))
    assert set(explorer.story) == {*contract.interface(source, "Epoch")}
    assert set(explorer.story.settings["plateaus"][0]) == set(contract.interface(source, "Plateau"))


@pytest.mark.parametrize("page", [False, True])
def test_whoever_observes_one_report_finds_the_others_of_the_same_story(explorer, page):
    seen = []
    reports = ("stopped_epoch", "best_epoch", "restored_epoch", "code")
    explorer.observe(lambda _: seen.append([getattr(explorer, name) for name in reports]), reports)
    for patience in (2, 9):
        if page:
            explorer.set_state({"patience": patience})
        else:
            explorer.patience = patience
        story = explorer.story.settings
        assert len(seen) > 1
        for stopped, best, restored, code in seen:
            assert (stopped, best, restored) == (explorer.stopped_epoch, story["best_epoch"], explorer.restored_epoch)
            assert f"patience={patience}" in code
        seen.clear()


def test_it_says_where_it_stops_and_what_comes_back(explorer):
    assert (explorer.stopped_epoch, explorer.best_epoch, explorer.restored_epoch) == (8, 5, 5)
    explorer.patience = 2
    assert (explorer.stopped_epoch, explorer.best_epoch, explorer.restored_epoch) == (4, 2, 2)
    explorer.patience = 9
    assert (explorer.stopped_epoch, explorer.best_epoch, explorer.restored_epoch) == (None, 5, 5)
    explorer.min_delta = 0.05
    assert explorer.best_epoch == 2
    explorer.start_from_epoch = 6
    assert explorer.best_epoch == 6
    explorer.restore_best_weights = False
    assert explorer.restored_epoch is None and explorer.best_epoch == 6
    explorer.start_from_epoch = 10
    assert (explorer.stopped_epoch, explorer.best_epoch) == (None, None)


def test_the_monitor_brings_its_direction(explorer):
    explorer.monitor = "val_accuracy"
    assert explorer.best_epoch == 9
    explorer.mode = "min"
    assert explorer.best_epoch == 0 and explorer.stopped_epoch == 3
    told, stopped, came_back = oracle.ask(np.arange(10) / 10, mode="min", patience=3, restore_best_weights=True)
    assert (stopped, came_back) == (3, 0) and len(told) == 4


@pytest.mark.parametrize("patience", [1, 5, 15, 30, 400])
def test_on_a_real_run_it_is_what_keras_does(live, patience):
    explorer = EarlyStoppingExplorer(live, patience=patience)
    _, stopped, came_back = oracle.ask(live.recording["val_loss"], patience=patience, restore_best_weights=True)
    assert (explorer.stopped_epoch, explorer.restored_epoch) == (stopped, came_back)


def test_the_code_stops_where_it_says_and_ends_with_the_weights_of_that_epoch(live):
    explorer = EarlyStoppingExplorer(live.recording, patience=2, min_delta=0.03, start_from_epoch=2)
    assert 2 < explorer.restored_epoch < explorer.stopped_epoch < 20
    data = heart.load()
    keras.utils.set_random_seed(42)
    given = {"model": heart.build_model(), "x": data.x_train, "y": data.y_train}
    exec(explorer.code.replace("callbacks=[", "verbose=0, callbacks=["), given)
    assert len(given["history"].epoch) == explorer.stopped_epoch + 1
    found = np.concatenate([weight.ravel() for weight in given["model"].get_weights()])
    np.testing.assert_array_equal(found, live.recording["weights"][explorer.restored_epoch])


def test_the_code_names_every_setting(explorer):
    explorer.monitor, explorer.mode, explorer.baseline = "loss", "max", 0.3
    explorer.restore_best_weights, explorer.min_delta, explorer.start_from_epoch = False, 0.25, 2
    made = {}
    stand_in = SimpleNamespace(fit=lambda *data, **arguments: made.update(arguments))
    exec(explorer.code, {"model": stand_in, "x": None, "y": None})
    (callback,) = made["callbacks"]
    assert made["epochs"] == 10 and made["validation_split"] == 0.2
    assert (callback.monitor, callback.mode, callback.baseline, callback.patience) == ("loss", "max", 0.3, 3)
    assert (callback.min_delta, callback.start_from_epoch, callback.restore_best_weights) == (0.25, 2, False)


def test_everything_that_holds_curves_is_taken(live):
    history = keras.callbacks.History()
    history.set_model(SimpleNamespace(history=None))
    history.on_train_begin()
    for epoch, value in enumerate(CURVE, 3):
        history.on_epoch_end(epoch, {"loss": value, "learning_rate": 0.1})
    recording = Recording()
    recording.extend({"epoch": np.arange(10), "loss": np.array(CURVE, np.float32), "weights": np.zeros((10, 4))})
    for given, first in ((history, 3), (history.history, 0), ({"loss": tuple(CURVE)}, 0), (recording, 0)):
        explorer = EarlyStoppingExplorer(given, patience=3)
        assert explorer.monitor == "loss" and explorer.story.settings["monitors"] == ["loss"]
        assert (explorer.stopped_epoch, explorer.best_epoch) == (8 + first, 5 + first)
    for given in (live, live.recording, live.history):
        explorer = EarlyStoppingExplorer(given)
        assert explorer.story.settings["monitors"] == ["val_accuracy", "val_loss", "accuracy", "loss"]
        assert explorer.monitor == "val_loss" and len(explorer.story) == 300


def test_a_recording_that_grows_does_not_change_the_explorer():
    recording = Recording()
    recording.extend({"loss": np.array(CURVE)})
    explorer = EarlyStoppingExplorer(recording)
    recording.append(loss=0.0)
    explorer.patience = 2
    assert len(explorer.story) == 10


UNFIT = [
    ({}, "nothing to monitor"),
    (Recording(), "nothing to monitor"),
    ({"epoch": [0, 1]}, "nothing to monitor"),
    ({"val_loss": []}, "recording is empty: no epoch has been trained"),
    ({"loss": [1.0, 2.0], "val_loss": [1.0]}, "differ in their number of epochs: loss 2, val_loss 1"),
    ({"loss": ["a", "b"]}, "loss does not hold numbers only"),
    ({"loss": [0.5, None, "x"]}, "loss does not hold numbers only"),
    ({"loss": [[0.5], [0.4]]}, r"loss has shape \(2, 1\)"),
    ({"loss": 0.5}, r"loss has shape \(\)"),
    ({"loss": np.zeros(10_001)}, "10,001 epochs; at most 10,000"),
    ({"loss": [1.0, 2.0], "epoch": [0, 2]}, "epoch must count on by one"),
    ([0.5, 0.4], "recording is a list, which holds no curves"),
    (None, "recording is a NoneType"),
]


@pytest.mark.parametrize(("given", "said"), UNFIT)
def test_what_holds_no_curves_is_refused(given, said):
    with pytest.raises(SettingsError, match=said):
        EarlyStoppingExplorer(given)


def test_a_training_that_has_not_begun_is_refused():
    live = LiveTraining(heart.build_model, heart.load())
    with pytest.raises(SettingsError, match="nothing to monitor"):
        EarlyStoppingExplorer(live)
    live.close()


BAD = [
    ("patience", -1, "patience is -1; it goes from 0"),
    ("patience", 2.5, "patience is 2.5; it is a whole number of epochs"),
    ("patience", True, "patience is True"),
    ("start_from_epoch", -3, "start_from_epoch is -3"),
    ("min_delta", -0.1, "min_delta is -0.1; it is 0 or more. Try 0.1"),
    ("min_delta", float("nan"), "min_delta is nan"),
    ("baseline", float("inf"), "baseline is inf"),
    ("monitor", "val_auc", "There is no 'val_auc' in the recording. It has: val_loss, val_accuracy, loss"),
    ("mode", "down", "mode"),
]


@pytest.mark.parametrize(("name", "value", "said"), BAD)
def test_a_bad_setting_is_refused_and_the_last_good_story_stays(explorer, name, value, said):
    story, before = explorer.story, getattr(explorer, name)
    with pytest.raises(SettingsError, match=said):
        setattr(explorer, name, value)
    with pytest.raises(SettingsError, match=said):
        EarlyStoppingExplorer({"val_loss": CURVE, "val_accuracy": CURVE, "loss": CURVE}, **{name: value})
    explorer.set_state({name: value})
    assert said.split(";")[0] in explorer.problem.replace("\\", "") and explorer.story is story
    assert getattr(explorer, name) == before
    explorer.set_state({"patience": 4})
    assert explorer.problem == "" and explorer.patience == 4


def test_a_monitor_whose_direction_is_unknown_needs_a_mode():
    with pytest.raises(SettingsError, match="does not know whether profit should fall or rise"):
        EarlyStoppingExplorer({"profit": [1.0, 2.0]})
    assert EarlyStoppingExplorer({"profit": [1.0, 2.0]}, mode="max").best_epoch == 1


def test_an_unknown_argument_is_named():
    with pytest.raises(TypeError, match="no argument 'patients'"):
        EarlyStoppingExplorer({"loss": CURVE}, patients=3)


def test_the_outcome_is_told_in_true_sentences(explorer):
    assert outcome(explorer) == (
        "EarlyStopping stops the training after epoch 9 and restores the weights of epoch 6: val_loss 0.390 there, "
        "0.470 at the stop, 0.500 in epoch 10, the last recorded. It saves 1 of 10 epochs. "
        "val_accuracy is 0.500 in epoch 6, 0.800 in epoch 9 and 0.900 in epoch 10. "
        "Any patience of 3 or more restores epoch 6 on this recording."
    )
    explorer.patience = 2
    assert "The lowest value recorded is 0.390, in epoch 6, after the stop." in outcome(explorer)
    assert "Any patience from 0 to 2 restores epoch 3." in outcome(explorer)
    explorer.patience = 9
    assert "Patience does not run out in the 10 epochs recorded; what later ones bring is not known." in outcome(
        explorer
    )
    assert "Keras would restore epoch 6: val_loss 0.390 there, 0.500 in epoch 10." in outcome(explorer)
    explorer.restore_best_weights = False
    assert "The weights stay those of epoch 10: val_loss 0.500." in outcome(explorer)
    explorer.patience = 3
    assert "leaves the weights as they are then: val_loss 0.470. It was 0.390 in epoch 6" in outcome(explorer)
    explorer.restore_best_weights = True
    explorer.min_delta, explorer.patience = 0.05, 9
    assert "The lowest value recorded is 0.390, in epoch 6, but not by more than min_delta." in outcome(explorer)
    explorer.start_from_epoch = 6
    assert "in epoch 6, in the warm-up, which does not count." in outcome(explorer)
    explorer.start_from_epoch = 99
    assert outcome(explorer).startswith("EarlyStopping looks at no epoch: start_from_epoch is 99")


def test_nan_is_told():
    explorer = EarlyStoppingExplorer({"val_loss": [float("nan"), 0.5, 0.4]}, patience=2)
    assert explorer.restored_epoch == 0 and explorer.stopped_epoch == 2
    assert "that of epoch 1, is NaN, and no number counts as better than it" in outcome(explorer)
    assert explorer.story.settings["plateaus"][0]["value"] is None
    assert "NaN" in explorer.still()


def test_the_height_of_the_picture_holds_the_curve_and_is_finite():
    explorer = EarlyStoppingExplorer({"loss": [1e6, *np.linspace(1, 0.5, 60)]})
    low, high = explorer.story.settings["height"]
    assert low < 0.5 and 1 < high < 10
    for values in ([float("nan")] * 3, [float("inf"), 1.0], [0.5], [0.0, 0.0], [1e308, -1e308]):
        low, high = EarlyStoppingExplorer({"loss": values}).story.settings["height"]
        assert np.isfinite([low, high]).all() and low < high


def test_the_still_has_the_outcome_and_the_ranges(explorer):
    html = explorer.still()
    assert "restores the weights of epoch 6" in html and "patience 3 or more" in html and "0 to 2" in html
    assert "<script" not in html and explorer._still in html


def test_neither_tensorflow_nor_keras_is_loaded():
    code = (
        "import sys; from firstepoch.widgets import EarlyStoppingExplorer as Explorer; "
        "Explorer({'loss': [3.0, 2.0, 1.0]}).patience = 2; "
        "sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=100).returncode == 0
