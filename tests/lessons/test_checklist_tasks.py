"""The training checklist, headless: what is right is what the learner's own run did."""

import pytest

from firstepoch import heart
from firstepoch.lessons import checklist_tasks
from firstepoch.widgets import LiveTraining


@pytest.fixture(scope="module")
def patients():
    return heart.load()


@pytest.fixture
def made(patients):
    def make(**settings):
        training = LiveTraining(heart.build_model, patients, **settings)
        return training, checklist_tasks.heart_checklist(training, patients)

    return make


def test_the_lectures_run_solves_it_with_the_solution(made):
    training, checklist = made()
    exec(checklist_tasks.SOLUTIONS["heart_checklist"], {"training": training, "checklist": checklist})
    assert checklist.done, checklist.verdicts
    assert set(checklist.answers) == {item["name"] for item in checklist.items}


def test_it_waits_for_a_run_and_for_the_opened_test_set(made):
    training, checklist = made(epochs=2)
    checklist.answer("hidden", 16)
    checklist.check()
    assert "Press Train" in checklist.said and not checklist.verdicts
    training.train()
    training.wait()
    checklist.check()
    assert "open the test set" in checklist.said and not checklist.verdicts
    training.open_test_set()
    checklist.check()
    assert checklist.verdicts["hidden"]["right"] and "11 are not answered yet" in checklist.said


def test_each_answer_is_judged_by_the_run_at_hand(made, patients):
    training, checklist = made(
        units=(8, 4), dropout=(0.2, 0.0), optimizer="sgd", batch_size=50, epochs=40, early_stopping=True, patience=3
    )
    training.train()
    training.wait()
    right = round(training.open_test_set()["accuracy"] * 61)
    run = training.run
    curve = run.recording["val_loss"]
    ended = 0 if curve.argmin() == len(curve) - 1 else 2
    truth = {
        "inputs": 29,
        "hidden": 12,
        "parameters": 29 * 8 + 8 + 8 * 4 + 4 + 4 + 1,
        "optimizer": "sgd",
        "regularised": "early stopping and dropout",
        "updates": 4,
        "ended": checklist_tasks.ENDED[ended],
        "right": right,
    }
    checklist.answers = truth
    checklist.check()
    assert all(verdict["right"] for verdict in checklist.verdicts.values()), checklist.verdicts
    wrong = {"inputs": 13, "hidden": 8, "parameters": 1, "updates": 3, "right": right + 1}
    checklist.answers = wrong | {"optimizer": "adam", "regularised": "nothing", "ended": checklist_tasks.ENDED[1]}
    checklist.check()
    assert not any(verdict["right"] for verdict in checklist.verdicts.values())
    assert "one input for each of its values" in checklist.verdicts["inputs"]["said"]
    assert "a short one for the rest" in checklist.verdicts["updates"]["said"]


def test_a_run_with_batch_normalization_and_l2_is_judged_by_what_it_learns(made):
    training, checklist = made(
        units=(4,), batch_normalization=True, l2=0.01, dropout=0.1, early_stopping=True, epochs=2
    )
    training.train()
    training.wait()
    training.open_test_set()
    checklist.answers = {"parameters": 29 * 4 + 2 * 4 + 4 + 1, "regularised": "early stopping, dropout and L2"}
    checklist.check()
    assert checklist.verdicts["parameters"]["right"] and checklist.verdicts["regularised"]["right"]
    assert "of its 137: the running means" in checklist.verdicts["parameters"]["said"]


def test_a_run_without_validation_rows_or_hidden_layer_is_told(made):
    training, checklist = made(units=(), validation_split=0.0, epochs=2, dropout=0.5)
    training.train()
    training.wait()
    training.open_test_set()
    checklist.answers = {"ended": checklist_tasks.ENDED[0], "hidden": 0, "regularised": "nothing"}
    checklist.check()
    told = {name: (verdict["right"], verdict["said"]) for name, verdict in checklist.verdicts.items()}
    assert told["hidden"] == (True, "This run had no hidden layer: a logistic regression.")
    assert told["regularised"][0] and not told["ended"][0] and "no validation rows" in told["ended"][1]
