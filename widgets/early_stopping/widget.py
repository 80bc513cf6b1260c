"""EarlyStoppingExplorer: validation and wiring. compute.py is the rule, scene.py makes the frames, view.ts draws."""

from __future__ import annotations

import math
from typing import Any

from firstepoch.widgets import still
from firstepoch.widgets.early_stopping.code import program
from firstepoch.widgets.early_stopping.compute import Plateau, Settings, follow, plateaus
from firstepoch.widgets.early_stopping.curves import take
from firstepoch.widgets.early_stopping.direction import falls
from firstepoch.widgets.early_stopping.scene import scene
from firstepoch.widgets.early_stopping.traits import ExplorerTraits
from firstepoch.widgets.early_stopping.words import number
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording

_MOST_PATIENCE = 1_000_000
_SETTINGS = ("monitor", "mode", "patience", "min_delta", "start_from_epoch", "baseline", "restore_best_weights")


class EarlyStoppingExplorer(ExplorerTraits):
    """Where `keras.callbacks.EarlyStopping` would stop on a recorded curve, and whose weights it would restore.

    The rule is that of Keras 3, epoch by epoch, without Keras (Prechelt 1998, "Early Stopping - but when?", compares
    such rules). Epochs after the end of the recording are unknown: record without early stopping.

    Args:
        recording: What was recorded: the `recording` of a LiveTraining, or the widget itself; the History that
            `model.fit` returned; or a dict from name to one number an epoch. It is copied.
        **settings: The settings, by name: `monitor`, `mode`, `patience` (default 15), `min_delta`,
            `start_from_epoch`, `baseline`, `restore_best_weights` (default True; in Keras False), `title`.

    Raises:
        SettingsError: (a ValueError) There is nothing to monitor, or a setting does not work.
        TypeError: An argument is unknown.

    Example:
        >>> stopping = EarlyStoppingExplorer({"val_loss": [0.7, 0.5, 0.6, 0.6]}, patience=2)
        >>> stopping.stopped_epoch, stopping.best_epoch, stopping.restored_epoch
        (3, 1, 1)
    """

    def __init__(self, recording: Any, **settings: Any) -> None:
        self._curves = take(recording)
        names = self._curves.names
        settings.setdefault("monitor", next((one for one in ("val_loss", "loss") if one in names), names[0]))
        super().__init__(**settings)
        self.follow(*_SETTINGS)

    @property
    def story(self) -> Recording:
        """One frame a recorded epoch, arrays of shape (epochs,).

        `epoch` (from 0), `value`, `improved`, `best` so far, `best_epoch`, `wait` and more: see `compute.Story`.
        """
        return self._scene

    def recompute(self) -> None:
        """Follow the recorded epochs anew and show it.

        Raises:
            SettingsError: The settings do not allow it; nothing has been changed.
        """
        settings = self._checked()
        values, first = self._curves.values[self.monitor], self._curves.first
        story = follow(values, settings, first)
        self._ranges = plateaus(values, settings, first)
        self._scene = scene(self._curves, self.monitor, self.mode, settings, story, self._ranges)
        # Whoever observes one report finds the others of the same story.
        with self.hold_sync(), self.hold_trait_notifications():
            self.set_trait("stopped_epoch", story.stopped_epoch)
            self.set_trait("best_epoch", story.last_best)
            self.set_trait("restored_epoch", story.restored_epoch)
            self.set_trait("code", program(self._curves, self.monitor, self.mode, settings))
        self.publish(self._scene)

    def still(self) -> str:
        """The outcome where nothing runs, in words and two tables. Plain HTML."""
        facts, frames = self._scene.settings, self._scene
        told = f"monitor {self.monitor}, patience {self.patience}, min_delta {self.min_delta:g}, start_from_epoch "
        parts = [still.paragraph(f"{told}{self.start_from_epoch}.")]
        parts += [still.paragraph(sentence) for sentence in facts["outcome"]]
        if self._ranges:
            parts.append(
                still.table(
                    "What each patience leads to",
                    ["best epoch", self.monitor],
                    [_range_row(one, facts["plateaus"][place]["value"]) for place, one in enumerate(self._ranges)],
                )
            )
        rows = []
        for frame in _milestones(frames):
            cells = [number(frames[name][frame]) for name in ("value", "best")]
            rows.append(
                (str(frames["epoch"][frame] + 1), [(cell, 0.0) for cell in [*cells, str(frames["wait"][frame])]])
            )
        parts.append(still.table("Epochs that matter", [self.monitor, "best so far", "wait"], rows))
        return still.figure(self._still, self.title, parts)

    def _checked(self) -> Settings:
        names = self._curves.names
        if self.monitor not in names:
            raise SettingsError(f"There is no {self.monitor!r} in the recording. It has: {', '.join(names)}.")
        for name in ("patience", "start_from_epoch"):
            value = getattr(self, name)
            if not 0 <= value <= _MOST_PATIENCE:
                raise SettingsError(f"{name} is {value}; it goes from 0 to {_MOST_PATIENCE:,}. Try 15.")
        if not (math.isfinite(self.min_delta) and self.min_delta >= 0):
            raise SettingsError(f"min_delta is {self.min_delta:g}; it is 0 or more. Try {_positive(self.min_delta)}.")
        if self.baseline is not None and not math.isfinite(self.baseline):
            raise SettingsError(f"baseline is {self.baseline}; it is a number, or None for none.")
        return Settings(
            self.patience,
            self.min_delta,
            self.start_from_epoch,
            falls(self.monitor, self.mode),
            self.baseline,
            self.restore_best_weights,
        )


def _positive(value: float) -> str:
    return f"{-value:g}" if math.isfinite(value) else "0.001"


def _range_row(one: Plateau, value: float | None) -> tuple[str, list[tuple[str, float]]]:
    high = "or more" if one.high is None else f"to {one.high}"
    patience = str(one.low) if one.low == one.high else f"{one.low} {high}"
    return f"patience {patience}", [(str(one.best_epoch + 1), 0.0), (number(math.nan if value is None else value), 0.0)]


def _milestones(frames: Recording) -> list[int]:
    """The first and the last frame, the last improvements, and the stop."""
    stops = [frame for frame in range(len(frames)) if frames["state"][frame] == 2]
    better = [frame for frame in range(len(frames)) if frames["improved"][frame]]
    return sorted({0, *better[-10:], *stops, len(frames) - 1})
