"""The lessons on gradient descent and SGD, headless: their tasks, what guesses and near misses are told, their numbers.

The numbers in the text are worked out here once more with plain numpy, not with the widgets.
"""

import re

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from firstepoch import heart
from firstepoch.lessons import descent_tasks, sgd_tasks
from firstepoch.lessons.paths import lessons
from firstepoch.widgets import EpochRace, GradientStep

START = (-1.5, 2.0)


@pytest.fixture(scope="module")
def patients():
    return heart.load()


@pytest.fixture(scope="module")
def table(patients):
    """Inputs of the small model, and targets."""
    columns = [patients.feature_names.index(name) for name in ("oldpeak", "ca_0")]
    return np.asarray(patients.x_train[:, columns], np.float64), np.asarray(patients.y_train, np.float64).ravel()


@pytest.fixture
def race(patients):
    def make(**settings):
        return EpochRace(patients.x_train, patients.y_train, names=patients.feature_names, **settings)

    return make


def loss_of(x, y, w):
    return float(np.mean(np.logaddexp(0, x @ w) - y * (x @ w)))


def gradient_of(x, y, w):
    return x.T @ (1 / (1 + np.exp(-x @ w)) - y) / len(y)


def sgd(x, y, batch, rate, seed=42, epochs=1):
    """Losses over all rows before every update and after the last, and the rows processed by then."""
    w, losses, processed = np.array(START), [loss_of(x, y, np.array(START))], [0]
    deal = np.random.default_rng(seed)
    for _ in range(epochs):
        order = deal.permutation(len(y))
        for at in range(0, len(y), batch):
            rows = order[at : at + batch]
            w = w - rate * gradient_of(x[rows], y[rows], w)
            losses.append(loss_of(x, y, w))
            processed.append(processed[-1] + len(rows))
    return np.array(losses), np.array(processed)


def rows_needed(x, y, batch, rate, seed=42):
    losses, processed = sgd(x, y, batch, rate, seed)
    there = np.flatnonzero(losses <= sgd_tasks.LOSS)
    return int(processed[there[0]]) if len(there) else None


