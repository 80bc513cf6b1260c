"""Who is let in: those who know the room's password, and the lecturer, who has a key. No page in here."""

from __future__ import annotations

import hashlib
import secrets
import time
import unicodedata
from collections.abc import Callable
from typing import Final

STUDENTS: Final = "firstepoch-room"
"""Name of the cookie of those who gave the password."""
LECTURERS: Final = "firstepoch-lecturer"
"""Name of the cookie of the one who gave the key."""
TRIES: Final = 20
"""Wrong words that one address may send in a row: a whole class may share one."""
TRY: Final = 3.0
"""Seconds after which it has one more."""
REMEMBERED: Final = 10_000
"""Addresses with wrong tries that are remembered."""


class TooManyTries(Exception):
    """Too many wrong words came from this address.

    Attributes:
        seconds: When it may try again.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Door:
    """Knows password and key, and the cookies for which they are exchanged.

    The students' cookie is worked out from the password alone: it is good at every replica of a server, and after a
    restart, until the password changes. The lecturer's is drawn anew each time.

    Args:
        password: What to know; None where everyone is let in.
        key: The lecturer's; None where there is none.
        clock: Gives the time in seconds.
    """

    def __init__(
        self, password: str | None = None, key: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._password = plain(password) if password is not None else None
        self._key, self._clock = key, clock
        self._lecturer = secrets.token_urlsafe(32)
        self._student = "" if password is None else derived(plain(password))
        self._tries: dict[str, tuple[float, float]] = {}

    @property
    def closed(self) -> bool:
        """Whether a password is asked for."""
        return self._password is not None

    def lets_in(self, student: str | None, lecturer: str | None) -> bool:
        """Whether who has these cookies is let in."""
        return not self.closed or same(student, self._student) or self.is_lecturer(lecturer)

    def is_lecturer(self, lecturer: str | None) -> bool:
        """Whether this is the lecturer's cookie."""
        return self._key is not None and same(lecturer, self._lecturer)

    def give_password(self, word: str, address: str) -> str | None:
        """Exchange the password for a cookie.

        Args:
            word: What was given.
            address: Where it came from.

        Returns:
            The cookie; None for a wrong word.

        Raises:
            TooManyTries: Of this address nothing is looked at now, be it right or wrong.
        """
        right = self.closed and self._tried(address, same(plain(word), self._password))
        return self._student if right else None

    def give_key(self, key: str) -> str | None:
        """Exchange the lecturer's key for a cookie; None for a wrong one. It is too long to be guessed."""
        return self._lecturer if same(key, self._key) else None

    def _tried(self, address: str, right: bool) -> bool:
        now = self._clock()
        left, then = self._tries.pop(address, (float(TRIES), now))
        left = min(float(TRIES), left + (now - then) / TRY)
        if left < 1:
            self._tries[address] = left, now
            raise TooManyTries((1 - left) * TRY)
        left -= not right
        if left < TRIES:
            while len(self._tries) >= REMEMBERED:
                del self._tries[next(iter(self._tries))]  # the one that tried longest ago
            self._tries[address] = left, now
        return right


def plain(word: str) -> str:
    """A word as it was meant: phones add a space, and keyboards write one letter in two ways."""
    return unicodedata.normalize("NFC", word).strip()


def derived(password: str) -> str:
    """The cookie of those who know a password; too dear to guess the password from."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), b"firstepoch room", 300_000).hex()


def same(given: str | None, known: str | None) -> bool:
    """Whether two words are the same, in a time that does not tell how much of them is."""
    return given is not None and known is not None and secrets.compare_digest(given.encode(), known.encode())
