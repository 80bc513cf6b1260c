"""The traits of EarlyStoppingExplorer: what the page and Python share. What they do is in widget.py."""

from __future__ import annotations

from typing import Any

import traitlets as t

from firstepoch.widgets.early_stopping.direction import MODES
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.settings_view import SettingsView
from firstepoch.widgets.whole import Whole


class Epochs(Whole):
    """A number of epochs; the error is a sentence a student can read."""

    def validate(self, obj: Any, value: Any) -> int:
        """The value as an int; whole floats and numpy's integers are taken, True and False are not."""
        try:
            return super().validate(obj, value)
        except t.TraitError:
            raise SettingsError(f"{self.name} is {value!r}; it is a whole number of epochs, 0 or more.") from None


class Mode(t.Unicode):
    """Which way is better."""

    def validate(self, obj: Any, value: Any) -> str:
        """The mode; raises SettingsError for anything but Keras's three."""
        if value not in MODES:
            raise SettingsError(f"mode is {value!r}; it is one of {', '.join(MODES)}.")
        return str(value)


class ExplorerTraits(SettingsView):
    """Settings (inputs), controls and reports of EarlyStoppingExplorer."""

    linked = ("monitor", "mode", "patience", "min_delta", "start_from_epoch", "baseline", "restore_best_weights")
    parts = (*linked, "settings", "player", "glossary", "numbers", "code")

    title = t.Unicode("Where early stopping would stop").tag(sync=True)
    """Heading of the card. Input."""
    monitor = t.Unicode().tag(sync=True)
    """Name of the curve that is watched, one of those recorded. Default: "val_loss" if there is one. Control."""
    mode = Mode("auto").tag(sync=True)
    """"min" if less is better, "max" if more is, "auto" to tell it by the name of the monitor. Control."""
    patience = Epochs(15).tag(sync=True, echo_update=False)
    """Epochs without improvement after which training stops, from 0 (which acts as 1 does). Control."""
    min_delta = t.Float(0.0).tag(sync=True, echo_update=False)
    """By how much a value must beat the best one to count, in the unit of the monitor, from 0. Control."""
    start_from_epoch = Epochs(0).tag(sync=True, echo_update=False)
    """Epochs at the start that are not looked at, from 0. Control."""
    baseline = t.Float(None, allow_none=True).tag(sync=True)
    """A value to be beaten before patience starts afresh, in the unit of the monitor; None for none. Control."""
    restore_best_weights = t.Bool(True).tag(sync=True)
    """Whether the weights of the best epoch come back in the end; Keras's own default is False. Control."""
    stopped_epoch = t.Int(None, allow_none=True, read_only=True).tag(sync=True)
    """Epoch (from 0) after which training stops; None if the recording ends first. Report."""
    best_epoch = t.Int(None, allow_none=True, read_only=True).tag(sync=True)
    """Epoch (from 0) that is the best in the end; None if no epoch is looked at. Report."""
    restored_epoch = t.Int(None, allow_none=True, read_only=True).tag(sync=True)
    """Epoch (from 0) whose weights are restored; None if none are. Report."""
    code = t.Unicode("", read_only=True).tag(sync=True)
    """`model.fit` with these settings, in Python. Report."""
