"""Scenes: the recording the page plays, made from a run's epochs and followed updates. It trains nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from firstepoch.widgets.base import View
from firstepoch.widgets.network import compute as network
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.training.describe import metric_of
from firstepoch.widgets.training.run import Run
from firstepoch.widgets.training.schedule import CONSTANT

WHOLE_EPOCH = -1


class Scenes:
    """Keeps the page's frames in step with a run: one frame an epoch, and one for each update that was followed.

    Args:
        view: Where the frames are published.
        data: The TabularData; one of its training rows is followed through the network.
    """

    def __init__(self, view: View, data: Any) -> None:
        self._view = view
        self._data = data
        self._patient = 0
        self._run: Run | None = None
        self._frames = Recording({})
        self._plan: dict[str, Any] | None = None
        self._jit = False
        self._epochs = self._updates = 0

    def follow(self, patient: int) -> None:
        """Follow another training row (from 0) from now on, in all frames."""
        self._patient = int(np.clip(patient, 0, len(self._data.x_train) - 1))
        self._run, run = None, self._run
        self.show(run)

    def show(self, run: Run | None) -> None:
        """Publish what is new in this run; another run starts a new recording."""
        new = run is not self._run or (run is not None and self._plan is not run.plan)
        if new:
            self._begin(run)
        if run is not None:
            epochs, updates = len(run.recording), len(run.updates)
            for chunk in self._chunks(run, epochs, updates):
                self._frames.extend(chunk)
            self._epochs, self._updates = epochs, updates
        if new:
            self._view.publish(self._frames)
        else:
            self._view.publish_new()

    def _begin(self, run: Run | None) -> None:
        self._run, self._plan = run, None
        self._epochs = self._updates = 0
        settings: dict[str, Any] = {"patient": self._patient}
        if run is not None and run.plan is not None:
            self._plan, self._jit = run.plan, run.jit_compile
            settings |= {
                "network": run.plan,
                "run": run.number,
                "planned": run.settings.epochs,
                "batches": run.updates_per_epoch,
                "batch_size": run.settings.batch_size,
                "training_rows": run.training_rows,
            }
        self._frames = Recording(settings)

    def _chunks(self, run: Run, epochs: int, updates: int) -> list[dict[str, np.ndarray]]:
        """The new frames in the order they happened: the followed updates of an epoch, then the epoch."""
        new_updates = run.updates["epoch"][self._updates : updates] if updates > self._updates else np.zeros(0)
        chunks, at = [], self._updates
        for epoch in np.unique(new_updates).astype(int):
            count = int(np.sum(new_updates == epoch))
            before = int(np.searchsorted(run.recording["epoch"][:epochs], epoch)) if epochs else 0
            if before > self._epochs:
                chunks.append(self._of_epochs(run, self._epochs, before))
                self._epochs = before
            for last in (at + count - 1, at + count):
                if last > at:
                    chunks.append(self._of_updates(run, at, last))
                    at = last
        if epochs > self._epochs:
            chunks.append(self._of_epochs(run, self._epochs, epochs))
        return chunks

    def _of_epochs(self, run: Run, start: int, stop: int) -> dict[str, np.ndarray]:
        recording, count, metric = run.recording, stop - start, metric_of(run)

        def rows(name: str) -> np.ndarray:
            return recording[name][start:stop] if name in recording else np.full(count, np.nan)

        return {
            "epoch": rows("epoch").astype(np.int32),
            "batch": np.full(count, WHOLE_EPOCH, np.int32),
            "rows": np.zeros(count, np.int32),
            "loss": rows("loss"),
            "metric": rows(metric),
            "val_loss": rows("val_loss"),
            "val_metric": rows(f"val_{metric}"),
            "best": rows("best_epoch").astype(np.int32),
            "wait": rows("wait").astype(np.int32),
            **self._rate(recording, start, stop),
            **self._network(recording, start, stop, run.last_batch_rows),
        }

    def _of_updates(self, run: Run, start: int, stop: int) -> dict[str, np.ndarray]:
        updates, count = run.updates, stop - start
        rows = np.sum(updates["rows"][start:stop] >= 0, axis=1).astype(np.int32)
        unknown = np.full(count, np.nan)
        return {
            "epoch": updates["epoch"][start:stop].astype(np.int32),
            "batch": updates["batch"][start:stop].astype(np.int32),
            "rows": rows,
            "loss": updates["loss"][start:stop],
            "metric": unknown,
            "val_loss": unknown,
            "val_metric": unknown,
            "best": updates["best_epoch"][start:stop].astype(np.int32),
            "wait": updates["wait"][start:stop].astype(np.int32),
            **self._rate(updates, start, stop),
            **self._network(updates, start, stop, int(rows[0])),
        }

    def _rate(self, source: Recording, start: int, stop: int) -> dict[str, np.ndarray]:
        if self._run is None or self._run.settings.schedule == CONSTANT:
            return {}
        return {"learning_rate": source["learning_rate"][start:stop]}

    def _network(self, source: Recording, start: int, stop: int, rows: int) -> dict[str, np.ndarray]:
        if self._plan is None or "weights" not in source:
            return {}
        weights = source["weights"][start:stop]
        sums, activations = network.forward(weights, self._plan, self._data.x_train[self._patient])
        frames = {"drawn": network.drawn(weights, self._plan), "sums": sums, "activations": activations}
        if "dropout_state" in source:
            # The state is read after the batch; the batch itself drew with the counter before it.
            before = source["dropout_state"][start:stop] - [0, 1]
            frames["dropped"] = network.dropped(before, self._plan, rows, self._jit)
        return frames
