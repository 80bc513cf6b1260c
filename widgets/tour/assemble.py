"""Finds the raw rows that inputs were made of, and which of them are training and test rows. It reads no column."""

from __future__ import annotations

import numpy as np
import pandas as pd

from firstepoch.data import TabularData
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.tour.words import shown

TRAIN, TEST, OUT = 0, 1, 2
PARTS = ("train", "test", "left out")
"""What a row is used for; rows without a target are left out."""


def together(data: TabularData) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """The raw rows that `data` holds, in the order of their index.

    Returns:
        The rows; for each the number of its part, and its place in `x_train` or `x_test`.

    Raises:
        SettingsError: `data` does not hold them.
    """
    if data.raw_train is None or data.raw_test is None:
        raise SettingsError(
            "data does not hold its raw rows (raw_train, raw_test). Give the table itself: DataTour(data, frame=df), "
            "the training rows first, then the test rows."
        )
    frame = pd.concat([data.raw_train, data.raw_test])
    part, place = _in_order(data, len(data.raw_train), len(data.raw_test))
    try:
        order = np.asarray(frame.index.argsort(kind="stable"))
    except TypeError:
        order = np.arange(len(frame))
    return _named(frame.iloc[order]), part[order], place[order]


def given(data: TabularData, frame: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """The rows of a table, found in `data` by their labels, or by their order if `data` holds no raw rows.

    Returns:
        As `together`; the place is -1 where `data` was made without the row.

    Raises:
        SettingsError: A row of `data` is not in the table.
    """
    frame = _named(frame)
    if data.raw_train is None or data.raw_test is None:
        train, test = len(data.x_train), len(data.x_test)
        if len(frame) != train + test:
            raise SettingsError(
                f"frame has {len(frame):,} rows, and data has {train:,} training rows and {test:,} test rows: "
                f"{train + test:,}. Give the table that data was made of, the training rows first."
            )
        return frame, *_in_order(data, train, test)
    if not frame.index.is_unique:
        raise SettingsError("Index labels repeat in frame, so its rows cannot be told apart. Leave frame out.")
    part, place = np.full(len(frame), OUT, np.int8), np.full(len(frame), -1)
    for number, raw in ((TRAIN, data.raw_train), (TEST, data.raw_test)):
        at = frame.index.get_indexer(raw.index)
        if (at < 0).any():
            label = shown(raw.index[int(np.flatnonzero(at < 0)[0])])
            raise SettingsError(f"frame has no row {label}, which data was made of. Give that table, or leave it out.")
        part[at], place[at] = number, np.arange(len(raw))
    return frame, part, place


def _in_order(data: TabularData, train: int, test: int) -> tuple[np.ndarray, np.ndarray]:
    if (train, test) != (len(data.x_train), len(data.x_test)):
        raise SettingsError(
            f"data holds {len(data.x_train):,} training and {len(data.x_test):,} test rows of inputs, and "
            f"{train:,} and {test:,} raw rows. They must be the same rows."
        )
    part = np.repeat(np.array([TRAIN, TEST], np.int8), [train, test])
    return part, np.concatenate([np.arange(train), np.arange(test)])


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_axis([str(name) for name in frame.columns], axis="columns")
