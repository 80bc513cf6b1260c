"""The lesson on stochastic gradient descent: what it asks for first, and its task.

What a guess or a try is told is taken from the numbers of the race it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from firstepoch.lessons.prediction import Prediction
from firstepoch.widgets import EpochRace, Task

SOLUTIONS: Final[Mapping[str, str]] = {
    "many_updates": "race.batch_size = 4",
    "fewest_rows": "race.batch_size, race.learning_rate = 16, 5.0",
}
"""One right answer to each task, as Python with the EpochRace as `race`."""

UPDATES: Final = 61
LOSS: Final = 0.45
ROWS: Final = 64


def updates_in_an_epoch(race: EpochRace) -> Prediction:
    """How many updates does an epoch of SGD make? A number.

    Args:
        race: One epoch, with a short last batch.
    """
    rows, batch, sizes = int(race.report["rows"]), race.batch_size, race.batch_sizes
    updates, full, last = len(race.sgd) - 1, rows // batch, sizes[-1]
    facts = (
        f"{full} batches of {batch} are {full * batch} rows, and the {last} that are left make a short one: "
        f"{updates} batches, {updates} updates."
    )

    def judge(guess: float) -> tuple[bool, str]:
        if guess == updates:
            return True, f"{facts} Gradient descent makes {len(race.gd) - 1} with the same {rows} rows."
        if guess == full:
            return False, f"{facts} The last rows are not dropped: an epoch is one pass through all of them."
        if guess == 1:
            return False, f"{facts} One update an epoch is what gradient descent makes."
        if guess == rows:
            return False, f"{facts} {rows} would be one for each row, with batches of 1."
        if abs(guess - rows / batch) < 0.1:
            return False, f"{facts} There is no part of an update: a short batch counts as a whole one."
        return False, f"{rows} / {batch} = {rows / batch:.2f}. {facts}"

    return Prediction(
        f"{rows} rows, batches of {batch}. How many updates does stochastic gradient descent make in one epoch?",
        judge=judge,
        reveal=[race],
        name="sgd/updates_in_an_epoch",
    )


def one_patient(race: EpochRace) -> Prediction:
    """How far does the gradient of a single row point from the full one?

    Args:
        race: One epoch, with batches of 1.
    """
    angles = _angles(race)
    median, away, rows = float(np.median(angles)), int((angles > 90).sum()), len(angles)
    edges = (0, 15, 60, 90, 181)
    options = ("Less than 15°", "15° to 60°", "60° to 90°", "More than 90°: it points away")
    right = options[int(np.searchsorted(edges, median, side="right")) - 1]
    facts = (
        f"At the start, half of the {rows} are within {np.ceil(median):.0f}° of the full gradient. {away} are more "
        "than 90° off: a small enough step along one of those raises the loss over all rows."
    )

    def judge(guess: str) -> tuple[bool, str]:
        if guess == right:
            return True, f"{facts} Their mean is the full gradient, exactly."
        if options.index(guess) < options.index(right):
            return False, f"{facts} One patient is just one patient, and a full gradient is the mean of {rows}."
        return False, f"{facts} Most of them point more or less the right way, and their mean points exactly so."

    return Prediction(
        f"Now batches of a single patient: {rows} gradients, one for each. What is the angle between such a gradient "
        "and the full one, in the middle of the range: as many larger as smaller?",
        options,
        judge=judge,
        reveal=[race],
        name="sgd/one_patient",
    )


def whole_batch(race: EpochRace, *tasks: Task) -> Prediction:
    """What remains of SGD where a batch holds all rows? Gradient descent.

    Args:
        race: One epoch, with a batch of all rows.
        tasks: What is asked of the same race afterwards.
    """
    same = np.array_equal(race.gd["w"], race.sgd["w"])
    rows, w = int(race.report["rows"]), race.sgd["w"][-1]
    options = ("Near each other", "In the very same place", "SGD is farther: it is the faster method")
    facts = (
        f"One batch of all {rows} rows has the full gradient, so both make the same {len(race.sgd) - 1} update, to "
        f"w = ({_n(w[0])}, {_n(w[1])})."
    )

    def judge(guess: str) -> tuple[bool, str]:
        if guess == options[1]:
            return same, f"{facts} The two paths are equal to the last digit."
        if guess == options[0]:
            return not same, f"{facts} Shuffling changes nothing: a mean does not ask for the order of its rows."
        return False, f"{facts} What is faster about SGD is that it makes more updates with the same rows. Here: one."

    return Prediction(
        f"And the other end: batches of {rows} rows, which is all of them. Where are the two methods after one epoch?",
        options,
        judge=judge,
        reveal=[race, *tasks],
        name="sgd/whole_batch",
    )


def many_updates(race: EpochRace) -> Task:
    """Find the batch size with which an epoch has UPDATES updates.

    Args:
        race: The race whose batch size is to be set.
    """
    rows = int(race.report["rows"])

    def check(it: EpochRace) -> bool | str:
        batch, updates = it.batch_size, len(it.batch_sizes)
        if updates == UPDATES:
            return True
        if batch == rows:
            return False
        full, last = divmod(rows, batch)
        short = f" and a short one with {last}" if last else ""
        more = "Smaller batches make more of them." if updates < UPDATES else "Larger batches make fewer of them."
        return f"Batches of {batch}: {full} full ones{short}, so {updates} updates in an epoch. {more}"

    return Task(
        check,
        race,
        title=f"{UPDATES} updates",
        prompt=f"With which batch size does an epoch have {UPDATES} updates? Work it out, then set it in the race, and "
        "look at the last batch.",
        hint=f"{rows} rows / batch size, and what is left makes one more.",
        name="sgd/many_updates",
    )


def fewest_rows(race: EpochRace) -> Task:
    """Reach a loss of LOSS after ROWS rows or fewer.

    Args:
        race: The race whose batch size and learning rate are to be set.
    """
    kept = {name: getattr(race, name) for name in ("features", "start", "seed", "epochs", "model", "shuffle")}

    def check(it: EpochRace) -> bool | str:
        other = next((name for name, value in kept.items() if getattr(it, name) != value), None)
        if other is not None:
            was = kept[other]
            shown = " and ".join(was) if isinstance(was, list) else was
            return f"Only batch size and learning rate may change: {other} was {shown}."
        rows = it.reached(LOSS)["sgd"]
        settings = f"Batches of {it.batch_size} with α = {it.learning_rate:g}"
        if rows is not None and rows <= ROWS:
            return True
        if rows is not None:
            return f"{settings} reach {LOSS} after {rows} rows. Can it be done with {ROWS}?"
        if it.report["diverged"]:
            return f"{settings} diverge."
        loss = it.sgd["loss"]
        if not loss.argmin():
            return f"{settings} do not reach {LOSS}: no update ends lower than the start."
        lowest = f"the lowest loss is {_n(loss.min())}"
        if loss.argmin() == len(loss) - 1:
            return f"{settings} do not reach {LOSS}: {lowest}, at the end of the epoch, and still falling."
        return f"{settings} do not reach {LOSS}: {lowest}, after update {loss.argmin()} of {len(loss) - 1}."

    return Task(
        check,
        race,
        title="Few rows",
        prompt=f"Bring the loss over all rows down to {LOSS} with as few rows as you can: {ROWS} or fewer. Change the "
        "batch size and the learning rate of the race, and nothing else.",
        hint=f"{ROWS} rows are two updates with batches of 32. Smaller batches make more updates, larger rates make "
        "longer steps. Both can be overdone.",
        name="sgd/fewest_rows",
    )


def _angles(race: EpochRace) -> np.ndarray:
    """Degrees between the full gradient and that of each batch, at the start; batches without a gradient left out."""
    gradients, full = race.batch_gradients(0), race.sgd["full_gradient"][0]
    lengths = np.linalg.norm(gradients, axis=1) * np.linalg.norm(full)
    some = lengths > 0
    return np.degrees(np.arccos(np.clip(gradients[some] @ full / lengths[some], -1, 1)))


def _n(value: float) -> str:
    return f"{float(value):.3g}".replace("-", "−")
