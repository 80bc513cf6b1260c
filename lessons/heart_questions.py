"""The questions of the lesson on the heart model. Right answers are read from the data."""

from __future__ import annotations

from typing import Final

import pandas as pd

from firstepoch.data import TabularData
from firstepoch.widgets import Question

UNITS: Final = 16
"""Hidden units of the lecture's network."""


def always_zero(table: pd.DataFrame) -> Question:
    """How often is a model right that looks at nothing?

    Args:
        table: The heart table, with its column `target`.
    """
    rows, ones = len(table), int(table["target"].sum())
    half = "Half would be right if there were as many ones as zeros. Count the zeros."
    return Question(
        f"Of these {rows} patients, {ones} have target 1. A model that looks at nothing always says 0. For how many of "
        f"the {rows} is it right?",
        answer=rows - ones,
        feedback={
            ones: "Those are the patients it is wrong about: their target is 1.",
            0: "It has learned nothing, and yet it is often right: wherever the target happens to be 0.",
            rows // 2: half,
            (rows + 1) // 2: half,
            "else": "It is right for every patient whose target is 0. How many are these?",
        },
        explanation=f"{rows - ones} of {rows}, {100 * (rows - ones) / rows:.1f} %, and it has learned nothing. "
        "Whatever we train has to beat that, not 50 %.",
        name="heart/always_zero",
    )


def inputs(patients: TabularData) -> Question:
    """How many inputs does the network get?

    Args:
        patients: What `heart.load` returned.
    """
    columns, count = len(set(patients.source_columns)), len(patients.feature_names)
    numeric = len(patients.means)
    return Question(
        "Seven columns are categories: sex (2 values), cp (5), fbs (2), restecg (3), exang (2), ca (4), thal (5). The "
        f"other {numeric} stay as they are. How many inputs does the network get?",
        answer=count,
        feedback={
            columns: f"{columns} columns, yes. But a category becomes one input for each of its values.",
            count - numeric: f"Those are the inputs of the categories. The other {numeric} columns come on top.",
            columns + 1: "The target is what the network should find out. It is no input.",
            "else": f"Add up the values of the seven categories. The other {numeric} columns are one input each.",
        },
        hint="sex becomes two inputs: sex_0 and sex_1. One of them is 1, the other 0.",
        explanation=f"2 + 5 + 2 + 3 + 2 + 4 + 5 = {count - numeric}, and {numeric}: {count}.",
        name="heart/inputs",
    )


def whose_mean(patients: TabularData) -> Question:
    """Over whom is the mean taken that scales the inputs?

    Args:
        patients: What `heart.load` returned.
    """
    train, test = len(patients.y_train), len(patients.y_test)
    everybody = f"Over all {train + test}: the more patients, the better the mean"
    training = f"Over the {train} training patients, and these numbers are used for the others, too"
    own = f"Over the {train} for training, and over the {test} for the test"
    return Question(
        "Over whom should the mean and the standard deviation be taken?",
        [everybody, training, own],
        answer=training,
        feedback={
            everybody: "Then the model is told something about the test patients before it is tried on them. They "
            "stand for people it has never met.",
            own: "Then the same cholesterol is another input in the test than it was in training. And what would you "
            "do with one new patient, who has no mean?",
        },
        explanation="With new patients tomorrow you have no choice anyway: you use the numbers of your training "
        "patients.",
        name="heart/whose_mean",
    )


def parameters(patients: TabularData) -> Question:
    """How many numbers does the lecture's network learn?

    Args:
        patients: What `heart.load` returned.
    """
    count, rows = len(patients.feature_names), len(patients.y_train)
    weights = count * UNITS
    hidden, output = weights + UNITS, UNITS + 1
    return Question(
        "How many numbers does this network learn? Count them before you look at the picture.",
        answer=hidden + output,
        feedback={
            hidden: "That is the hidden layer. The output unit has weights and a bias, too.",
            weights: "Those are the weights of the hidden layer. Each unit has a bias, and then there is the output.",
            hidden + UNITS: "Almost: the output unit has a bias, too.",
            count + UNITS + 1: "That is how many inputs and units there are. Each unit has a weight for each input.",
            "else": f"A unit of the hidden layer has {count} weights and a bias, and there are {UNITS} units. Then the "
            "output unit.",
        },
        hint="Every unit has one weight for each of its inputs, and one bias.",
        explanation=f"Hidden layer: ({count} + 1) × {UNITS} = {hidden}. Output: ({UNITS} + 1) × 1 = {output}. Together "
        f"{hidden + output}, for {rows} patients: more parameters than patients. Keep that in mind at the curves.",
        name="heart/parameters",
    )


def early_validation() -> Question:
    """Why can the validation loss be the lower one in the first epochs?"""
    easier = "The validation patients happen to be the easier ones"
    learned = "Keras learns from the validation patients, too"
    earlier = "The training loss is a mean over the epoch, while the weights still improve"
    rounding = "It is a rounding error"
    return Question(
        "In the first epochs the validation loss is often the lower one, although nothing is learned from these "
        "patients. How can that be?",
        [easier, learned, earlier, rounding],
        answer=earlier,
        feedback={
            easier: "That may play a part. But it happens with any split, and it has a reason in how Keras counts: "
            "when is each of the two losses computed?",
            learned: "It never does: after each epoch it computes their loss, and changes no weight.",
            rounding: "The difference is far too large for that. When is each of the two losses computed?",
        },
        hint="One of them is computed batch by batch during the epoch, the other once, when the epoch is over.",
        explanation="The validation loss is computed afterwards, with the weights at the end of the epoch. Dropout, "
        "if you use it, is on in the first and off in the second.",
        name="heart/early_validation",
    )
