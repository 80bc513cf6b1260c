"""The seal of a test set is one memory for Evaluation and LiveTraining."""

import threading

import numpy as np
import pytest

from firstepoch import heart
from firstepoch.widgets import Evaluation, LiveTraining, seals


@pytest.fixture(autouse=True)
def unopened(monkeypatch):
    """No test set was opened so far."""
    monkeypatch.setattr(seals, "_opened", {})


@pytest.fixture(scope="module")
def data():
    return heart.load()


def train(live, **settings):
    for name, value in settings.items():
        setattr(live, name, value)
    live.train()
    assert live.wait(60)


def test_each_card_tells_what_was_opened_on_the_other(data):
    live = LiveTraining(heart.build_model, data, epochs=1, validation_split=0.2)
    card = Evaluation(live, heart.load())
    elsewhere = Evaluation(np.full(61, 0.5), heart.load(split_seed=1))
    told = lambda: [(one.seal["times"], one.seal["models"]) for one in (live, card)]  # noqa: E731
    train(live)
    train(live, units=[8])
    assert told() == [(0, 0)] * 2  # a result that is not shown is no look
    live.open_test_set()
    assert told() == [(1, 2)] * 2  # one opening showed the results of both runs
    live.open_test_set()
    assert told() == [(1, 2)] * 2  # and there is nothing more to see
    card.open_test_set()
    assert told() == [(2, 2)] * 2  # of the newest run's model, which was counted
    with pytest.raises(RuntimeError):
        _ = elsewhere.figures
    assert elsewhere.seal["times"] == 0
    train(live, units=[4])
    assert told() == [(3, 3)] * 2  # LiveTraining shows the test result of every run from now on
    Evaluation(card._asked["test"][1], data).open_test_set()
    assert told() == [(4, 3)] * 2  # known by its outputs alone
    Evaluation(np.linspace(0, 1, 61), data).open_test_set()
    assert told() == [(5, 4)] * 2
    live.close()


def test_a_new_card_knows_what_was_opened_before_it(data):
    card = Evaluation(np.linspace(0, 1, 61), data)
    card.open_test_set()
    live = LiveTraining(heart.build_model, heart.load(), epochs=1)
    assert live.seal == {"times": 1, "models": 1}
    live.close()


def test_looks_that_share_a_sign_are_of_one_model(data):
    seal = seals.Seal(data)
    seal.remember(frozenset([b"weights"]))
    seal.remember(frozenset([b"outputs"]))
    assert seal.told() == {"times": 2, "models": 2}
    seal.remember(frozenset([b"weights", b"outputs"]))
    assert seal.told() == {"times": 3, "models": 1}


def test_looks_from_many_threads_are_all_remembered(data):
    heard = []
    seal = seals.Seal(data, lambda: heard.append(seal.times))
    threads = [threading.Thread(target=seal.remember, args=(frozenset([bytes([look])]),)) for look in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seal.told() == {"times": 20, "models": 20} and len(heard) == 20
