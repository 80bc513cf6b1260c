"""The traits of Overfitting: what the page and Python share. What they do is in widget.py."""

from __future__ import annotations

from typing import Any

import traitlets as t

from firstepoch.widgets.background_view import BackgroundView
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.overfitting.code import NOT_TRAINED
from firstepoch.widgets.overfitting.plan import widths
from firstepoch.widgets.overfitting.session import STATES
from firstepoch.widgets.whole import Whole


class Widths(t.List):
    """Whole numbers, from a number, a list, a tuple or an array of them."""

    def validate(self, obj: Any, value: Any) -> list[int]:
        """The widths as a list of int."""
        return widths(value)


class Patience(Whole):
    """A whole number; None is 0."""

    def validate(self, obj: Any, value: Any) -> int:
        """The patience as an int."""
        return super().validate(obj, 0 if value is None else value)


class Share(t.Float):
    """A number; the error is a sentence a student can read."""

    def validate(self, obj: Any, value: Any) -> float:
        """The value as a float; True and False are none."""
        if isinstance(value, bool):
            self._refuse(value)
        try:
            return float(super().validate(obj, value))
        except t.TraitError:
            return self._refuse(value)

    def _refuse(self, value: Any) -> float:
        name = str(self.name).replace("_", " ")
        raise SettingsError(f"The {name} is {value!r}; use a number.")


class OverfittingTraits(BackgroundView):
    """Settings (inputs), controls and reports of Overfitting."""

    linked = (
        *("units", "seeds", "epochs", "learning_rate", "batch_size", "validation_split", "dropout", "patience"),
        "log_scale",
    )
    parts = (
        *("units", "seeds", "epochs", "learning_rate", "batch_size", "dropout", "patience", "log_scale"),
        *("settings", "controls", "guess", "player", "numbers", "rules", "code"),
    )

    title = t.Unicode("Under-fit, fit or over-fit?").tag(sync=True)
    """Heading of the card. Input."""
    units: t.List[int] = Widths([2, 16, 128]).tag(sync=True)
    """Widths of the hidden layer that are compared, 1 to 4 of them, each from 1 to 4,096 units. Control."""
    seeds = Whole(5).tag(sync=True)
    """Fits of each width, from 1 to 10; their seeds are 0, 1, 2 ... Control."""
    epochs = Whole(300).tag(sync=True)
    """Passes through the training rows, from 1 to 5,000. Control."""
    learning_rate = t.Float(None, allow_none=True).tag(sync=True)
    """Of the model's optimizer, above 0; None for what the builder does without one. Control."""
    batch_size = Whole(32).tag(sync=True)
    """Rows for each update, from 1 to the number of training rows. Control."""
    validation_split = Share(0.2).tag(sync=True)
    """Share of the training rows (the last ones) kept out for validation, above 0 and below 1. Input."""
    dropout = Share(0.0).tag(sync=True)
    """Share of hidden units dropped while training, in [0, 1), in a second set of fits; 0 for no such set. Control."""
    patience = Patience(0).tag(sync=True)
    """Epochs without a lower validation loss after which early stopping ends a fit; 0 or None: no early stopping.
    Control."""
    log_scale = t.Bool(False).tag(sync=True)
    """Whether the axis of the loss is logarithmic. Control."""
    ask = t.Bool(False).tag(sync=True)
    """Whether the card asks first which width will end lowest. Input."""
    guess = t.Int(None, allow_none=True).tag(sync=True)
    """The width guessed to have the lowest validation loss at the end, one of `units`. Control."""
    status = t.Enum(STATES, "idle", read_only=True).tag(sync=True)
    """idle, loading, training, stopping, done or failed. Report."""
    report = t.Dict(read_only=True).tag(sync=True)
    """How far the training is, in numbers and in words, and what went wrong. Report."""
    facts = t.Dict(read_only=True).tag(sync=True)
    """What is shown and what waits for Train. Report."""
    panels: t.List[Any] = t.List(read_only=True).tag(sync=True)
    """For each width its head, verdict, and what early stopping does to it. Report."""
    curves = t.Dict(read_only=True).tag(sync=True)
    """Median, lowest and highest loss of the fits that ended, float32. Report."""
    live: t.List[Any] = t.List(read_only=True).tag(sync=True)
    """Fits that are no part of a band, epoch by epoch so far, float32: in training, stopped, diverged. Report."""
    rows: t.List[Any] = t.List(read_only=True).tag(sync=True)
    """The summary as a table of texts. Report."""
    code = t.Unicode(NOT_TRAINED, read_only=True).tag(sync=True)
    """A plain Keras program that repeats every fit of what is shown. Report."""
