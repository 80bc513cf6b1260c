"""Overfitting: its fits are those of Model.fit, its states, what it keeps, says and refuses."""

import gc
import runpy
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import keras
import numpy as np
import pytest
from contract import interface, mismatches

from firstepoch import data, heart
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.overfitting import describe, widget
from firstepoch.widgets.overfitting import fits as fits_module
from firstepoch.widgets.overfitting.traits import OverfittingTraits
from firstepoch.widgets.overfitting.widget import Overfitting
from firstepoch.widgets.training.hold import HOLD

DATA = heart.load()
TRAITS = Path(widget.__file__).with_name("traits.ts")
EPOCHS = 15
"""Enough for early stopping with the settings of `both`."""
SMALL = {"units": (2, 8), "seeds": 2, "epochs": 6}


def made(**settings):
    return Overfitting(heart.build_model, DATA, **{**SMALL, **settings})


def trained(**settings):
    fits = made(**settings)
    fits.train()
    assert fits.wait(120)
    return fits


@pytest.fixture(scope="module")
def both():
    """Plain fits and fits with dropout, long enough for early stopping."""
    return trained(units=(2, 64), seeds=2, epochs=EPOCHS, dropout=0.5, patience=3, learning_rate=0.02)


def by_keras(units, seed, epochs, dropout=0.0, patience=0, learning_rate=None):
    """The history of Model.fit itself, and its EarlyStopping."""
    keras.utils.set_random_seed(seed)
    model = heart.build_model(units=(units,), dropout=dropout, learning_rate=learning_rate)
    early = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    history = model.fit(
        DATA.x_train,
        DATA.y_train,
        batch_size=32,
        epochs=epochs,
        validation_split=0.2,
        verbose=0,
        callbacks=[early] if patience else [],
    )
    return history.history, early


def same(recording, history):
    assert set(recording) == {"epoch", *history}
    for name, values in history.items():
        np.testing.assert_array_equal(recording[name], values)


def test_plain_fits_are_those_of_model_fit(both):
    history, _ = by_keras(2, 1, EPOCHS, learning_rate=0.02)
    same(both.recordings[2, 1, "plain"], history)


def test_fits_with_dropout_are_those_of_model_fit(both):
    history, _ = by_keras(64, 1, EPOCHS, dropout=0.5, learning_rate=0.02)
    same(both.recordings[64, 1, "dropout"], history)


@pytest.mark.parametrize(("variant", "dropout"), [("early stopping", 0.0), ("dropout + early stopping", 0.5)])
def test_early_stopping_is_that_of_keras(both, variant, dropout):
    history, early = by_keras(64, 0, EPOCHS, dropout, patience=3, learning_rate=0.02)
    recording = both.recordings[64, 0, variant]
    same(recording, history)
    assert 0 < early.stopped_epoch < EPOCHS - 1 and recording.settings["stopped"]
    assert recording.settings["restored_epoch"] == early.best_epoch


def test_bands_are_median_and_range_over_the_seeds(both):
    assert set(both.bands) == {
        (units, variant)
        for units in (2, 64)
        for variant in ("plain", "dropout", "early stopping", "dropout + early stopping")
    }
    band = both.bands[64, "plain"]
    runs = np.stack([both.recordings[64, seed, "plain"]["val_loss"] for seed in (0, 1)])
    np.testing.assert_array_equal(band["val_loss_median"], np.median(runs, axis=0))
    np.testing.assert_array_equal(band["val_loss_lowest"], runs.min(axis=0))
    np.testing.assert_array_equal(band["val_loss_highest"], runs.max(axis=0))
    np.testing.assert_array_equal(band["seeds"], 2)
    early = both.bands[64, "early stopping"]
    lengths = [len(both.recordings[64, seed, "early stopping"]) for seed in (0, 1)]
    assert len(early) == max(lengths) and list(early["seeds"]).count(2) == min(lengths)


