import json
from types import SimpleNamespace

import numpy as np
import pytest
import traitlets

from firstepoch import heart
from firstepoch.widgets.training import compare
from firstepoch.widgets.training.run import Run
from firstepoch.widgets.training.settings import Settings
from firstepoch.widgets.training.widget import LiveTraining

DATA = heart.load()
ROWS = SimpleNamespace(y_train=np.zeros(242), row_name="patient")


def run_of(number=1, outcome="finished", logs=None, **settings):
    """A run with these logs, one value an epoch."""
    run = Run(number, Settings(**settings))
    run.parameters, run.outcome = 497, outcome
    logs = {
        "accuracy": [0.5, 0.9],
        "loss": [0.7, 0.25],
        "val_accuracy": [38 / 49, 40 / 49],
        "val_loss": [0.5, 0.625],
    } | (logs or {})
    for epoch in range(len(logs["loss"])):
        own = {"epoch": epoch, "seconds": 0.5 * (epoch + 1), "best_epoch": 0, "wait": epoch, "batch_loss": np.ones(7)}
        run.recording.append(own | {name: values[epoch] for name, values in logs.items() if values})
    return run


def told(one, two, **more):
    return compare.comparison(one, two, ROWS, **more)


@pytest.fixture(scope="module")
def live():
    widget = LiveTraining(heart.build_model, DATA, epochs=25, seed=1)
    for settings in ({}, {"seed": 2}, {"units": [4], "learning_rate": 0.01}):
        for name, value in settings.items():
            setattr(widget, name, value)
        widget.train()
        widget.wait()
    return widget


def test_the_numbers_are_those_of_the_recordings(live):
    table = live.compare(1, 3)
    assert list(table.columns) == ["run 1", "run 3", "difference"]
    for number in (1, 3):
        run, column = live.kept_runs[number], table[f"run {number}"]
        history = run.history
        lowest = int(np.argmin(history["val_loss"]))
        assert dict(column["result"]) == {
            "parameters": {1: 497, 3: 125}[number],
            "epochs": 25,
            "loss": history["loss"][-1],
            "gap": history["val_loss"][-1] - history["loss"][-1],
            "lowest val_loss": min(history["val_loss"]),
            "lowest val_loss epoch": lowest,
            "val_accuracy there": history["val_accuracy"][lowest],
            "seconds": run.recording["seconds"][-1],
        }
        assert dict(column["setting"]) == run.settings.to_json()
    assert table.loc[("result", "parameters"), "difference"] == 125 - 497
    assert table.loc[("setting", "seed"), "difference"] == 1
    assert np.isnan(table.loc[("setting", "optimizer"), "difference"])


def test_unknown_numbers_are_named(live):
    assert list(live.kept_runs) == [1, 2, 3] and live.kept_runs[3] is live.run
    with pytest.raises(ValueError, match=r"no run 7\. There are: \[1, 2, 3\]\."):
        live.compare(1, 7)
    with pytest.raises(ValueError, match=r"There are: \[\]"):
        LiveTraining(heart.build_model, DATA).compare(1, 2)


def test_what_the_page_gets_of_two_runs(live):
    live.compared = 1
    both = live.comparison
    assert (both["run"], both["other"]) == (3, 1)
    assert both["settings"] == [["units", "4", "16"], ["learning rate", "0.01", "0.001"], ["seed", "2", "1"]]
    assert "3 settings differ" in both["words"][0]
    mine, theirs = (compare.results(live.kept_runs[number]) for number in (3, 1))
    rows = {name: cells for name, *cells in both["results"]}
    assert rows["parameters"] == ["125", "497", "−372"]
    assert rows["at epoch"][:2] == [str(one["lowest val_loss epoch"] + 1) for one in (mine, theirs)]
    assert float(rows["lowest validation loss"][0]) == pytest.approx(mine["lowest val_loss"], rel=5e-3)
    json.dumps(both)
    curves = np.frombuffer(live.compared_curves).reshape(4, 25)
    for row, name in zip(curves, ("loss", "val_loss", "accuracy", "val_accuracy"), strict=True):
        assert list(row) == live.kept_runs[1].history[name]
    live.compared = 0
    assert live.comparison is None and live.compared_curves == b""


def drawn(chart):
    """The points of the compared curves and of their signs, and how many pale curves there are."""
    (train, signs), (valid, more) = chart._other
    pale = sum(np.isfinite(np.atleast_2d(mark.y)).any(axis=-1).sum() for mark in (chart._kept_train, chart._kept_valid))
    return (train.x, train.y), (valid.x, valid.y), (signs.x, signs.y), (more.x, more.y), int(pale)


