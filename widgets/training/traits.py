"""The traits of LiveTraining: what the page and Python share. What they do is in widget.py."""

from __future__ import annotations

from typing import Any

import bqplot
import traitlets as t
from ipywidgets import widget_serialization

from firstepoch.widgets.base import View
from firstepoch.widgets.training.session import SPEEDS

NOT_TRAINED = "# Train first: the Keras code of the run will stand here."


class TrainingTraits(View):
    """Settings (inputs), controls and reports of LiveTraining; the settings have Keras's names."""

    linked = (
        *("units", "activation", "dropout", "batch_normalization", "l2", "optimizer", "learning_rate"),
        *("schedule", "schedule_factor", "schedule_patience", "batch_size", "epochs", "validation_split"),
        *("early_stopping", "patience", "min_delta", "monitor", "restore_best_weights", "seed"),
        *("speed", "log_scale", "patient", "histograms"),
    )
    parts = (*linked, "settings", "controls", "player", "runs", "columns", "numbers", "code", "files", "test")

    title = t.Unicode("Train the network").tag(sync=True)
    """Heading of the card. Input."""
    units = t.List([16]).tag(sync=True)
    """Units of each hidden layer; whole numbers from 1; empty for no hidden layer. Input."""
    activation = t.Union([t.Unicode(), t.List()], default_value="relu").tag(sync=True)
    """Activation of the hidden layers, a Keras name: one for all or one for each layer. Input."""
    dropout = t.Union([t.Float(), t.List()], default_value=0.0).tag(sync=True)
    """Share of a hidden layer's outputs dropped while training, [0, 1): one for all or one for each layer. Input."""
    batch_normalization = t.Union([t.Bool(), t.List()], default_value=False).tag(sync=True)
    """Whether a hidden layer's sums are normalised over the batch: for all or for each layer. Input."""
    l2 = t.Union([t.Float(), t.List()], default_value=0.0).tag(sync=True)
    """What the loss adds for the sum of a hidden layer's squared weights, from 0: for all or for each layer. Input."""
    optimizer = t.Unicode("adam").tag(sync=True)
    """The optimizer, a Keras name. Input."""
    learning_rate = t.Float(None, allow_none=True).tag(sync=True)
    """Step size of the optimizer, at first; above 0; None for the optimizer's own default. Input."""
    schedule = t.Unicode("constant").tag(sync=True)
    """How the learning rate goes on: constant, exponential, cosine, piecewise or reduce on plateau. Input."""
    schedule_factor = t.Float(0.1).tag(sync=True)
    """Share of the learning rate left at the end, on a plateau what it is multiplied by; between 0 and 1. Input."""
    schedule_patience = t.Int(None, allow_none=True).tag(sync=True)
    """Epochs on a plateau before the rate is reduced, from 1; None for a thirtieth of all epochs. Input."""
    batch_size = t.Int(32).tag(sync=True)
    """Rows for each update, from 1 to the number of training rows. Input."""
    epochs = t.Int(300).tag(sync=True)
    """Passes through the training rows, at most; from 1. Input."""
    validation_split = t.Float(0.2).tag(sync=True)
    """Share of the training rows kept out for validation (the last ones), [0, 1). Input."""
    early_stopping = t.Bool(False).tag(sync=True)
    """Whether to stop when the monitored quantity no longer improves. Input."""
    patience = t.Int(15).tag(sync=True)
    """Epochs without improvement before early stopping stops, from 0. Input."""
    min_delta = t.Float(0.0).tag(sync=True)
    """The least change that counts as an improvement, in the monitored quantity's own unit, from 0. Input."""
    monitor = t.Unicode("val_loss").tag(sync=True)
    """The quantity that early stopping and the schedule "reduce on plateau" watch. Input."""
    restore_best_weights = t.Bool(True).tag(sync=True)
    """Whether the weights of the best epoch come back at the end, if early stopping is on. Input."""
    seed = t.Int(42).tag(sync=True)
    """Seed of initial weights, row order and dropout; 0 to 2**32 - 1. Input."""

    speed = t.Enum(list(SPEEDS), "full speed").tag(sync=True)
    """How fast to train; changes at once, also in mid-run. Control."""
    log_scale = t.Bool(False).tag(sync=True)
    """Whether the loss axis is logarithmic. Control."""
    patient = t.Int(0).tag(sync=True)
    """The training row (from 0) that is followed through the network. Control."""
    histograms = t.Bool(False).tag(sync=True)
    """Whether weights, biases and outputs of each layer are counted for the page, epoch by epoch. Control."""

    shown = t.Int(0).tag(sync=True)
    """Number of the run on the card, to replay an earlier one; 0 for the newest. Control."""
    compared = t.Int(0).tag(sync=True)
    """Number of the run that is drawn beside the one on the card; 0 for none. Control."""

    status = t.Unicode("idle", read_only=True).tag(sync=True)
    """idle, loading, training, paused, stopping, done or failed. Report."""
    problem = t.Unicode("", read_only=True).tag(sync=True)
    """Why the settings as they are cannot be trained with, in one sentence; empty if they can. Report."""
    schedule_words = t.Unicode(read_only=True).tag(sync=True)
    """What the schedule comes to, in a sentence with its numbers; empty while there is a problem. Report."""
    pending: t.List[str] = t.List(read_only=True).tag(sync=True)
    """Settings changed since the run in hand began; they wait for the next one. Report."""
    report = t.Dict(read_only=True).tag(sync=True)
    """The run on the card: epoch, planned epochs, rate, best epoch, what ended it, chart ranges, error. Report."""
    runs: t.List[dict[str, Any]] = t.List(read_only=True).tag(sync=True)
    """One row for each run, oldest first: settings that matter, results, and test result once opened. Report."""
    comparison = t.Dict(None, allow_none=True, read_only=True).tag(sync=True)
    """The run on the card and the compared one: settings that differ, results, sentences; None without one. Report."""
    compared_curves = t.Bytes(read_only=True).tag(sync=True)
    """The compared run by epoch: `loss`, `val_loss`, metric and its validation, each a row of float64. Report."""
    seal = t.Dict(read_only=True).tag(sync=True)
    """How often the test set was opened in this kernel, on any card (`times`), and for how many `models`. Report."""
    code = t.Unicode(NOT_TRAINED, read_only=True).tag(sync=True)
    """Plain Keras that repeats the run on the card: same seed, same history. Report."""
    choices = t.Dict(read_only=True).tag(sync=True)
    """What the controls offer, which settings the model takes, and facts of the data. Report."""
    chosen = t.Dict(read_only=True).tag(sync=True)
    """The followed row: `rows` to choose from, its `target`, the `label` of that, and the `noun` for a row. Report."""
    loss_chart = t.Instance(bqplot.Figure, read_only=True).tag(sync=True, **widget_serialization)
    """The bqplot figure of the loss. Report."""
    metric_chart = t.Instance(bqplot.Figure, read_only=True).tag(sync=True, **widget_serialization)
    """The bqplot figure of the metric: accuracy, or the mean absolute error. Report."""
