"""TabularData: a table made ready for a network, with the way back to its raw columns. No loading here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class TabularData:
    """A table split into training and test rows and turned into float inputs.

    Attributes:
        x_train: Inputs of the training rows, float32, shape (n_train, inputs).
        y_train: Targets of the training rows, float32, shape (n_train,).
        x_test: Inputs of the test rows, float32, shape (n_test, inputs).
        y_test: Targets of the test rows, float32, shape (n_test,).
        feature_names: Name of each input, in the order of the columns of `x_train`.
        source_columns: The raw column that each input came from, in the same order.
        means: Mean over the training rows of each normalised raw column, in its own unit.
        stds: Standard deviation (ddof 1) over the training rows of each normalised raw column.
        class_names: What each value of the target means, from 0.
        class_note: What the class names speak of, in one sentence; empty if they speak for themselves.
        code: Python source that rebuilds the four arrays with numpy and pandas alone
            from a file in its own folder; empty if there is none.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    feature_names: tuple[str, ...]
    source_columns: tuple[str, ...]
    means: dict[str, float]
    stds: dict[str, float]
    class_names: tuple[str, ...]
    class_note: str = ""
    code: str = ""
