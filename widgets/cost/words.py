"""What the card says of the numbers: true of the recording, and no more than was measured."""

from __future__ import annotations

import math

from firstepoch.widgets.recording import Recording

NOTHING = "Nothing is measured yet."


def duration(seconds: float) -> str:
    """A time with two significant digits, in s or ms.

    Example:
        >>> duration(1.94), duration(0.0000734)
        ('1.9 s', '0.073 ms')
    """
    return f"{_two_digits(seconds)} s" if seconds >= 0.095 else f"{_two_digits(seconds * 1000)} ms"


def times(ratio: float) -> str:
    """A ratio with two significant digits.

    Example:
        >>> times(1949.6), times(2.31), times(12.0)
        ('1,900', '2.3', '12')
    """
    return _two_digits(ratio)


def said(recording: Recording, outcome: str) -> list[str]:
    """Sentences about the newest frame, and how the measurement ended.

    Args:
        recording: See `Measurement.point`.
        outcome: "" while it goes on, "finished", "stopped" or "failed".
    """
    if not len(recording):
        return ["Stopped before anything was measured."] if outcome == "stopped" else [NOTHING]
    settings = recording.settings
    rows, batch = int(recording["rows"][-1]), settings["batch_size"]
    seconds, batch_seconds, ratio = (float(recording[name][-1]) for name in ("seconds", "batch_seconds", "ratio"))
    sentences = []
    if outcome == "stopped":
        sentences.append(f"Stopped after {rows:,} of {settings['largest']:,} rows.")
    sentences.append(
        f"At {rows:,} rows one gradient took {duration(seconds)}: {times(ratio)} times as long as one batch of "
        f"{batch:,} ({duration(batch_seconds)}), for {_many(rows / batch)} times as many rows."
    )
    if ratio >= 1.5:
        sentences.append(
            f"In that time stochastic gradient descent computes {times(ratio)} gradients of a batch, one for each "
            "update; gradient descent computes one."
        )
    dearer = rows / batch / ratio
    if outcome and dearer >= 2:
        sentences.append(
            f"Per row the batch took {times(dearer)} times as long: choosing rows and calling numpy have a price of "
            "their own, however few the rows."
        )
    guess = settings.get("guess")
    if guess is not None and outcome:
        sentences.append(_of_guess(guess, ratio, rows, settings["largest"]))
    return sentences


def _of_guess(guess: float, ratio: float, rows: int, largest: int) -> str:
    if rows != largest:
        return f"Your guess was for {largest:,} rows, which were not measured."
    share = guess / ratio
    if max(share, 1 / share) < 2:
        return f"Your guess, {guess:,.6g} times, was close: {times(ratio)} times were measured."
    side = "high" if share > 1 else "low"
    return f"Your guess, {guess:,.6g} times, was {times(max(share, 1 / share))} times too {side}."


def _many(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else times(ratio)


def question(largest: int, batch_size: int) -> str:
    """What is asked before anything is measured."""
    return f"How many times as long does one gradient over {largest:,} rows take as one over {batch_size:,}?"


def _two_digits(value: float) -> str:
    if value <= 0:
        return "0"
    places = 1 - math.floor(math.log10(value))
    rounded = round(value, places)
    return f"{rounded:,.{max(0, 1 - math.floor(math.log10(rounded)))}f}"
