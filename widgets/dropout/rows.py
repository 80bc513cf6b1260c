"""The rows that flow through the network: given ones, or made up from a fixed seed. No model here."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstepoch.widgets.dropout.net import MADE_SEED
from firstepoch.widgets.errors import SettingsError

MOST_MADE = 4096


class Rows:
    """Rows of a table, or as many as are wanted out of a generator.

    Args:
        data: A TabularData (its training rows are taken), an array of shape (n, columns), or None for rows that are
            made up: standard-normal numbers.

    Attributes:
        made: Whether they are made up.
        names: Names of the inputs, or None.
        columns: The raw column each input came from, or None.

    Raises:
        SettingsError: The data are no table of finite numbers.
    """

    def __init__(self, data: Any = None) -> None:
        self.made = data is None
        self.names = getattr(data, "feature_names", None)
        self.columns = getattr(data, "source_columns", None)
        self._x = None if data is None else _table(getattr(data, "x_train", data))

    def __len__(self) -> int:
        """Rows there are, or the most that are made."""
        return MOST_MADE if self._x is None else len(self._x)

    @property
    def inputs(self) -> int | None:
        """Numbers in a row; None where the network decides."""
        return None if self._x is None else self._x.shape[1]

    def check(self, inputs: int) -> None:
        """Refuse rows that do not fit the network.

        Raises:
            SettingsError: They have more or fewer numbers than the network has inputs.
        """
        if self.inputs not in (None, inputs):
            raise SettingsError(
                f"The rows have {self.inputs:,} values each; the model has {inputs:,} inputs. Give rows made for this "
                "model, or leave data out."
            )

    def first(self, count: int, inputs: int) -> np.ndarray:
        """The first rows, float32, shape (count, inputs)."""
        if self._x is not None:
            return self._x[:count]
        return np.random.default_rng(MADE_SEED).normal(size=(count, inputs)).astype(np.float32)


def _table(x: Any) -> np.ndarray:
    try:
        table = np.asarray(x, np.float32)
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"data is {type(x).__name__}; give a TabularData, for example heart.load(), or an array of numbers of "
            "shape (rows, inputs)."
        ) from error
    if table.ndim < 2 or not table.size:
        raise SettingsError(f"The rows have shape {table.shape}; give one row or more, shape (rows, inputs).")
    table = table.reshape(len(table), -1)
    bad = np.argwhere(~np.isfinite(table))
    if len(bad):
        row, column = bad[0]
        raise SettingsError(
            f"The data hold {table[row, column]} in row {row}, column {column}. Fill it in or leave the row out."
        )
    return table
