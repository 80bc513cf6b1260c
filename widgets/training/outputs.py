"""What a target asks of a network: its output layer, its loss, its metric, and what a guess without one gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

TASKS = ("binary", "multiclass", "regression")
_NAMED = 8
"""Classes that a sentence names."""


@dataclass(frozen=True)
class Output:
    """The end of a network.

    Attributes:
        units: Of the output layer.
        activation: Its activation, a Keras name.
        loss: A Keras name.
        metric: A Keras name, as the logs have it.
        words: Why it is so, in sentences.
    """

    units: int
    activation: str
    loss: str
    metric: str
    words: str


def output_of(data: Any) -> Output:
    """The output that suits a table.

    Args:
        data: A TabularData.

    Returns:
        One sigmoid unit and binary cross-entropy for one of two classes, a softmax unit for each class and sparse
        categorical cross-entropy for one of several, one linear unit and mean squared error for a number
        (Chollet, Deep Learning with Python, chapter 4).
    """
    note = f" {data.class_note}" if getattr(data, "class_note", "") else ""
    if task_of(data) == "regression":
        name, std = name_of(data), data.target_std
        words = (
            f"One linear unit and mean squared error (mse), because the answer is a number: {name}. It is standardised "
            f"like the inputs, so a mean absolute error (mae) of 1 is {std:.4g} of {name}."
        )
        return Output(1, "linear", "mse", "mae", words)
    classes = listed(data.class_names)
    if task_of(data) == "binary":
        words = f"One sigmoid unit and binary cross-entropy, because the answer is one of two: {classes}.{note}"
        return Output(1, "sigmoid", "binary_crossentropy", "accuracy", words)
    count = len(data.class_names)
    words = (
        f"{count} softmax units, one for each class, and sparse categorical cross-entropy, because the answer is one "
        f"of {count}: {classes}.{note} Softmax makes the outputs probabilities that add up to 1; sparse means that the "
        "target is the number of its class."
    )
    return Output(count, "softmax", "sparse_categorical_crossentropy", "accuracy", words)


def task_of(data: Any) -> str:
    """What the target asks for; the number of classes tells where the data does not."""
    return str(getattr(data, "task", "") or ("binary" if len(data.class_names) < 3 else "multiclass"))


def name_of(data: Any) -> str:
    """What the target is called."""
    return str(getattr(data, "target_name", "") or "the target")


def listed(class_names: Any) -> str:
    """The classes with their numbers: "0 = no, 1 = yes"."""
    names = [str(name) for name in class_names]
    parts = [str(n) if name == str(n) else f"{n} = {name}" for n, name in enumerate(names[:_NAMED])]
    more = [f"and {len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return ", ".join([*parts, *more])


def guess(data: Any, seen: np.ndarray, judged: np.ndarray) -> dict[str, Any]:
    """What always giving one answer gets: the most frequent class of the rows seen, or the mean of their targets.

    Args:
        data: A TabularData.
        seen: Targets the answer is taken from.
        judged: Targets it is judged by.

    Returns:
        `answer` (the number of the class, its name where there are several, or "the mean"), the `level` it gets
        (accuracy or mean absolute error), how many of `rows` it gets `right` (None for a regression).
    """
    if task_of(data) == "regression":
        errors = np.abs(judged.astype("float64") - seen.mean(dtype="float64"))
        return {"answer": "the mean", "level": float(errors.mean()), "right": None, "rows": len(judged)}
    most = int(np.bincount(seen.astype(int), minlength=len(data.class_names)).argmax())
    right = int(np.sum(judged == most))
    answer = str(most) if task_of(data) == "binary" else str(data.class_names[most])
    return {"answer": answer, "level": right / len(judged), "right": right, "rows": len(judged)}


_LOSSES = {
    "binary_crossentropy": "binary cross-entropy",
    "categorical_crossentropy": "categorical cross-entropy",
    "sparse_categorical_crossentropy": "sparse categorical cross-entropy",
    "mse": "mean squared error",
    "mean_squared_error": "mean squared error",
    "mae": "mean absolute error",
    "mean_absolute_error": "mean absolute error",
}


def loss_words(loss: Any) -> str:
    """A loss as it is handed to `compile`, in words; empty for one without a name of its own."""
    name = loss if isinstance(loss, str) else getattr(loss, "name", getattr(loss, "__name__", ""))
    return _LOSSES.get(str(name), str(name).replace("_", " "))
