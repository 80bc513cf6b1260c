"""The lesson on TensorFlow and Keras: what it asks for first, and its tasks.

What a guess or a try is told is taken from the card it is about, where the card knows it by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from firstepoch.lessons.prediction import Prediction
from firstepoch.widgets import Autodiff, KerasStack, ModelStyles, OptimizerRace, Question, Task

SOLUTIONS: Final[Mapping[str, str]] = {
    "exactly": "card.units = [33]",
    "flowers": "card.inputs, card.outputs, card.output_activation = 4, 3, 'softmax'",
}
"""One right answer to each task, as Python with the ModelStyles as `card`."""

NETWORK: Final = """\
h = relu(w1 * x + b1)
p = 1 / (1 + exp(-(w2 * h + b2)))
-y * log(p) - (1 - y) * log(1 - p)"""
"""The loss of one patient by a network with one input, one relu unit and a sigmoid output."""
ASLEEP: Final = {"w1": -0.5, "b1": 0.1, "w2": -1.0, "b2": 0.2, "x": 1.5, "y": 1.0}
"""Values with which the hidden unit gives 0."""

PARAMETERS: Final = 1_024
OPERATIONS: Final = 307
"""Of one update of the lecture's model, counted with Keras 3.15 and TensorFlow 2.21."""
_INPUTS: Final = 29


def asleep(card: Autodiff) -> Prediction:
    """What gradient does the weight in front of a unit get that gives 0? None.

    Args:
        card: NETWORK with the values ASLEEP.
    """
    options = ("It is 0", "It is negative", "It is positive")
    before = card.values["w1"] * card.values["x"] + card.values["b1"]
    found = card.gradient["w1"]
    facts = (
        f"Before relu there is {before:.2f}, so the unit gives 0, also a little to either side of this w1: the loss "
        "does not change with it. TensorFlow finds 0 for w1, b1 and w2; only b2 learns from this patient."
    ).replace("-", "−")

    def judge(guess: str) -> tuple[bool, str]:
        if guess == options[0]:
            return found == 0, facts
        return False, f"{facts} A sign would mean that a step of w1 changes the loss."

    return Prediction(
        "One patient, one hidden unit: `relu(w1 * x + b1)` with w1 = −0.5, x = 1.5, b1 = 0.1. Of what sign is the "
        "derivative of the loss with respect to w1?",
        options,
        judge=judge,
        reveal=[card],
        name="tensorflow_keras/asleep",
    )


def lowest(race: OptimizerRace) -> Prediction:
    """Which optimizer is lowest in the end? One of the names.

    Args:
        race: Several optimizers on one loss.
    """
    ends = {name: float(recording["value"][-1]) for name, recording in race.recordings.items()}
    best = min(ends, key=lambda name: ends[name])
    told = ", ".join(f"{name} {value:.3f}" for name, value in sorted(ends.items(), key=lambda item: item[1]))

    def judge(guess: str) -> tuple[bool, str]:
        if guess == best:
            return True, f"After {race.steps} steps: {told}."
        return False, f"After {race.steps} steps: {told}. {_why(guess)}"

    return Prediction(
        f"The loss of 242 patients over two weights, and every optimizer with a learning rate of 0.1. Which loss is "
        f"the lowest after {race.steps} steps?",
        list(ends),
        judge=judge,
        reveal=[race],
        name="tensorflow_keras/lowest",
    )


def _why(guess: str) -> str:
    return {
        "sgd": "The plain rule won the race down the narrow valley. Here the slope is gentle, and 0.1 is too small.",
        "momentum": "It gathers speed, and runs past the minimum.",
        "adam": "It is close. Its memory of the steps before carries it past the minimum.",
    }.get(guess, "")


def last_batch() -> Question:
    """How many rows does each of two devices get of the last batch? 9."""
    return Question(
        "242 patients in batches of 32: seven whole ones, and a last one. Two devices share every batch. How many rows "
        "of the last batch does each of them get?",
        answer=9,
        feedback={
            18: "So many are left for the last batch: 242 − 7 × 32. There are two devices.",
            16: "That is half of a whole batch. The last one is shorter.",
            32: "That is a whole batch, and for one device.",
            121: "That is half of all patients. But it is each batch that is shared, so that the update is the same "
            "as that of one device.",
            "else": "How many rows are left when 7 × 32 have been dealt? Two devices share those.",
        },
        explanation="242 − 7 × 32 = 18, and half of them are 9. Run it below, and look at the last update.",
        hint="First: how many rows are in the last batch?",
        name="tensorflow_keras/last_batch",
    )


def under_one_line(stack: KerasStack) -> Prediction:
    """How many operations of TensorFlow are one update? Hundreds.

    Args:
        stack: The card that counts them.
    """
    options = ("About 10", "About 50", "About 300")

    def judge(guess: str) -> tuple[bool, str]:
        counted = stack.facts.operations
        if counted:
            facts = f"{counted.total()} on this machine, {counted['MatMul']} of them products of matrices."
        else:
            facts = f"We counted {OPERATIONS}; the card is still counting those of this machine."
        if guess == options[0]:
            return False, f"{facts} 10 are hardly enough for the prediction. Then come loss, gradient and Adam."
        if guess == options[1]:
            return (
                False,
                f"{facts} Adam alone keeps two running means for each of the four arrays of weights and biases.",
            )
        return True, f"{facts} The others are the loss, the way back, Adam's running means, and the metric."

    return Prediction(
        "`model.fit` of the lecture's model: 29 inputs, 16 hidden units, one output. Out of how many operations does "
        "TensorFlow make a single update of its weights?",
        options,
        judge=judge,
        reveal=[stack],
        name="tensorflow_keras/under_one_line",
    )


