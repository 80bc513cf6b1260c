"""Run: everything one training left behind, and the live callback that writes it down. No thread, no widget."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from firstepoch.widgets.network import compute
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.recording_file import replacing
from firstepoch.widgets.training.schedule import CONSTANT, learning_rate
from firstepoch.widgets.training.settings import DEFAULT_RATES, Settings

MAX_RECORDED_WEIGHTS = 20_000_000
"""Numbers; a run whose weights over all epochs are more than this keeps its weights out of the recording."""

MAX_KEPT_PARAMETERS = 1_000_000
"""An earlier run keeps its model up to this size: with Adam's two averages that is 12 MB a run."""


class TrainingDiverged(ArithmeticError):
    """The loss became infinite or NaN, or stayed far above that of the untrained model."""


class RunHistory(dict[str, list[float]]):
    """What Keras's `History` holds: metric name to one value an epoch, with `.epoch` and `.history` beside it."""

    @property
    def history(self) -> RunHistory:
        """The mapping itself, as on Keras's `History`."""
        return self

    @property
    def epoch(self) -> list[int]:
        """The epochs, from 0."""
        return list(range(len(next(iter(self.values()), []))))


class Run:
    """One training: its settings, recordings and results.

    Attributes:
        number: 1 for the first run of a widget.
        settings: What it was trained with.
        recording: One frame an epoch: `epoch` (from 0), `seconds` since the start, Keras's logs (`loss`,
            `accuracy`, `val_loss`, ...), `best_epoch` and `wait` so far, `batch_loss` (updates of the epoch, NaN
            where there was none), `weights` (all parameters in the order of `model.get_weights()`) and, with
            dropout, `dropout_state` (of each Dropout layer's random generator after the epoch, layers x 2).
        updates: The same for the single updates that were followed batch by batch: `epoch`, `batch` (from 0),
            `loss` of that batch, `rows` (row numbers, padded with -1), the state as above and, with a schedule,
            `learning_rate`.
        model: The trained model, a keras.Model; of an earlier run only up to MAX_KEPT_PARAMETERS, otherwise None.
        model_code: Keras code that builds and compiles it.
        loss: The loss the model was compiled with, in words; empty if it has no known name.
        penalised: Whether the model's layers add to that loss, as an L2 penalty on their weights does.
        first_rate: The optimizer's learning rate at the start.
        jit_compile: Whether XLA compiles it; its dropout masks differ then.
        outcome: "" while it goes on; then "finished", "early stopped", "stopped" or "failed".
        note: What the learner is to know of how it ended; empty if that is nothing.
        stopped_epoch: Epoch (from 0) after which early stopping stopped it; None if it did not.
        best_epoch: Epoch (from 0) with the best monitored value so far; None before there is one.
        restored_epoch: Epoch (from 0) whose weights were brought back; None if none were.
        wait: Epochs since the best one.
        parameters: How many the model has.
        training_rows: Rows left after validation rows are taken out.
        updates_per_epoch: Batches in an epoch.
        plan: What NetworkView needs to draw the model; None if it is no plain chain of layers.
        test: Loss and metrics on the test rows; sealed on the screen until asked for.
        known_by: What the trained model is known by to the seal of the test set.
    """

    def __init__(self, number: int, settings: Settings) -> None:
        self.number = number
        self.settings = settings
        self.recording = Recording(settings.to_json())
        self.updates = Recording(settings.to_json())
        self.model: Any = None
        self.model_code = ""
        self.loss = ""
        self.penalised = False
        self.first_rate = math.nan
        self.jit_compile = False
        self.error: BaseException | None = None
        self.outcome = ""
        self.note = ""
        self.stopped_epoch: int | None = None
        self.best_epoch: int | None = None
        self.restored_epoch: int | None = None
        self.wait = 0
        self.partial_batches: int | None = None
        self.test: dict[str, float] = {}
        self.known_by: frozenset[bytes] = frozenset()
        self.parameters = 0
        self.training_rows = 0
        self.updates_per_epoch = 0
        self.plan: dict[str, Any] | None = None

    @property
    def last_batch_rows(self) -> int:
        """Rows in the last batch of an epoch."""
        return self.training_rows - (self.updates_per_epoch - 1) * self.settings.batch_size

    @property
    def metrics(self) -> list[str]:
        """Names of Keras's logs, in its order."""
        return [name for name in self.recording if name not in OWN_ARRAYS]

    @property
    def history(self) -> RunHistory:
        """Keras's logs of every epoch."""
        return RunHistory({name: [float(value) for value in self.recording[name]] for name in self.metrics})

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write Keras's logs, one row an epoch (from 0), with exact numbers; what `keras.callbacks.CSVLogger` writes.

        Args:
            path: Where to write.

        Raises:
            ExportError: (a RuntimeError) The run has not ended, or recorded no epoch.
            OSError: The file cannot be written.
        """
        self._write(path, "csv")

    def picture(self, path: str | os.PathLike[str]) -> None:
        """Draw loss and metric over the epochs, with matplotlib and without a display.

        Args:
            path: Where to write; its ending says what: ".png" or ".svg".

        Raises:
            ValueError: Another ending.
            ExportError: (a RuntimeError) The run has not ended, or recorded no epoch.
            OSError: The file cannot be written.
        """
        kind = os.path.splitext(path)[1].lower().removeprefix(".")
        if kind not in ("png", "svg"):
            raise ValueError(f"A picture is a .png or a .svg file; got {os.fspath(path)!r}. Try run_{self.number}.png.")
        self._write(path, kind)

    def _write(self, path: str | os.PathLike[str], kind: str) -> None:
        from firstepoch.widgets.training import export

        made = export.content(self, kind)
        with replacing(path) as temporary:
            temporary.write_bytes(made)


OWN_ARRAYS = ("epoch", "seconds", "best_epoch", "wait", "batch_loss", "weights", "dropout_state")


class EpochWriter:
    """Turns what a training reports into frames of its run.

    Args:
        run: Where the frames go; its model, plan and number of updates in an epoch are known.
        training: The engine's `Training` that runs it.
    """

    def __init__(self, run: Run, training: Any) -> None:
        self._run = run
        self._training = training
        self._updates = run.updates_per_epoch
        self._batch_size = run.settings.batch_size
        self._drops = run.plan is not None and run.plan["dropouts"] > 0
        self.keeps_weights = run.parameters * run.settings.epochs <= MAX_RECORDED_WEIGHTS

    def epoch(self, epoch: int, logs: Mapping[str, float], batch_loss: np.ndarray, seconds: float) -> None:
        """Append the frame of a finished epoch."""
        padded = np.full(self._updates, np.nan, np.float32)
        padded[: len(batch_loss)] = batch_loss
        frame: dict[str, Any] = {"epoch": epoch, "seconds": seconds}
        frame |= {name: float(value) for name, value in logs.items()}
        frame |= {"batch_loss": padded, **self._state()}
        if len(self._run.recording):
            frame = {name: frame.get(name, math.nan) for name in self._run.recording}
        self._run.recording.append(frame)

    def update(self, epoch: int, batch: int, loss: float, order: np.ndarray) -> None:
        """Append the frame of one update that is being followed."""
        rows = np.full(self._batch_size, -1, np.int32)
        dealt = order[batch * self._batch_size : (batch + 1) * self._batch_size]
        rows[: len(dealt)] = dealt
        frame = {"epoch": epoch, "batch": batch, "loss": float(loss), "rows": rows, **self._state()}
        if self._run.settings.schedule != CONSTANT:
            frame["learning_rate"] = learning_rate(self._run.model)
        self._run.updates.append(frame)

    def _state(self) -> dict[str, Any]:
        best = self._run.best_epoch
        state: dict[str, Any] = {"best_epoch": -1 if best is None else best, "wait": self._run.wait}
        if self.keeps_weights:
            state["weights"] = self._training.weights
        if self._drops:
            state["dropout_state"] = compute.seed_states(self._run.model)
        return state


class BestEpoch:
    """Follows the monitored quantity: as the run's EarlyStopping saw it, or, without one, its best value.

    Args:
        monitor: Name of the quantity; the loss stands in where the run has no such quantity.
        early: The run's `keras.callbacks.EarlyStopping`, called before this is; None without one.
    """

    def __init__(self, monitor: str, early: Any = None) -> None:
        self._monitor = monitor
        self._early = early
        self._best = math.inf

    def see(self, run: Run, epoch: int, logs: Mapping[str, float]) -> None:
        """Update `run.best_epoch` and `run.wait` from the logs of this epoch."""
        if self._early is not None:
            run.best_epoch, run.wait = self._early.best_epoch, self._early.wait
            return
        name = self._monitor if self._monitor in logs else "loss"
        signed = float(logs[name]) * (-1.0 if name.endswith(("accuracy", "acc", "auc")) else 1.0)
        if run.best_epoch is None or signed < self._best:
            self._best, run.best_epoch, run.wait = signed, epoch, 0
        else:
            run.wait += 1


class DivergenceWatch:
    """Notices a training that will not come back.

    A loss that is not a number ends a run at once. A loss that stays above twice that of the untrained model (its
    first batches), and above a floor, for ten epochs, or to the end of the run, has diverged as well: cross-entropy
    is clipped and never becomes NaN.

    Args:
        learning_rate: The rate in force.
        settings: What the run is made with.
        floor: A loss up to this is none that diverged; 1 for cross-entropy.
    """

    PATIENCE = 10

    def __init__(self, learning_rate: float, settings: Settings, floor: float = 1.0) -> None:
        self._rate = learning_rate
        self._floor = floor
        self._settings = settings
        self._untrained: float | None = None
        self._updates = 0
        self._above = 0

    def see(self, epoch: int, loss: float, batch_loss: np.ndarray, last: bool) -> None:
        """Look at a finished epoch.

        Raises:
            TrainingDiverged: The run has diverged; the sentence says where and what to try.
        """
        if not (math.isfinite(loss) and np.isfinite(batch_loss).all()):
            bad = np.flatnonzero(~np.isfinite(batch_loss))
            update = self._updates + (int(bad[0]) if len(bad) else len(batch_loss) - 1) + 1
            value = "NaN" if not len(bad) or math.isnan(batch_loss[bad[0]]) else "infinite"
            raise TrainingDiverged(f"The loss became {value} at update {update} (epoch {epoch + 1}): {self._advice()}")
        if self._untrained is None:
            batches = -(-32 // self._settings.batch_size)
            self._untrained = float(np.median(batch_loss[:batches]))
        self._updates += len(batch_loss)
        self._above = self._above + 1 if loss > max(self._floor, 2 * self._untrained) else 0
        if self._above >= self.PATIENCE or (last and self._above):
            raise TrainingDiverged(
                f"The loss is {loss:.3g} at epoch {epoch + 1}, far above the {self._untrained:.3g} of the "
                f"untrained network: {self._advice()}"
            )

    def _advice(self) -> str:
        usual = DEFAULT_RATES.get(self._settings.optimizer, 0.001)
        smaller = usual if self._rate > usual else self._rate / 10
        return f"the learning rate {self._rate:.3g} is too large. Try {smaller:.1g}."
