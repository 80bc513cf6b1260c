"""The questions of the lesson on tensors; its tasks are in `tensor_tasks.py`. Counts are taken from the data."""

from __future__ import annotations

from math import prod
from typing import Final

import numpy as np

from firstepoch.data import TabularData
from firstepoch.widgets import Question

UNITS: Final = 16
"""Units of the Dense layer that reads pictures, as many as the heart model has."""


def indices_of_one() -> Question:
    """How many indices point at a number in a tensor that has only one?"""
    return Question(
        "How many indices do you need to point at a number in this tensor?",
        answer=0,
        feedback={
            1: "`x[0]` is the first of several along an axis. Is there an axis here to count along?",
            42: "That is the number itself. How many numbers are there to choose from?",
            "else": "How many numbers are there to choose from?",
        },
        explanation="None: there is only the one. A tensor that is read with no index at all has rank 0. Its other "
        "name is scalar.",
        name="tensors/indices_of_one",
    )


def rank_of_a_vector() -> Question:
    """What is the rank of a vector with three numbers?"""
    one, three, shape = "1", "3", "(3,)"
    return Question(
        "A physicist calls this a three-dimensional vector. What is its rank?",
        [one, three, shape],
        answer=one,
        feedback={
            three: "Three is how many numbers there are along its axis: the size of the axis. How many axes are there?",
            shape: "That is its shape, the size of every axis. The rank is a number: how many axes there are.",
        },
        explanation="There is one axis, and three is its size. The shape lists the size of every axis: here (3,), "
        "with a comma because it is a list with one entry. Dimension is used for both, the axis and its size; that is "
        "why this course says axis.",
        name="tensors/rank_of_a_vector",
    )


def highest_rank(patients: TabularData) -> Question:
    """Which of three shapes has the highest rank? The one with the fewest numbers.

    Args:
        patients: Its training rows are one of the three.
    """
    table, long, deep = patients.x_train.shape, (1_000_000,), (1, 1, 1)
    return Question(
        "Three tensors, by their shapes. Which one has the highest rank?",
        [str(table), str(long), str(deep)],
        answer=str(deep),
        feedback={
            str(table): f"Two axes, so rank 2, with {prod(table):,} numbers. One of the others has more axes.",
            str(long): "It has the most numbers, a million, but along a single axis: rank 1.",
        },
        hint="Count the entries of each shape, not what they are.",
        explanation="Three axes, so rank 3, and a single number in it. Rank is not size.",
        name="tensors/highest_rank",
    )


def rank_of_ones(patients: TabularData) -> Question:
    """What is the rank of a matrix full of ones, as a tensor?

    Args:
        patients: The matrix has the shape of the first weights of their network.
    """
    rows, columns = len(patients.feature_names), UNITS
    return Question(
        f"A matrix of shape ({rows}, {columns}) is full of ones. All of its rows are the same, so in linear algebra "
        "its rank is 1. What is its rank as a tensor?",
        answer=2,
        feedback={
            1: "That is the rank of linear algebra: how many rows are independent. A tensor's rank does not look at "
            "the numbers.",
            rows * columns: "That is how many numbers it has. How many indices does one of them need?",
            columns: "That is the size of one axis. How many axes are there?",
            rows: "That is the size of one axis. How many axes are there?",
            "else": "How many indices does one of its numbers need?",
        },
        explanation="It has two axes. The two ranks share nothing but the word. The rank of a matrix, "
        "`np.linalg.matrix_rank(x)`, changes with the numbers; the rank of a tensor, `x.ndim`, says how many indices a "
        "number needs, whatever the numbers are.",
        name="tensors/rank_of_ones",
    )


def one_column(patients: TabularData) -> Question:
    """What is x[:, 1] of a table?

    Args:
        patients: Their training rows are the table.
    """
    rows, columns = patients.x_train.shape
    name = patients.feature_names[1]
    column, row, cell, table = (
        f"{what}: shape {shape}"
        for what, shape in (
            (f"`{name}` of all patients", f"({rows},)"),
            ("one patient, all features", f"({columns},)"),
            (f"`{name}` of one patient", "()"),
            (f"`{name}` of all patients", f"({rows}, 1)"),
        )
    )
    return Question(
        f"The table below has shape ({rows}, {columns}): patients, features. What is `x[:, 1]`?",
        [row, column, table, cell],
        answer=column,
        feedback={
            row: "That is `x[1]`. Here a `:` stands in the first place, the patients: it takes all of them.",
            table: "The right numbers. But a number as an index takes its axis away; the slice `1:2` would keep it.",
            cell: "That needs a number for each axis, such as `x[7, 1]`. Here a `:` stands for the patients.",
        },
        explanation="A number as an index takes its axis away. A slice such as `:` or `0:10` keeps it.",
        name="tensors/one_column",
    )


def dense_on_pictures(batch: np.ndarray) -> Question:
    """How many parameters has a Dense layer that reads whole pictures?

    Args:
        batch: Pictures, shape (samples, height, width, channels).
    """
    count, numbers = len(batch), int(np.prod(batch.shape[1:]))
    return Question(
        f"A Dense layer with {UNITS} units reads these rows of {numbers:,} numbers. How many weights and biases does "
        "it have?",
        answer=(numbers + 1) * UNITS,
        feedback={
            numbers * UNITS: "Those are the weights. Each unit has a bias, too.",
            numbers + 1: f"That is a single unit: a weight for each number, and a bias. There are {UNITS} of them.",
            numbers * UNITS + 1: f"Almost: each of the {UNITS} units has a bias of its own.",
            count * numbers * UNITS: "The same weights are used for every picture: the layer does not grow with the "
            "batch.",
            "else": "A unit has a weight for each number of the row, and a bias.",
        },
        explanation=f"({numbers:,} + 1) × {UNITS} = {(numbers + 1) * UNITS:,}; the hidden layer of the heart model "
        "has 480. And the layer no longer knows which pixels are neighbours. Convolutions, layers that keep the axes "
        "of a picture, do.",
        name="tensors/dense_on_pictures",
    )
