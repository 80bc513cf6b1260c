"""Prediction, headless: the guess is kept, the judge says what it is told, and the run stays hidden until then."""

import ipywidgets
import pytest

from firstepoch.lessons.prediction import Prediction
from firstepoch.widgets import progress


@pytest.fixture
def run():
    return ipywidgets.Label("the run")


@pytest.fixture
def choice(run):
    return Prediction(
        "Is `7` < 8?", ["yes", "no"], judge=lambda it: (it == "yes", f"`{it}`, said <b>you</b>."), reveal=[run]
    )


@pytest.fixture
def number(run):
    return Prediction("How many?", judge=lambda it: (it == 8, f"You said {it:g}."), reveal=[run])


def test_the_run_is_hidden_until_there_is_a_guess(choice, run):
    assert (choice.guess, choice.right, choice.said) == (None, None, "")
    assert run not in choice.children
    choice.answer("no")
    assert choice.children[1:] == (run,)
    assert (choice.guess, choice.right, choice.said) == ("no", False, "`no`, said <b>you</b>.")


def press(prediction, **content):
    """What the page sends."""
    prediction.question._handle_custom_msg(content, [])


def test_a_guess_on_the_page_is_a_guess(choice, run):
    press(choice, kind="submit", answer="no")
    assert (choice.guess, choice.right, choice.said) == ("no", False, "`no`, said <b>you</b>.")
    assert choice.question.said == "`no`, said <b>you</b>. Now see it below."
    assert choice.children == (choice.question, run)


def test_asking_again_forgets_the_guess_and_hides_the_run(choice, number):
    for prediction, guess in ((choice, "yes"), (number, 8)):
        prediction.answer(guess)
        press(prediction, kind="reset")
        assert (prediction.guess, prediction.right, prediction.said) == (None, None, "")
        assert prediction.children == (prediction.question,)


def test_a_page_that_remembers_the_guess_shows_the_run_again(choice, run):
    press(choice, kind="restore", state="shown", answer="no", tries=1)
    assert (choice.guess, choice.right, choice.children[1:]) == ("no", False, (run,))


def test_another_guess_from_python_takes_the_place_of_the_first(choice, run):
    choice.answer("no")
    choice.answer("yes")
    assert (choice.right, choice.question.tries, choice.children[1:]) == (True, 1, (run,))
    with pytest.raises(ValueError):
        choice.answer("maybe")
    assert choice.guess == "yes"


def test_it_has_a_name_and_counts_as_one(run):
    asked = Prediction("How many?", judge=lambda it: (it == 8, ""), reveal=[run], name="tests/one_guess")
    asked.answer(7)
    found = progress().set_index("name").loc["tests/one_guess"]
    assert tuple(found) == ("number", "shown", 7.0, 1)


@pytest.mark.parametrize("text, guess", [("8", 8.0), ("−0.5", -0.5), ("-1e2", -100.0), (7, 7.0)])
def test_numbers_however_they_are_written(number, text, guess):
    number.answer(text)
    assert number.guess == guess


@pytest.mark.parametrize("bad", ["", "eight", "nan", "inf", "1,5"])
def test_what_is_no_number_is_refused(number, bad):
    with pytest.raises(ValueError):
        number.answer(bad)
    assert number.guess is None


def test_what_is_no_option_is_refused(choice):
    with pytest.raises(ValueError, match="'maybe' is none of the answers: 'yes', 'no'"):
        choice.answer("maybe")


def test_others_can_watch_the_guess(choice):
    seen = []
    choice.observe(lambda change: seen.append((change.name, change.new)), ["guess", "right"])
    choice.answer("yes")
    assert seen == [("guess", "yes"), ("right", True)]


def test_where_nothing_runs_the_question_is_left(choice):
    assert choice._repr_mimebundle_()["text/plain"] == "Predict. Is `7` < 8?"
