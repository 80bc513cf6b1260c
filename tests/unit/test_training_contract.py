from pathlib import Path

import contract

from firstepoch.widgets import LiveTraining
from firstepoch.widgets.training import widget


def test_the_views_interface_is_the_classs_traits():
    source = Path(widget.__file__).with_name("traits.ts")
    assert contract.mismatches(LiveTraining, "TrainingTraits", source) == []
