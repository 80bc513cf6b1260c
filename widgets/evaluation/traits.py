"""The traits of Evaluation: what the page and Python share. What they do is in widget.py."""

from __future__ import annotations

from typing import Any

import bqplot
import traitlets as t
from ipywidgets import widget_serialization

from firstepoch.widgets.background_view import BackgroundView
from firstepoch.widgets.evaluation.calibration import STRATEGIES
from firstepoch.widgets.evaluation.luck import STATES
from firstepoch.widgets.whole import Whole

ROWS = ("training", "validation", "test")


class EvaluationTraits(BackgroundView):
    """Settings (inputs), controls and reports of Evaluation."""

    linked = ("rows", "threshold", "positive", "bins", "strategy", "split_count", "seed")
    parts = (
        *("rows", "threshold", "positive", "bins", "strategy", "split_count"),
        *("settings", "player", "glossary", "numbers", "code"),
    )

    title = t.Unicode("What the model is worth").tag(sync=True)
    """Heading of the card. Input."""
    row_name = t.Unicode("row").tag(sync=True)
    """What one row of the table is, for example "patient". Input."""
    rows = t.Enum(ROWS, "test").tag(sync=True)
    """Which rows are evaluated: "training", "validation" or "test"; test rows once they are opened. Control."""
    threshold = t.Float(0.5).tag(sync=True, echo_update=False)
    """A row is predicted 1 where the output is strictly above this, from 0 to 1. Control."""
    positive = Whole(1).tag(sync=True)
    """Of many classes: the one that is told from the rest by the threshold, from 0. Control."""
    bins = Whole(5).tag(sync=True)
    """Bins of the calibration, from 2 to 50. Control."""
    strategy = t.Enum(STRATEGIES, "quantile").tag(sync=True)
    """Bins of about as many rows ("quantile") or of the same width ("uniform"). Control."""
    split_count = Whole(10).tag(sync=True)
    """Other splits the model is trained on, from 2 to 50. Control."""
    seed = Whole(0).tag(sync=True)
    """Of the bootstrap, from 0. Input."""
    opened = t.Bool(False, read_only=True).tag(sync=True)
    """Whether the test set was opened on this card. Report."""
    seal = t.Dict(read_only=True).tag(sync=True)
    """How often the test set was opened in this kernel and for how many models, and how many rows there are. Report."""
    report = t.Dict(read_only=True).tag(sync=True)
    """The figures that no threshold moves, the baseline, intervals, and what to say; empty while sealed. Report."""
    points = t.Dict(read_only=True).tag(sync=True)
    """For each row whether it is of class 1, the first cut in which it is predicted 0, output and name. Report."""
    table = t.Dict(read_only=True).tag(sync=True)
    """Raw values of the rows, those furthest off first. Report."""
    reliability: t.List[Any] = t.List(read_only=True).tag(sync=True)
    """The bins of the calibration; empty where there is none. Report."""
    status = t.Enum(STATES, "idle", read_only=True).tag(sync=True)
    """Of the training on other splits: idle, training, stopping, done or failed. Report."""
    luck = t.Dict(read_only=True).tag(sync=True)
    """How far the training on other splits is, and what each split gave. Report."""
    code = t.Unicode(read_only=True).tag(sync=True)
    """A plain numpy program that counts the same. Report."""
    roc_chart = t.Instance(bqplot.Figure, read_only=True).tag(sync=True, **widget_serialization)
    """The ROC curve. Report."""
    pr_chart = t.Instance(bqplot.Figure, read_only=True).tag(sync=True, **widget_serialization)
    """The precision-recall curve. Report."""
