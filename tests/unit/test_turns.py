"""The turn of a process: trainings wait for it, share it, and give it back whenever they compute nothing."""

import threading

import pytest
from settled import until

from firstepoch import heart
from firstepoch.widgets import LiveTraining, Overfitting
from firstepoch.widgets.training import turns
from firstepoch.widgets.training.turns import TURNS, Turns


def never():
    return False


@pytest.fixture
def asked():
    return []


@pytest.fixture
def turn(asked):
    made = Turns()
    made.ask = asked.append
    return made


def given_when_asked(turn, asked):
    """Give each turn as soon as it is asked for."""

    def ask(wanted):
        asked.append(wanted)
        if wanted:
            threading.Thread(target=turn.given).start()

    turn.ask = ask


def test_where_nobody_gives_turns_nobody_waits():
    turn = Turns()
    with turn.taken(never):
        turn.next(never)
        with turn.lent(never):
            pass


def test_a_turn_is_asked_for_and_given_back(turn, asked):
    given_when_asked(turn, asked)
    with turn.taken(never):
        assert asked == [True]
        with turn.lent(never):
            assert asked == [True, False]
        assert asked == [True, False, True]
    assert asked == [True, False, True, False]


def test_two_trainings_of_a_process_have_one_turn(turn, asked):
    given_when_asked(turn, asked)
    with turn.taken(never):
        with turn.taken(never):
            pass
        assert asked == [True]
    assert asked == [True, False]


def test_a_turn_ends_after_its_slice(turn, asked, monkeypatch):
    given_when_asked(turn, asked)
    with turn.taken(never):
        turn.next(never)
        assert asked == [True]
        monkeypatch.setattr(turns, "SLICE", 0.0)
        turn.next(never)
        assert asked == [True, False, True]


def test_who_has_enough_of_waiting_goes_on(turn, asked):
    enough = threading.Event()
    went_on = threading.Event()

    def train():
        with turn.taken(enough.is_set):
            went_on.set()

    thread = threading.Thread(target=train)
    thread.start()
    assert not went_on.wait(0.2)
    enough.set()
    turn.look()
    assert went_on.wait(10)
    thread.join()
    assert asked == [True, False]


def test_a_turn_that_nobody_wants_any_more_is_given_back(turn, asked):
    turn.given()
    assert asked == [False]


def test_nobody_waits_for_ever(turn, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    with turn.taken(never):
        pass


def test_a_run_waits_for_its_turn_and_answers_meanwhile(monkeypatch):
    asked = []
    monkeypatch.setattr(TURNS, "ask", asked.append)
    monkeypatch.setattr(turns, "SOON", 0.1)
    live = LiveTraining(heart.build_model, heart.load(), epochs=100_000)
    live.train()
    while not asked:
        assert not live.wait(0.01)
    assert not live.wait(0.3) and len(live.recording) == 0
    until(lambda: live.report.get("note"), turns.WAITS)
    TURNS.given()
    monkeypatch.setattr(turns, "SLICE", 0.0)
    while len(live.recording) < 1:
        assert not live.wait(0.01)
    assert not live.report["note"]
    live.stop()
    assert live.wait(30)
    assert live.status == "done" and live.run.outcome == "stopped" and len(live.recording) >= 1
    assert asked[0] is True and asked[-1] is False


def test_fits_of_an_overfitting_take_turns_and_stop_while_they_wait(monkeypatch):
    asked = []
    monkeypatch.setattr(TURNS, "ask", asked.append)
    card = Overfitting(heart.build_model, heart.load(), units=[4], epochs=50)
    card.train()
    while not asked:
        assert not card.wait(0.01)
    card.stop()
    assert card.wait(5), "it does not wait for its turn first"
    assert asked[-1] is False
