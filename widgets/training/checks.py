"""Refuses arguments that cannot be trained with, and tells which models only `Model.fit` can train.

Checks of the data itself live in `rows`.
"""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any


def check_model(model: Any, verb: str) -> None:
    """Raises ValueError unless `model` is a compiled `keras.Model`."""
    import keras

    if not isinstance(model, keras.Model):
        raise ValueError(f"{verb} needs a keras.Model, not a {type(model).__name__}; build one first.")
    if not model.compiled:
        raise ValueError(f"The model is not compiled; call model.compile(optimizer=..., loss=...) before {verb}.")


def check_arguments(
    *,
    batch_size: Any = 32,
    epochs: Any = 1,
    initial_epoch: Any = 0,
    validation_split: Any = 0.0,
    shuffle: Any = True,
) -> None:
    """Raises ValueError, in one sentence, for the first argument out of its range."""
    if not _whole(batch_size) or batch_size < 1:
        raise ValueError(f"batch_size is {batch_size!r}; give a whole number of rows, 1 or more.")
    if not _whole(epochs) or epochs < 1:
        raise ValueError(f"epochs is {epochs!r}; give a whole number, 1 or more.")
    if not _whole(initial_epoch) or initial_epoch < 0:
        raise ValueError(f"initial_epoch is {initial_epoch!r}; give a whole number, 0 or more.")
    if epochs <= initial_epoch:
        raise ValueError(
            f"epochs={epochs} with initial_epoch={initial_epoch} leaves nothing to train; "
            "epochs is the number of the last epoch, so make it larger than initial_epoch."
        )
    real = isinstance(validation_split, Real) and not isinstance(validation_split, bool)
    if not real or not 0 <= validation_split < 1:
        raise ValueError(f"validation_split is {validation_split!r}; give a share of the rows from 0 to below 1.")
    if not isinstance(shuffle, bool) and shuffle != "batch":
        raise ValueError(f'shuffle is {shuffle!r}; give True, False or "batch".')


def why_unsupported(model: Any) -> str | None:
    """Returns why this model, here and now, needs `Model.fit` itself, as a clause; None if it does not."""
    import keras

    if keras.backend.backend() != "tensorflow":
        return f"Keras runs on {keras.backend.backend()}, not on TensorFlow"
    import tensorflow as tf
    from keras.src.backend.tensorflow.trainer import TensorFlowTrainer

    if model.run_eagerly or tf.config.functions_run_eagerly():
        return "run_eagerly is on"
    if (
        model._distribute_strategy is not None
        or tf.distribute.has_strategy()
        or keras.distribution.distribution() is not None
    ):
        return "a distribution strategy is in use"
    if getattr(keras.config, "max_steps_per_epoch", lambda: None)():
        return "keras.config limits the steps of an epoch"
    for name in ("fit", "evaluate", "make_train_function", "make_test_function", "_make_function"):
        if name in vars(model) or getattr(type(model), name) is not getattr(TensorFlowTrainer, name):
            return f"the model has its own {name}"
    return None


def _whole(number: Any) -> bool:
    return isinstance(number, Integral) and not isinstance(number, bool)
