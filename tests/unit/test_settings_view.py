"""A setting that is refused: an error in Python, a sentence on the page, and the last good picture stays."""

import numpy as np
import pytest
import traitlets as t

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.network.widget import NetworkView
from firstepoch.widgets.settings_view import SettingsView


class Halves(SettingsView):
    _esm, _css = NetworkView._esm, NetworkView._css
    rate = t.Float(1.0).tag(sync=True)
    steps = t.Int(3).tag(sync=True)

    def __init__(self, **settings):
        self.shown = []
        super().__init__(**settings)
        self.follow("rate", "steps")

    def recompute(self):
        if self.rate <= 0:
            raise SettingsError(f"rate is {self.rate}; try 1.")
        self.shown.append((self.rate, self.steps))

    def still(self):
        return ""


@pytest.fixture
def it():
    made = Halves()
    yield made
    made.close()


def test_a_change_is_worked_out_once(it):
    it.rate = 2.0
    it.steps = 5
    it.steps = 5
    assert it.shown == [(1.0, 3), (2.0, 3), (2.0, 5)]


def test_two_changes_held_together_are_worked_out_once(it):
    with it.hold_trait_notifications():
        it.rate = 4.0
        it.steps = 7
    assert it.shown == [(1.0, 3), (4.0, 7)]


def test_a_refused_setting_raises_in_python_and_goes_back(it):
    it.rate = 2.0
    with pytest.raises(SettingsError, match="rate is -1"):
        it.rate = -1.0
    assert it.rate == 2.0
    assert it.problem == "rate is -1.0; try 1."
    assert it.shown == [(1.0, 3), (2.0, 3)]


def test_a_refused_setting_becomes_a_sentence_on_the_page(it):
    it.set_state({"rate": -3})
    assert (it.rate, it.problem) == (1.0, "rate is -3.0; try 1.")
    it.set_state({"rate": 0.5})
    assert (it.rate, it.problem) == (0.5, "")


def test_the_wrong_type_from_the_page_becomes_a_sentence(it):
    it.set_state({"steps": "many"})
    assert it.steps == 3
    assert "steps" in it.problem
    it.set_state({"steps": 4})
    assert (it.steps, it.problem) == (4, "")


def test_the_page_is_told_the_value_that_stands(it, monkeypatch):
    told = []
    monkeypatch.setattr(it, "send_state", lambda key=None: told.append(key))
    it.set_state({"rate": -3})
    assert ["rate"] in told


def test_the_constructor_raises_a_value_error():
    with pytest.raises(SettingsError, match="rate is 0"):
        Halves(rate=0.0)
    with pytest.raises(SettingsError, match="steps"):
        Halves(steps="many")


def test_numpy_scalars_are_plain_numbers():
    made = Halves(steps=np.int64(4), rate=np.float32(0.5))
    assert (made.steps, made.rate) == (4, 0.5)
    made.close()
