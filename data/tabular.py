"""TabularData: a table made ready for a network, with the way back to its raw columns. No loading here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


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
        task: What the target asks for: "binary" (targets 0 and 1), "multiclass" (0 to the number of classes less 1)
            or "regression".
        target_name: The raw column that is the target; empty if it is not known.
        target_mean: Of a regression: mean over the training rows, in the target's own unit. `y_train` and `y_test`
            hold (target - target_mean) / target_std.
        target_std: Of a regression: standard deviation (ddof 1) over the training rows, in the target's own unit.
        raw_train: The training rows as they were, target included, in the order of `x_train`; the index is that of
            the table they came from. None if it was not kept.
        raw_test: The same of the test rows.
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
    task: str = "binary"
    target_name: str = ""
    target_mean: float = 0.0
    target_std: float = 1.0
    raw_train: pd.DataFrame | None = None
    raw_test: pd.DataFrame | None = None
