"""The three tasks of the lesson on tensors: what is asked, what counts as right, and what to say to a near miss.

What is taken counts, not how it is written: "1, ..., 0" and "-5, :, :, 0" are the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from firstepoch.widgets import Task, TensorView

SOLUTIONS: Final[Mapping[str, str]] = {
    "blood_pressures": 'view.selection = "32:64, 1"',
    "first_channel": 'view.selection = "1, ..., 0"',
    "rows_for_dense": 'view.apply("reshape", shape=[6, 1728])',
}
"""One right answer to each task, as Python with the TensorView as `view`."""

_BATCH = 32


def blood_pressures(view: TensorView, names: Sequence[str]) -> Task:
    """Take one feature of one minibatch: the blood pressures (trestbps) of the second 32 patients.

    Args:
        view: Shows the patients: shape (patients, features), 64 patients or more.
        names: The names of the features, one a column.

    Returns:
        The task.
    """
    column = list(names).index("trestbps")
    second = range(_BATCH, 2 * _BATCH)

    def check(it: TensorView) -> bool | str:
        if not it.selection:
            return False
        if len(it.value.shape) != 2:
            return "The table of patients is no longer shown. Run the cell again."
        rows, columns = _entries(it)
        whole = len(columns) == len(names)
        if columns == [column]:
            return sorted(rows) == list(second) or _rows(rows, it.value.shape[0])
        if not columns:
            return "That is empty. The first index says which patients (axis 0), the second which feature (axis 1)."
        if sorted(rows) != list(second):
            these = _rows(rows, it.value.shape[0])
            return f"{these} And there is no index yet for the feature." if whole else f"{these} And the feature?"
        if whole:
            return f"That is the whole second minibatch, all {len(names)} features: rank 2. One index is missing."
        if len(columns) > 1:
            return f"The patients are right. But those are {len(columns)} features, and only one is asked for."
        return f"The patients are right. Column {columns[0]} is `{names[columns[0]]}`: which one is `trestbps`?"

    return Task(
        check,
        view,
        title="Blood pressures",
        prompt=f"The network sees {_BATCH} patients at a time. Take the blood pressures, `trestbps`, of the second "
        "minibatch, and nothing else.",
        hint="First the patients, then the feature, with a comma between them. `0:32` takes rows 0 to 31, the first "
        "minibatch. Point at a column to read its name and its number.",
        name="tensors/blood_pressures",
    )


def _rows(rows: Sequence[int], patients: int) -> str:
    """What is not right about these rows."""
    first, count = min(rows, default=0), len(rows)
    if not rows:
        return "That takes no patient at all."
    if count == patients:
        return f"Those are all {patients} patients. The second minibatch is the {_BATCH} after the first {_BATCH}."
    if count == 1:
        return f"That is one patient, row {first}. A slice, start:stop, takes several."
    if first == 0 and count == _BATCH:
        return "Those are the patients of the first minibatch."
    if first == _BATCH:
        return f"It begins in the right place, but those are {count} patients. The stop of a slice is not included."
    return f"Those are {count} patients, from row {first} on. Rows 0 to {_BATCH - 1} are the first minibatch."


def first_channel(view: TensorView) -> Task:
    """Take one channel of one picture: the first one of the second picture.

    Args:
        view: Shows a batch of colour pictures: shape (samples, height, width, channels).

    Returns:
        The task.
    """

    def check(it: TensorView) -> bool | str:
        if not it.selection:
            return False
        if len(it.value.shape) != 4:
            return "The batch of pictures is no longer shown. Run the cell again."
        pictures, heights, widths, channels = _entries(it)
        count, height, width, depth = it.value.shape
        whole = len(heights) == height and len(widths) == width
        if pictures == [1] and channels == [0]:
            pixels = len(heights) * len(widths)
            return whole or (
                f"The right picture and the right channel, but only {pixels} of its {height * width} pixels. "
                "A `:` takes all of an axis."
            )
        if pictures == [1] and whole and len(channels) == depth:
            return "That is the second picture with all its channels: rank 3. One index is missing."
        if pictures == [1] and heights == [0] and len(widths) == width and len(channels) == depth:
            return "The 0 stands on axis 1, the height: that is the top row. The channels are the last axis."
        if channels == [0] and len(pictures) == count:
            return f"That is the first channel of all {count} pictures. Which of them is the second?"
        if pictures == [2] or (pictures == [1] and channels == [1]):
            return "Close. Counting starts at 0: the second picture has index 1, the first channel index 0."
        if pictures == [1] and len(channels) == 1:
            return f"The right picture. But that is channel {channels[0]}: the first has index 0."
        if len(pictures) == 1 and channels == [0]:
            return f"The right channel, of picture {pictures[0]}. The second picture has index 1."
        if pictures == [1]:
            return "The right picture. Now the channel: it is the last of the four axes."
        if len(pictures) == 1:
            return f"That is of picture {pictures[0]}. The second picture has index 1, because counting starts at 0."
        return f"That is of {len(pictures)} pictures. One number in the first place takes one picture."

    return Task(
        check,
        view,
        title="One channel",
        prompt="Take how red each pixel of the second picture is: its first channel, all rows and all columns.",
        hint="Four axes, so four places: which picture, which rows, which columns, which channel. A `:` takes all of "
        "an axis, and `...` stands for as many `:` as are needed.",
        name="tensors/first_channel",
    )


def rows_for_dense(view: TensorView) -> Task:
    """Bring a batch of pictures into the shape a Dense layer wants: one row a picture.

    Args:
        view: Shows a batch of colour pictures: shape (samples, height, width, channels).

    Returns:
        The task.
    """
    pictures = view.value
    count, numbers = len(pictures), int(np.prod(pictures.shape[1:]))

    def check(it: TensorView) -> bool | str:
        result = it.result
        if result is None:
            return False
        shape = result.shape
        if shape == (count, numbers):
            return bool(np.array_equal(result, pictures.reshape(shape))) or (
                "The shape is right, but the numbers are no longer those of the pictures in their order."
            )
        if shape == (numbers, count):
            return f"The axes have changed places: samples come first, so {count} rows, one a picture."
        if shape == (count * numbers,):
            return f"That is all {count} pictures in one row: rank 1. Leave axis 0 as it is, so that they stay apart."
        if result.size != pictures.size:
            return (
                f"The result has shape {shape}, {result.size:,} of {pictures.size:,} numbers. The layer wants them "
                "all: which operation moves none and loses none?"
            )
        if shape[:1] != (count,):
            return f"The result has shape {shape}. The first axis should still be the {count} pictures."
        return f"The result has shape {shape}, rank {len(shape)}. A Dense layer wants rank 2: one row a picture."

    return Task(
        check,
        view,
        title="Rows for a Dense layer",
        prompt=f"A Dense layer reads one row of numbers a sample. Bring these {count} pictures into that shape: one "
        "row a picture, every number kept. Use one of the tensor's operations.",
        hint=f"`reshape` keeps every number in its order. A picture has {' × '.join(map(str, pictures.shape[1:]))} "
        "numbers; and a size of -1 is worked out for you.",
        name="tensors/rows_for_dense",
    )


def _entries(view: TensorView) -> list[list[int]]:
    """The entries that the selection takes along each axis, in order."""
    return [[start + step * k for k in range(count)] for start, step, count, _ in view.chosen["taken"]]
