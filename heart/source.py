"""The preparation of `heart.load` written out as a program that a student can paste. Nothing runs it here."""

from __future__ import annotations

from string import Template
from typing import Final

_PROGRAM: Final = Template('''\
from pathlib import Path

import numpy as np
import pandas as pd

folder = Path(__file__).parent if "__file__" in globals() else Path()
table = pd.read_csv(folder / "heart.csv")
numeric = $numeric
categorical = $categorical
table = pd.get_dummies(table, columns=categorical, dtype="float64")

test = table.sample(frac=$fraction, random_state=$seed)
train = table.drop(test.index)
means, stds = train[numeric].mean(), train[numeric].std()


def inputs_and_target(part):
    """The arrays for Keras, normalised with the training rows' means and stds."""
    inputs = part.drop(columns="target").astype("float64")
    inputs[numeric] = (inputs[numeric] - means) / stds
    return inputs.to_numpy(np.float32), part["target"].to_numpy(np.float32)


x_train, y_train = inputs_and_target(train)
x_test, y_test = inputs_and_target(test)
''')


def source_of(numeric: tuple[str, ...], categorical: tuple[str, ...], split_seed: int, test_fraction: float) -> str:
    """Python source that rebuilds `x_train`, `y_train`, `x_test` and `y_test` with numpy and pandas alone.

    It reads `heart.csv` from the folder of the script, or from the working folder in a notebook.
    """
    return _PROGRAM.substitute(
        numeric=_written(numeric),
        categorical=_written(categorical),
        fraction=repr(test_fraction),
        seed=split_seed,
    )


def _written(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
