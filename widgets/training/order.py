"""The order in which rows are dealt to the batches of an epoch: exactly the one `Model.fit` would deal.

Nothing here knows about models or losses.
"""

from __future__ import annotations

import math
from typing import Any


class RowOrder:
    """Row numbers for each epoch, drawn by Keras's own array adapter over `range(rows)`.

    After `keras.utils.set_random_seed` Keras deals the same order in every epoch, because each epoch's
    iterator restarts from one operation seed. Two equal passes show that this is the case; the order is
    then kept, otherwise every epoch takes a pass of its own.

    Args:
        rows: Number of rows, at least 1.
        batch_size: Rows per batch.
        shuffle: True, False or "batch" (rows change places within their batch only), as in `Model.fit`.
    """

    def __init__(self, rows: int, batch_size: int, shuffle: bool | str) -> None:
        import numpy as np
        from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

        self._dataset: Any = None
        self._fixed: Any = None
        if not shuffle:
            self._fixed = _tensor(np.arange(rows))
            return
        adapter = ArrayDataAdapter(np.arange(rows), batch_size=batch_size, shuffle=shuffle)
        # One padded tensor for the whole epoch: iterating batch by batch in Python costs seconds on large tables.
        self._dataset = adapter.get_tf_dataset().padded_batch(
            adapter.num_batches, padded_shapes=[batch_size], padding_values=np.int64(-1)
        )
        if _log_arrangements(rows, batch_size, shuffle) > math.log(1e8):
            first, second = self._deal(), self._deal()
            if np.array_equal(first, second):
                self._fixed = _tensor(first)

    def deal(self) -> Any:
        """Returns the row numbers of one epoch, an int64 tensor of shape (rows,)."""
        return _tensor(self._deal()) if self._fixed is None else self._fixed

    def _deal(self) -> Any:
        rows = next(iter(self._dataset)).numpy().ravel()
        return rows[rows >= 0]


def _tensor(rows: Any) -> Any:
    import tensorflow as tf

    return tf.constant(rows, tf.int64)


def _log_arrangements(rows: int, batch_size: int, shuffle: bool | str) -> float:
    """Logarithm of the number of orders that could be dealt: how telling two equal passes are."""
    if shuffle != "batch":
        return math.lgamma(rows + 1)
    full, rest = divmod(rows, batch_size)
    return full * math.lgamma(batch_size + 1) + math.lgamma(rest + 1)