def text(name):
    notebook = nbformat.read(lessons()[name], as_version=4)
    return " ".join(" ".join(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")


# Gradient descent: predictions


def first():
    return descent_tasks.first_step(GradientStep("bowl", learning_rate=0.1))


@pytest.mark.parametrize(
    "guess, right, says",
    [
        ("2", True, "2.5 − 0.1 × 5 = 2"),
        ("3", False, "That is uphill"),
        ("−2.5", False, "That is the whole slope."),
        ("0.5", False, "That is how far the step goes."),
        ("2.4", False, "That is a step as long as α."),
        ("17", False, "2.5 − 0.1 × 5 = 2"),
    ],
)
def test_the_first_step(guess, right, says):
    asked = first()
    asked.answer(guess)
    assert asked.right is right
    assert says in asked.said


QUESTIONS = {
    "rate_of_one": (("bowl", 1.0), 1, ["A rate of 0.5 would land on it.", "g = 6.25", "Any larger rate goes farther."]),
    "two_valleys": (
        ("two minima", 0.1),
        2,
        ["0.124 at w = −1.63", "the slope is 0 too", "It ends at w = 1.46, in the right valley, where g is 1.36."],
    ),
    "narrow_valley": (
        ("ill-conditioned bowl", 0.1),
        2,
        ["where the lines are circles", "a rate of 0.05 does it", "w₂ goes 1, −0.6, 0.36, −0.216"],
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_one_answer_is_right_and_each_is_told_why(name):
    (function, rate), right, says = QUESTIONS[name]
    step = GradientStep(function, learning_rate=rate)
    more = [descent_tasks.over_the_hill(step)] if name == "two_valleys" else []
    asked = getattr(descent_tasks, name)(step, *more)
    for place, (option, words) in enumerate(zip(asked.question.options, says, strict=True)):
        asked.answer(option)
        assert asked.right is (place == right)
        assert words in asked.said
        assert asked.children[1:] == (step, *more)
        asked.reset()


def test_what_is_said_of_other_rates_in_those_answers_is_true():
    assert 2.5 - 0.5 * 2 * 2.5 == 0
    w, other = np.array([-2.5, 1.0]), np.array([-2.5, 1.0])
    for _ in range(10):
        w = w - 0.05 * np.array([w[0], 16 * w[1]])
        other = other - 0.13 * np.array([other[0], 16 * other[1]])
    assert 0 < w[1] < 1e-5 and w[0] < -1  # on the floor, without a swing, and far from the minimum
    assert abs(other[1]) > 1 and abs(other[0]) < 1  # across it diverges, along it converges


# Gradient descent: tasks


@pytest.fixture
def too_far():
    step = GradientStep("bowl", learning_rate=0.01)
    return step, descent_tasks.diverges(step)


@pytest.fixture
def hill():
    step = GradientStep("two minima", learning_rate=0.1)
    return step, descent_tasks.over_the_hill(step)


def test_every_task_has_a_solution_that_solves_it_and_not_the_other(too_far, hill):
    tasks = {"diverges": too_far, "over_the_hill": hill}
    assert descent_tasks.SOLUTIONS.keys() == tasks.keys()
    for name, (step, task) in tasks.items():
        for other in tasks.keys() - {name}:
            exec(descent_tasks.SOLUTIONS[other], {"step": step})
            assert not task.done and task.said
        exec(descent_tasks.SOLUTIONS[name], {"step": step})
        assert task.done


@pytest.mark.parametrize("rate, done", [(0.99, False), (1.0, False), (1.001, True), (1.1, True), (50.0, True)])
def test_a_rate_diverges_exactly_where_w_grows(too_far, rate, done):
    step, task = too_far
    step.learning_rate = rate
    assert task.done is done is (abs(1 - 2 * rate) > 1)


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"learning_rate": 0.1}, "it goes downhill, from g = 6.25 to"),
        ({"learning_rate": 0.9}, "it jumps over the minimum, yet g falls"),
        ({"learning_rate": 1.0}, "it ends as high as it began, g = 6.25"),
        ({"steps": 2, "learning_rate": 1.5}, "2 steps are too few"),
        ({"start": 0.0}, "where the slope is 0"),
        ({"optimizer": "momentum", "learning_rate": 5.0}, "That is another optimizer."),
    ],
)
def test_what_is_said_to_rates_that_do_not_diverge(too_far, settings, says):
    step, task = too_far
    for name, value in settings.items():
        setattr(step, name, value)
    assert not task.done
    assert says in task.said


@pytest.mark.parametrize("rate", [0.285, 0.29, 0.3, 0.32, 0.34, 0.36])
def test_rates_that_lead_over_the_hill_and_settle(hill, rate):
    step, task = hill
    step.learning_rate = rate
    assert task.done
    w = 2.35
    for _ in range(30):
        w -= rate * (w**3 - 2.4 * w + 0.4)
    assert w == pytest.approx(-1.627, abs=0.04)


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"learning_rate": 0.05}, "stays on the right of the hill"),
        ({"learning_rate": 0.28}, "stays on the right of the hill, and ends at w ="),
        ({"learning_rate": 0.4}, "jumps about in it"),
        ({"learning_rate": 0.6}, "jumped out again"),
        ({"learning_rate": 0.7}, "it diverges: it flies over both valleys"),
        ({"steps": 10, "learning_rate": 0.285}, "and not yet at rest. Take more steps."),
        ({"steps": 5, "learning_rate": 0.3}, "Take 10 steps or more"),
        ({"start": -2.0}, "Only the rate may change"),
        ({"start": -2.0, "learning_rate": 0.3}, "Only the rate may change"),
        ({"optimizer": "momentum"}, "Only the rate may change"),
        ({"function": "bowl"}, "Only the rate may change"),
    ],
)
def test_what_is_said_to_other_ways(hill, settings, says):
    step, task = hill
    for name, value in settings.items():
        setattr(step, name, value)
        assert not task.done
    assert says in task.said


