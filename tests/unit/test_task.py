"""Task from Python, with no browser: what counts as done, what is said, and who may change the source."""

import threading

import numpy as np
import pytest
import traitlets as t

from firstepoch.widgets import Recording, Task


class Source(t.HasTraits):
    number = t.Int(0)
    other = t.Int(0)


def at_least_3(source):
    if source.number >= 3:
        return True
    return f"{source.number} is too small." if source.number else False


def test_nothing_is_said_before_anything_is_done():
    task = Task(at_least_3, Source(), prompt="Count to 3.", hint="One, two, ...")
    assert (task.done, task.said, task.watching) == (False, "", True)
    assert (task.title, task.prompt, task.hint) == ("Task", "Count to 3.", "One, two, ...")


def test_even_what_is_missing_at_the_start_is_not_said():
    task = Task(at_least_3, Source(number=1))
    assert (task.done, task.said) == (False, "")
    assert task.check() is False
    assert task.said == "1 is too small."


def test_every_change_of_the_source_is_checked():
    source = Source()
    task = Task(at_least_3, source)
    source.number = 2
    assert (task.done, task.said) == (False, "2 is too small.")
    source.number = 0
    assert (task.done, task.said) == (False, "")
    source.number = 3
    assert (task.done, task.said) == (True, "Done.")


def test_what_is_right_from_the_start_is_done():
    assert Task(at_least_3, Source(number=5)).done


def test_done_stays_done_until_reset():
    source = Source(number=3)
    task = Task(at_least_3, source)
    source.number = 1
    assert task.check() is True
    assert task.said == "Done."
    task.reset()
    assert (task.done, task.said) == (False, "")
    source.other = 1
    assert (task.done, task.said) == (False, "1 is too small.")
    source.number = 4
    assert task.done


def test_reset_waits_for_the_next_check_even_where_the_source_is_right():
    task = Task(at_least_3, Source(number=3))
    task.reset()
    assert not task.done
    assert task.check()


def test_who_hears_that_it_is_done_can_read_what_was_said():
    source, heard = Source(), []
    task = Task(at_least_3, source)
    task.observe(lambda change: heard.append((change["new"], task.said)), "done")
    source.number = 3
    source.number = 4
    assert heard == [(True, "Done.")]


@pytest.mark.parametrize("source", [Recording({}), [1, 2], None])
def test_a_source_without_traits_is_checked_on_demand(source):
    answers = iter(["Not this time.", "Nor now.", True])
    task = Task(lambda it: next(answers) if it is source else "Another source.", source)
    assert not task.watching
    assert task.check() is False
    assert task.said == "Nor now."
    assert task.check() is True


@pytest.mark.parametrize("verdict, done", [(np.True_, True), (np.False_, False), (np.str_("One more."), False)])
def test_a_verdict_of_numpy_counts(verdict, done):
    task = Task(lambda _: verdict, None)
    assert task.check() is done
    assert task.said == ("Done." if done else str(verdict) if isinstance(verdict, str) else "")


@pytest.mark.parametrize("verdict", [None, 1, [], np.array([True, False])])
def test_a_verdict_of_another_kind_is_told_in_a_sentence(verdict):
    task = Task(lambda _: verdict, None)
    assert task.check() is False
    assert task.said.startswith(f"This cannot be checked: the check returned {type(verdict).__name__}")


def test_an_error_in_the_check_is_a_sentence():
    source = Source(number=1)
    task = Task(lambda it: 3 / it.number < 1, source)
    source.number = 0
    assert task.said == "This cannot be checked: ZeroDivisionError, division by zero."
    source.number = 9
    assert task.done


def test_an_error_of_several_lines_is_one():
    def check(_):
        raise ValueError("This.\n  And that.\n")

    task = Task(check, None)
    task.check()
    assert task.said == "This cannot be checked: ValueError, This. And that."


def test_wrong_arguments_are_told():
    with pytest.raises(TypeError, match=r"check is str, which cannot be called\. Give a function"):
        Task("number == 3", Source())
    with pytest.raises(TypeError, match=r"Task has no argument 'promt'\. It has: answer_given, done, hide, hint"):
        Task(at_least_3, Source(), promt="Count.")
    with pytest.raises(t.TraitError, match="done"):
        Task(at_least_3, Source(), done=True)
    with pytest.raises(t.TraitError, match="done"):
        Task(at_least_3, Source()).done = True


def test_the_buttons_do_what_the_methods_do():
    answers = iter([False, True, True])
    task = Task(lambda _: next(answers), None)
    task._handle_custom_msg({"kind": "check"}, [])
    assert task.done
    task._handle_custom_msg({"kind": "reset"}, [])
    assert not task.done
    task._handle_custom_msg({"kind": "close"}, [])
    task._handle_custom_msg({"kind": "check"}, [])
    assert task.done


def test_a_closed_task_leaves_the_source_alone():
    source, looks = Source(), []
    task = Task(lambda it: looks.append(it.number) or False, source)
    task.close()
    source.number = 7
    assert looks == [0]


def test_a_change_from_another_thread_is_checked():
    source = Source()
    task = Task(at_least_3, source)
    thread = threading.Thread(target=source.set_trait, args=("number", 3))
    thread.start()
    thread.join(5)
    assert task.done


def test_a_change_during_a_check_is_not_lost_and_waits_for_nobody():
    source, looking, go_on = Source(), threading.Event(), threading.Event()

    def check(it):
        number = it.number
        if number == 1:
            looking.set()
            assert go_on.wait(10)
        return number >= 3 or f"{number} is too small."

    task = Task(check, source)
    thread = threading.Thread(target=source.set_trait, args=("number", 1))
    thread.start()
    assert looking.wait(5)
    source.number = 3
    assert not task.done
    go_on.set()
    thread.join(5)
    assert (task.done, task.said) == (True, "Done.")


def test_many_threads_end_with_what_is_true():
    source = Source()
    task = Task(lambda it: f"{it.number}, {it.other}", source)

    def count(name):
        for number in range(200):
            source.set_trait(name, number)

    threads = [threading.Thread(target=count, args=(name,)) for name in ("number", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert task.said == "199, 199"


def test_a_check_that_changes_its_source_comes_to_an_end():
    def check(source):
        source.other += 1
        return source.number >= 3

    source = Source()
    task = Task(check, source)
    source.number = 3
    assert task.done
    assert source.other == 2


def test_what_happens_on_done_may_check_and_reset():
    source = Source()
    task = Task(at_least_3, source)
    task.observe(lambda change: change["new"] and (task.check(), task.reset()), "done")
    source.number = 3
    assert not task.done


def test_the_still_asks_too():
    task = Task(at_least_3, Source(), title="A & B", prompt="Count to 3.", hint="One, two, ...")
    still = task.still()
    assert still.startswith(f'<div class="{task._still}"')
    assert "A &amp; B" in still and "Count to 3." in still and "A hint: One, two, ..." in still
    assert "hint" not in Task(at_least_3, Source(), prompt="Count to 3.").still()
