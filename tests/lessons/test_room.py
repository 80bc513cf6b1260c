"""Who gets a seat, and when: the first to wait is the first to enter, and nobody holds up the line by leaving it."""

import itertools
import random

from firstepoch.lessons.classroom.absent import Absent
from firstepoch.lessons.classroom.room import GONE, Room


class Hall:
    """A room with a clock that is set by hand, and kernels that are only names."""

    def __init__(self, seats):
        self.kernels, self.now, self.names = [], 0.0, map(str, itertools.count())
        self.room = Room(seats, lambda: self.kernels, clock=lambda: self.now)

    def come(self, ticket=None):
        """One comes: sits down (None), or gets a ticket to wait with."""
        if not self.room.enter(ticket):
            return self.room.wait(ticket)
        self.kernels.append(next(self.names))
        self.room.entered(self.kernels[-1])
        return None

    def leave(self, count=1):
        """So many of those who sit leave."""
        del self.kernels[:count]


def test_without_a_number_of_seats_all_come_in():
    hall = Hall(None)
    assert [hall.come() for _ in range(1000)] == [None] * 1000
    assert hall.room.waiting == 0


def test_those_who_find_no_seat_enter_in_the_order_they_came():
    hall = Hall(2)
    assert [hall.come(), hall.come()] == [None, None]
    tickets = [hall.come() for _ in range(3)]
    assert None not in tickets and len(set(tickets)) == 3
    assert [hall.room.ahead(ticket) for ticket in tickets] == [1, 2, 3]
    hall.leave()
    assert [hall.room.ahead(ticket) for ticket in tickets] == [0, 1, 2]
    newcomer = hall.come()
    assert newcomer and hall.room.ahead(newcomer) == 3
    assert hall.come(tickets[1]) == tickets[1], "the second may not go before the first"
    assert hall.come(tickets[0]) is None
    assert [hall.room.ahead(ticket) for ticket in (*tickets[1:], newcomer)] == [1, 2, 3]


def test_a_kernel_that_is_starting_has_its_seat():
    hall = Hall(1)
    assert hall.room.enter(None) and not hall.room.enter(None)
    hall.room.entered(None)
    assert hall.room.enter(None), "its kernel could not be started: the seat is free again"


def test_a_kernel_that_has_just_started_has_one_seat_and_not_two():
    hall = Hall(2)
    assert hall.room.enter(None)
    hall.kernels.append("started")  # and the room has not been told yet
    assert hall.room.enter(None)
    hall.room.entered("started")
    assert not hall.room.enter(None)


def test_who_asks_no_more_is_forgotten():
    hall = Hall(1)
    hall.come()
    first, second = hall.come(), hall.come()
    for _ in range(3):
        hall.now += GONE / 2
        assert hall.room.wait(second) == second
    assert hall.room.waiting == 1 and hall.room.ahead(second) == 1
    hall.leave()
    assert hall.come(second) is None
    assert hall.room.wait(first) != first


def test_a_ticket_nobody_gave_out_is_none():
    hall = Hall(1)
    hall.come()
    waiting = hall.come()
    forged = hall.room.wait("forged")
    assert forged != "forged" and hall.room.ahead(forged) == 2
    hall.leave()
    assert hall.come("forged") not in (None, "forged")
    assert hall.come(waiting) is None


def test_two_hundred_arrivals_against_thirty_seats():
    """Never more than thirty, and all of them in the end, in the order they came."""
    rng = random.Random(5)
    hall = Hall(30)
    line = [ticket for ticket in (hall.come() for _ in range(200)) if ticket]
    assert len(line) == 170
    entered, polls = [], itertools.count()
    while line:
        hall.now += 1
        hall.leave(rng.randint(0, 3))
        for ticket in rng.sample(line, len(line)):
            if hall.room.ahead(ticket) == 0 and hall.come(ticket) is None:
                entered.append(ticket)
            else:
                hall.room.wait(ticket)
        assert len(hall.kernels) <= 30 and next(polls) < 1000
        line = [ticket for ticket in line if ticket not in entered]
    assert len(entered) == 170


def test_a_page_that_is_away_for_too_long_has_left():
    now = 0.0
    absent = Absent(clock=lambda: now)
    absent.sent("anna")
    absent.sent("ben")
    assert absent.left({"anna": 1, "ben": 0, "still arriving": 0}, patience=60) == []
    now = 50
    assert absent.left({"anna": 1, "ben": 0, "still arriving": 0}, patience=60) == []
    now = 61
    assert absent.left({"anna": 0, "ben": 0, "still arriving": 0}, patience=60) == ["ben"]
    assert absent.left({"anna": 0, "ben": 1, "still arriving": 0}, patience=60) == []
    now = 115
    assert absent.left({"anna": 0, "ben": 0}, patience=60) == ["anna"]
    assert absent.left({"ben": 0}, patience=60) == [], "one that has ended is forgotten"
