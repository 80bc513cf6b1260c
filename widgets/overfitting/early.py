"""What `keras.callbacks.EarlyStopping` would have done to a fit that was trained to its end. numpy alone.

The callback changes nothing until it stops: the epochs before are those of the fit without it, number for number. So
any patience can be tried on a fit that was trained once. Prechelt, *Early Stopping – But When?* (1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firstepoch.widgets.recording import Recording


@dataclass(frozen=True)
class Stop:
    """Where early stopping would end a fit.

    Attributes:
        epochs: Epochs trained.
        best: The epoch (from 0) whose weights `restore_best_weights=True` brings back.
        stopped: Whether it stopped before the epochs ran out.
    """

    epochs: int
    best: int
    stopped: bool


def stop(val_loss: np.ndarray, patience: int) -> Stop:
    """Find the end and the best epoch as `EarlyStopping(patience=..., restore_best_weights=True)` does.

    Args:
        val_loss: After each epoch, shape (epochs,), at least one.
        patience: Epochs without a lower validation loss after which it stops, 0 or more.

    Example:
        >>> stop(np.array([0.9, 0.5, 0.6, 0.7, 0.4]), 2)
        Stop(epochs=4, best=1, stopped=True)
    """
    best, wait = 0, 0
    for epoch, value in enumerate(val_loss):
        wait += 1
        if epoch == 0 or value < val_loss[best]:
            best, wait = epoch, 0
        elif wait >= patience:
            return Stop(epoch + 1, best, stopped=True)
    return Stop(len(val_loss), best, stopped=False)


def stopped(recording: Recording, patience: int) -> Recording:
    """The recording as early stopping would have left it; the settings say `patience` and the `restored_epoch`."""
    end = stop(recording["val_loss"], patience)
    settings = {
        **recording.settings,
        "early_stopping": True,
        "patience": patience,
        "restored_epoch": end.best,
        "stopped": end.stopped,
    }
    short = Recording(settings, versions=recording.versions)
    short.extend({name: recording[name][: end.epochs] for name in recording})
    return short