def test_the_summary_says_what_the_recordings_say(both):
    summary = both.summary()
    assert list(summary.index.names) == ["units", "variant"] and len(summary) == 8
    line = summary.loc[64, "plain"]
    runs = [both.recordings[64, seed, "plain"] for seed in (0, 1)]
    assert line["parameters"] == 29 * 64 + 64 + 64 + 1 and line["training_rows"] == 193
    assert line["parameters_per_row"] == pytest.approx(line["parameters"] / 193)
    assert line["lowest_val_loss"] == np.median([run["val_loss"].min() for run in runs])
    assert line["lowest_epoch_high"] == max(run["val_loss"].argmin() for run in runs)
    gaps = [run["val_loss"][-1] - run["loss"][-1] for run in runs]
    assert (line["gap"], line["gap_low"], line["gap_high"]) == (np.median(gaps), min(gaps), max(gaps))
    stopped = summary.loc[64, "early stopping"]
    kept = [run["val_loss"].min() for run in (both.recordings[64, seed, "early stopping"] for seed in (0, 1))]
    assert stopped["final_val_loss"] == np.median(kept)


def test_the_page_gets_the_bands_and_a_text_for_every_number(both):
    curves = both.curves
    values = np.frombuffer(curves["values"], np.float32).reshape(len(curves["series"]), 2, 3, curves["epochs"])
    for block, series in zip(values, curves["series"], strict=True):
        band = both.bands[series["units"], series["variant"]]
        np.testing.assert_array_equal(block[0, 1], np.float32(band["loss_lowest"]))
        np.testing.assert_array_equal(block[1, 2], np.float32(band["val_loss_highest"]))
        assert series["seeds"] == 2
    assert {len(row) for row in both.rows} == {len(describe.HEADS)} and len(both.rows) == 8
    row = next(row for row in both.rows if row[:2] == ["64 units", "plain"])
    line = both.summary().loc[64, "plain"]
    assert row[6] == f"{line['lowest_epoch'] + 1:.0f} ({line['lowest_epoch_low'] + 1:.0f} to " + (
        f"{line['lowest_epoch_high'] + 1:.0f})"
    )


def test_variants_come_and_go_without_training(both):
    assert both.facts["variant"] == "dropout + early stopping"
    assert "With dropout + early stopping: validation loss" in both.panels[1]["compare"]
    both.patience = 0
    assert both.facts["variant"] == "dropout" and both.panels[0]["stops"] == []
    assert "dropout off" in both.facts["note"]
    both.dropout = 0.0
    assert both.facts["variant"] == "plain" and both.panels[0]["compare"] == "" and both.facts["missing"] == 0
    both.patience = None
    assert both.patience == 0
    both.dropout = 0.2
    assert both.facts["waiting"] == ["dropout"] and both.facts["missing"] == 4 and both.facts["variant"] == "plain"
    both.dropout, both.patience = 0.5, 3
    assert both.facts["missing"] == 0 and both.facts["waiting"] == []


class Gate:
    """Halts the worker after a fit has reached an epoch, until it is opened."""

    def __init__(self, monkeypatch, epoch=1, units=2, seed=0):
        self.reached, self.opened = threading.Event(), threading.Event()
        real = fits_module.DivergenceWatch.see

        def see(watch, at, *values):
            settings = watch._settings
            if (at + 1, settings.units, settings.seed) == (epoch, (units,), seed) and not self.reached.is_set():
                self.reached.set()
                assert self.opened.wait(60)
            real(watch, at, *values)

        monkeypatch.setattr(fits_module.DivergenceWatch, "see", see)


def test_states_and_progress(monkeypatch):
    gate = Gate(monkeypatch, epoch=3, units=8)
    fits = made()
    states, shares = [], []
    fits.observe(lambda change: states.append(change["new"]), "status")
    fits.observe(lambda change: shares.append(change["new"]["share"]), "report")
    assert fits.status == "idle" and fits.recordings == {} and fits.summary().empty
    fits.train()
    assert gate.reached.wait(60)
    fits._tell()
    assert fits.report["doing"] == "fit 2 of 4 · 8 units, seed 0" and fits.report["done"] == 1
    live = np.frombuffer(fits.live[0]["values"], np.float32).reshape(2, -1)
    np.testing.assert_array_equal(live[1], np.float32(fits.recordings[8, 0, "plain"]["val_loss"]))
    assert live.shape == (2, 3) and fits.live[0]["units"] == 8
    with pytest.raises(RuntimeError, match="Stop it first"):
        fits.train()
    gate.opened.set()
    assert fits.wait(60)
    assert states == ["training", "done"] and shares == sorted(shares) and shares[-1] == 1
    assert fits.report["outcome"] == "finished" and fits.live == [] and fits.report["doing"] == ""
    assert list(fits.recordings) == [(units, seed, "plain") for units in (2, 8) for seed in (0, 1)]


