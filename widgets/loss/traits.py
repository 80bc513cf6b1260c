"""The traits of LossView: what the page and Python share. What they do is in widget.py."""

from __future__ import annotations

import traitlets as t

from firstepoch.widgets.settings_view import SettingsView
from firstepoch.widgets.whole import Whole


class LossTraits(SettingsView):
    """Settings (inputs) and controls of LossView."""

    title = t.Unicode("Binary cross-entropy, row by row").tag(sync=True)
    """Heading of the card. Input."""
    rows = t.Unicode("").tag(sync=True)
    """The set of rows: "training" or "validation", or "rows" where there is one set; "" for the first. Control."""
    row = Whole(0).tag(sync=True, echo_update=False)
    """The row in hand, counted from 0 within its set. Control."""
    epoch = Whole(0).tag(sync=True, echo_update=False)
    """Epochs trained so far: 0 is the untrained network. Default: the last one recorded. Control."""
    output = t.Float(None, allow_none=True).tag(sync=True, echo_update=False)
    """What if the model's output for the row in hand were this, from 0 to 1; None for its own. Control."""
    target = t.Int(None, allow_none=True).tag(sync=True)
    """What if y of the row in hand were this, 0 or 1; None for its own. Control."""
    bias_change = t.Float(0.0).tag(sync=True, echo_update=False)
    """What if this were added to the bias of the (sigmoid) output unit, from -6 to 6. Control."""
    by_size = t.Bool(True).tag(sync=True)
    """Whether the bars stand by size, the largest first; otherwise as in the table. Control."""
    code = t.Unicode("", read_only=True).tag(sync=True)
    """A program that works out the terms and their mean. Report."""
