"""Turns what a caller hands to `fit` into tensors on the device, or says in a sentence why it cannot.

Splitting, class weights and conversions are Keras's own code, so that they mean what they mean in `Model.fit`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


class UnsupportedError(Exception):
    """The engine has no fast way for this; the message is the reason, as a clause."""


@dataclass(frozen=True)
class Rows:
    """A table on the device.

    Attributes:
        data: The structure given to `train_step`: x, or (x, y), or (x, y, sample_weight), of dense tensors
            of shape (count, ...).
        count: Number of rows.
        batch_size: Rows per batch; the last batch may be smaller.
    """

    data: Any
    count: int
    batch_size: int

    @property
    def updates(self) -> int:
        """Batches in one pass."""
        return math.ceil(self.count / self.batch_size)

    @property
    def static_batch(self) -> int | None:
        """The batch size where every batch is full, as Keras then traces with a known shape; else None."""
        return None if self.count % self.batch_size else self.batch_size


def check_arrays(x: Any, y: Any, sample_weight: Any, where: str = "") -> None:
    """Refuses empty data, lengths that differ and values that are not finite.

    Args:
        x: Array or nested structure of arrays of shape (rows, ...).
        y: The same, or None.
        sample_weight: The same, or None.
        where: Put before the argument's name in messages, as in "validation ".

    Raises:
        ValueError: Names the argument and, for a value that is not finite, its row and column.
        UnsupportedError: If a leaf is not a dense array.
    """
    rows: int | None = None
    for name, structure in (("x", x), ("y", y), ("sample_weight", sample_weight)):
        for path, array in _leaves(structure, where + name):
            if not array.shape:
                raise ValueError(f"{path} is a single number; give an array with one row per example.")
            if rows is None:
                rows = int(array.shape[0])
                if rows == 0:
                    raise ValueError(f"{path} has no rows; give at least one example.")
            elif array.shape[0] != rows:
                raise ValueError(
                    f"{path} has {array.shape[0]} rows but {where}x has {rows}; give one entry per row of x."
                )
            _check_finite(path, array)
    if rows is None:
        raise ValueError(f"{where}x holds no array; give at least one array with one row per example.")


def split(x: Any, y: Any, sample_weight: Any, fraction: float) -> tuple[Any, Any]:
    """Splits off the last share of the rows for validation, as `Model.fit` does (the floor stays for training).

    Args:
        x: Array or structure of arrays of shape (rows, ...).
        y: The same, or None.
        sample_weight: The same, or None.
        fraction: Share of the rows for validation, in (0, 1).

    Returns:
        Two tuples (x, y, sample_weight): training and validation.

    Raises:
        ValueError: If either part would be empty.
    """
    from keras.src.trainers.data_adapters import array_slicing

    count = _leaves(x, "x")[0][1].shape[0]
    training = math.floor(count * (1.0 - fraction))
    if training in (0, count):
        empty = "training" if training == 0 else "validation"
        raise ValueError(
            f"validation_split={fraction} of {count} rows leaves no {empty} rows; give more rows or another share."
        )
    training_part, validation_part = array_slicing.train_validation_split((x, y, sample_weight), fraction)
    return training_part, validation_part


def put(x: Any, y: Any, sample_weight: Any, class_weight: Any, batch_size: int) -> Rows:
    """Puts the arrays on the device once, converted as Keras's array adapter converts them.

    Args:
        x: Array or structure of arrays of shape (rows, ...).
        y: The same, or None.
        sample_weight: The same, or None.
        class_weight: Dict from class number to weight, or None.
        batch_size: Rows per batch.

    Returns:
        The table on the device.

    Raises:
        ValueError: Keras's own, for instance for class_weight beside sample_weight.
        UnsupportedError: If a leaf does not become a dense tensor.
    """
    import tensorflow as tf
    from keras.src import tree
    from keras.src.trainers.data_adapters import array_slicing
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

    adapter = ArrayDataAdapter(x, y, sample_weight, batch_size=batch_size, class_weight=class_weight)
    arrays = tree.lists_to_tuples(array_slicing.convert_to_sliceable(adapter._inputs, target_backend="tensorflow"))
    if any(leaf is None for leaf in tree.flatten(arrays)):
        raise UnsupportedError("part of the data is None")
    try:
        data = tree.map_structure(tf.convert_to_tensor, arrays)
    except (TypeError, ValueError) as error:
        raise UnsupportedError("the data does not become dense tensors") from error
    return Rows(data, int(tree.flatten(data)[0].shape[0]), batch_size)


def _leaves(structure: Any, name: str) -> list[tuple[str, Any]]:
    """Arrays of a nested structure with the name of each, as numpy arrays or pandas objects."""
    import numpy as np
    import tensorflow as tf
    from keras.src import tree
    from keras.src.trainers.data_adapters import array_slicing

    if structure is None:
        return []
    found: list[tuple[str, Any]] = []
    for path, leaf in tree.flatten_with_path(structure):
        if leaf is None:
            continue
        label = name + "".join(f"[{key!r}]" for key in path)
        kind = type(leaf).__name__
        if isinstance(leaf, int | float):
            raise ValueError(f"{name} holds plain Python numbers; give an array, such as numpy.asarray({name}).")
        if isinstance(leaf, tf.RaggedTensor | tf.SparseTensor) or hasattr(leaf, "tocsr"):
            raise UnsupportedError(f"{label} is a {kind}, not a dense array")
        if not array_slicing.can_slice_array(leaf) or not hasattr(leaf, "shape"):
            raise UnsupportedError(f"{label} is a {kind}, not an array")
        found.append((label, np.asarray(leaf)))
    return found


def _check_finite(path: str, array: Any) -> None:
    import numpy as np

    if array.dtype.kind not in "fc":
        return
    # The sum is finite unless an entry is not, or it overflows: the exact check then decides.
    if np.isfinite(array.sum(dtype=np.float64)):
        return
    bad = np.argwhere(~np.isfinite(array))
    if not len(bad):
        return
    row, *rest = (int(number) for number in bad[0])
    value = array[tuple(bad[0])]
    column = f", column {rest[0] if len(rest) == 1 else tuple(rest)}" if rest else ""
    raise ValueError(
        f"{path} holds {value} in row {row}{column} (counted from 0); remove or fill {len(bad)} such "
        f"{'entry' if len(bad) == 1 else 'entries'} before training."
    )