def test_a_lecturer_s_pause_halts_the_fits_and_changes_no_number(monkeypatch):
    told = []
    monkeypatch.setattr(HOLD, "tell", told.append)
    gate = Gate(monkeypatch, epoch=3, units=8)
    fits = made()
    fits.train()
    assert gate.reached.wait(60)
    try:
        HOLD.set(True)
        gate.opened.set()
        assert not fits.wait(0.5) and fits.status == "training" and told == [1, 0]
        assert fits.report["doing"].endswith("8 units, seed 0 · paused by the lecturer, goes on by itself")
        epochs = len(fits.recordings[8, 0, "plain"])
        assert not fits.wait(0.3) and len(fits.recordings[8, 0, "plain"]) == epochs < 6
    finally:
        HOLD.set(False)
    assert fits.wait(60) and fits.report["outcome"] == "finished" and told == [1, 0, 1, 0]
    history, _ = by_keras(8, 0, 6)
    same(fits.recordings[8, 0, "plain"], history)
    HOLD.set(True)
    try:
        fits.seeds = 3
        fits.train()
        assert not fits.wait(0.5)
        fits.stop()
        assert fits.wait(10) and fits.report["outcome"] == "stopped", "Stop answers meanwhile"
    finally:
        HOLD.set(False)


def test_stop_keeps_what_is_computed_and_train_goes_on(monkeypatch):
    gate = Gate(monkeypatch, epoch=3, seed=1)
    fits = made()
    fits.train()
    assert gate.reached.wait(60)
    fits.stop()
    assert fits.status == "stopping"
    gate.opened.set()
    assert fits.wait(60)
    assert fits.status == "done" and fits.report["outcome"] == "stopped" and fits.facts["missing"] == 2
    assert {key: len(one) for key, one in fits.recordings.items()} == {
        (2, 0, "plain"): 6,
        (8, 0, "plain"): 6,
        (2, 1, "plain"): 3,
    }
    assert [(one["units"], one["seed"], one["state"]) for one in fits.live] == [(2, 1, "stopped")]
    assert fits.panels[0]["seeds"] == 1 and fits.panels[0]["of"] == 2
    first = fits.recordings[8, 0, "plain"]
    fits.train()
    assert fits.wait(60)
    assert len(fits.recordings[2, 1, "plain"]) == 6 and fits.recordings[8, 0, "plain"] is first
    history, _ = by_keras(2, 1, 6)
    same(fits.recordings[2, 1, "plain"], history)


def test_reset_forgets_also_while_training(monkeypatch):
    gate = Gate(monkeypatch)
    fits = made()
    fits.train()
    assert gate.reached.wait(60)
    fits.reset()
    gate.opened.set()
    assert fits.wait(60)
    assert fits.status == "idle" and fits.recordings == {} and fits.report["of"] == 0
    fits.train()
    assert fits.wait(60) and len(fits.recordings) == 4


def test_another_width_or_seed_trains_only_what_is_new():
    fits = trained(seeds=1)
    before = dict(fits.recordings)
    fits.units = (2, 8, 4)
    fits.seeds = 2
    assert fits.facts["missing"] == 4 and fits.facts["waiting"] == ["units", "seeds"]
    assert [panel["units"] for panel in fits.panels] == [2, 8]
    fits.train()
    assert fits.wait(60) and len(fits.recordings) == 6
    assert all(fits.recordings[key] is one for key, one in before.items())
    fits.epochs = 3
    assert fits.facts["missing"] == 6 and fits.curves["epochs"] == 6
    fits.train()
    assert fits.wait(60) and {len(one) for one in fits.recordings.values()} == {3}


def exploding(units=(16,), learning_rate=None):
    """A network of 8 units has a learning rate at which nothing can be learned."""
    return heart.build_model(units=units, optimizer="sgd", learning_rate=1e4 if units[0] == 8 else 0.1)