def before_a_row(card: ModelStyles) -> Prediction:
    """Which of the three has no weights until it sees a row? The subclassed one.

    Args:
        card: The model three ways.
    """
    options = ("None of them", "The sequential one", "The functional one", "The subclassed one")
    why = (
        "It has no `Input` that says how many numbers a row has. So its first layer cannot know how many weights it "
        "needs, until rows come."
    )

    def judge(guess: str) -> tuple[bool, str]:
        if guess == options[0]:
            return False, f"The subclassed one has none. {why}"
        if guess in options[1:3]:
            return False, f"Look for `Input((29,))`: this one has it, so it knows. The subclassed one does not. {why}"
        return True, why

    return Prediction(
        "The same model is written three ways. One of them has not a single weight before it has seen rows. Which one?",
        options,
        judge=judge,
        reveal=[card],
        name="tensorflow_keras/before_a_row",
    )


def two_inputs(card: ModelStyles) -> Prediction:
    """Which of the three cannot be written with two inputs? The sequential one.

    Args:
        card: The model with a second input.
    """
    options = ("The sequential one", "The functional one", "The subclassed one", "All three can be written")

    def judge(guess: str) -> tuple[bool, str]:
        facts = "A Sequential passes one thing from layer to layer. There is no place where two could meet."
        wrong = {
            options[1]: "The functional one names what comes out of each layer, and any layer can take it up.",
            options[2]: "In `call` you say yourself what goes where.",
            options[3]: "Keras refuses the attempt on the card.",
        }
        return (True, facts) if guess == options[0] else (False, f"{wrong[guess]} {facts}")

    return Prediction(
        "The six measurements of a patient shall have a hidden layer of their own, and the 23 columns of zeros and "
        "ones another one; then both meet. Which way of writing it does not do any more?",
        options,
        judge=judge,
        reveal=[card],
        name="tensorflow_keras/two_inputs",
    )


def exactly(card: ModelStyles) -> Task:
    """Make a model with exactly PARAMETERS parameters.

    Args:
        card: A model with 29 inputs and one output.
    """
    begun = card.spec

    def check(it: ModelStyles) -> bool | str:
        if it.spec == begun or it.status != "done":
            return False
        if (it.inputs, it.outputs) != (_INPUTS, 1):
            return f"Leave the {_INPUTS} inputs and the one output as they are: the patients have so many."
        total = it.measured["totals"]["functional"]
        off = PARAMETERS - total
        if off == 0:
            return True
        return f"{total:,} parameters: {abs(off):,} too {'few' if off > 0 else 'many'}.{_adds(it)}"

    return Task(
        check,
        card,
        title=f"Task: {PARAMETERS:,} parameters",
        prompt=f"Change the hidden layers until the model has exactly {PARAMETERS:,} parameters. Its {_INPUTS} inputs "
        "and its one output stay.",
        hint="With one hidden layer: how many parameters come with one more unit? Count what goes in and out.",
        name="tensorflow_keras/exactly",
    )


def _adds(card: ModelStyles) -> str:
    if len(card.units) != 1 or card.second:
        return ""
    return (
        f" One more unit adds {_INPUTS + 2}: {_INPUTS} weights and a bias on the way in, and a weight on the way out."
    )


def flowers(card: ModelStyles) -> Task:
    """Choose inputs and outputs for flowers of three kinds.

    Args:
        card: Any other model.
    """
    begun = card.spec

    def check(it: ModelStyles) -> bool | str:
        if it.spec == begun:
            return False
        return _missing(it) or True

    return Task(
        check,
        card,
        title="Task: three kinds of flowers",
        prompt="Of a flower, four lengths were measured. It is of exactly one of three kinds, and the model shall give "
        "a probability to each. Set inputs, outputs and output activation.",
        hint="The probabilities of three kinds add up to 1. Which activation sees to that?",
        name="tensorflow_keras/flowers",
    )


def _missing(card: ModelStyles) -> str:
    """What is not right yet for the flowers, "" if all is."""
    if card.inputs != 4:
        return f"A row has {card.inputs} inputs. How many lengths were measured?"
    if card.outputs != 3:
        return f"{card.outputs} {'output' if card.outputs == 1 else 'outputs'}. How many probabilities are asked for?"
    wrong: dict[str, Any] = {
        "sigmoid": "Three sigmoids are three answers that do not know of each other: all three may be 0.9. The kinds "
        "exclude each other.",
        "linear": "Without an activation the outputs are any numbers, also negative ones. Probabilities are asked for.",
    }
    return str(wrong.get(card.output_activation, ""))
