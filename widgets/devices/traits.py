"""The traits of Devices: what the page and Python share. What they do is in widget.py."""

from __future__ import annotations

import traitlets as t

from firstepoch.widgets.background_view import BackgroundView
from firstepoch.widgets.devices.session import STATES


class DevicesTraits(BackgroundView):
    """Settings (inputs) and reports of Devices."""

    parts = ("controls", "numbers", "glossary", "code")

    title = t.Unicode("What computes here").tag(sync=True)
    """Heading of the card. Input."""
    status = t.Enum(STATES, "idle", read_only=True).tag(sync=True)
    """idle, measuring, stopping, done or failed. Report."""
    report = t.Dict(read_only=True).tag(sync=True)
    """Progress from 0 to 1 and in words, how the measurement ended, and its error. Report."""
    facts: t.List[list[str]] = t.List(read_only=True).tag(sync=True)
    """What this machine has and what TensorFlow sees: pairs of a name and a sentence. Report."""
    bars = t.Dict(read_only=True).tag(sync=True)
    """What is drawn: a list of `bars` (name, seconds, how it was measured) and the `axis` in powers of ten. Report."""
    said: t.List[str] = t.List(read_only=True).tag(sync=True)
    """Sentences about what was measured. Report."""
    code = t.Unicode(read_only=True).tag(sync=True)
    """A plain program that asks and measures the same. Report."""
