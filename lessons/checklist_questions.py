"""The questions of the training checklist, and its two tasks; the list itself is in `checklist_tasks.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from firstepoch.data import TabularData
from firstepoch.widgets import Evaluation, LiveTraining, Question, Task
from firstepoch.widgets.evaluation.intervals import wilson

RIGHT: Final = 51
"""Test patients that the lecture's run gets right."""
SETTINGS: Final = 3

SOLUTIONS: Final[Mapping[str, str]] = {
    "three_settings": (
        "training.epochs = 60\n"
        "training.train(); training.wait()\n"
        "training.dropout = 0.5\n"
        "training.train(); training.wait()\n"
        "training.units = []\n"
        "training.train(); training.wait()"
    ),
    "nobody_missed": (
        "evaluation.rows = 'validation'\nevaluation.threshold = float(evaluation.roc.query('tpr == 1').above.max())"
    ),
}
"""One right answer to each task, as Python with the LiveTraining as `training`, the Evaluation as `evaluation`."""


def age_instead() -> Question:
    """Which decisions change when a number is asked for instead of a class?"""
    end = "The output layer and the loss"
    everything, loss, nothing = "Every one of them", "The loss alone", "None: the network finds out by itself"
    return Question(
        "You want to predict a patient's age instead of `target`. Which decisions have to change?",
        [everything, end, loss, nothing],
        answer=end,
        feedback={
            everything: "What stands between input and output may stay as it is: hidden layers, optimizer, "
            "regularisation.",
            loss: "A sigmoid can only answer between 0 and 1. What would have to come out for an age?",
            nothing: "It minimises the loss it is given, with the output it is given. Can a sigmoid say 54?",
        },
        explanation="For the age, a number: one output unit without an activation, and mean squared error. For five "
        "grades: five units with softmax, and categorical cross-entropy. The kind of answer decides the end of the "
        "network and the loss, and nothing else.",
        name="checklist/age_instead",
    )


def lowest_of_eight() -> Question:
    """Is the lowest of eight validation losses a fair guess of the loss on new patients?"""
    fair, low, high = "Yes: nothing was learned from these patients", "It is a bit too low", "It is a bit too high"
    return Question(
        "You have tried eight settings, and keep the one with the lowest validation loss. Is that loss a fair guess "
        "of the loss on new patients?",
        [fair, low, high],
        answer=low,
        feedback={
            fair: "No weight was. But you have chosen by them: is the lowest of eight numbers a typical one?",
            high: "It was the lowest of eight. If there is some luck in each of them, which way does the luck of the "
            "lowest go?",
        },
        explanation="Of eight numbers with some luck in them you took the lowest, so you took luck along. That is why "
        "there is a third set of patients that had no part in any choice.",
        name="checklist/lowest_of_eight",
    )


def what_it_is_worth(patients: TabularData) -> Question:
    """What does a count out of 61 say about all patients like these?

    Args:
        patients: What `heart.load` returned.
    """
    count = len(patients.y_test)
    low, high = (float(end) for end in wilson(RIGHT, count))
    share, one = 100 * RIGHT / count, 100 / count
    exact = f"{share:.1f} %"
    near = f"Between {share - one:.0f} % and {share + one:.0f} %: one patient more or less"
    wide = f"Between {100 * low:.0f} % and {100 * high:.0f} %"
    nothing = "Nothing can be said"
    return Question(
        f"Say your model got {RIGHT} of {count} test patients right. What share does it get right of all patients like "
        "these?",
        [exact, near, wide, nothing],
        answer=wide,
        feedback={
            exact: f"That is the share of these {count}. Would {count} others give the same count?",
            near: f"A count of {RIGHT} among {count} wavers by more than one: three patients up or down are nothing "
            "special.",
            nothing: f"Something can: a model that is right half the time does not get {RIGHT} of {count}. Which "
            "shares go well with what was seen?",
        },
        hint="Toss a coin 61 times, and again. How far apart are the two counts of heads?",
        explanation="That is a 95 % interval (Wilson's). The patient more or less that one model has over another is "
        "far inside.",
        name="checklist/what_it_is_worth",
    )


def three_settings(training: LiveTraining) -> Task:
    """Compare three settings by their validation loss, with the test set closed.

    Args:
        training: The card the learner trains with.
    """

    def check(it: LiveTraining) -> bool | str:
        ended = [run for run in it.runs if run["outcome"] in ("finished", "early stopped")]
        tried = [run["settings"] for run in ended if run["val_loss"] is not None]
        count = f"{len(set(tried))} of {SETTINGS} settings"
        if not ended:
            return False
        if len(set(tried)) >= SETTINGS:
            return True
        if not tried:
            return "Without validation rows there is nothing to choose by: give them a share in the settings."
        if any(run["test"] is not None for run in ended):
            return f"The test set is open after {count}. Go on, and choose by the validation loss all the same."
        if tried[-1] in tried[:-1]:
            return f"{count}: that one was there before. Change something before you train again."
        return f"{count}."

    return Task(
        check,
        training,
        title="Choose from three",
        prompt="Before you open the test set, train three different settings at least. Which one do you keep, and by "
        "which number?",
        hint="Dropout, early stopping, other units, another optimizer: change one thing, predict, train. The table of "
        "runs has the validation loss of each.",
        name="checklist/three_settings",
    )


def nobody_missed(evaluation: Evaluation) -> Task:
    """On the validation rows, find the threshold that misses nobody and gives no needless alarm.

    Args:
        evaluation: The card that evaluates the learner's model.
    """

    def check(it: Evaluation) -> bool | str:
        if it.rows != "validation" or not it.report:
            return False
        found = it.figures
        reachable = it.roc
        least = round(float(reachable[reachable["tpr"] == 1]["fpr"].min()) * (found["fp"] + found["tn"]))
        if found["fn"]:
            return f"With this threshold {found['fn']} of {found['fn'] + found['tp']} are missed."
        if found["fp"] > least:
            return f"Nobody is missed, at the price of {found['fp']} false alarms. Fewer are possible."
        return True

    return Task(
        check,
        evaluation,
        title="Miss nobody",
        prompt="A threshold is a setting, too, so choose it on the validation rows: let the card show those. Which "
        "threshold misses nobody with as few false alarms as possible?",
        hint="From 0.5, go down until nobody is missed, and not one step farther.",
        name="checklist/nobody_missed",
    )
