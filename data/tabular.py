"""TabularData: a table made ready for a network, with the way back to its raw columns. `frame` makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

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
        row_name: What one row is, in the singular: "patient".
        fills: What stands for a missing value in each numeric column that has any: the median of the training rows.
            Such a column has a second input, named like it with "_missing" at the end: 1 where the value is missing.
        columns: What became of each raw column, in words; empty if it is not known.
        notes: What was decided about the table as a whole (the task, rows left out), in sentences.
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
    row_name: str = "row"
    fills: dict[str, float] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        target: Any,
        *,
        task: str | None = None,
        categorical: Sequence[Any] = (),
        drop: Sequence[Any] = (),
        test_fraction: float = 0.2,
        split_seed: int = 42,
        max_categories: int = 100,
    ) -> TabularData:
        """Make any table ready for a network, as the lecture prepares its own.

        The test rows are drawn first, as `DataFrame.sample` draws them. Then each column becomes inputs; what is
        measured (means, medians) is measured on the training rows. `columns` and `notes` say what was done.

        * Numbers are standardised: less the mean, over the standard deviation (ddof 1). A missing number becomes the
          median, and a second input, named with "_missing", says where. Text that spells numbers counts as numbers.
        * Text, booleans and categories become one input for each value in the table (`column_value`), and one more
          if any is missing. Spaces around text do not count. So do whole numbers named in `categorical`.
        * A column without any value, or with the same value in all (training) rows, is left out.
        * Dates, infinite numbers, cells that hold lists, numbers with strays of text among them, and more than
          `max_categories` categories are refused: the sentence says which column, and what to try.

        The target decides the task: two classes, several classes (text, booleans, at most ten different whole
        numbers), or else a regression, whose target is standardised too. Rows without a target are left out. The
        training rows keep their order, unless that is the order of the target (a table sorted by it): then they are
        mixed, because the last of them are what Keras validates with.

        Args:
            frame: The table, one row an example. It is not changed.
            target: The column to predict.
            task: "binary", "multiclass" or "regression"; None to let the target decide.
            categorical: Columns of numbers whose values are categories.
            drop: Columns that are no inputs.
            test_fraction: Share of the rows set aside for the test, between 0 and 1.
            split_seed: Seed of their draw, 0 to 2**32 - 1.
            max_categories: Categories that one column may have.

        Returns:
            Inputs in this order: the numeric columns, those of which only the gaps tell anything, the categorical
            ones. Classes are numbered in the order of their values.

        Raises:
            TypeError: `frame` is no DataFrame.
            ValueError: The table, a column or an argument cannot be worked with; the sentence says what to try.

        Example:
            >>> table = pd.DataFrame({"size": range(30), "kind": ["cat", "dog", None] * 10, "price": range(30, 0, -1)})
            >>> data = TabularData.from_frame(table, target="price")
            >>> data.task, data.feature_names
            ('regression', ('size', 'kind_cat', 'kind_dog', 'kind_missing'))
        """
        from firstepoch.data.frame import prepared

        return prepared(
            frame,
            target,
            task=task,
            categorical=categorical,
            drop=drop,
            test_fraction=test_fraction,
            split_seed=split_seed,
            max_categories=max_categories,
        )