def test_the_chart_shows_the_two_and_no_other(live):
    assert drawn(live._curves.loss)[-1] == 4
    live.compared = 2
    for chart, name in ((live._curves.loss, "loss"), (live._curves.metric, "accuracy")):
        train, valid, signs, more, pale = drawn(chart)
        history = live.kept_runs[2].history
        assert pale == 0
        for (x, y), (sign_x, sign_y), log in ((train, signs, name), (valid, more, f"val_{name}")):
            np.testing.assert_array_equal(x, np.arange(1, 26))
            np.testing.assert_array_equal(y, history[log])
            assert len(sign_x) == 12 and {1, 25} <= set(sign_x)
            assert [history[log][int(at) - 1] for at in sign_x] == list(sign_y)
            assert chart._x.max >= 25 and chart._y.max >= max(history[log])
    live.log_scale = True
    np.testing.assert_allclose(drawn(live._curves.loss)[0][1], np.log10(live.kept_runs[2].history["loss"]))
    live.log_scale = False
    live.compared = 0
    *marks, pale = drawn(live._curves.loss)
    assert [len(x) for x, _ in marks] == [0] * 4 and pale == 4


def test_a_run_that_is_not_there_cannot_be_compared_with(live):
    with pytest.raises(traitlets.TraitError, match=r"beside the card, in \[1, 2\]; got 3"):
        live.compared = 3
    with pytest.raises(traitlets.TraitError, match="got 9"):
        live.compared = 9
    with pytest.raises(traitlets.TraitError, match="got 1"):
        LiveTraining(heart.build_model, DATA, compared=1)


def test_putting_the_compared_run_on_the_card_exchanges_the_two(live):
    live.compared = 1
    live.shown = 1
    assert (live.compared, live.comparison["run"], live.comparison["other"]) == (3, 1, 3)
    live.shown = 2
    assert (live.compared, live.comparison["run"]) == (3, 2)
    live.shown = 3
    assert (live.compared, live.comparison["run"]) == (2, 3)
    live.shown = live.compared = 0


def test_a_new_run_is_compared_while_it_goes_on_and_after_it():
    widget = LiveTraining(heart.build_model, DATA, epochs=3)
    seen = []
    widget.observe(lambda change: change["new"] and seen.append(change["new"]), "comparison")
    for seed in (1, 2):
        widget.seed = seed
        widget.train()
        widget.wait()
    widget.compared = 1
    seen.clear()
    widget.train()
    widget.wait()
    assert [(one["run"], one["other"]) for one in seen] == [(3, 1)] * len(seen)
    assert {name: cells for name, *cells in seen[0]["results"]}["epochs trained"] == ["…", "3", "–"]
    assert {name: cells for name, *cells in seen[-1]["results"]}["epochs trained"] == ["3", "3", "same"]
    widget.forget_runs()
    assert widget.compared == 0 and widget.comparison is None and list(widget.kept_runs) == [3]


def test_only_the_seed_differs():
    words = told(run_of(3, seed=2), run_of(1, seed=1))["words"]
    assert words[0].startswith("Only the seed differs:") and words[0].endswith("is luck alone.")


def test_one_setting_differs_and_several():
    both = told(run_of(2, dropout=0.5), run_of())
    assert both["settings"] == [["dropout", "0.5", "0"]]
    assert both["words"][0].startswith("Only one setting differs: dropout. Each of these is one run with one seed")
    both = told(run_of(2, units=(), batch_size=8), run_of())
    assert both["settings"] == [["units", "no hidden layer", "16"], ["batch size", "8", "32"]]
    assert both["words"][0].startswith("2 settings differ")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"learning_rate": 0.001}, {"learning_rate": None}),
        ({"dropout": 0.5}, {"dropout": (0.5,)}),
        ({"patience": 3, "monitor": "loss", "min_delta": 1.0}, {"restore_best_weights": False}),
        ({"schedule_factor": 0.5}, {"schedule_patience": 3}),
    ],
)
def test_settings_that_do_the_same_do_not_differ(one, two):
    both = told(run_of(2, **one), run_of(**two))
    assert both["settings"] == []
    assert both["words"][0] == "Settings and seed are the same: as far as both runs went, they went the same way, " + (
        "number for number."
    )


def test_what_the_builder_does_not_take_does_not_differ():
    one, two = run_of(2, dropout=0.5, seed=1), run_of()
    assert told(one, two, accepted=("units",))["settings"] == [["seed", "1", "42"]]


