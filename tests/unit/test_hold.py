"""Trainings that somebody outside halts, and runs that take too long: what goes on, what waits, what is said."""

import time
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from firstepoch import heart
from firstepoch.widgets.training import hold
from firstepoch.widgets.training.hold import HOLD, MINUTES, PAUSED, PAUSED_TWICE
from firstepoch.widgets.training.widget import LiveTraining

DATA = heart.load()
LONG = {"epochs": 100_000, "speed": "50 epochs a second"}


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """The numbers of trainings that were told outside."""
    heard = []
    monkeypatch.setattr(HOLD, "tell", heard.append)
    yield heard
    HOLD.set(False)


@contextmanager
def live(**settings):
    widget = LiveTraining(heart.build_model, DATA, **settings)
    try:
        yield widget
    finally:
        widget.stop()
        assert widget.wait(60)
        widget.close()


def until(there, seconds=60):
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return True


def halted(widget):
    """Whether it is paused, and does nothing more."""
    until(lambda: widget.status == "paused")
    frames = len(widget.recording)
    return not widget.wait(0.3) and len(widget.recording) == frames and widget.status == "paused"


def test_a_held_run_goes_on_by_itself_with_the_numbers_of_one_that_was_not(told):
    with live(epochs=20) as undisturbed, live(epochs=20, speed="50 epochs a second") as widget:
        undisturbed.train()
        assert undisturbed.wait(60)
        widget.train()
        until(lambda: len(widget.recording) >= 3)
        HOLD.set(True)
        assert halted(widget) and widget.report["note"] == PAUSED
        assert told == [1, 0, 1, 0]
        HOLD.set(False)
        assert widget.wait(60) and widget.status == "done" and widget.report["note"] == ""
        assert told == [1, 0, 1, 0, 1, 0]
        for name, values in undisturbed.history.items():
            np.testing.assert_allclose(widget.history[name], values, atol=1e-6)


def test_one_that_starts_or_is_resumed_meanwhile_waits_before_its_next_batch():
    with live(**LONG) as widget:
        HOLD.set(True)
        widget.train()
        assert halted(widget) and len(widget.recording) == 0
        widget.resume()
        widget.step()
        assert halted(widget) and len(widget.recording) == 0
        HOLD.set(False)
        assert until(lambda: len(widget.recording) >= 3)


def test_one_that_the_student_paused_stays_paused():
    with live(**LONG) as widget:
        widget.train()
        until(lambda: len(widget.recording) >= 3)
        widget.pause()
        assert halted(widget) and widget.report["note"] == ""
        HOLD.set(True)
        assert halted(widget) and widget.report["note"] == PAUSED_TWICE
        HOLD.set(False)
        assert halted(widget) and widget.report["note"] == ""
        HOLD.set(True)
        widget.resume()
        assert halted(widget) and widget.report["note"] == PAUSED, "now it is only held"
        frames = len(widget.recording)
        HOLD.set(False)
        assert until(lambda: len(widget.recording) > frames)


def test_stop_answers_a_held_run_and_a_step_is_one_epoch_afterwards():
    with live(**LONG) as widget:
        HOLD.set(True)
        widget.train()
        assert halted(widget)
        widget.stop()
        assert widget.wait(10) and widget.run.outcome == "stopped"
        widget.step()
        assert halted(widget) and len(widget.recording) == 0
        HOLD.set(False)
        until(lambda: len(widget.recording) == 1)
        assert halted(widget) and len(widget.recording) == 1


def test_a_long_epoch_is_held_in_its_midst_and_let_go_without_being_followed():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200_000, 29)).astype("float32")
    data = replace(DATA, x_train=x, y_train=(x[:, 0] > 0).astype("float32"))
    widget = LiveTraining(heart.build_model, data, epochs=1, batch_size=4)
    widget.train()
    until(lambda: widget._session._training is not None and len(widget._session._training.batch_loss))
    HOLD.set(True)
    assert halted(widget) and len(widget.recording) == 0
    followed = len(widget.updates)
    HOLD.set(False)
    until(lambda: widget.status == "training")
    widget.wait(0.5)
    widget.stop()
    assert widget.wait(60) and widget.run.partial_batches > 0
    assert len(widget.updates) <= followed + 1
    widget.close()


def test_all_are_held_and_counted_and_a_closed_one_is_forgotten(told):
    with live(**LONG) as one, live(**LONG) as other:
        one.train()
        other.train()
        until(lambda: len(one.recording) and len(other.recording))
        assert told[-1] == 2
        HOLD.set(True)
        assert halted(one) and halted(other) and told[-1] == 0
        HOLD.set(False)
        until(lambda: told[-1] == 2)
    assert told[-1] == 0


def test_a_run_that_takes_too_long_is_stopped_with_all_it_recorded_and_says_why(monkeypatch):
    monkeypatch.setenv(MINUTES, "0.05")
    with live(**LONG) as widget:
        widget.train()
        assert widget.wait(60) and widget.run.outcome == "stopped"
        assert 0 < len(widget.recording) < 200
        assert "ends after 0.05 minutes" in widget.report["note"]
        widget.train()
        assert widget.report["note"] == "", "the next one has its own time"


def test_pauses_do_not_count(monkeypatch):
    with live(**{**LONG, "epochs": 3}) as widget:
        began = time.monotonic()
        widget.train()
        assert widget.wait(60)
        enough = 2 * (time.monotonic() - began) + 0.5
    monkeypatch.setattr("firstepoch.widgets.training.session.longest", lambda: enough)
    with live(**LONG) as widget:
        widget.train()
        until(lambda: len(widget.recording) >= 3)
        widget.pause()
        assert halted(widget)
        assert not widget.wait(enough) and widget.status == "paused"
        widget.resume()
        assert widget.wait(60) and widget.run.outcome == "stopped" and "ends after" in widget.run.note


@pytest.mark.parametrize("text, seconds", [("20", 1200), ("0.5", 30), ("", None), ("x", None), ("-1", None)])
def test_the_limit_is_read_from_the_environment(text, seconds, monkeypatch):
    monkeypatch.setenv(MINUTES, text)
    assert hold.longest() == seconds
