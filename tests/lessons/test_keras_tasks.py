"""The lesson on TensorFlow and Keras, headless: what guesses and near misses are told, and what its text claims."""

import keras
import numpy as np
import pytest

from firstepoch import heart
from firstepoch.lessons import descent_tasks
from firstepoch.lessons import keras_tasks as tasks
from firstepoch.lessons.paths import lessons
from firstepoch.widgets import Autodiff, KerasStack, ModelStyles, OptimizerRace

TEXT = lessons()["tensorflow_keras"].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def patients():
    return heart.load()


@pytest.fixture
def card():
    made = ModelStyles()
    assert made.wait(120)
    yield made
    made.close()


def settle(card, **settings):
    for name, value in settings.items():
        setattr(card, name, value)
    assert card.wait(60)


def wrong(ask, guess, words):
    ask.answer(guess)
    assert not ask.right and words in ask.said


def test_a_unit_that_sleeps_has_no_gradient():
    card = Autodiff(tasks.NETWORK, values=tasks.ASLEEP)
    ask = tasks.asleep(card)
    wrong(ask, "It is positive", "would mean that a step")
    ask.answer("It is 0")
    assert ask.right and "Before relu there is −0.65" in ask.said
    assert [card.gradient[name] for name in ("w1", "b1", "w2")] == [0, 0, 0] and card.gradient["b2"] != 0
    card.values = {**card.values, "w1": 0.5}

    def loss(w1=0.5, b1=0.1, w2=-1.0, b2=0.2):
        return -np.log(1 / (1 + np.exp(-(w2 * max(w1 * 1.5 + b1, 0) + b2))))

    names = ("w1", "b1", "w2", "b2")
    slopes = [
        (loss(**{n: v + 1e-6}) - loss(**{n: v - 1e-6})) / 2e-6 for n, v in zip(names, (0.5, 0.1, -1, 0.2), strict=True)
    ]
    np.testing.assert_allclose([card.gradient[name] for name in names], slopes, rtol=1e-5)
    said = f"{slopes[0]:.2f} for w1, {slopes[1]:.2f} for b1, {slopes[2]:.2f} for w2, {slopes[3]:.2f} for b2"
    assert said.replace("-", "−") in TEXT


def test_which_optimizer_is_lowest(patients):
    loss = descent_tasks.heart_loss(patients, ["oldpeak", "ca_0"])
    race = OptimizerRace(["sgd", "momentum", "rmsprop", "adam"], function=loss, start=[-1.5, 2.0])
    ends = {name: float(recording["value"][-1]) for name, recording in race.recordings.items()}
    assert min(ends, key=ends.get) == "rmsprop" and max(ends, key=ends.get) == "sgd"
    ask = tasks.lowest(race)
    for guess, words in (("sgd", "0.1 is too small"), ("momentum", "runs past"), ("adam", "It is close")):
        wrong(ask, guess, words)
    ask.answer("rmsprop")
    assert ask.right and f"sgd {ends['sgd']:.3f}" in ask.said and f"With 0.1 it had {ends['sgd']:.3f}" in TEXT
    fast = OptimizerRace(["sgd"], function=loss, start=[-1.5, 2.0], learning_rates={"sgd": 2.0})
    assert (
        f"{fast.recordings['sgd']['value'][-1]:.3f}" == "0.402"
        and fast.recordings["sgd"]["value"][-1] < ends["rmsprop"]
    )


def test_rows_of_the_last_batch(patients):
    ask = tasks.last_batch()
    for guess, words in (
        (18, "two devices"),
        (16, "whole batch"),
        (32, "one device"),
        (121, "each batch that is shared"),
        (5, "7 × 32"),
    ):
        assert not ask.submit(guess) and words in ask.said
    assert ask.submit((len(patients.x_train) % 32) // 2)


def test_hundreds_of_operations():
    stack = KerasStack()
    ask = tasks.under_one_line(stack)
    ask.answer("About 300")
    assert ask.right
    assert stack.wait(120) and abs(stack.facts.operations.total() - tasks.OPERATIONS) < 60
    wrong(ask, "About 10", f"{stack.facts.operations.total()} on this machine")
    wrong(ask, "About 50", "Adam alone")
    counts = {one["kind"]: one["count"] for one in stack.shelves}
    if keras.__version__.startswith("3.15."):
        families = {it["name"]: it["names"] for it in stack.shelves[0]["families"]}
        assert f"{counts['layers']} kinds of layers" in TEXT and f"{len(families['preprocessing'])} of these" in TEXT
        three = f"{counts['optimizers']} optimizers, {counts['losses']} losses, {counts['metrics']} metrics"
        assert three in TEXT and f"{counts['applications']} networks for pictures" in TEXT


def test_what_has_no_weights_and_what_has_no_two_inputs(card):
    ask = tasks.before_a_row(card)
    wrong(ask, "None of them", "The subclassed one has none")
    wrong(ask, "The functional one", "Look for `Input((29,))`")
    ask.answer("The subclassed one")
    assert ask.right and card.measured["before"]["subclassed"] == 0
    settle(card, second=23)
    assert card.measured["totals"]["functional"] == 529 and "This model has 529 parameters" in TEXT
    ask = tasks.two_inputs(card)
    for guess in ("The functional one", "The subclassed one", "All three can be written"):
        wrong(ask, guess, "no place where two could meet")
    ask.answer("The sequential one")
    assert ask.right and "sequential" in card.measured["refused"]


def test_exactly_1024_parameters(card):
    task = tasks.exactly(card)
    assert not task.done and task.said == ""
    settle(card, units=[32])
    assert not task.done and task.said.startswith("993 parameters: 31 too few. One more unit adds 31")
    settle(card, units=[34])
    assert "31 too many" in task.said
    settle(card, outputs=2)
    assert "Leave the 29 inputs" in task.said
    settle(card, outputs=1, units=[20, 20])
    assert "One more unit" not in task.said
    exec(tasks.SOLUTIONS["exactly"], {"card": card})
    assert card.wait(60) and task.done
    assert card.models["functional"].count_params() == tasks.PARAMETERS == 31 * 33 + 1


def test_flowers(card):
    task = tasks.flowers(card)
    assert not task.done and task.said == ""
    settle(card, units=[8])
    assert "How many lengths" in task.said
    settle(card, inputs=4)
    assert task.said.startswith("1 output.")
    settle(card, outputs=3)
    assert "all three may be 0.9" in task.said
    settle(card, output_activation="linear")
    assert "negative" in task.said
    exec(tasks.SOLUTIONS["flowers"], {"card": card})
    assert card.wait(60) and task.done
    np.testing.assert_allclose(card.recording["functional"].sum(axis=1), 1, rtol=1e-6)
