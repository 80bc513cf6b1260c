"""The lecture's training checklist for the heart model: what is asked at each step, and what the learner's run says.

Whatever is right is read from the data and from the newest run; nothing about a result is written down here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Final

import numpy as np

from firstepoch.data import TabularData
from firstepoch.widgets import Checklist, LiveTraining
from firstepoch.widgets.checklist.widget import Item
from firstepoch.widgets.training.run import Run

DATA, DESIGN, PICK, REGULARISE, TRAIN, JUDGE = (
    "1 Get the data ready",
    "2 Lay out the network",
    "3 Pick a loss and an optimizer",
    "4 Decide on regularisation",
    "5 Train, and look at the curves",
    "6 Judge the result",
)
OUTPUTS: Final = ("one unit, sigmoid", "one unit, no activation", "two units, relu")
LOSSES: Final = ("binary cross-entropy", "mean squared error", "sparse categorical cross-entropy")
REGULARISED: Final = (
    *("nothing", "early stopping", "dropout", "L2"),
    *("early stopping and dropout", "early stopping and L2", "dropout and L2", "early stopping, dropout and L2"),
)
ENDED: Final = (
    "it ended at its lowest",
    "it ended higher, and these weights stayed",
    "it ended higher, but the weights of the best epoch came back",
)


def heart_checklist(training: LiveTraining, patients: TabularData) -> Checklist:
    """The checklist of one training of the heart model.

    Args:
        training: The card the learner trains with; its newest run is checked.
        patients: The data it trains on.

    Returns:
        The checklist. It asks for a run, and for the opened test set, before it checks.
    """

    def of_run(judge: Callable[[Run, float | str], tuple[bool, str]]) -> Callable[[float | str], tuple[bool, str]]:
        return lambda answer: judge(training.run, answer)

    rows, classes = len(patients.y_train), np.bincount(patients.y_test.astype(int))
    scaled = ("all rows", f"the {rows} training rows", f"the {len(patients.y_test)} test rows")
    items = [
        Item("inputs", DATA, "How many inputs does the network get?", _inputs(patients)),
        Item(
            "scaled_by",
            DATA,
            "The mean and standard deviation that scale an input are those of",
            lambda answer: (answer == scaled[1], "Whatever the test rows know must stay unknown until the end."),
            scaled,
        ),
        Item("hidden", DESIGN, "How many hidden units, in all layers together?", of_run(_hidden)),
        Item("output", DESIGN, "The output layer", of_run(_output), OUTPUTS),
        Item("parameters", DESIGN, "How many parameters does it learn?", of_run(_parameters)),
        Item("loss", PICK, "The loss that goes with this output", of_run(_loss), LOSSES),
        Item("optimizer", PICK, "The optimizer", of_run(_optimizer), tuple(training.choices["optimizers"])),
        Item("regularised", REGULARISE, "What keeps it from learning by heart?", of_run(_regularised), REGULARISED),
        Item("updates", TRAIN, "How many updates were made in an epoch?", of_run(_updates)),
        Item("ended", TRAIN, "The validation loss, at the end", of_run(_ended), ENDED),
        Item("right", JUDGE, f"How many of the {len(patients.y_test)} test rows were right?", of_run(_right(patients))),
        Item(
            "baseline",
            JUDGE,
            "How many does a model get right that always gives the more frequent answer?",
            lambda answer: _equal(
                answer, int(classes.max()), "That many test rows have the more frequent target: {0}."
            ),
        ),
    ]

    def ready() -> str:
        if not training.run.outcome or training.run.outcome == "failed":
            return "There is no finished run to check against yet. Press Train in the card above, and let it end."
        if training.runs[-1]["test"] is None:
            return "One thing is missing: open the test set of your run, in the fold of the card above."
        return ""

    return Checklist(
        items,
        ready=ready,
        title="Training checklist",
        lead="Fill it in for the run you mean to make. Then train, open the test set, and check.",
    )


def _equal(answer: float | str, truth: int, told: str) -> tuple[bool, str]:
    return answer == truth, told.format(f"{truth:,}")


def _inputs(patients: TabularData) -> Callable[[float | str], tuple[bool, str]]:
    columns, inputs = len(set(patients.source_columns)), len(patients.feature_names)

    def judge(answer: float | str) -> tuple[bool, str]:
        if answer == columns:
            return False, f"{columns} columns, yes. But a category becomes one input for each of its values."
        return _equal(answer, inputs, f"{columns} columns became {{0}} inputs.")

    return judge


def _hidden(run: Run, answer: float | str) -> tuple[bool, str]:
    units = run.settings.units
    if not units:
        return answer == 0, "This run had no hidden layer: a logistic regression."
    return _equal(answer, sum(units), f"This run had {' + '.join(map(str, units))} = {{0}}." if units[1:] else "{0}.")


def _output(run: Run, answer: float | str) -> tuple[bool, str]:
    return answer == OUTPUTS[0], "The target is one of two, so one number is enough: the probability of class 1."


def _parameters(run: Run, answer: float | str) -> tuple[bool, str]:
    learned = sum(prod(weight.shape) for weight in run.model.trainable_weights)
    told = "A weight for each input of each unit, and a bias for each unit: {0}."
    if any(type(layer).__name__ == "BatchNormalization" for layer in run.model.layers):
        told = (
            f"{{0}} of its {run.parameters:,}: the running means and variances of batch normalization are counted, not "
            "learned."
        )
    return _equal(answer, learned, told)


def _loss(run: Run, answer: float | str) -> tuple[bool, str]:
    return answer == run.loss, f"This run minimised {run.loss}."


def _optimizer(run: Run, answer: float | str) -> tuple[bool, str]:
    return answer == run.settings.optimizer, f"This run used {run.settings.optimizer}."


def _regularised(run: Run, answer: float | str) -> tuple[bool, str]:
    settings = run.settings
    dropped, penalised = (
        bool(settings.units) and bool(np.any(np.asarray(value) > 0)) for value in (settings.dropout, settings.l2)
    )
    on = {"early stopping": settings.early_stopping, "dropout": dropped, "L2": penalised}
    used = [name for name, is_on in on.items() if is_on]
    name = " and ".join(", ".join(used).rsplit(", ", 1)) or "nothing"
    return answer == name, f"In this run: {name}."


def _updates(run: Run, answer: float | str) -> tuple[bool, str]:
    rows, batch, updates = run.training_rows, run.settings.batch_size, run.updates_per_epoch
    if answer == rows // batch != updates:
        return False, f"{rows} rows are {rows // batch} full batches of {batch}, and a short one for the rest."
    return _equal(answer, updates, f"{rows} rows in batches of {batch}: {{0}}.")


def _ended(run: Run, answer: float | str) -> tuple[bool, str]:
    if "val_loss" not in run.recording:
        return False, "This run had no validation rows: give them a share in the settings, and train again."
    curve = run.recording["val_loss"]
    best = int(np.nanargmin(curve))
    if best == len(curve) - 1:
        truth, told = ENDED[0], f"Its lowest value is the last one, {curve[-1]:.3f}."
    else:
        came_back = run.restored_epoch is not None
        truth = ENDED[2] if came_back else ENDED[1]
        told = f"It was lowest after epoch {best + 1}, {curve[best]:.3f}, and {curve[-1]:.3f} at the end."
        if came_back:
            told += f" The weights of epoch {int(run.restored_epoch or 0) + 1} came back."
    return answer == truth, told


def _right(patients: TabularData) -> Callable[[Run, float | str], tuple[bool, str]]:
    total = len(patients.y_test)

    def judge(run: Run, answer: float | str) -> tuple[bool, str]:
        right = round(run.test["accuracy"] * total)
        return _equal(answer, right, f"{{0}} of {total}. One patient is {100 / total:.2f} points of accuracy.")

    return judge


SOLUTIONS: Final[Mapping[str, str]] = {
    "heart_checklist": (
        "training.train(); training.wait(); training.open_test_set()\n"
        "checklist.answers = {'inputs': 29, 'scaled_by': 'the 242 training rows', 'hidden': 16, "
        "'output': 'one unit, sigmoid', 'parameters': 497, 'loss': 'binary cross-entropy', 'optimizer': 'adam', "
        "'regularised': 'nothing', 'updates': 7, 'ended': 'it ended higher, and these weights stayed', "
        "'right': 51, 'baseline': 44}\n"
        "checklist.check()"
    )
}
"""The right answers for the lecture's own run, as Python with the LiveTraining as `training`."""
