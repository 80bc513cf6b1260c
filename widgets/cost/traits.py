"""The traits of GradientCost: what the page and Python share. What they do is in widget.py."""

from __future__ import annotations

import bqplot
import traitlets as t
from ipywidgets import widget_serialization

from firstepoch.widgets.background_view import BackgroundView
from firstepoch.widgets.cost.session import STATES
from firstepoch.widgets.whole import Whole


class CostTraits(BackgroundView):
    """Settings (inputs), controls and reports of GradientCost."""

    linked = ("batch_size", "largest", "inputs", "hidden", "seed")
    parts = ("batch_size", "largest", "guess", "controls", "numbers", "code")

    title = t.Unicode("What one gradient costs").tag(sync=True)
    """Heading of the card. Input."""
    batch_size = Whole(32).tag(sync=True)
    """Rows of a minibatch, from 1 to 1,000. Control."""
    largest = Whole(1_000_000).tag(sync=True)
    """The most rows that are measured, from 1,000. Control."""
    inputs = Whole(29).tag(sync=True)
    """Values in a row, from 1; those of `x` if it is given. Input."""
    hidden = Whole(16).tag(sync=True)
    """Units of the hidden layer; 0 for none, which is logistic regression. Input."""
    seed = Whole(0).tag(sync=True)
    """Of the weights, the generated rows and the choice of minibatches, from 0. Input."""
    ask = t.Bool(False).tag(sync=True)
    """Whether the card asks for a guess of the ratio first. Input."""
    guess = t.Float(None, allow_none=True).tag(sync=True)
    """How many times as long as one minibatch the gradient over the most rows takes, as guessed; above 0. Control."""
    status = t.Enum(STATES, "idle", read_only=True).tag(sync=True)
    """idle, measuring, stopping, done or failed. Report."""
    report = t.Dict(read_only=True).tag(sync=True)
    """Progress from 0 to 1 and in words, how the measurement ended, and the ranges of the chart. Report."""
    said: t.List[str] = t.List(read_only=True).tag(sync=True)
    """Sentences about the newest numbers. Report."""
    facts = t.Dict(read_only=True).tag(sync=True)
    """The network, where the rows come from, the question asked, and whether settings wait for Measure. Report."""
    code = t.Unicode(read_only=True).tag(sync=True)
    """A plain numpy program that measures the same. Report."""
    chart = t.Instance(bqplot.Figure, read_only=True).tag(sync=True, **widget_serialization)
    """The bqplot figure. Report."""
