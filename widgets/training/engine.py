"""Trains any compiled `keras.Model` with the numbers of `Model.fit`, in a fraction of its time.

The data is put on the device once and one traced function runs many updates by calling the model's own
`train_step` and `test_step`; real Keras callbacks run around it. Nothing here knows about widgets or threads:
a run may be started from any thread, and `model.stop_training` may be set from any other.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from firstepoch.widgets.training.checks import check_arguments, check_model, why_unsupported
from firstepoch.widgets.training.rows import UnsupportedError, check_arrays, put, split


def fit(
    model: Any,
    x: Any,
    y: Any,
    *,
    batch_size: int = 32,
    epochs: int = 1,
    validation_split: float = 0.0,
    validation_data: Any = None,
    shuffle: bool | str = True,
    sample_weight: Any = None,
    class_weight: dict[int, float] | None = None,
    callbacks: Any = None,
    initial_epoch: int = 0,
) -> Any:
    """Trains a model as `keras.Model.fit` does: same losses, metrics, callbacks and final weights.

    What it has no fast way for (generators, `tf.data`, `run_eagerly`, distribution ...) goes to `Model.fit`
    with one warning that names the reason.

    Args:
        model: A compiled `keras.Model`. Leave its variables alone in other threads until the run ends.
        x: Array of shape (rows, ...), or a list or dict of such arrays.
        y: Targets of shape (rows, ...), or a structure of such arrays, or None.
        batch_size: Rows per update; the last batch of an epoch may be smaller. Default 32.
        epochs: Number of the last epoch; trains `epochs - initial_epoch` epochs. Default 1.
        validation_split: Share in [0, 1) of the rows, from the end, kept for validation. Default 0.
        validation_data: (x, y) or (x, y, sample_weight); takes the place of `validation_split`.
        shuffle: True, False or "batch". Default True.
        sample_weight: Array of shape (rows,), or None.
        class_weight: Dict from class number to weight, or None.
        callbacks: Keras callbacks. One that overrides a batch hook gets each batch, at one call per batch;
            while its attribute `wants_batches` is False it gets none, and the run goes at full speed.
        initial_epoch: Number of the first epoch, counted from 0. Default 0.

    Returns:
        Keras's `History`, with two more attributes. `batch_loss` is a list with one float32 array of shape
        (updates,) per epoch, the loss of each batch (Keras's "loss" is its running mean); NaN where a custom
        `train_step` hands no loss to Keras's loss tracker. `order` is the int64 array of shape (rows,) of row
        numbers as dealt in the latest epoch, or None if the run went to `Model.fit`.

    Raises:
        ValueError: If the model is not compiled or an argument or the data cannot be trained on.

    Example:
        >>> history = fit(model, x, y, epochs=100, validation_split=0.2)  # doctest: +SKIP
        >>> history.history["val_loss"][-1]  # doctest: +SKIP
    """
    return Training(
        model,
        x,
        y,
        batch_size=batch_size,
        epochs=epochs,
        validation_split=validation_split,
        validation_data=validation_data,
        shuffle=shuffle,
        sample_weight=sample_weight,
        class_weight=class_weight,
        callbacks=callbacks,
        initial_epoch=initial_epoch,
    ).run()


def evaluate(model: Any, x: Any, y: Any, *, batch_size: int = 32, sample_weight: Any = None) -> dict[str, float]:
    """Returns the loss and metrics of a model on data, as `model.evaluate(..., return_dict=True)` does.

    Args:
        model: A compiled `keras.Model`.
        x: Array of shape (rows, ...), or a structure of such arrays.
        y: Targets of shape (rows, ...), or a structure of such arrays, or None.
        batch_size: Rows per batch. Default 32.
        sample_weight: Array of shape (rows,), or None.

    Returns:
        Dict from metric name to value, "loss" among them.

    Raises:
        ValueError: If the model is not compiled or the data cannot be evaluated.
    """
    check_model(model, "evaluate")
    check_arguments(batch_size=batch_size)
    reason = why_unsupported(model)
    if reason is None:
        try:
            check_arrays(x, y, sample_weight)
            rows = put(x, y, sample_weight, None, batch_size)
        except UnsupportedError as error:
            reason = str(error)
    if reason is not None:
        _warn(reason, "Model.evaluate")
        slow: dict[str, float] = model.evaluate(
            x, y, batch_size=batch_size, sample_weight=sample_weight, verbose=0, return_dict=True
        )
        return slow
    return _evaluate(model, _pass(model, rows, training=False), _callback_list([], model, 1, rows.updates, False))


class Training:
    """One prepared run of `fit`.

    Making it checks the arguments, puts the data on the device and draws the row order under the current seed.

    Args:
        model: As in `fit`, like every other argument.

    Attributes:
        model: The model.
        epochs: Number of the last epoch.
        initial_epoch: Number of the first epoch.
        updates: Updates in one epoch, or None if the run goes to `Model.fit`.
        fallback: Why the run goes to `Model.fit`, or None.
        history: Keras's `History` once `run` has begun, before that None.
        order: int64 array of shape (rows,): the row numbers as dealt in the epoch in hand, or None.
    """

    def __init__(
        self,
        model: Any,
        x: Any,
        y: Any,
        *,
        batch_size: int = 32,
        epochs: int = 1,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        sample_weight: Any = None,
        class_weight: dict[int, float] | None = None,
        callbacks: Any = None,
        initial_epoch: int = 0,
    ) -> None:
        check_model(model, "fit")
        check_arguments(
            batch_size=batch_size,
            epochs=epochs,
            initial_epoch=initial_epoch,
            validation_split=validation_split,
            shuffle=shuffle,
        )
        self.model = model
        self.epochs = epochs
        self.initial_epoch = initial_epoch
        self.updates: int | None = None
        self.history: Any = None
        self.order: Any = None
        self._callbacks = callbacks
        self._buffer = np.empty(0, np.float32)
        self._filled = 0
        self._given = {
            "x": x,
            "y": y,
            "batch_size": batch_size,
            "epochs": epochs,
            "validation_split": validation_split,
            "validation_data": validation_data,
            "shuffle": shuffle,
            "sample_weight": sample_weight,
            "class_weight": class_weight,
            "initial_epoch": initial_epoch,
        }
        self.fallback = why_unsupported(model)
        if self.fallback is None:
            try:
                self._prepare(**self._given)
            except UnsupportedError as error:
                self.fallback = str(error)

    @property
    def batch_loss(self) -> np.ndarray:
        """The loss of each batch of the epoch in hand so far, float32, shape (updates so far,)."""
        if self.fallback is not None:
            losses = getattr(self.history, "batch_loss", None)
            return losses[-1] if losses else self._buffer
        return self._buffer[: self._filled]

    @property
    def weights(self) -> np.ndarray:
        """All weights after the latest updates, float32, in the order of `model.get_weights()`, as one vector.

        The traced function returns them beside the losses, which takes a fraction of the time of reading variables.
        """
        if self.fallback is not None or self._train.weights is None:
            return np.concatenate([np.ravel(weight) for weight in self.model.get_weights()]).astype(np.float32)
        flat: np.ndarray = self._train.weights.numpy()
        return flat

    def run(self) -> Any:
        """Trains to the end, or until a callback or another thread sets `model.stop_training`.

        Returns:
            Keras's `History`, with `batch_loss` and `order` as `fit` describes.
        """
        if self.fallback is not None:
            return self._run_keras(self.fallback)
        import keras

        model = self.model
        callbacks = _callback_list(self._callbacks, model, self.epochs, self.updates, True)
        self.history = model.history
        self.history.batch_loss = []
        self.history.order = None
        model.stop_training = False
        callbacks.on_train_begin()
        training_logs = None
        for epoch in range(model._initial_epoch or self.initial_epoch, self._last_epoch()):
            training_logs = self._epoch(epoch, callbacks)
            if model.stop_training:
                break
        if isinstance(model.optimizer, keras.optimizers.Optimizer):
            model.optimizer.finalize_variable_values(model.trainable_weights)
        callbacks.on_train_end(logs=training_logs)
        return self.history

    def _prepare(
        self,
        x: Any,
        y: Any,
        sample_weight: Any,
        class_weight: Any,
        batch_size: int,
        validation_split: float,
        validation_data: Any,
        shuffle: bool | str,
        **_: Any,
    ) -> None:
        from firstepoch.widgets.training.order import RowOrder

        check_arrays(x, y, sample_weight)
        training = (x, y, sample_weight)
        if validation_data is not None:
            if not isinstance(validation_data, list | tuple) or len(validation_data) not in (2, 3):
                raise UnsupportedError(f"validation_data is a {type(validation_data).__name__}")
            x_valid, y_valid, weight = (*validation_data, None)[:3]
            validation = x_valid, y_valid, weight
            check_arrays(x_valid, y_valid, weight, where="validation ")
        elif validation_split:
            training, validation = split(*training, validation_split)
        else:
            validation = None
        rows = put(*training, class_weight, batch_size)
        self._train = _pass(self.model, rows, training=True)
        self._test = validation and _pass(
            self.model, put(validation[0], validation[1], validation[2], None, batch_size), training=False
        )
        self._rows_order = RowOrder(rows.count, batch_size, shuffle)
        self.updates = rows.updates

    def _last_epoch(self) -> int:
        import keras

        most = getattr(keras.config, "max_epochs", lambda: None)()
        if most and most < self.epochs:
            warnings.warn(f"Limiting epochs to {most}", stacklevel=3)
            return int(most)
        return self.epochs

    def _epoch(self, epoch: int, callbacks: Any) -> dict[str, Any]:
        """Runs one epoch as the body of the loop in `Model.fit` does, and returns its logs."""
        model = self.model
        order = self._rows_order.deal()
        self.order = self.history.order = order.numpy()
        self._buffer, self._filled = np.empty(self.updates or 0, np.float32), 0
        self.history.batch_loss.append(self.batch_loss)
        self._train.reset_metrics()
        callbacks.on_epoch_begin(epoch)
        logs = dict(self._train.run(order, callbacks.callbacks, lambda: model.stop_training, self._record))
        if self._test is not None:
            found = _evaluate(model, self._test, callbacks)
            logs.update({f"val_{name}": value for name, value in found.items()})
        callbacks.on_epoch_end(epoch, logs)
        return logs

    def _record(self, losses: np.ndarray) -> None:
        self._buffer[self._filled : self._filled + len(losses)] = losses
        self._filled += len(losses)
        self.history.batch_loss[-1] = self.batch_loss

    def _run_keras(self, reason: str) -> Any:
        from firstepoch.widgets.training.fallback import loss_collector

        _warn(reason, "Model.fit")
        from keras.src import tree

        callbacks = self._callbacks
        if not hasattr(callbacks, "on_train_batch_begin") or not hasattr(callbacks, "callbacks"):
            callbacks = [loss_collector(self), *tree.flatten(callbacks or [])]
        self.history = self.model.fit(**self._given, callbacks=callbacks, verbose=0)
        return self.history


def _pass(model: Any, rows: Any, training: bool) -> Any:
    from firstepoch.widgets.training.passes import Pass

    return Pass(model, rows, training)


def _callback_list(callbacks: Any, model: Any, epochs: int, steps: int | None, add_history: bool) -> Any:
    from keras.callbacks import CallbackList

    if isinstance(callbacks, CallbackList):
        return callbacks
    return CallbackList(
        callbacks, add_history=add_history, add_progbar=False, model=model, verbose=0, epochs=epochs, steps=steps
    )


def _evaluate(model: Any, test: Any, callbacks: Any) -> dict[str, float]:
    """Runs one pass over test rows as `Model.evaluate` does."""
    from keras.src.utils.python_utils import pythonify_logs

    model.stop_evaluating = False
    callbacks.on_test_begin()
    test.reset_metrics()
    logs: dict[str, float] = pythonify_logs(test.run(None, callbacks.callbacks, lambda: model.stop_evaluating))
    callbacks.on_test_end(logs)
    return logs


def _warn(reason: str, instead: str) -> None:
    warnings.warn(f"The fast engine cannot be used because {reason}; {instead} runs instead.", stacklevel=4)
