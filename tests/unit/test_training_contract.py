from pathlib import Path

import contract

from firstepoch.widgets.training import traits


def test_the_views_interface_is_the_classs_traits():
    source = Path(traits.__file__).with_name("traits.ts")
    assert contract.mismatches(traits.TrainingTraits, "TrainingTraits", source) == []
