"""Question, headless: what counts as right, what a wrong answer is told, what is remembered, and what is refused."""

import math
import random
import re

import contract
import pytest

from firstepoch.widgets import Question, Task, progress, reset_progress
from firstepoch.widgets.progress import Remembered

PAGE = contract.Path(__file__).parents[2] / "widgets"
YES_NO = {"options": ["yes", "no"], "answer": "yes", "feedback": {"no": "What divides it?"}}


def prime(**settings):
    return Question("Is 7 prime?", **(YES_NO | {"explanation": "Nothing does.", "name": "tests/prime"} | settings))


def send(question, **content):
    question._handle_custom_msg(content, [])


def state(question):
    return question.state, question.answer_given, question.right, question.tries, question.said


def test_the_views_interfaces_are_the_classes_traits():
    assert contract.mismatches(Question, "QuestionTraits", PAGE / "question" / "traits.ts") == []
    assert contract.mismatches(Remembered, "RememberedTraits", PAGE / "progress.ts") == []


def test_it_is_asked_until_the_answer_is_right():
    ask = prime()
    assert state(ask) == ("open", None, None, 0, "")
    assert ask.submit("no") is False
    assert state(ask) == ("tried", "no", False, 1, "What divides it?")
    assert (ask.can_show, ask.solution, ask.finished) == (False, "", False)
    assert ask.submit("yes") is True
    assert state(ask) == ("right", "yes", True, 2, "Nothing does.")
    assert (ask.can_show, ask.solution, ask.finished) == (False, "yes", True)
    with pytest.raises(ValueError, match=r"takes no more answers\. Try reset\(\)"):
        ask.submit("no")
    ask.reset()
    assert (*state(ask), ask.solution) == ("open", None, None, 0, "", "")


def test_after_two_wrong_ones_the_page_may_show_the_answer():
    ask = prime()
    for offered in (False, True):
        send(ask, kind="show")
        assert ask.state != "shown"
        send(ask, kind="submit", answer="no")
        assert ask.can_show is offered
    send(ask, kind="show")
    assert state(ask) == ("shown", "no", False, 2, "Nothing does.")
    assert (ask.solution, ask.can_show) == ("yes", False)
    send(ask, kind="submit", answer="yes")
    assert ask.tries == 2
    send(ask, kind="reset")
    assert ask.state == "open"


def test_one_guess_and_the_verdict_stands():
    ask = prime(once=True)
    ask.submit("no")
    assert state(ask) == ("shown", "no", False, 1, "What divides it? Nothing does.")
    assert ask.solution == "yes"
    ask.reset()
    ask.submit("yes")
    assert ask.state == "right"


def test_a_judge_says_what_is_right_and_why():
    ask = Question("How many?", judge=lambda it: (it > 3, f"{it:g} it is."))
    assert ask.kind == "number"
    assert [ask.submit(" −2 "), ask.said, ask.submit(3), ask.can_show] == [
        False,
        "-2 it is.",
        False,
        False,
    ]
    with pytest.raises(ValueError, match="Only the judge knows"):
        ask.show()
    assert ask.submit("4")
    assert ask.solution == ""
    choice = Question("Which?", ["a", "b"], judge=lambda it: (it == "b", ""))
    assert (choice.kind, choice.submit("b"), choice.said) == ("choice", True, "")


@pytest.mark.parametrize("seed", range(5))
def test_numbers_within_the_tolerance_are_right_and_no_others(seed):
    dice = random.Random(seed)
    for _ in range(40):
        answer, tolerance = dice.uniform(-1000, 1000), dice.choice([0.0, 10 ** dice.uniform(-4, 2)])
        share = dice.choice([0, 0.5, 0.999, 1.001, 1.5, 10])
        given = answer + dice.choice([-1, 1]) * share * tolerance
        ask = Question("How many?", answer=answer, tolerance=tolerance, feedback={"else": "Off."}, name="tests/off")
        right = share <= 1 or tolerance == 0
        assert ask.submit(given) is right, (answer, tolerance, share)
        assert ask.said == ("" if right else "Off.")


def test_without_a_tolerance_only_rounding_is_forgiven():
    assert Question("0.1 + 0.2?", answer=0.3, name="tests/n").submit(0.1 + 0.2)
    for near in (0.3001, 0.2999, 0):
        assert not Question("0.1 + 0.2?", answer=0.3, name="tests/n").submit(near)
    assert Question("1 − 1?", answer=0, name="tests/n").submit("0.0")


def test_a_wrong_number_is_told_what_belongs_to_the_nearest_one():
    ask = Question("How many?", answer=8, tolerance=0.4, feedback={7: "Seven.", 7.5: "Near.", "else": "Far."})
    for given, said in ((7.3, "Near."), (7.2, "Seven."), (7, "Seven."), (9, "Far.")):
        assert not ask.submit(given)
        assert ask.said == said


@pytest.mark.parametrize("text, number", [("8", 8.0), ("−0.5", -0.5), ("-1e2", -100.0), (7, 7.0), (" 2.50 ", 2.5)])
def test_numbers_however_they_are_written(text, number):
    assert Question("How many?", answer=number, name="tests/n").take(text) == number


