"""The questions of the lessons and the tasks beside them: right answers by another way, and near misses."""

import ast
import inspect

import nbformat
import numpy as np
import pytest
import scipy.stats

from firstepoch import data, heart
from firstepoch.lessons import checklist_questions, heart_questions, heart_tasks, overfitting_tasks, tensor_questions
from firstepoch.lessons.paths import lessons
from firstepoch.widgets import DataTour, Evaluation, LiveTraining
from firstepoch.widgets.ladder import pictures

MODULES = (heart_questions, tensor_questions, checklist_questions, overfitting_tasks)


@pytest.fixture(scope="module")
def patients():
    return heart.load()


def made(patients):
    """Every question of these modules, by its name, and every function that makes one."""
    given = {"patients": patients, "table": data.load_heart(), "batch": pictures.batch()}
    asked = {}
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if inspect.signature(function).return_annotation == "Question":
                asked[name] = function(*(given[one] for one in inspect.signature(function).parameters))
    return asked


def keras_parameters(*layers):
    import keras

    model = keras.Sequential([keras.Input((layers[0],)), *(keras.layers.Dense(units) for units in layers[1:])])
    return model.count_params()


def test_the_right_answers_are_right(patients):
    asked, rows = made(patients), len(patients.x_train)
    table, low_high = data.load_heart(), scipy.stats.binomtest(51, 61).proportion_ci(method="wilson")
    right = {
        "always_zero": (table["target"] == 0).sum(),
        "inputs": patients.x_train.shape[1],
        "parameters": keras_parameters(29, 16, 1),
        "indices_of_one": np.array(42).ndim,
        "rank_of_a_vector": str(np.array([42, 23.4, 11.2]).ndim),
        "highest_rank": "(1, 1, 1)",
        "rank_of_ones": np.ones((29, 16)).ndim,
        "one_column": f"`trestbps` of all patients: shape {patients.x_train[:, 1].shape}",
        "dense_on_pictures": keras_parameters(pictures.batch()[0].size, 16),
        "what_it_is_worth": f"Between {low_high.low:.0%} and {low_high.high:.0%}".replace("%", " %"),
        "whose_mean": f"Over the {rows} training patients, and these numbers are used for the others, too",
        "lowest_of_eight": "It is a bit too low",
        "age_instead": "The output layer and the loss",
        "early_validation": "The training loss is a mean over the epoch, while the weights still improve",
        "after_training": "Nothing at all",
        "loss_without_accuracy": "The outputs became less sure, also where they are wrong",
    }
    assert right.keys() == asked.keys()
    for name, answer in right.items():
        assert asked[name].submit(answer), name
        assert asked[name].said, f"{name} explains nothing"


def test_no_wrong_answer_is_told_what_another_is_told(patients):
    for name, ask in made(patients).items():
        said = []
        for option in ask.options:
            if not ask.submit(option):
                said.append(ask.said)
            ask.reset()
        assert all(said) and len(set(said)) == len(said), name
        assert not ask.options or len(said) == len(ask.options) - 1
        if ask.kind == "number":
            assert not ask.submit(123456) and ask.said, f"{name} has nothing to say to any other number"


def test_every_question_stands_in_its_lesson(patients):
    for name, ask in made(patients).items():
        lesson = lessons()[ask.name.split("/")[0]]
        cells = [cell.source for cell in nbformat.read(lesson, 4).cells if cell.cell_type == "code"]
        called = {node.attr for cell in cells for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Attribute)}
        assert name in called, f"{name} is asked nowhere in {lesson.stem}"
        assert ask.name == f"{lesson.stem}/{name}"


def test_a_patient_two_standard_deviations_above_the_mean(patients):
    tour = DataTour(patients)
    task = heart_tasks.two_deviations(tour)
    ages = data.load_heart()["age"]
    train = patients.raw_train["age"]
    for row in (int(ages.idxmin()), int((ages - train.mean()).abs().idxmin()), int((ages == 70).idxmax())):
        tour.row = row
        assert not task.done
        assert f"Patient {row} is {ages[row]}, which the network reads as" in task.said
    assert "above the mean, and by less" in task.said
    exec(heart_tasks.SOLUTIONS["two_deviations"], {"tour": tour})
    assert task.done
    assert (ages[tour.row] - train.mean()) / train.std(ddof=1) >= 2


@pytest.fixture(scope="module")
def trained(patients):
    """A card with the runs of both tasks on it, and what the tasks said after each."""
    training = LiveTraining(heart.build_model, patients, epochs=60)
    tasks = heart_tasks.stop_in_time(training), checklist_questions.three_settings(training)
    said = []

    def train(**settings):
        for name, value in settings.items():
            setattr(training, name, value)
        training.train()
        training.wait()
        said.append([task.said for task in tasks])

    train()
    train()
    train(early_stopping=True, patience=60)
    train(min_delta=1.0, patience=2)
    train(min_delta=0.0, patience=15, epochs=300)
    yield training, tasks, said
    training.close()


@pytest.mark.long
def test_early_stopping_is_held_against_the_plain_run(trained):
    training, (task, _), said = trained
    runs = training.runs
    assert f"a validation loss of {runs[1]['val_loss']:.3g}. Now tick early stopping" in said[1][0]
    assert "Patience was not used up in 60 epochs" in said[2][0]
    assert runs[3]["outcome"] == "early stopped" and runs[3]["val_loss"] > runs[1]["val_loss"]
    assert f"{runs[3]['val_loss']:.3g} with early stopping, {runs[1]['val_loss']:.3g} without" in said[3][0]
    assert runs[4]["val_loss"] < runs[1]["val_loss"]
    assert task.done


@pytest.mark.long
def test_three_settings_are_three_different_ones(trained):
    _, (_, task), said = trained
    assert [one[1] for one in said[:4]] == [
        "1 of 3 settings.",
        "1 of 3 settings: that one was there before. Change something before you train again.",
        "2 of 3 settings.",
        "Done.",
    ]
    assert task.done


@pytest.mark.long
def test_the_threshold_that_misses_nobody(trained, patients):
    training, *_ = trained
    evaluation = Evaluation(training, patients)
    task = checklist_questions.nobody_missed(evaluation)
    evaluation.open_test_set()
    assert (task.done, task.said) == (False, "")
    evaluation.rows = "validation"
    rows = len(patients.y_train) - int(len(patients.y_train) * 0.8)
    output = training.model.predict(patients.x_train[-rows:], verbose=0)[:, 0]
    ones = patients.y_train[-rows:] == 1
    assert task.said == f"With this threshold {(output[ones] <= 0.5).sum()} of {ones.sum()} are missed."
    evaluation.threshold = 0.0
    assert task.said == f"Nobody is missed, at the price of {(~ones).sum()} false alarms. Fewer are possible."
    exec(checklist_questions.SOLUTIONS["nobody_missed"], {"evaluation": evaluation})
    assert task.done
    assert evaluation.figures["fp"] == (output[~ones] >= output[ones].min()).sum()
    evaluation.close()
