"""Loads the lecture's table ready for training: encoded, split, normalised. No model here."""

from __future__ import annotations

import math
import numbers
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from firstepoch.data import TabularData, load_heart
from firstepoch.heart.features import CATEGORIES, NAMES, NUMERIC, SOURCES, encode
from firstepoch.heart.source import source_of

CLASS_NAMES: Final = ("num < 2", "num ≥ 2")
CLASS_NOTE: Final = "num is the grade the doctors gave a patient's coronary arteries, from 0 to 4."


def load(split_seed: int = 42, test_fraction: float = 0.2) -> TabularData:
    """Load the heart-disease table as the lecture prepares it.

    One-hot encode seven columns, set the test rows aside, and only then normalise the other six with the mean
    and standard deviation (ddof 1) of the training rows.

    Args:
        split_seed: Seed of the draw of the test rows, 0 to 2**32 - 1.
        test_fraction: Share of the 303 patients set aside for the test, between 0 and 1.

    Returns:
        29 inputs for 242 training and 61 test patients by default. Class 1 is `num >= 2` in UCI's diagnosis.

    Raises:
        ValueError: A seed that is not a whole number in range, or a fraction that leaves a side empty.

    Example:
        >>> load().x_train.shape
        (242, 29)
    """
    _check_seed(split_seed)
    table = load_heart()
    _check_fraction(test_fraction, len(table))
    split_seed, test_fraction = int(split_seed), float(test_fraction)
    test = table.sample(frac=test_fraction, random_state=split_seed)
    train = table.drop(test.index)
    means, stds = train[list(NUMERIC)].mean(), train[list(NUMERIC)].std()
    for column, std in stds.items():
        if not std > 0:
            raise ValueError(
                f"The {len(train)} training patients left all have the same {column}: nothing to normalise. "
                "Try a smaller test_fraction."
            )
    empty = np.empty((0, len(NAMES)), dtype="float32")
    data = TabularData(
        x_train=empty,
        y_train=_targets(train),
        x_test=empty,
        y_test=_targets(test),
        feature_names=NAMES,
        source_columns=SOURCES,
        means={str(name): float(value) for name, value in means.items()},
        stds={str(name): float(value) for name, value in stds.items()},
        class_names=CLASS_NAMES,
        class_note=CLASS_NOTE,
        code=source_of(NUMERIC, tuple(CATEGORIES), split_seed, test_fraction),
        target_name="target",
        raw_train=train,
        raw_test=test,
        row_name="patient",
    )
    return replace(data, x_train=encode(train, data), x_test=encode(test, data))


def _targets(part: pd.DataFrame) -> np.ndarray:
    return part["target"].to_numpy("float32")


def _check_seed(seed: object) -> None:
    if not isinstance(seed, numbers.Integral) or isinstance(seed, bool) or not 0 <= int(seed) < 2**32:
        raise ValueError(f"split_seed is a whole number from 0 to 2**32 - 1, got {seed!r}. Try 42.")


def _check_fraction(fraction: object, rows: int) -> None:
    if not isinstance(fraction, numbers.Real) or isinstance(fraction, bool) or not math.isfinite(float(fraction)):
        raise ValueError(f"test_fraction is a number between 0 and 1, got {fraction!r}. Try 0.2.")
    if not 0 < float(fraction) < 1:
        raise ValueError(f"test_fraction is a share between 0 and 1, got {fraction!r}. Try 0.2.")
    test = round(float(fraction) * rows)
    if not 0 < test < rows:
        side = "test" if test == 0 else "training"
        raise ValueError(f"test_fraction={fraction!r} of {rows} patients leaves the {side} set empty. Try 0.2.")