@pytest.mark.parametrize("bad", ["", "eight", "nan", "inf", "1,5", None, True, [3], math.inf])
def test_what_is_no_number_is_refused_and_is_no_try(bad):
    ask = Question("How many?", answer=8, name="tests/n")
    with pytest.raises(ValueError, match=r"is no number\. Give a number, such as 2\.5\."):
        ask.submit(bad)
    send(ask, kind="submit", answer=bad)
    assert state(ask) == ("open", None, None, 0, "")
    assert "is no number" in ask.problem
    send(ask, kind="submit", answer="8")
    assert (ask.right, ask.problem) == (True, "")


@pytest.mark.parametrize("seed", range(5))
def test_case_and_spaces_of_words_do_not_count(seed):
    dice = random.Random(seed)
    words = ["learning", "RATE", "Größe", "ταχύς", "α", "2"]
    for _ in range(40):
        answer = " ".join(dice.choices(words, k=dice.randint(1, 4)))
        spaced = "".join(dice.choice([" ", "  ", "\t", " \n "]) if one == " " else one for one in answer)
        given = "".join(dice.choice([one, one.lower(), one.upper()]) for one in f" {spaced} ")
        ask = Question("Which words?", answer=["another", answer], feedback={"else": "Others."}, name="tests/w")
        assert ask.submit(given), (answer, given)
        ask.reset()
        assert not ask.submit(f"{given} x")
        assert ask.said == "Others."


def test_a_wrong_word_has_its_own_sentence_however_it_is_written():
    ask = Question("One pass?", answer="epoch", feedback={"Batch": "A part of it.", "else": "No."})
    for given, said in (("  bATCH", "A part of it."), ("pass", "No."), ("Epoch", "")):
        ask.submit(given)
        assert ask.said == said
    for bad in ("", "  ", 3, None):
        with pytest.raises(ValueError, match=r"is no answer\. Give a word or a few"):
            ask.submit(bad)


@pytest.mark.parametrize("count", [2, 3, 6])
def test_every_wrong_option_needs_a_sentence(count):
    options = [f"option {number}" for number in range(count)]
    for right in options:
        told = {one: f"Not {one}." for one in options if one != right}
        ask = Question("Which?", options, answer=right, feedback=told, name="tests/c")
        for one, said in told.items():
            assert not ask.submit(one)
            assert ask.said == said
        for missing in told:
            with pytest.raises(ValueError, match=f"The wrong option '{missing}' has no feedback"):
                Question("Which?", options, answer=right, feedback={**told, missing: ""})
            with pytest.raises(ValueError, match=f"The wrong option '{missing}' has no feedback"):
                Question("Which?", options, answer=right, feedback={k: v for k, v in told.items() if k != missing})


@pytest.mark.parametrize(
    "settings, error, says",
    [
        ({}, ValueError, "A question needs an answer, or a judge"),
        ({"answer": 3, "judge": lambda it: (True, "")}, ValueError, "leave out answer, feedback and tolerance"),
        ({"judge": "it > 3"}, TypeError, "judge is str, which cannot be called"),
        ({"answer": object()}, TypeError, "The answer is object. Give a number, a text, or options"),
        ({"answer": ""}, ValueError, "The answer is an empty text"),
        ({"answer": []}, ValueError, "The answer is an empty text"),
        ({"answer": 3, "tolerance": -1}, ValueError, "tolerance is -1. Give 0 or more"),
        ({"answer": "a", "tolerance": 1}, ValueError, "tolerance is for numbers"),
        ({"answer": 3, "feedback": {3: "No."}}, ValueError, "Feedback is given for 3, which counts as right"),
        ({"answer": "a", "feedback": {"A": "No."}}, ValueError, "Feedback is given for 'a', which counts as right"),
        ({"options": ["a"], "answer": "a"}, ValueError, "options must be two texts or more"),
        ({"options": "ab", "answer": "a"}, ValueError, "options must be two texts or more"),
        ({"options": ["a", "a"], "answer": "a"}, ValueError, "Two options are the same"),
        ({"options": ["a", "b"], "answer": "c"}, ValueError, "The answer 'c' is none of the options: 'a', 'b'"),
        (YES_NO | {"feedback": {"no": "No.", "maybe": "?"}}, ValueError, "'maybe', which is no wrong option"),
    ],
)
def test_what_does_not_fit_together_is_told(settings, error, says):
    with pytest.raises(error, match=re.escape(says)):
        Question("Which?", **settings)


def test_what_is_no_option_is_refused():
    ask = prime()
    for bad in ("maybe", 1, None, ["yes"]):
        with pytest.raises(ValueError, match="is none of the answers: 'yes', 'no'"):
            ask.submit(bad)
    send(ask, kind="submit", answer="x" * 10_000)
    assert len(ask.problem) < 150