def test_the_loss_of_the_patients_is_the_loss_the_race_runs_on(patients, table, race):
    import tensorflow as tf

    loss = descent_tasks.heart_loss(patients, ["oldpeak", "ca_0"])
    points = np.array([START, (1.2, -2.2), (40.0, 30.0)])
    expected = [loss_of(*table, w) for w in points]
    np.testing.assert_allclose([float(loss(tf.constant(w))) for w in points], expected, rtol=1e-12)
    np.testing.assert_allclose(loss(tf.constant(points.T)), expected, rtol=1e-12)
    assert race().sgd["loss"][0] == pytest.approx(expected[0])


# SGD: predictions


@pytest.mark.parametrize(
    "guess, right, says",
    [
        (8, True, "Gradient descent makes 1 with the same 242 rows."),
        (7, False, "The last rows are not dropped"),
        (1, False, "is what gradient descent makes"),
        (242, False, "one for each row"),
        (7.56, False, "no part of an update"),
        (32, False, "242 / 32 = 7.56."),
    ],
)
def test_the_updates_of_an_epoch(race, guess, right, says):
    asked = sgd_tasks.updates_in_an_epoch(race(batch_size=32))
    asked.answer(guess)
    assert asked.right is right
    assert says in asked.said
    assert "7 batches of 32 are 224 rows, and the 18 that are left make a short one: 8 batches" in asked.said


def angles(x, y, batch):
    w, order = np.array(START), np.random.default_rng(42).permutation(len(y))
    full = gradient_of(x, y, w)
    found = [gradient_of(x[rows], y[rows], w) for rows in np.split(order, range(batch, len(y), batch))]
    return [np.degrees(np.arccos(np.clip(one @ full / np.hypot(*one) / np.hypot(*full), -1, 1))) for one in found]


def test_the_angle_of_a_single_patient(race, table):
    found = np.array(angles(*table, 1))
    assert (np.ceil(np.median(found)), (found > 90).sum()) == (42, 48)
    asked = sgd_tasks.one_patient(race(batch_size=1))
    for option in asked.question.options:
        asked.answer(option)
        assert asked.right is (option == "15° to 60°")
        assert "half of the 242 are within 42° of the full gradient. 48 are more than 90° off" in asked.said
        asked.reset()


def test_a_batch_of_all_rows(race):
    asked = sgd_tasks.whole_batch(race(batch_size=242))
    for option, says in zip(asked.question.options, ["Shuffling", "to the last digit", "Here: one."], strict=True):
        asked.answer(option)
        assert asked.right is (option == "In the very same place")
        assert says in asked.said
        asked.reset()


# SGD: the task


@pytest.fixture
def few(race):
    it = race(batch_size=32)
    return it, sgd_tasks.fewest_rows(it)


@pytest.mark.parametrize("batch, rate", [(16, 5.0), (32, 8.0), (8, 10.0), (1, 2.5), (64, 8.0)])
def test_settings_that_need_few_rows(few, table, batch, rate):
    it, task = few
    it.batch_size, it.learning_rate = batch, rate
    assert task.done
    assert it.reached(0.45)["sgd"] == rows_needed(*table, batch, rate) <= 64


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"learning_rate": 1.0}, "Batches of 32 with α = 1 do not reach 0.45: the lowest loss is"),
        ({"learning_rate": 2.0}, "after 192 rows. Can it be done with 64?"),
        ({"batch_size": 1, "learning_rate": 15.0}, "do not reach 0.45"),
        (
            {"learning_rate": 2000.0},
            "Batches of 32 with α = 2000 do not reach 0.45: no update ends lower than the start.",
        ),
        ({"learning_rate": 1e5}, "diverge."),
        ({"seed": 1}, "Only batch size and learning rate may change: seed was 42."),
        ({"epochs": 3}, "epochs was 1"),
        ({"features": ["age", "chol"]}, "features was oldpeak and ca_0"),
        ({"model": "network"}, "model was logistic"),
    ],
)
def test_what_is_said_to_other_settings(few, settings, says):
    it, task = few
    for name, value in settings.items():
        setattr(it, name, value)
    assert not task.done
    assert says in task.said


def test_the_solution_solves_it(few):
    it, task = few
    assert not task.done and task.said == ""
    exec(sgd_tasks.SOLUTIONS["fewest_rows"], {"race": it})
    assert task.done


