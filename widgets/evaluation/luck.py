"""The luck of the split: the model trained anew on other splits, in a worker thread. It knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from firstepoch.data.loading import load_keras
from firstepoch.widgets.background import Background
from firstepoch.widgets.evaluation.losses import of_numbers
from firstepoch.widgets.evaluation.rows import check_data, predict, rows_of, task_of
from firstepoch.widgets.training import schedule
from firstepoch.widgets.training.session import SEEDING
from firstepoch.widgets.training.settings import MODEL_SETTINGS, Settings

RUNNING = ("training", "stopping")
STATES = ("idle", *RUNNING, "done", "failed")


class Luck(Background):
    """Trains on one split after the other.

    Its `report` is called with "split" and "epoch" too.

    Attributes:
        results: One dict for each split that is done: `seed`, `rows`, and its figures.
        planned: Number of splits.
        share: How much of the split in hand is trained, from 0 to 1.
        threshold: Predict 1 above it.
    """

    BUSY = "Other splits are being trained on. Stop first: .stop_splits(), then .wait()."

    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__(report)
        self._model: Any = None
        self.results: list[dict[str, Any]] = []
        self.planned, self.share, self.threshold = 0, 0.0, 0.5

    def start(
        self,
        splits: Callable[[int], Any],
        build_model: Callable[..., Any],
        settings: Settings,
        given: tuple[str, ...],
        seeds: range,
        threshold: float,
    ) -> None:
        """Start training on one split for each seed; returns at once.

        Args:
            splits: Gives the TabularData of a split seed.
            build_model: Gives a compiled model.
            settings: How to train; the seed of the weights is the same for all.
            given: Names of the settings that are handed to `build_model`.
            seeds: The split seeds.
            threshold: Predict 1 above it.

        Raises:
            RuntimeError: It is training already.
        """

        def prepare() -> bool:
            self.status = "training"
            self.results, self.planned, self.share, self.threshold = [], len(seeds), 0.0, threshold
            return True

        def train() -> bool:
            for seed in seeds:
                if self._stop:
                    break
                data = splits(seed)
                check_data(data)
                model = self._trained(build_model, data, settings, given)
                if self._stop:
                    break
                self.results.append({"seed": seed} | measured(model, data, threshold))
                self.share = 0.0
                self._report("split")
            return len(self.results) == len(seeds)

        self._begin(prepare, train)

    def _halt(self) -> None:
        if self._model is not None:
            self._model.stop_training = True

    def _conclude(self, error: BaseException | None, finished: bool) -> None:
        self._model = None
        super()._conclude(error, finished)

    def _trained(self, build_model: Callable[..., Any], data: Any, settings: Settings, given: tuple[str, ...]) -> Any:
        keras = load_keras()
        from firstepoch.widgets.training import engine

        callbacks: list[Any] = [
            keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: self._after(epoch, settings.epochs))
        ]
        if settings.early_stopping:
            names = ("monitor", "patience", "min_delta", "restore_best_weights")
            callbacks.append(keras.callbacks.EarlyStopping(**{name: getattr(settings, name) for name in names}))
        with SEEDING:
            keras.utils.set_random_seed(settings.seed)
            model = build_model(**{name: getattr(settings, name) for name in given if name in MODEL_SETTINGS})
            callbacks += schedule.callbacks(settings, model)
            training = engine.Training(
                model,
                data.x_train,
                data.y_train,
                batch_size=settings.batch_size,
                epochs=settings.epochs,
                validation_split=settings.validation_split,
                callbacks=callbacks,
            )
        with self._lock:
            self._model = model
        training.run()
        return model

    def _after(self, epoch: int, epochs: int) -> None:
        self.share = (epoch + 1) / epochs
        if self._stop:
            self._model.stop_training = True
        self._report("epoch")


def measured(model: Any, data: Any, threshold: float) -> dict[str, Any]:
    """What a model is worth on the test rows of its split: rows, and right and accuracy, or mae, rmse and r2."""
    rows = rows_of(data, "test", 0.0)
    outputs, task = predict(model, rows, data), task_of(data)
    if task == "regression":
        mean, std = data.target_mean, data.target_std
        return {"rows": len(rows.y)} | of_numbers(outputs.astype(float) * std + mean, rows.y.astype(float) * std + mean)
    predicted = outputs.argmax(axis=1) if task == "multiclass" else outputs > outputs.dtype.type(threshold)
    right = int(np.sum(predicted == rows.y.astype(int)))
    return {"rows": len(rows.y), "right": right, "accuracy": right / len(rows.y)}
