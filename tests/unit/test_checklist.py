"""Checklist, headless: answers are kept, judged together, and what was said holds until an answer changes."""

from pathlib import Path

import contract
import pytest

from firstepoch.widgets import Checklist, SettingsError
from firstepoch.widgets.checklist import widget
from firstepoch.widgets.checklist.widget import Item

VIEW = Path(widget.__file__).with_name("traits.ts")

LOSSES = ("mean squared error", "binary cross-entropy")


def judge_units(guess):
    return guess == 16, f"It has 16, you say {guess:g}."


ITEMS = [
    Item("units", "Design", "How many `units`?", judge_units),
    Item("loss", "Pick", "Which loss?", lambda it: (it == LOSSES[1], "One of two."), LOSSES),
]


@pytest.fixture
def card():
    return Checklist(ITEMS, title="The checklist")


def test_it_tells_how_many_are_right_and_how_many_are_open(card):
    assert card.check() is False
    assert card.said == "0 of 2 are right. 2 are not answered yet."
    card.answer("units", 16)
    assert card.check() is False
    assert card.said == "1 of 2 are right. 1 is not answered yet."
    assert card.verdicts == {"units": {"right": True, "said": "It has 16, you say 16."}}
    card.answer("loss", LOSSES[0])
    assert card.check() is False and card.verdicts["loss"] == {"right": False, "said": "One of two."}
    card.answer("loss", LOSSES[1])
    assert card.check() is True and card.done
    assert card.said == "All 2 are right."


def test_what_was_said_holds_until_that_answer_changes(card):
    card.answers = {"units": 16, "loss": LOSSES[1]}
    assert card.check()
    card.answer("units", 16.0)
    assert card.done and set(card.verdicts) == {"units", "loss"}
    card.answer("units", 17)
    assert not card.done and set(card.verdicts) == {"loss"}
    card.answer("units", 16)
    assert set(card.verdicts) == {"loss"}, "it was not checked again"
    card.reset()
    assert (card.answers, card.verdicts, card.said, card.done) == ({}, {}, "", False)


def test_first_things_first():
    first = ["Press Train first."]
    card = Checklist(ITEMS, ready=lambda: first[0])
    card.answers = {"units": 16, "loss": LOSSES[1]}
    assert card.check() is False
    assert (card.said, card.verdicts) == ("Press Train first.", {})
    first[0] = ""
    assert card.check() is True


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("unit", 16, "no item 'unit'. There are: units, loss"),
        ("units", "sixteen", "'sixteen' is no answer to 'units': it is a number"),
        ("units", float("nan"), "nan is no answer"),
        ("units", True, "True is no answer"),
        ("loss", "log", "one of 'mean squared error', 'binary cross-entropy'"),
        ("loss", 3, "3 is no answer to 'loss'"),
    ],
)
def test_an_answer_that_is_none_changes_nothing(card, name, value, words):
    card.answer("units", 8)
    with pytest.raises(SettingsError, match=words):
        card.answer(name, value)
    assert card.answers == {"units": 8.0}


def test_a_judge_that_fails_is_told():
    def broken(_):
        raise LookupError("no run")

    card = Checklist([Item("a", "A", "?", broken), ITEMS[0]])
    card.answers = {"a": 1, "units": 16}
    assert card.check() is False
    assert card.verdicts["a"]["said"] == "This cannot be checked: LookupError, no run"
    assert card.verdicts["units"]["right"]


@pytest.mark.parametrize("items", [[], [ITEMS[0], ITEMS[0]]])
def test_items_have_names_of_their_own(items):
    with pytest.raises(ValueError, match="a name of its own"):
        Checklist(items)


def test_the_buttons_do_what_the_methods_do(card):
    card._command({"kind": "check", "settings": {"answers": {"units": 16, "loss": LOSSES[1]}}}, [])
    assert card.done and card.answers["units"] == 16
    card._command({"kind": "reset"}, [])
    assert card.answers == {}
    card._command({"kind": "close"}, [])
    assert card.items


def test_the_still_shows_questions_answers_and_marks(card):
    card.answers = {"units": 8, "loss": LOSSES[1]}
    card.check()
    html = card.still()
    for part in ("How many units?", "Which loss?", ">8<", LOSSES[1], "✓", "○", "The checklist"):
        assert part in html


def test_the_views_interface_is_the_classs_traits(card):
    assert contract.mismatches(Checklist, "ChecklistTraits", VIEW) == []
    assert set(card.items[0]) == set(contract.interface(VIEW, "Item"))
