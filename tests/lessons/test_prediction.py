"""Prediction, headless: the guess is kept, the judge says what it is told, and the run stays hidden until then."""

import ipywidgets
import pytest

from firstepoch.lessons.prediction import Prediction


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


def parts(prediction):
    """Field, button and answer of the card."""
    return prediction.children[0].children[1:]


def test_the_run_is_hidden_until_there_is_a_guess(choice, run):
    assert (choice.guess, choice.right, choice.said) == (None, None, "")
    assert run not in choice.children
    choice.answer("no")
    assert choice.children[1:] == (run,)
    assert (choice.guess, choice.right, choice.said) == ("no", False, "`no`, said <b>you</b>.")


@pytest.mark.parametrize(
    "guess, right, verdict", [("yes", True, "✓ You were right."), ("no", False, "○ Not this time.")]
)
def test_the_page_says_the_same_as_an_alert(choice, guess, right, verdict):
    field, button, told = parts(choice)
    field.value = guess
    button.click()
    assert choice.right is right
    assert told.value.startswith(f'<p role="alert"><b>{verdict}</b> <code>{guess}</code>, said &lt;b&gt;you&lt;/b&gt;.')
    assert (field.disabled, button.description) == (True, "Ask me again")


def test_text_is_text_and_code_is_code(choice):
    assert "<code>7</code> &lt; 8?" in choice.children[0].children[0].value


def test_asking_again_forgets_the_guess_and_hides_the_run(choice, number, run):
    for prediction, guess, empty in ((choice, "yes", None), (number, 8, "")):
        prediction.answer(guess)
        field, button, told = parts(prediction)
        button.click()
        assert (prediction.guess, prediction.right, prediction.said) == (None, None, "")
        assert (field.disabled, field.value, told.value, prediction.children[1:]) == (False, empty, "", ())


def test_a_press_without_a_guess_says_what_is_missing(choice, number):
    for prediction, missing in ((choice, "Choose one of the answers first."), (number, "Type a number first")):
        field, button, told = parts(prediction)
        button.click()
        assert missing in told.value and 'role="alert"' in told.value
        assert prediction.guess is None and not field.disabled
    field.value = "eight"
    button.click()
    assert number.guess is None
    field.value = " 8 "
    button.click()
    assert number.right


@pytest.mark.parametrize("text, guess", [("8", 8.0), ("−0.5", -0.5), ("-1e2", -100.0), (7, 7.0)])
def test_numbers_however_they_are_written(number, text, guess):
    number.answer(text)
    assert number.guess == guess
    assert parts(number)[0].value == f"{guess:g}".replace("-", "−")


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
