"""Password and key: what lets in, and what only looks like it."""

import pytest

from firstepoch.lessons.classroom.door import TRIES, TRY, Door, TooManyTries
from firstepoch.lessons.entrance import own


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_without_a_password_everyone_is_let_in_and_nobody_is_the_lecturer():
    door = Door()
    assert door.lets_in(None, None) and not door.closed
    for cookie in (None, "", "x"):
        assert not door.is_lecturer(cookie)
    assert door.give_key("") is None and door.give_password("", "a") is None


@pytest.mark.parametrize("word", ["Träne 7", " Träne 7 ", "Tra\u0308ne 7"])
def test_who_knows_the_password_gets_a_cookie_that_lets_in(word):
    door = Door("Träne 7 ")
    assert not door.lets_in(None, None) and not door.lets_in("", "")
    cookie = door.give_password(word, "a")
    assert cookie and door.lets_in(cookie, None) and not door.lets_in(None, cookie) and not door.is_lecturer(cookie)
    assert "7" not in word or word.strip() not in cookie


def test_the_cookie_is_good_at_another_replica_until_the_password_changes():
    cookie = Door("blue gecko").give_password("blue gecko", "a")
    assert Door("blue gecko").lets_in(cookie, None)
    assert not Door("red gecko").lets_in(cookie, None)


@pytest.mark.parametrize("word", ["", "blue", "BLUE GECKO", "blue gecko!", "ü", "\x00"])
def test_a_wrong_word_lets_nobody_in(word):
    assert Door("blue gecko").give_password(word, "a") is None


def test_the_key_opens_for_the_lecturer_alone_and_not_for_the_next_server():
    door = Door("blue gecko", "the key")
    assert door.give_key("blue gecko") is None and door.give_password("the key", "a") is None
    cookie = door.give_key("the key")
    assert door.is_lecturer(cookie) and door.lets_in(None, cookie) and cookie != "the key"
    assert not door.lets_in(cookie, None)
    assert not Door("blue gecko", "the key").is_lecturer(cookie)


def test_many_wrong_tries_are_slowed_down_for_their_address_alone():
    clock = Clock()
    door = Door("blue gecko", clock=clock)
    for _ in range(TRIES):
        assert door.give_password("x", "a") is None
    for word in ("x", "blue gecko"):
        with pytest.raises(TooManyTries) as refused:
            door.give_password(word, "a")
        assert refused.value.seconds == pytest.approx(TRY)
    assert door.give_password("blue gecko", "b"), "others are not"
    clock.now += TRY
    assert door.give_password("x", "a") is None
    with pytest.raises(TooManyTries):
        door.give_password("x", "a")
    clock.now += TRY
    assert door.give_password("blue gecko", "a") and door.give_password("blue gecko", "a")


def test_an_attack_from_everywhere_fills_no_memory(monkeypatch):
    monkeypatch.setattr("firstepoch.lessons.classroom.door.REMEMBERED", 10)
    door = Door("blue gecko")
    for address in range(100):
        door.give_password("x", str(address))
    assert len(door._tries) == 10 and "99" in door._tries


@pytest.mark.parametrize("path", ["/", "/voila/render/sgd.ipynb?batch_size=8&x=a%20b", "/a//b"])
def test_it_leads_back_to_own_pages(path):
    assert own(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "x",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " /x",
        "/x\r\nSet-Cookie: a=b",
        "/ü",
    ],
)
def test_it_leads_nowhere_else(path):
    assert not own(path)
