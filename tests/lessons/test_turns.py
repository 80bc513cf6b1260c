"""Turns to train: who asks first is first, short turns are not held up by long ones, and nobody is waited for long."""

import pytest

from firstepoch.lessons.classroom.turns import LONGEST, SHORT, Turns


class Kernel:
    """One who asks, and remembers how many turns it was given."""

    def __init__(self):
        self.given = 0

    def tell(self, message):
        assert message == {"turn": True}
        self.given += 1


class Class:
    """Turns with a clock that is set by hand."""

    def __init__(self, most, kernels):
        self.now = 0.0
        self.turns = Turns(most, lambda: self.now)
        self.kernels = [Kernel() for _ in range(kernels)]

    @property
    def given(self):
        return [kernel.given for kernel in self.kernels]


def test_so_many_have_a_turn_at_once_and_the_others_in_the_order_they_asked():
    room = Class(2, 5)
    for kernel in room.kernels:
        room.turns.ask(kernel)
        room.turns.ask(kernel)
    assert room.given == [1, 1, 0, 0, 0]
    room.now += 2 * SHORT
    room.turns.back(room.kernels[1])
    assert room.given == [1, 1, 1, 0, 0]
    room.turns.back(room.kernels[0])
    assert room.given == [1, 1, 1, 1, 0]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_all_get_the_same_number_of_turns(most):
    room = Class(most, 7)
    for kernel in room.kernels:
        room.turns.ask(kernel)
    for _ in range(210):
        room.now += 2 * SHORT
        longest = next(iter(room.turns._having))
        room.turns.back(longest)
        room.turns.ask(longest)
    assert max(room.given) - min(room.given) <= 1


def test_a_short_turn_waits_for_one_long_one_at_most():
    room = Class(1, 6)
    short, *long = room.kernels
    room.turns.ask(short)
    room.turns.back(short)
    for kernel in long:
        room.turns.ask(kernel)
    for number in range(1, 5):
        room.turns.ask(short)
        assert short.given == number
        room.now += 2 * SHORT
        room.turns.back(next(kernel for kernel in long if kernel in room.turns._having))
        assert short.given == number + 1
        room.turns.back(short)
    assert [kernel.given for kernel in long] == [1] * 5


def test_a_turn_that_takes_too_long_keeps_nobody_waiting():
    room = Class(1, 3)
    for kernel in room.kernels:
        room.turns.ask(kernel)
    room.now += 0.9 * LONGEST
    room.turns.deal()
    assert room.given == [1, 0, 0]
    room.now += 0.2 * LONGEST
    room.turns.deal()
    assert room.given == [1, 1, 0]


def test_one_that_is_gone_is_given_none():
    room = Class(1, 3)
    for kernel in room.kernels:
        room.turns.ask(kernel)
    room.turns.leave(room.kernels[1])
    room.turns.leave(room.kernels[0])
    assert room.given == [1, 0, 1]


def test_half_as_many_have_a_turn_while_something_is_more_urgent():
    room = Class(4, 8)
    urgent = [True]
    room.turns.scarce = lambda: bool(urgent)
    for kernel in room.kernels:
        room.turns.ask(kernel)
    assert sum(room.given) == 2
    urgent.clear()
    room.turns.deal()
    assert sum(room.given) == 4
    urgent.append(True)
    for kernel in room.kernels[:2]:
        room.turns.back(kernel)
    assert sum(room.given) == 4, "the two that still have a turn are as many as may"


def test_one_has_a_turn_however_urgent_something_else_is():
    room = Class(1, 2)
    room.turns.scarce = lambda: True
    room.turns.ask(room.kernels[0])
    assert room.given == [1, 0]