def test_losses_that_mean_different_things_are_told_apart():
    assert "Dropout is on while the training loss is taken" in told(run_of(2, dropout=0.5), run_of())["words"][1]
    words = told(run_of(2, dropout=0.5, l2=0.01), run_of(dropout=(0.5,)))["words"]
    assert words[1].endswith("losses with different L2 cannot be set side by side: look at the accuracy.")
    assert not any("Dropout" in sentence for sentence in words)


def test_settings_of_early_stopping_and_of_the_schedule():
    stops = {"early_stopping": True, "patience": 5}
    assert told(run_of(2, **stops), run_of())["settings"] == [["early stopping", "on", "off"]]
    both = told(run_of(2, **stops), run_of(**(stops | {"min_delta": 0.01, "monitor": "loss"})))
    assert both["settings"] == [["min delta", "0", "0.01"], ["monitor", "val_loss", "loss"]]
    both = told(run_of(2, schedule="cosine"), run_of())
    assert both["settings"] == [["schedule", "cosine to 10 %", "constant"]]


def test_the_same_settings_with_other_numbers_are_told_honestly():
    other = run_of(logs={"loss": [0.7, 0.3]})
    assert "yet the numbers differ" in told(run_of(2), other)["words"][0]


def test_a_difference_in_accuracy_is_told_in_patients():
    # The lowest validation loss is that of the first epoch: 38 of 49.
    better = run_of(3, seed=1, logs={"val_accuracy": [40 / 49, 30 / 49]})
    both = told(better, run_of(1))
    assert both["words"][-1] == (
        "At the epoch with its lowest validation loss, run 3 gets 40 of 49 validation patients right and run 1 gets "
        "38: a difference of 2 of 49 patients."
    )
    assert ["validation accuracy there", "81.6 %", "77.6 %", "+4.1 points"] in both["results"]
    assert told(run_of(3, seed=1), run_of(1))["words"][1].endswith(
        "gets 38 of 49 validation patients right: no difference."
    )


def test_numbers_are_shown_as_people_read_them():
    slower = run_of(2, logs={"loss": [0.7, 0.19]})
    rows = {name: cells for name, *cells in told(slower, run_of())["results"]}
    assert rows == {
        "parameters": ["497", "497", "same"],
        "epochs trained": ["2", "2", "same"],
        "training loss at the end": ["0.190", "0.250", "−0.060"],
        "validation less training loss at the end": ["0.435", "0.375", "+0.060"],
        "lowest validation loss": ["0.500", "0.500", "same"],
        "at epoch": ["1", "1", "same"],
        "validation accuracy there": ["77.6 %", "77.6 %", "same"],
        "seconds, pauses included": ["1.0", "1.0", "same"],
    }


def test_other_validation_rows_are_not_set_side_by_side():
    both = told(run_of(2, validation_split=0.1), run_of())
    assert both["words"][1].startswith("They were validated on 25 and on 49 patients")
    rows = {name: cells for name, *cells in both["results"]}
    assert rows["validation accuracy there"] == ["77.6 %", "77.6 %", "–"]
    assert rows["training loss at the end"][2] == "same"


def test_without_validation_and_after_a_failure():
    none = {"val_accuracy": [], "val_loss": []}
    one = run_of(2, validation_split=0.0, logs=none)
    both = told(one, run_of(validation_split=0.0, seed=1, logs=none))
    assert [name for name, *_ in both["results"]][-1] == "seconds, pauses included"
    assert not any("validation" in name for name, *_ in both["results"]) and len(both["words"]) == 1
    failed = run_of(2, "failed", logs={"loss": [np.nan, np.nan], "val_loss": [np.nan, np.nan]})
    rows = {name: cells for name, *cells in told(failed, run_of())["results"]}
    assert rows["lowest validation loss"] == ["–", "0.500", "–"]
    assert rows["training loss at the end"] == ["–", "0.250", "–"]


def test_a_regression_is_told_without_patients():
    logs = {"mae": [0.5, 0.25], "val_mae": [0.5, 0.25], "accuracy": [], "val_accuracy": []}
    both = told(run_of(2, logs=logs), run_of(seed=1, logs=logs))
    assert len(both["words"]) == 1
    assert ["validation mae there", "0.500", "0.500", "same"] in both["results"]


def test_no_test_result_is_in_a_comparison(live):
    live.compared = 1
    said = json.dumps([live.comparison, live.compare(1, 2).to_json()])
    assert "test" not in said
    live.compared = 0
