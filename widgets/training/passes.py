"""One pass over a table in chunks of updates, with the batch hooks of whichever callbacks want each batch.

What happens between passes (epochs, validation, history) lives in `engine`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from firstepoch.widgets.training.rows import Rows
from firstepoch.widgets.training.trace import Runner

CHUNK_SECONDS = 0.1


class Pass:
    """Runs a model's training (or test) step over every batch of a table.

    Args:
        model: A compiled `keras.Model`.
        rows: The table.
        training: True to train, False to test.

    Attributes:
        weights: In training, all weights after the last chunk, one float32 tensor; None before the first.
    """

    def __init__(self, model: Any, rows: Rows, training: bool) -> None:
        self.rows = rows
        self._model = model
        self._training = training
        self._runner: Runner | None = None
        self._order: Any = None
        self._chunk = 1
        self.weights: Any = None

    def reset_metrics(self) -> None:
        """Resets the model's metrics, unless the trace does so itself."""
        if self._runner is None or not self._runner.shared:
            self._model.reset_metrics()

    def run(
        self,
        order: Any,
        callbacks: list[Any],
        stop: Callable[[], bool],
        record: Callable[[Any], None] | None = None,
    ) -> dict[str, Any]:
        """Runs one pass, up to the batch or chunk after which `stop` says so.

        Args:
            order: int64 tensor of shape (rows,): which row is dealt when; None for the order of the table.
            callbacks: Keras callbacks; each gets its batch hooks if it overrides them and its `wants_batches`,
                read before each call, is not False.
            stop: Asked after each call.
            record: Given the loss of each batch since the last call, a float32 array.

        Returns:
            The logs of the pass as Keras would report them.
        """
        kind = "train" if self._training else "test"
        callbacks = [callback for callback in callbacks if _has_batch_hooks(callback, kind)]
        unit = self._model.steps_per_execution
        order = self._table_order() if order is None else order
        first = 0
        logs: dict[str, Any] = {}
        while first < self.rows.updates:
            listening = [callback for callback in callbacks if getattr(callback, "wants_batches", True)]
            for callback in listening:
                getattr(callback, f"on_{kind}_batch_begin")(first, logs={})
            alone = bool(listening) or stop()
            last = min(first + unit * (1 if alone else max(1, self._chunk // unit)), self.rows.updates)
            logs, losses = self._timed(first, last, order)
            if record is not None:
                record(losses)
            if listening:
                python_logs = _pythonify(logs)
                for callback in listening:
                    getattr(callback, f"on_{kind}_batch_end")(first + unit - 1, logs=python_logs)
            first = last
            if stop():
                break
        assert self._runner is not None
        return logs if self._runner.shared else self._model._get_metrics_result_or_logs(logs)

    def _table_order(self) -> Any:
        import tensorflow as tf

        if self._order is None:
            self._order = tf.range(self.rows.count, dtype=tf.int64)
        return self._order

    def _timed(self, first: int, last: int, order: Any) -> tuple[dict[str, Any], Any]:
        """Runs one chunk and sets the size of the next so that it takes a fraction of a second."""
        if self._runner is None:
            self._runner = Runner(self._model, self.rows, self._training)
        started = time.perf_counter()
        logs, losses, self.weights = self._runner(first, last, order)
        losses = losses.numpy()
        seconds = max(time.perf_counter() - started, 1e-6)
        fitting = int((last - first) * CHUNK_SECONDS / seconds)
        self._chunk = max(1, min(fitting, 4 * self._chunk))
        return logs, losses


def _has_batch_hooks(callback: Any, kind: str) -> bool:
    import keras
    from keras.src.utils import is_default

    if type(callback) is keras.callbacks.ModelCheckpoint and callback.save_freq == "epoch":
        return False  # Its hook only looks at save_freq.
    names = [f"on_{kind}_batch_begin", f"on_{kind}_batch_end"]
    if kind == "train":
        names += ["on_batch_begin", "on_batch_end"]
    return not all(is_default(getattr(callback, name)) for name in names)


def _pythonify(logs: Any) -> dict[str, Any]:
    from keras.src.utils.python_utils import pythonify_logs

    converted: dict[str, Any] = pythonify_logs(logs)
    return converted