# The numbers in the text


def test_the_table_of_learning_rates():
    for rate, shown, kept in ((0.01, "1.86", 2), (0.1, "0.0000096", 7), (0.9, "0.0000096", 7), (1.1, "352,000", -3)):
        assert f"{round((2.5 * (1 - 2 * rate) ** 30) ** 2, kept):,.{max(kept, 0)}f}" == shown
        assert f"| {rate} |" in text("gradient_descent") and shown in text("gradient_descent")


def test_the_saddle_and_the_minimum_of_the_loss(table):
    a, b, seen = 2.0, 0.02, {}
    for step in range(61):
        seen[step] = f"{b:.2f}"
        a, b = a - 0.1 * 2 * a, b - 0.1 * (b**3 - 2 * b)
    assert (seen[10], seen[20], seen[60]) == ("0.12", "0.69", "1.41")
    assert "After 10 steps w₂ is 0.12, after 20 it is 0.69, and it ends at 1.41" in text("gradient_descent")
    x, y = table
    w = np.array([1.22, -2.22])
    for _ in range(20_000):
        w = w - gradient_of(x, y, w)
    assert (f"{w[0]:.2f}", f"{w[1]:.2f}", f"{loss_of(x, y, w):.3f}") == ("1.22", "-2.22", "0.402")
    assert f"{loss_of(x, y, np.array(START)):.2f}" == "1.96" and f"{np.log(2):.2f}" == "0.69"


def test_the_table_of_batch_sizes(table):
    told = text("sgd")
    for batch, updates, loss, angle in (
        (242, 1, "1.919", 0),
        (32, 8, "1.642", 10),
        (8, 31, "0.959", 15),
        (1, 242, "0.412", 42),
    ):
        losses, _ = sgd(*table, batch, 0.1)
        assert (len(losses) - 1, f"{losses[-1]:.3f}") == (updates, loss)
        assert round(float(np.median(angles(*table, batch)))) == angle
        assert f"| {batch} | {updates} | {loss} | {angle}° |" in told
    assert f"{sgd(*table, 242, 8.0)[0][-1]:.3f}" == "0.487"


def test_the_best_that_was_found(table):
    assert rows_needed(*table, 1, 2.5) == 5 and f"{sgd(*table, 1, 2.5)[0][-1]:.2f}" == "0.54"
    assert rows_needed(*table, 16, 5.0) == 32 and f"{sgd(*table, 16, 5.0)[0][-1]:.2f}" == "0.41"
    others = range(10)
    lucky = [rows_needed(*table, 1, 2.5, seed) for seed in others]
    steady = [rows_needed(*table, 16, 5.0, seed) for seed in others]
    assert (min(lucky), max(lucky), min(steady), max(steady)) == (3, 92, 32, 80)
    assert "from 3 to 92 rows" in text("sgd") and "32 to 80" in text("sgd")


def test_the_network(race):
    it = race(model="network")
    losses = [f"{one:.3f}" for one in (it.gd["loss"][0], it.sgd["loss"][-1], it.gd["loss"][-1])]
    assert losses == ["0.554", "0.472", "0.539"]
    shown = it.shown["angle"][:-1]
    assert (round(float(shown.min())), round(float(shown.max()))) == (25, 57)
    assert race().shown["angle"].max() < 21


def test_the_solutions_solve_the_tasks_in_the_lessons(tmp_path):
    """The cell of each task as it stands in the lesson, after the first one."""
    cells = []
    for name, tasks in (("gradient_descent", descent_tasks), ("sgd", sgd_tasks)):
        code = [cell for cell in nbformat.read(lessons()[name], as_version=4).cells if cell.cell_type == "code"]
        cells.append(code[0])
        for task, solution in tasks.SOLUTIONS.items():
            asked = next(cell for cell in code if f".{task}(" in cell.source)
            call = re.search(rf"\w+\.{task}\(\w+\)", asked.source)[0]
            made = f"{asked.source.splitlines()[0]}\ntask = {call}\n"
            cells.append(nbformat.v4.new_code_cell(f"{made}assert not task.done\n{solution}\nassert task.done"))
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
