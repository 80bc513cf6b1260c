"""The lesson on the loss: each answer is told why, each task is done by its solution, every number is measured."""

import nbformat
import numpy as np
import pytest

from firstepoch import heart
from firstepoch.lessons import loss_tasks
from firstepoch.lessons.paths import lessons
from firstepoch.widgets import LiveTraining, LossView

TEN = [0.9] * 4 + [0.001] + [0.9] * 5


@pytest.fixture(scope="module")
def training():
    made = LiveTraining(heart.build_model, heart.load(), epochs=100)
    made.train()
    made.wait(120)
    yield made
    made.close()


@pytest.fixture(scope="module")
def outputs(training):
    """What the network said after every epoch, the untrained one first, by Keras's layers on numpy; and y."""
    data = heart.load()
    view = LossView(training)
    return np.asarray(view.recording["output"], np.float64), np.asarray(data.y_train)


def terms(p, y):
    return -np.where(y == 1, np.log(p), np.log(1 - p))


def text():
    notebook = nbformat.read(lessons()["loss"], as_version=4)
    return " ".join(" ".join(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize(
    ("guess", "right", "says"),
    [
        ("0.186", True, "−(1·log 0.83 + 0·log 0.17) = 0.186. The second part is there for y = 0"),
        ("−0.186", False, "the minus in front turns it"),
        ("0.17", False, "how far 0.83 is from 1"),
        ("0.83", False, "That is the output itself."),
        ("1.77", False, "what it would cost with y = 0"),
        ("0.081", False, "to base 10"),
        ("4", False, "The formula, with the numbers of this row"),
    ],
)
def test_the_term_of_one_row(guess, right, says):
    asked = loss_tasks.term_of_one_row(LossView([0.83], [1]))
    asked.answer(guess)
    assert asked.right is right and says in asked.said


def test_one_half_is_a_question_with_a_word_for_each_wrong_answer():
    ask = loss_tasks.one_half()
    told = set()
    for place in (0, 1, 3):
        assert not ask.submit(ask.options[place])
        told.add(ask.said)
    assert len(told) == 3
    assert ask.submit(ask.options[2]) and "0.693" in ask.said
    assert LossView([0.5] * 3, [1, 0, 0]).report["mean"] == pytest.approx(0.693, abs=5e-4)


def asked_all(ask, right):
    """What each option is told; one of them is right."""
    told = []
    for place, option in enumerate(ask.question.options):
        ask.answer(option)
        assert ask.right is (place == right)
        told.append(ask.said)
    assert len(set(told)) == len(told)
    return told


def test_one_of_ten_rows_is_most_of_the_loss():
    view = LossView(TEN, [1] * 10)
    told = asked_all(loss_tasks.one_of_ten(view, loss_tasks.below(view)), 2)
    found = terms(np.array(TEN), 1)
    assert f"{100 * found[4] / found.sum():.0f}" == "88" and all("88 % of the sum" in one for one in told)


def test_the_questions_about_the_training_tell_its_numbers(training, outputs):
    p, y = outputs
    view = LossView(training, epoch=0)
    told = asked_all(loss_tasks.largest_term(view), 2)
    most = terms(p[:, :193], y[:193]).max(axis=1)
    assert all(f"from {most[0]:.2f} to {most[-1]:.2f}" in one for one in told)
    told = asked_all(loss_tasks.beyond_accuracy(view, loss_tasks.costliest(view)), 2)
    mean = terms(p[:, 193:], y[193:]).mean(axis=1)
    assert all(f"from {mean[40]:.3f} to {mean[100]:.3f}" in one for one in told)
    assert len({((p[at, 193:] > 0.5) != y[193:]).sum() for at in (40, 100)}) == 1
    told = asked_all(loss_tasks.count_errors(LossView(training)), 1)
    assert all("18 wrong with the bias 0.01 lower, 18 with it 0.01 higher, 18 as it is" in one for one in told[:2])


@pytest.fixture
def tasks(training):
    views = {
        "below": LossView(TEN, [1] * 10),
        "costliest": LossView(training),
        "downhill": LossView(training, epoch=0),
    }
    return {name: (view, getattr(loss_tasks, name)(view)) for name, view in views.items()}


def test_every_task_is_done_by_its_solution(tasks):
    assert loss_tasks.SOLUTIONS.keys() == tasks.keys()
    for name, (view, task) in tasks.items():
        assert not task.done
        exec(loss_tasks.SOLUTIONS[name], {"view": view})
        assert task.done
        assert task.name == f"loss/{name}"


TRIES = [
    ("below", {"output": 1.0}, "leaves a mean of 0.775: the large term is another row's."),
    ("below", {"row": 4, "output": 0.01}, "The mean is 0.555. This is the right row"),
    ("below", {"row": 4, "target": 0}, "Only an output may change."),
    ("below", {"bias_change": 5.0}, "Only an output may change."),
    ("costliest", {"row": 2}, "Those are the training rows."),
    ("costliest", {"rows": "validation", "epoch": 40}, "That is after 40 epochs. Go to the last one, 100."),
    ("costliest", {"rows": "validation", "row": 3}, "Patient 3 costs"),
    ("costliest", {"rows": "validation", "row": 3, "output": 0.0}, "Something was changed by hand."),
    ("downhill", {"bias_change": 1.0}, "slope +0.45: downhill is to the left."),
    ("downhill", {"bias_change": -2.0}, "slope −0.13: downhill is to the right."),
    ("downhill", {"epoch": 100}, "Go back to epoch 0"),
    ("downhill", {"output": 0.1, "bias_change": -1.05}, "Put the row in hand back."),
]


def test_every_try_is_told_what_is_missing(tasks):
    for name, settings, says in TRIES:
        view, task = tasks[name]
        view.preset(
            {"rows": next(iter(view._given.sets)), "row": 0, "output": None, "target": None, "bias_change": 0.0}
        )
        if name != "below":
            view.epoch = 0 if name == "downhill" else 100
        for setting, value in settings.items():
            setattr(view, setting, value)
        assert not task.done and says in task.said, (name, settings, task.said)


def test_the_numbers_in_the_lesson_are_measured(training, outputs):
    p, y = outputs
    told = text()
    first, last = terms(p[0, :193], y[:193]), terms(p[-1, :193], y[:193])
    assert f"Before the training the mean is {first.mean():.3f}" in told
    top = np.sort(last)[::-1]
    assert f"19 of the 193 carry {100 * top[:19].sum() / top.sum():.0f} %" in told
    assert f"The 10 largest alone carry {100 * top[:10].sum() / top.sum():.0f} %" in told
    for value in (0.1, 0.01, 0.001):
        assert f"{-np.log(value):.3f}" in told
    assert f"0.9 costs {-np.log(0.9):.3f}, 0.99 costs {-np.log(0.99):.3f}" in told
    ten, other = np.array(TEN), np.array([0.499 if one == 0.001 else one for one in TEN])
    assert f"falls from {-np.log(0.001):.2f} to {-np.log(0.499):.3f}" in told
    assert f"the mean from {-np.log(ten).mean():.3f} to {-np.log(other).mean():.3f}" in told
    assert f"{np.log(0.51 / 0.49):.3f} for the first and {np.log(0.99 / 0.51):.3f} for the second" in told
    assert f"{y[:193].sum():.0f} of the 193 patients" in told
    slopes = [(p[at, :193] - y[:193]).mean() for at in (0, -1)]
    assert f"the slope is +{slopes[0]:.2f}" in told and f"the slope at the point is +{slopes[1]:.3f}" in told
    changes = np.arange(-300, 301) / 100
    for at, bottom in ((0, "−1.07"), (-1, "−0.04")):
        z = np.log(p[at, :193] / (1 - p[at, :193])) + changes[:, None]
        means = (np.logaddexp(0, z) - y[:193] * z).mean(axis=1)
        assert f"{changes[means.argmin()]:.2f}".replace("-", "−") == bottom and bottom in told
        assert at or (f"{means.min():.3f}" == "0.615" and "the mean is 0.615 instead of 0.731" in told)
