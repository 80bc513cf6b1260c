"""The lesson on overfitting: the run it looks at, what it asks for first, and its tasks.

What a guess or a try is told is taken from the recording or the network it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from firstepoch import heart
from firstepoch.data import TabularData
from firstepoch.lessons.prediction import Prediction
from firstepoch.widgets import DropoutView, EarlyStoppingExplorer, LiveTraining, Question, Recording, Task

SOLUTIONS: Final[Mapping[str, str]] = {
    "by_accuracy": "explorer.monitor, explorer.patience = 'val_accuracy', 129",
    "twelve_stay": "view.rate = 0.25",
}
"""One right answer to each task, as Python with the EarlyStoppingExplorer as `explorer`, the DropoutView as `view`."""

LATE: Final = 100
STAY: Final = 12


def recorded_run(patients: TabularData) -> Recording:
    """The lecture's run: 300 epochs, seed 42, nothing against overfitting. It is trained here, in a few seconds.

    Args:
        patients: What `heart.load` returned.
    """
    training = LiveTraining(heart.build_model, patients)
    training.train()
    training.wait()
    recording = training.recording
    training.close()
    return recording


def where_it_stops(explorer: EarlyStoppingExplorer) -> Prediction:
    """After which epoch does it stop? A number, counted from 1 as on the card.

    Args:
        explorer: A recording that it stops in.

    Raises:
        ValueError: It does not stop.
    """
    patience = explorer.patience
    if explorer.best_epoch is None or explorer.stopped_epoch is None:
        raise ValueError(f"With patience {patience} this recording runs to its end. Try a smaller patience.")
    best, stopped = explorer.best_epoch + 1, explorer.stopped_epoch + 1
    facts = (
        f"The lowest loss is that of epoch {best}. {patience} epochs later, after epoch {stopped}, patience is used up."
    )

    def judge(guess: float) -> tuple[bool, str]:
        if guess == stopped:
            return True, f"{facts} The weights of epoch {best} come back."
        if guess == best:
            return False, f"{facts} In epoch {best} nobody knows yet that it was the best one."
        if guess == patience:
            return False, f"{facts} Patience is counted from the last improvement, not from the start."
        return False, facts

    return Prediction(
        f"The validation loss of this run is lowest in epoch {best}. Early stopping watches it with patience "
        f"{patience}. After which epoch does the training stop?",
        judge=judge,
        reveal=[explorer],
        name="overfitting/where_it_stops",
    )


def by_accuracy(explorer: EarlyStoppingExplorer) -> Task:
    """Watch the accuracy instead: the smallest patience that gets past epoch 100.

    Args:
        explorer: A recording with `val_accuracy`.
    """

    def check(it: EarlyStoppingExplorer) -> bool | str:
        if it.monitor != "val_accuracy":
            return False
        if it.min_delta or it.start_from_epoch:
            return "Leave `min_delta` and `start_from_epoch` at 0: patience alone is asked for."
        if not it.restore_best_weights:
            return "Tick `restore_best_weights`: otherwise no weights come back."
        # Not the report: while settings change, a task may be asked before all of it is new.
        restored = _restored(it, it.patience)
        if restored <= LATE:
            return f"With patience {it.patience} the weights of epoch {restored} come back. That is too early."
        if it.patience and _restored(it, it.patience - 1) > LATE:
            return f"Epoch {restored} comes back. But a smaller patience does it, too."
        return True

    return Task(
        check,
        explorer,
        title="Task: watch the accuracy instead",
        prompt=(
            "Let it monitor `val_accuracy`. What is the smallest patience with which the weights of an epoch after "
            f"epoch {LATE} come back?"
        ),
        hint="The strip below the curve says which patiences bring back which epoch.",
        name="overfitting/by_accuracy",
    )


def _restored(explorer: EarlyStoppingExplorer, patience: int) -> int:
    """The epoch (from 1) that comes back with another patience and the other settings as they are; 0 for none."""
    values = {str(explorer.monitor): explorer.story["value"]}
    other = EarlyStoppingExplorer(values, monitor=explorer.monitor, mode=explorer.mode, patience=patience)
    restored = other.restored_epoch
    other.close()
    return 0 if restored is None else restored + 1


def thinned(view: DropoutView) -> Prediction:
    """How many networks can be left over? A number.

    Args:
        view: A network with one Dropout layer.
    """
    units = view.recording["mask"].shape[-1]
    facts = (
        f"Each of the {units} units is in or out: 2 × 2 × ... × 2 = {2**units:,} different networks, which all share "
        "their weights."
    )

    def judge(guess: float) -> tuple[bool, str]:
        if guess == 2**units:
            return True, facts
        if guess == units:
            return False, f"{facts} {units} would be right if exactly one unit were dropped each time."
        if guess == 2 * units:
            return False, f"{facts} Two choices for one unit, four for two, eight for three."
        return False, facts

    return Prediction(
        f"Dropout leaves out some of {units} units at random, others in the next batch. How many different networks "
        "can come of it?",
        judge=judge,
        reveal=[view],
        name="overfitting/thinned",
    )


def twelve_stay(view: DropoutView) -> Task:
    """Set the rate with which 12 of the 16 units stay, on average.

    Args:
        view: A network with one Dropout layer.
    """
    units = view.recording["mask"].shape[-1]
    touched = view.rate

    def check(it: DropoutView) -> bool | str:
        stay = units * (1 - it.rate)
        if it.rate == touched:
            return False
        if abs(stay - STAY) < 1e-6:
            return True
        if abs(units * it.rate - STAY) < 1e-6:
            return (
                f"With rate {it.rate:g}, {units - STAY} stay. Keras's `rate` is the share that is dropped. (In the "
                "paper of 2014 on dropout, p is the share that is kept.)"
            )
        return f"With rate {it.rate:g}, {stay:.3g} of the {units} stay on average."

    return Task(
        check,
        view,
        title=f"Task: {STAY} of {units} stay",
        prompt=(
            f"Set `rate` so that {STAY} of the {units} units stay on average. Then play some batches: how many stay in "
            "each?"
        ),
        hint="The rate is the share that is dropped.",
        name="overfitting/twelve_stay",
    )


def after_training() -> Question:
    """What does dropout do once the training is over?"""
    same, none, scaled = "The same: half of the units are left out", "Nothing at all", "The outputs are halved"
    return Question(
        "With dropout 0.5, what stays during training is doubled. And once training is over, when the model is asked "
        "about a new patient?",
        [same, scaled, none],
        answer=none,
        feedback={
            same: "Then the same patient would get another answer every time. Look at inference on the card.",
            scaled: "That would be needed if nothing had been doubled during training. Keras does it then, so that "
            "nothing is left to do later.",
        },
        explanation="All units work, and nothing is multiplied. It is as if all the thinned networks had been asked "
        "at once, though not exactly: for the hidden outputs the average is exact, for the network's answer, behind "
        "the sigmoid, it is only near. Choose inference on the card: it has both numbers.",
        name="overfitting/after_training",
    )


def loss_without_accuracy() -> Question:
    """How can the loss fall by a quarter while as many patients are right as before?"""
    sure = "The outputs became less sure, also where they are wrong"
    luck, error = "By chance: with another seed it would not", "One of the two is wrong"
    other = "Other patients are right now"
    return Question(
        "With 16 units the test loss falls by a quarter, and as many patients are right as before. How can that be?",
        [luck, sure, other, error],
        answer=sure,
        feedback={
            luck: "It was so with five seeds. What does the loss look at that a count of right answers does not?",
            other: "A few may be. But as many are right as before, so that is not what made the loss fall.",
            error: "Both are right. They ask different questions: which ones?",
        },
        hint="A patient with target 0 gets 0.99 from one network and 0.7 from another. Which of the two is right? And "
        "what are the losses, −log(1 − output)?",
        explanation="Being right only asks on which side of one half an output lies. The loss asks how sure the "
        "network was. An overfitted network is very sure, also where it is wrong; regularised, it says 0.7 instead of "
        "0.99. If you want to know how likely something is, that matters. If you only count, you hardly see it.",
        name="overfitting/loss_without_accuracy",
    )