def test_a_fit_that_diverges_is_said_and_the_others_go_on():
    fits = Overfitting(exploding, DATA, units=(2, 8), seeds=2, epochs=15)
    fits.train()
    assert fits.wait(60)
    assert fits.status == "done" and fits.report["outcome"] == "finished" and fits.report["error"] == ""
    assert fits.summary()["diverged"].tolist() == [0, 2] and fits.summary()["seeds"].tolist() == [2, 0]
    assert fits.panels[1]["trouble"].startswith("Seeds 0, 1 diverged: The loss became NaN at update ")
    assert fits.panels[1]["verdict"] == "" and fits.panels[0]["verdict"] != ""
    assert fits.facts["missing"] == 0 and 0 < len(fits.recordings[8, 0, "plain"]) <= 15
    assert fits.rows[1][2] == "0, 2 diverged" and fits.report["axis"]["highest"] < 2
    assert [(one["units"], one["state"]) for one in fits.live] == [(8, "diverged")] * 2


def test_a_builder_that_raises_for_one_width_leaves_the_others():
    def build(units=(16,)):
        if units[0] == 8:
            raise MemoryError("no room for 8 units")
        return heart.build_model(units=units)

    fits = Overfitting(build, DATA, **SMALL)
    fits.train()
    assert fits.wait(60)
    assert fits.status == "done" and fits.report["error"] == "2 of 4 fits failed: no room for 8 units"
    assert fits.panels[1]["trouble"].startswith("Seeds 0, 1 failed")
    assert fits.summary()["seeds"].tolist() == [2]


def test_a_builder_that_always_raises_fails():
    def build(units=(16,)):
        raise ValueError("nothing to build")

    fits = Overfitting(build, DATA, **SMALL)
    fits.train()
    with pytest.raises(ValueError, match="nothing to build"):
        fits.wait(60)
    assert fits.status == "failed" and fits.report["error"] == "4 of 4 fits failed: nothing to build"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"units": 0}, "1 to 4,096 units"),
        ({"units": (2, -3)}, "1 to 4,096 units here; units lists -3"),
        ({"units": 10**5}, "units lists 100,000"),
        ({"units": ()}, "it lists 0"),
        ({"units": (1, 2, 3, 4, 5)}, "it lists 5"),
        ({"units": (4, 4)}, "twice: 4, 4"),
        ({"units": "16"}, "whole numbers of units"),
        ({"units": [1.5]}, "whole numbers of units"),
        ({"units": [[1], [2, 3]]}, "whole numbers of units"),
        ({"seeds": 0}, "from 1 to 10; it is 0"),
        ({"seeds": 2.5}, "The seeds is 2.5; use a whole number"),
        ({"epochs": 0}, "it is 0. Try 300"),
        ({"dropout": 1}, "from 0 to below 1; it is 1.0. Try 0.5"),
        ({"dropout": "half"}, "The dropout is 'half'; use a number"),
        ({"dropout": float("nan")}, "from 0 to below 1"),
        ({"patience": -1}, "it is -1. Try 15"),
        ({"validation_split": 0}, "without validation rows"),
        ({"batch_size": 500}, "larger than the 193 training rows"),
        ({"learning_rate": -1.0}, "must be above 0"),
        ({"guess": 5}, "one of the widths 2, 8"),
    ],
)
def test_settings_that_cannot_be_trained_with(settings, said):
    with pytest.raises(SettingsError, match=said):
        made(**settings)


def test_models_and_data_that_cannot_be_trained_with():
    with pytest.raises(SettingsError, match="takes no argument units"):
        Overfitting(lambda dropout=0.0: None, DATA)
    with pytest.raises(SettingsError, match="not a function that builds"):
        Overfitting(heart.build_model(), DATA)
    with pytest.raises(SettingsError, match="Pass a TabularData"):
        Overfitting(heart.build_model, np.zeros((3, 2)))
    with pytest.raises(SettingsError, match="takes no dropout"):
        Overfitting(lambda units: None, DATA, dropout=0.5)
    with pytest.raises(TypeError, match="'width'"):
        made(width=3)


def test_a_refused_setting_leaves_the_last_good_one_and_the_picture(both):
    curves = both.curves
    assert curves["series"]
    with pytest.raises(SettingsError, match="1 to 4,096"):
        both.units = [0]
    both.set_state({"units": ["two", 16]})
    assert both.units == [2, 64] and "'two'" in both.problem and both.curves == curves
    both.set_state({"units": [2, 16]})
    assert both.problem == "" and both.units == [2, 16] and both.curves == curves
    both.units = (2, 64)


