"""The order in which rows are dealt to the batches of an epoch: exactly the one `Model.fit` would deal.

Nothing here knows about models or losses.
"""

from __future__ import annotations

import math
from typing import Any

# Random passes look fixed by chance once in so many runs.
_CHANCE = 1e8


class RowOrder:
    """Row numbers for each epoch, drawn by Keras's own array adapter over `range(rows)`.

    After `keras.utils.set_random_seed` Keras deals the same order in every epoch, because each epoch's
    iterator restarts from one operation seed. A few equal passes show that this is the case; the order is
    then kept. Otherwise the adapter's passes are random, and one endless iterator gives them cheaply.

    Args:
        rows: Number of rows, at least 1.
        batch_size: Rows per batch.
        shuffle: True, False or "batch" (rows change places within their batch only), as in `Model.fit`.
    """

    def __init__(self, rows: int, batch_size: int, shuffle: bool | str) -> None:
        import numpy as np
        from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

        self._passes: Any = None
        self._fixed: Any = None
        arrangements = _log_arrangements(rows, batch_size, shuffle)
        if not arrangements:
            self._fixed = _tensor(np.arange(rows))
            return
        # All rows are shuffled before they are cut into batches, so one batch of all rows shows the order at once;
        # only "batch" needs the batches, gathered in one padded tensor to keep the loop out of Python.
        batch_size = batch_size if shuffle == "batch" else rows
        adapter = ArrayDataAdapter(np.arange(rows), batch_size=batch_size, shuffle=shuffle)
        dataset = adapter.get_tf_dataset().padded_batch(
            adapter.num_batches, padded_shapes=[batch_size], padding_values=np.int64(-1)
        )
        first = _row_numbers(iter(dataset))
        enough = math.ceil(math.log(_CHANCE) / arrangements)
        if all(np.array_equal(first, _row_numbers(iter(dataset))) for _ in range(enough)):
            self._fixed = _tensor(first)
        else:
            self._passes = iter(dataset.repeat())

    def deal(self) -> Any:
        """Returns the row numbers of one epoch, an int64 tensor of shape (rows,)."""
        return _tensor(_row_numbers(self._passes)) if self._fixed is None else self._fixed


def _row_numbers(passes: Any) -> Any:
    rows = next(passes).numpy().ravel()
    return rows[rows >= 0]


def _tensor(rows: Any) -> Any:
    import tensorflow as tf

    return tf.constant(rows, tf.int64)


def _log_arrangements(rows: int, batch_size: int, shuffle: bool | str) -> float:
    """Logarithm of the number of orders that could be dealt; 0 if there is only one."""
    if not shuffle:
        return 0.0
    if shuffle != "batch":
        return math.lgamma(rows + 1)
    full, rest = divmod(rows, batch_size)
    return full * math.lgamma(batch_size + 1) + math.lgamma(rest + 1)
