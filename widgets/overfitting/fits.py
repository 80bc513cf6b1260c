"""One fit: a model built under its seed and trained by the engine, written down epoch by epoch. No thread here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firstepoch.data.loading import load_keras
from firstepoch.widgets.overfitting.plan import Key
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.training.code import model_source
from firstepoch.widgets.training.run import DivergenceWatch, TrainingDiverged
from firstepoch.widgets.training.schedule import learning_rate
from firstepoch.widgets.training.session import SEEDING, build
from firstepoch.widgets.training.settings import Settings


class Fit:
    """What one training left behind.

    Attributes:
        key: Which fit.
        settings: What it was trained with.
        recording: One frame an epoch: `epoch` (from 0) and Keras's logs (`loss`, `accuracy`, `val_loss` ...).
        outcome: "" while it goes on; then "finished", "stopped", "diverged" or "failed".
        error: What ended a fit that diverged or failed.
        parameters: How many the model has.
        training_rows: Rows left after validation rows are taken out.
        model_code: Keras code that builds and compiles the model.
    """

    def __init__(self, key: Key, settings: Settings) -> None:
        self.key, self.settings = key, settings
        self.recording = Recording(settings.to_json())
        self.outcome = ""
        self.error: BaseException | None = None
        self.parameters = self.training_rows = 0
        self.model_code = ""
        self.model: Any = None

    @property
    def complete(self) -> bool:
        """Whether it need not be trained again."""
        return self.outcome in ("finished", "diverged")

    def train(
        self,
        build_model: Callable[..., Any],
        data: Any,
        stopping: Callable[[], bool],
        watch: Callable[[], None],
    ) -> None:
        """Train; what goes wrong becomes `outcome` and `error`.

        Args:
            build_model: Returns a compiled keras.Model.
            data: A TabularData.
            stopping: Whether to end after the epoch in hand.
            watch: Called once the model is built and after every epoch.
        """
        try:
            self._train(build_model, data, stopping, watch)
        except TrainingDiverged as error:
            self.outcome, self.error = "diverged", error
        except Exception as error:
            self.outcome, self.error = "failed", error
        finally:
            self.model = None

    def _train(self, build_model: Any, data: Any, stopping: Callable[[], bool], watch: Callable[[], None]) -> None:
        keras = load_keras()
        from firstepoch.widgets.training import engine

        settings = self.settings
        with SEEDING:
            keras.utils.set_random_seed(settings.seed)
            model = build(build_model, settings, data)
            training = engine.Training(
                model,
                data.x_train,
                data.y_train,
                batch_size=settings.batch_size,
                epochs=settings.epochs,
                validation_split=settings.validation_split,
                callbacks=[
                    keras.callbacks.LambdaCallback(
                        on_train_begin=lambda logs: stop_if_told(),
                        on_epoch_end=lambda epoch, logs: ended(epoch, logs),
                    )
                ],
            )
        self.parameters = model.count_params()
        self.training_rows = settings.split_rows(len(data.x_train))[0]
        self.model_code = model_source(model)
        updates = -(-self.training_rows // settings.batch_size)
        divergence = DivergenceWatch(learning_rate(model), settings)

        def stop_if_told() -> None:
            if stopping():
                model.stop_training = True

        def ended(epoch: int, logs: dict[str, Any]) -> None:
            stop_if_told()
            if len(training.batch_loss) < updates:
                return  # Cut short: no whole epoch.
            self.recording.append(epoch=epoch, **{name: float(value) for name, value in logs.items()})
            watch()
            divergence.see(epoch, float(logs["loss"]), training.batch_loss, epoch + 1 == settings.epochs)

        watch()
        self.model = model
        if not stopping():
            training.run()
        self.outcome = "finished" if len(self.recording) == settings.epochs else "stopped"
