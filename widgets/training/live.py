"""The Keras callback that lets a session watch a training: importing this module loads Keras."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import keras

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.training.settings import missing_monitor

if TYPE_CHECKING:
    from firstepoch.widgets.training.engine import Training
    from firstepoch.widgets.training.run import BestEpoch, DivergenceWatch, EpochWriter, Run
    from firstepoch.widgets.training.session import Session


class LiveCallback(keras.callbacks.Callback):
    """Writes each epoch, and each followed batch, to the run; then lets the session report, wait or stop.

    Args:
        session: Asked after every frame.
        run: Written to.
    """

    def __init__(self, session: Session, run: Run) -> None:
        super().__init__()
        self._session, self._run = session, run
        self._epoch = 0
        self._started = time.perf_counter()

    def prepare(self, training: Training, writer: EpochWriter, best: BestEpoch, divergence: DivergenceWatch) -> None:
        """Hand over what exists only once the model is built."""
        self._training, self._writer, self._best, self._divergence = training, writer, best, divergence

    @property
    def wants_batches(self) -> bool:
        """Read by the engine before every call: whether each batch is to be followed now."""
        return self._session.follows_batches

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Note which epoch is in hand."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Write and show a followed batch."""
        if not self._session.follows_batches:
            return
        losses = self._training.batch_loss
        self._writer.update(self._epoch, batch, losses[batch], self._training.order)
        self._session._after(self._run, batch=True)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write and show an epoch; end the run if that was asked for."""
        logs = logs or {}
        settings = self._run.settings
        if settings.watcher and settings.monitor not in logs:
            raise SettingsError(missing_monitor(settings.monitor, sorted(logs), settings.watcher))
        losses = self._training.batch_loss
        self._best.see(self._run, epoch, logs)
        self._writer.epoch(epoch, logs, losses, time.perf_counter() - self._started)
        if len(losses) < self._run.updates_per_epoch:
            self._run.partial_batches = len(losses)
        last = epoch + 1 == self._run.settings.epochs
        self._divergence.see(epoch, float(logs["loss"]), losses, last)
        self._session._after(self._run, batch=False, last=last or self.model.stop_training)
        if self._session._stop:
            self.model.stop_training = True