def test_settings_come_with_the_command_even_if_their_own_message_is_late():
    fits = trained(units=2, seeds=1)
    settings = {"units": [2], "seeds": 1, "epochs": 6, "learning_rate": None, "batch_size": 32, "patience": 0}
    fits._command({"kind": "train", "view": "a", "settings": {**settings, "dropout": 0.5}}, [])
    assert fits.wait(120) and len(fits.recordings) == 2 and fits.dropout == 0.5
    fits._command({"kind": "train", "view": "a", "settings": {**settings, "epochs": 0}}, [])
    assert fits.status == "done" and fits.epochs == 6 and "epochs is from 1" in fits.problem


@pytest.mark.parametrize(("from_page", "outcome"), [(True, "stopped"), (False, "finished")])
def test_the_last_page_that_leaves_ends_what_a_page_began(monkeypatch, from_page, outcome):
    gate = Gate(monkeypatch)
    fits = made()
    for view in "ab":
        fits._command({"kind": "enter", "view": view}, [])
    if from_page:
        fits._command({"kind": "train", "view": "a"}, [])
    else:
        fits.train()
    assert gate.reached.wait(60)
    fits._command({"kind": "leave", "view": "a"}, [])
    assert fits.status == "training"
    fits._command({"kind": "leave", "view": "b"}, [])
    gate.opened.set()
    assert fits.wait(60) and fits.report["outcome"] == outcome


def test_a_guess_is_compared_once_all_is_trained(both):
    assert both.facts["guessed"] == ""
    both.guess = 64
    finals = {units: [both.recordings[units, seed, "plain"]["val_loss"][-1] for seed in (0, 1)] for units in (2, 64)}
    lowest = min(finals, key=lambda units: np.median(finals[units]))
    assert both.facts["guessed"].startswith("You said 64 units: ")
    assert f"{np.median(finals[lowest]):.3f}" in both.facts["guessed"]
    both.guess = None
    assert both.facts["guessed"] == ""


def test_the_still_has_the_numbers(both):
    assert "Nothing is trained yet." in made().still()
    html = both.still()
    assert "64 units · 1,985 parameters" in html and "Rules, for each seed" in html
    for row in both.rows:
        assert all(f">{cell}</td>" in html for cell in row[1:])


@pytest.mark.long
def test_the_program_repeats_every_fit(tmp_path, capsys):
    fits = trained(dropout=0.3, seeds=1, epochs=5, learning_rate=0.05)
    (tmp_path / "heart.csv").write_bytes(Path(data.__file__).with_name("heart.csv").read_bytes())
    stopped = []
    for patience in (0, 1):
        fits.patience = patience
        expected = {key[:2]: one for key, one in fits.recordings.items() if key[2] == fits.facts["variant"]}
        stopped += [one.settings.get("stopped") for one in expected.values()]
        assert "firstepoch" not in fits.code
        (tmp_path / "program.py").write_text(fits.code)
        told = runpy.run_path(str(tmp_path / "program.py"))["fits"]
        assert list(told) == list(expected)
        for key, history in told.items():
            same(expected[key], history)
        assert "2 units: validation loss at best" in capsys.readouterr().out
    assert any(stopped)


def test_the_views_interface_is_the_classs_traits(both):
    assert mismatches(OverfittingTraits, "OverfittingTraits", TRAITS) == []
    assert set(interface(TRAITS, "Report")) == set(both.report)
    assert set(interface(TRAITS, "Axis")) == set(both.report["axis"])
    assert set(interface(TRAITS, "Facts")) == set(both.facts)
    assert set(interface(TRAITS, "PanelFacts")) == set(both.panels[0])
    assert set(interface(TRAITS, "LiveFit")) >= {"units", "variant", "seed", "state", "values"}
    assert set(interface(TRAITS, "Curves")) == set(both.curves)


def test_a_closed_widget_leaves_nothing():
    fits = trained(units=2, seeds=1, epochs=2)
    gone = weakref.ref(fits)
    fits.close()
    del fits
    gc.collect()
    assert gone() is None


def test_importing_and_making_load_neither_tensorflow_nor_keras():
    code = (
        "import sys; from firstepoch import heart; from firstepoch.widgets.overfitting.widget import Overfitting;"
        "Overfitting(heart.build_model, heart.load()); assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)
