"""The two tasks of the lesson on the heart model: what is asked, and what to say to a near miss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from firstepoch.widgets import DataTour, LiveTraining, Task

SOLUTIONS: Final[Mapping[str, str]] = {
    "two_deviations": "tour.row = 180",
    "stop_in_time": (
        "training.train(); training.wait()\n"
        "training.early_stopping, training.patience = True, 15\n"
        "training.train(); training.wait()"
    ),
}
"""One right answer to each task, as Python with the DataTour as `tour`, the LiveTraining as `training`."""


def two_deviations(tour: DataTour) -> Task:
    """Find a patient who is two standard deviations older than the mean.

    Args:
        tour: Shows the heart table.
    """
    start = tour.row

    def check(it: DataTour) -> bool | str:
        if it.row == start:
            return False
        line = it.inputs().set_index("input").to_dict("index")["age"]
        value = float(line["value"])
        said = f"Patient {it.row} is {line['raw']}, which the network reads as {_n(value)}"
        if value >= 2:
            return True
        return f"{said}: {'below' if value < 0 else 'above'} the mean, and by less than two standard deviations."

    return Task(
        check,
        tour,
        title="Two standard deviations",
        prompt="How does the network see age? Choose a patient whose input `age` is 2 or more: two standard deviations "
        "above the mean of the training patients. Then step through that patient's other inputs.",
        hint="The mean is the 0 of this scale, and the table above has the standard deviation. How old is somebody "
        "two of them above it? Sort by age, and take one from that end as the patient in hand.",
        name="heart/two_deviations",
    )


def stop_in_time(training: LiveTraining) -> Task:
    """Train without early stopping and with it: the second ends with a lower validation loss.

    Args:
        training: The card the learner trains with.
    """

    def check(it: LiveTraining) -> bool | str:
        plain, stopped = _last_run(it, early=False), _last_run(it, early=True)
        if plain is None and stopped is None:
            return False
        if plain is None:
            return "Now once without early stopping, as in the lecture: that is what it is held against."
        if stopped is None:
            return (
                f"The run without early stopping ended with a validation loss of {_n(plain['val_loss'])}. Now tick "
                "early stopping, and train again."
            )
        two = f"{_n(stopped['val_loss'])} with early stopping, {_n(plain['val_loss'])} without"
        if stopped["outcome"] != "early stopped":
            return f"Patience was not used up in {stopped['epochs']} epochs, so nothing was stopped. Try a smaller one."
        if stopped["val_loss"] < plain["val_loss"]:
            return True
        if stopped["restored"] is None:
            return f"{two}: the weights of the last epoch stayed. Tick `restore_best_weights`, and train again."
        return f"{two}: it stopped before it had got that low. Try more patience."

    return Task(
        check,
        training,
        title="Stop in time",
        prompt="Train once as it is, and once with early stopping, so that the second run ends with the lower "
        "validation loss. How many epochs did it take?",
        hint="The validation loss of the first run was lowest after some forty epochs. The patience says how many "
        "epochs without a new lowest value are one too many.",
        name="heart/stop_in_time",
    )


def _last_run(training: LiveTraining, early: bool) -> dict[str, Any] | None:
    """The newest row of the card's table that ended, with early stopping or without; it has a validation loss."""
    kept = training.kept_runs
    for row in reversed(training.runs):
        run = kept.get(row["run"])
        ended = row["outcome"] in ("finished", "early stopped") and row["val_loss"] is not None
        if ended and run is not None and run.settings.early_stopping is early:
            return row
    return None


def _n(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