def test_an_error_in_the_judge_is_a_sentence_on_the_page():
    ask = Question("How many?", judge=lambda it: 1 / it)
    send(ask, kind="submit", answer="0")
    assert ask.problem == "This cannot be checked: ZeroDivisionError, float division by zero."
    with pytest.raises(ZeroDivisionError):
        ask.submit(0)
    assert ask.state == "open"


def test_who_hears_of_the_state_can_read_the_rest():
    ask, heard = prime(), []
    ask.observe(lambda change: heard.append(state(ask)), "state")
    ask.submit("yes")
    ask.reset()
    assert heard == [("right", "yes", True, 1, "Nothing does."), ("open", None, None, 0, "")]


@pytest.mark.parametrize(
    "kept, found",
    [
        (("tried", "no", 3), ("tried", "no", False, 3, "What divides it?")),
        (("right", "yes", 2), ("right", "yes", True, 2, "Nothing does.")),
        (("shown", "no", 2), ("shown", "no", False, 2, "Nothing does.")),
        (("right", "no", 1), ("tried", "no", False, 1, "What divides it?")),
        (("right", "maybe", 1), ("open", None, None, 0, "")),
        (("right", 7, 1), ("open", None, None, 0, "")),
        (("won", "yes", 1), ("open", None, None, 0, "")),
        (("right", "yes", -1), ("open", None, None, 0, "")),
        (("right", "yes", "many"), ("open", None, None, 0, "")),
        (("right", None, 1), ("open", None, None, 0, "")),
        ((None, None, None), ("open", None, None, 0, "")),
    ],
)
def test_what_the_browser_kept_is_judged_anew(kept, found):
    ask = prime()
    send(ask, kind="restore", **dict(zip(("state", "answer", "tries"), kept, strict=True)))
    assert state(ask) == found
    assert ask.can_show is (found[0] == "tried" and found[3] >= 2)


def test_what_was_answered_meanwhile_is_not_overwritten():
    ask = prime()
    ask.submit("no")
    send(ask, kind="restore", state="right", answer="yes", tries=5)
    assert state(ask) == ("tried", "no", False, 1, "What divides it?")


def test_progress_lists_what_is_alive_and_reset_begins_it_anew():
    ask, again = prime(name="tests/p-one"), Question("How many?", answer=8, name="tests/p-two")
    words, task = Question("Which?", answer="a"), Task(lambda it: it == 3, 3, prompt="Be 3.", name="tests/p-task")
    ask.submit("no")
    again.submit(8)

    def rows():
        table = progress()
        assert list(table.columns) == ["name", "kind", "state", "answer", "tries"]
        return {row[0]: tuple(row[1:]) for row in table.itertuples(index=False)}

    assert re.fullmatch(r"/[0-9a-f]{12}", words.name)
    found = rows()
    assert found["tests/p-one"] == ("choice", "tried", "no", 1)
    assert found["tests/p-two"] == ("number", "right", 8.0, 1)
    assert found["tests/p-task"] == ("task", "done", None, 0)
    assert found[words.name] == ("text", "open", None, 0)
    newer = prime(name="tests/p-one")
    assert rows()["tests/p-one"] == ("choice", "open", None, 0)
    ask.close()
    assert "tests/p-one" in rows()
    newer.close()
    assert "tests/p-one" not in rows()
    reset_progress()
    assert {row[1] for row in rows().values()} == {"open"}
    assert (again.right, task.done) == (None, False)


def test_progress_says_none_beside_numbers():
    ask, idle = Question("How many?", answer=8, name="tests/n-one"), Question("And?", answer=9, name="tests/n-two")
    ask.submit(8)
    answers = progress().set_index("name")["answer"]
    assert (answers["tests/n-one"], answers["tests/n-two"]) == (8.0, None)
    idle.close()


def test_names_without_a_lesson_belong_to_the_page():
    assert prime(name="one").name == "/one"
    assert prime(name="").name == prime(name="").name != Question("Is 8 prime?", answer=0).name


def test_a_task_is_remembered_too():
    task = Task(lambda it: it.tries > 0 or "Try.", prime(), prompt="Try once.")
    send(task, kind="restore", state="tried", answer=None, tries=0)
    assert task.state == "open"
    send(task, kind="restore", state="done", answer=None, tries=0)
    assert (task.done, task.said, task.state) == (True, "You did this on an earlier visit.", "done")
    task.reset()
    assert (task.done, task.state) == (False, "open")
    task.check()
    assert (task.said, task.state) == ("Try.", "tried")


def test_where_nothing_runs_the_question_is_left():
    ask = prime(hint="Try 2, 3 and 5.", title="Q & A", picture="<svg></svg>")
    still = ask.still()
    assert still.startswith(f'<div class="{ask._still}"')
    for part in ("Q &amp; A", "Is 7 prime?", "○ yes", "○ no", "A hint: Try 2, 3 and 5.", "<svg></svg>"):
        assert part in still
    assert "Nothing does" not in still and "What divides" not in still
    assert ask._repr_mimebundle_()[0]["text/plain"] == "Q & A. Is 7 prime?"
