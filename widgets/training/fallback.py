"""Collects each batch's loss while `Model.fit` itself trains what the engine has no fast way for."""

from __future__ import annotations

from typing import Any

import numpy as np


def loss_collector(training: Any) -> Any:
    """Returns a Keras callback that fills `history.batch_loss`, to be put before all others.

    Keras only hands out the running mean; the batch's own loss is the growth of the loss tracker's sum over the
    growth of its count (rounded as that sum is), NaN if the model does not use the tracker.

    Args:
        training: The `Training` whose `history` is set as soon as there is one.
    """
    import keras

    class LossCollector(keras.callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            training.history = self.model.history
            training.history.batch_loss = []
            training.history.order = None

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.seen = np.zeros(2)
            training.history.batch_loss.append(np.empty(0, np.float32))

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            tracker = self.model._loss_tracker
            now = np.array([float(tracker.total.numpy()), float(tracker.count.numpy())])
            total, count = now - self.seen
            self.seen = now
            loss = np.float32(total / count if count else np.nan)
            losses = training.history.batch_loss
            losses[-1] = np.append(losses[-1], loss)

    return LossCollector()
