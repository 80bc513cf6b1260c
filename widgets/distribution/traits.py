"""The traits of Distribution: what the page and Python share. What they do is in widget.py."""

from __future__ import annotations

import traitlets as t

from firstepoch.widgets.background_view import BackgroundView
from firstepoch.widgets.distribution.session import STATES
from firstepoch.widgets.whole import Whole


class DistributionTraits(BackgroundView):
    """Settings (inputs), controls and reports of Distribution."""

    linked = ("batch_size", "seed")
    parts = ("batch_size", "controls", "player", "numbers", "glossary", "code")

    title = t.Unicode("One update on two devices").tag(sync=True)
    """Heading of the card. Input."""
    batch_size = Whole(32).tag(sync=True)
    """Rows of an update, over both devices: 1 to the rows there are. Control."""
    seed = Whole(42).tag(sync=True)
    """Of the initial weights and of the order in which the rows are dealt, 0 to 2**32 - 1. Input."""
    status = t.Enum(STATES, "idle", read_only=True).tag(sync=True)
    """idle, running, stopping, done or failed. Report."""
    report = t.Dict(read_only=True).tag(sync=True)
    """Progress from 0 to 1 and in words, how the run ended, its error, and why it cannot be run. Report."""
    said: t.List[str] = t.List(read_only=True).tag(sync=True)
    """Sentences about the times and what would cross a wire. Report."""
    code = t.Unicode(read_only=True).tag(sync=True)
    """A plain tf.distribute program that makes the same run. Report."""
