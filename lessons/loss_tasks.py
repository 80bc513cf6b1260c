"""The lesson on the loss: what it asks for first, and its tasks.

What a guess or a try is told is taken from the numbers of the LossView it is about.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from firstepoch.lessons.prediction import Prediction
from firstepoch.widgets import LossView, Question, Task

SOLUTIONS: Final[Mapping[str, str]] = {
    "below": "view.row, view.output = 4, 0.5",
    "costliest": "view.rows, view.row = 'validation', 27",
    "downhill": "view.bias_change = -1.05",
}
"""One right answer to each task, as Python with the LossView as `view`."""

MEAN: Final = 0.3
FLAT: Final = 0.01


def term_of_one_row(view: LossView) -> Prediction:
    """What does one row cost? A number.

    Args:
        view: One row with y = 1.
    """
    p, term = view.report["shown_output"], view.report["term"]
    rule = f"−(1·log {p:.2f} + 0·log {1 - p:.2f}) = {term:.3f}"

    def judge(guess: float) -> tuple[bool, str]:
        def near(value: float) -> bool:
            return abs(guess - value) < 0.006

        if near(term):
            return True, f"{rule}. The second part is there for y = 0; here it is multiplied by 0."
        if near(-term):
            return False, f"The logarithm of {p:.2f} is negative; the minus in front turns it: {rule}."
        if near(1 - p):
            return False, f"That is how far {p:.2f} is from 1. The loss takes the logarithm: {rule}."
        if near(p):
            return False, f"That is the output itself. A high one is right here, so it costs little: {rule}."
        if near(-math.log(1 - p)):
            return False, f"That is what it would cost with y = 0. With y = 1 the first part counts: {rule}."
        if near(-math.log10(p)):
            return False, f"That is the logarithm to base 10. The loss takes the natural one: {rule}."
        return False, f"The formula, with the numbers of this row: {rule}."

    return Prediction(
        f"A patient with y = 1, and the model says {p:.2f}. What does this row add to the sum? (log is the "
        f"natural logarithm: log {p:.2f} = −{term:.3f}, log {1 - p:.2f} = −{-math.log(1 - p):.3f}.)",
        judge=judge,
        reveal=[view],
        name="loss/term_of_one_row",
    )


def one_half() -> Question:
    """What is the loss of a model that always says one half? log 2."""
    options = (
        "0: it is never wrong",
        "0.5",
        "0.693, whatever the patients",
        "It depends on how many patients have y = 1",
    )
    return Question(
        "A model that knows nothing says 0.5 for every patient. What is its loss?",
        options,
        answer=options[2],
        feedback={
            options[0]: "A term is 0 only where the model is sure, and right. This one is never sure.",
            options[1]: "That is its output. A term is not the output, but its −log.",
            options[3]: "What does a row with y = 1 cost, −log 0.5? And one with y = 0, −log(1 − 0.5)?",
        },
        explanation="−log 0.5 = −log(1 − 0.5) = 0.693 in every row, so that is the mean. It is a yardstick: a loss "
        "above 0.693 is worse than having no opinion.",
        hint="Work out the term of a row with y = 1, and of one with y = 0.",
        name="loss/one_half",
    )


def one_of_ten(view: LossView, task: Task) -> Prediction:
    """How much of the loss is one row that is sure and wrong? Most of it.

    Args:
        view: Ten rows with y = 1, one of them with a tiny output.
        task: What is asked of the same rows afterwards.
    """
    terms = view.table()["term"].to_numpy()
    worst, share = float(terms.max()), float(terms.max() / terms.sum())
    options = ("A tenth", "About half", "Almost nine tenths")
    facts = f"Its term is {worst:.2f}, the other nine are {terms.min():.3f} each: {100 * share:.0f} % of the sum."

    def judge(guess: str) -> tuple[bool, str]:
        if guess == options[0]:
            return False, f"{facts} It would be a tenth if every row cost the same."
        if guess == options[1]:
            return False, f"{facts} The curve is steeper than that: each further zero, 0.01, 0.001, adds 2.3."
        return share > 0.8, f"{facts} The mean is {terms.mean():.3f}, more than that of a model that knows nothing."

    return Prediction(
        "Ten patients, all with y = 1. For nine of them the model says 0.9, for one it says 0.001. How much of the "
        "loss comes from that one?",
        options,
        judge=judge,
        reveal=[view, task],
        name="loss/one_of_ten",
    )


def below(view: LossView) -> Task:
    """Move one output so that the mean falls below MEAN.

    Args:
        view: The ten rows.
    """

    def check(it: LossView) -> bool | str:
        told, terms = it.report, it.table()["term"]
        if told["target"] is not None or told["bias_change"]:
            return "Only an output may change. Put back what else was changed."
        if told["output"] is None:
            return ""
        if told["mean"] < MEAN:
            return True
        others = float(terms.sum() - told["term"]) / told["count"]
        if others >= MEAN:
            return (
                f"Even an output of 1 for row {told['row']} leaves a mean of {others:.3f}: the large term is another "
                "row's."
            )
        return f"The mean is {told['mean']:.3f}. This is the right row; move it further."

    return Task(
        check,
        view,
        title="One output",
        prompt=f"Move the output of one patient so that the mean falls below {MEAN}.",
        hint="Which bar is the tallest? Click it, or press “largest term”. It need not become right.",
        name="loss/below",
    )


def largest_term(view: LossView) -> Prediction:
    """While the mean falls, what becomes of the largest term? It rises.

    Args:
        view: A training from its first epoch on, the training rows in hand.
    """
    rows = view.report["count"]
    first, last = (float(view.recording["term"][at, :rows].max()) for at in (0, -1))
    begin, end = (float(view.recording["mean"][at, 0]) for at in (0, -1))
    options = ("It falls, as the mean does", "It falls a little", "It rises")
    right = options[2] if last > first else options[0] if last < first * 0.6 else options[1]
    facts = f"It goes from {first:.2f} to {last:.2f}."

    def judge(guess: str) -> tuple[bool, str]:
        if guess == right:
            return True, f"{facts} Some patients do not fit the others. The surer the network, the more they cost."
        if guess == options[0]:
            return False, (
                f"{facts} Only the mean is minimised. A step that helps many rows a little may cost one of them much."
            )
        return False, f"{facts} As the network gets surer, the patients it is wrong about cost more, not less."

    return Prediction(
        f"The network trains for 100 epochs. The mean of the {rows} terms falls from {begin:.3f} to {end:.3f}. What "
        "becomes of the largest of them?",
        options,
        judge=judge,
        reveal=[view],
        name="loss/largest_term",
    )


def beyond_accuracy(view: LossView, task: Task) -> Prediction:
    """The same number of patients right, after 40 epochs and after 100: what of the loss? It has risen.

    Args:
        view: A training of 100 epochs.
        task: What is asked of the same view afterwards.
    """
    frames, at = view.recording, 40 - view.recording.settings["first"]
    rows = view.recording.settings["sets"][1]
    wrong = [int(frames["wrong"][frame, 1]) for frame in (at, -1)]
    mean = [float(frames["mean"][frame, 1]) for frame in (at, -1)]
    most = [float(frames["term"][frame, rows["first"] :].max()) for frame in (at, -1)]
    options = ("The same: as many are right", "Lower: it has trained on", "Higher")
    facts = f"It went from {mean[0]:.3f} to {mean[1]:.3f}, and its largest term from {most[0]:.2f} to {most[1]:.2f}."

    def judge(guess: str) -> tuple[bool, str]:
        if guess == options[0]:
            return False, f"{facts} Accuracy asks on which side of 0.5 an output is. The loss asks how far."
        if guess == options[1]:
            return False, f"{facts} These patients were not trained on. For them, more training is not always better."
        return mean[1] > mean[0], f"{facts} As many wrong as before, and the network is surer of it."

    return Prediction(
        f"Now the {rows['count']} validation patients, which the network does not learn from. After 40 epochs "
        f"{rows['count'] - wrong[0]} of them are on the right side of 0.5, after 100 epochs "
        f"{rows['count'] - wrong[1]}. What of their loss, from epoch 40 to 100?",
        options,
        judge=judge,
        reveal=[view, task],
        name="loss/beyond_accuracy",
    )


def costliest(view: LossView) -> Task:
    """Take in hand the validation patient with the largest term after the last epoch.

    Args:
        view: A training with validation rows.
    """
    last = view.recording.settings["first"] + len(view.recording) - 1

    def check(it: LossView) -> bool | str:
        told = it.report
        if told["rows"] != "validation":
            return "Those are the training rows. Choose the validation rows."
        if told["epoch"] != last:
            return f"That is after {told['epoch']} epochs. Go to the last one, {last}."
        if told["output"] is not None or told["target"] is not None or told["bias_change"]:
            return "Something was changed by hand. Put it back."
        if told["row"] == told["largest"]:
            return True
        return f"Patient {told['row']} costs {told['term']:.3f}. Another one costs more."

    return Task(
        check,
        view,
        title="The costliest patient",
        prompt=f"After epoch {last}, which validation patient has the largest term? Take that one in hand, and read "
        "what the network says and what y is.",
        hint="Choose the validation rows. The bars stand by size: the first one from the left is the largest.",
        name="loss/costliest",
    )


def count_errors(view: LossView) -> Prediction:
    """What becomes of the number of errors when one bias moves a little? Nothing.

    Args:
        view: The trained network, the training rows in hand.
    """
    told = view.report
    rows = told["count"]
    p = view.recording["output"][-1, :rows].astype(np.float64)
    y, z = np.array(view.recording.settings["y"][:rows]), np.log(p / (1 - p))
    counts = [int(((z + change > 0) != (y == 1)).sum()) for change in (-0.01, 0.01)]
    options = ("It rises or falls by a hundredth of a patient or so", "Nothing", "It rises or falls by 1 or 2")
    facts = f"{counts[0]} wrong with the bias 0.01 lower, {counts[1]} with it 0.01 higher, {told['wrong']} as it is."

    def judge(guess: str) -> tuple[bool, str]:
        if guess == options[0]:
            return False, f"{facts} It is a count: there is no hundredth of a patient. It stays, or it jumps."
        if guess == options[1]:
            return len({*counts, told["wrong"]}) == 1, (
                f"{facts} All outputs move, none crosses 0.5. Almost everywhere the slope is 0, so a step along it "
                "leads nowhere."
            )
        return False, f"{facts} Every output moves by 0.0025 at most, and none is that near to 0.5."

    return Prediction(
        f"Why not simply minimise the number of errors? The trained network is wrong about {told['wrong']} of {rows} "
        "training patients. Now the bias of its output unit changes by 0.01, up or down. What becomes of that number?",
        options,
        judge=judge,
        reveal=[view],
        name="loss/count_errors",
    )


def downhill(view: LossView) -> Task:
    """Go down the slope of one bias, to where it is flat.

    Args:
        view: The untrained network, the training rows in hand.
    """
    epoch = view.epoch

    def check(it: LossView) -> bool | str:
        told = it.report
        if told["rows"] != "training" or told["epoch"] != epoch:
            return f"That is another network, or other rows. Go back to epoch {epoch} and the training rows."
        if told["output"] is not None or told["target"] is not None:
            return "Only the bias may change. Put the row in hand back."
        if not told["bias_change"]:
            return ""
        if abs(told["slope"]) < FLAT:
            return True
        way = "left" if told["slope"] > 0 else "right"
        return f"Mean {told['mean']:.3f}, slope {_signed(told['slope'])}: downhill is to the {way}."

    return Task(
        check,
        view,
        title="Down one slope",
        prompt=f"Play gradient descent: move the bias downhill until the slope is nearly 0 (less than {FLAT}, up or "
        "down).",
        hint="The orange line is the slope. Where it falls to the left, go left. Arrow keys take small steps.",
        name="loss/downhill",
    )


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
