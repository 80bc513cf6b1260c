"""What counts as an answer, what as the right one, and what a wrong one is told. No widget in here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

ELSE: Final = "else"
"""Key of the sentence for all answers that have none of their own."""

Judge = Callable[[Any], tuple[bool, str]]


@dataclass(frozen=True)
class Rule:
    """How a question is answered.

    Attributes:
        kind: "choice", "number" or "text".
        take: Reads an answer. Raises ValueError with a sentence that says what to give.
        judge: Called with an answer that was read: whether it is right, and what it is told.
        solution: The right answer, None where only `judge` knows.
    """

    kind: str
    take: Callable[[Any], Any]
    judge: Judge
    solution: str | float | None = None


def rule(
    options: Sequence[str] | None,
    answer: Any,
    feedback: Mapping[Any, str] | None,
    tolerance: float | None,
    judge: Judge | None,
) -> Rule:
    """The rule of a question from the arguments of `Question`.

    Raises:
        ValueError: They do not fit together.
        TypeError: `judge` cannot be called, or the answer is of no kind that can be asked for.
    """
    if judge is not None:
        if answer is not None or feedback is not None or tolerance is not None:
            raise ValueError("judge says what is right: leave out answer, feedback and tolerance.")
        if not callable(judge):
            raise TypeError(f"judge is {type(judge).__name__}, which cannot be called. Give a function of the answer.")
        return Rule("number", number, judge) if options is None else Rule("choice", _option(_options(options)), judge)
    if answer is None:
        raise ValueError("A question needs an answer, or a judge that says what is right.")
    if options is not None:
        _no(tolerance)
        return _choice(_options(options), answer, feedback or {})
    if isinstance(answer, str) or (isinstance(answer, Sequence) and all(isinstance(one, str) for one in answer)):
        _no(tolerance)
        return _text([answer] if isinstance(answer, str) else list(answer), feedback or {})
    return _number(answer, feedback or {}, tolerance)


def number(given: Any) -> float:
    """A finite number, given as one or as text.

    Raises:
        ValueError: It is none; the message says what to give.
    """
    try:
        found = float(given.strip().replace("−", "-") if isinstance(given, str) else given)
    except (TypeError, ValueError):
        found = math.nan
    if isinstance(given, bool) or not math.isfinite(found):
        raise ValueError(f"{_quoted(given)} is no number. Give a number, such as 2.5.")
    return found


def spell(answer: Any) -> str:
    """An answer as it is read on the page."""
    if not isinstance(answer, float):
        return str(answer)
    return (f"{answer:.0f}" if answer.is_integer() and abs(answer) < 1e15 else f"{answer:.12g}").replace("-", "−")


def plain(text: str) -> str:
    """Text as it is compared: case and extra spaces do not count."""
    return " ".join(text.casefold().split())


def _choice(options: list[str], answer: Any, feedback: Mapping[Any, str]) -> Rule:
    if answer not in options:
        raise ValueError(f"The answer {answer!r} is none of the options: {', '.join(map(repr, options))}.")
    wrong = [one for one in options if one != answer]
    missing = next((one for one in wrong if not feedback.get(one)), None)
    if missing is not None:
        raise ValueError(f"The wrong option {missing!r} has no feedback. Say in a sentence what is wrong about it.")
    _known(feedback, wrong, "wrong option")
    return Rule("choice", _option(options), lambda it: (it == answer, feedback.get(it, "")), answer)


def _number(answer: Any, feedback: Mapping[Any, str], tolerance: float | None) -> Rule:
    try:
        right = number(answer)
    except ValueError:
        kind = type(answer).__name__
        raise TypeError(f"The answer is {kind}. Give a number, a text, or options to choose from.") from None
    if tolerance is not None and not (math.isfinite(tolerance) and tolerance >= 0):
        raise ValueError(f"tolerance is {tolerance}. Give 0 or more, in the unit of the answer.")
    told = {number(key): said for key, said in feedback.items() if key != ELSE}

    def off(given: float, wanted: float) -> float:
        """How far off, 0 within the tolerance; without one, within what rounding does to a float."""
        distance = abs(given - wanted)
        if tolerance is None:
            return 0 if math.isclose(given, wanted, rel_tol=1e-9, abs_tol=1e-12) else math.inf
        return distance if distance <= tolerance * (1 + 1e-12) else math.inf

    clash = next((key for key in told if off(key, right) < math.inf), None)
    if clash is not None:
        raise ValueError(f"Feedback is given for {spell(clash)}, which counts as right. Use explanation for that.")

    def judge(given: float) -> tuple[bool, str]:
        if off(given, right) < math.inf:
            return True, ""
        near = min(told, key=lambda key: off(given, key), default=None)
        found = near is not None and off(given, near) < math.inf
        return False, told[near] if near is not None and found else feedback.get(ELSE, "")

    return Rule("number", number, judge, right)


def _text(answers: list[str], feedback: Mapping[Any, str]) -> Rule:
    right = {plain(one) for one in answers}
    if not right or "" in right:
        raise ValueError("The answer is an empty text. Give one that can be typed.")
    told = {plain(str(key)): said for key, said in feedback.items() if key != ELSE}
    clash = next((key for key in told if key in right), None)
    if clash is not None:
        raise ValueError(f"Feedback is given for {clash!r}, which counts as right. Use explanation for that.")

    def judge(given: str) -> tuple[bool, str]:
        key = plain(given)
        return (True, "") if key in right else (False, told.get(key, feedback.get(ELSE, "")))

    return Rule("text", _line, judge, answers[0])


def _options(options: Sequence[str]) -> list[str]:
    found = list(options)
    if isinstance(options, str) or len(found) < 2 or not all(isinstance(one, str) and one for one in found):
        raise ValueError("options must be two texts or more, one a choice.")
    if len(set(found)) < len(found):
        raise ValueError("Two options are the same. Each must be another answer.")
    return found


def _option(options: list[str]) -> Callable[[Any], str]:
    def take(given: Any) -> str:
        if not isinstance(given, str) or given not in options:
            raise ValueError(f"{_quoted(given)} is none of the answers: {', '.join(map(repr, options))}.")
        return given

    return take


def _line(given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError(f"{_quoted(given)} is no answer. Give a word or a few, as text.")
    return " ".join(given.split())


def _known(feedback: Mapping[Any, str], keys: Sequence[str], what: str) -> None:
    unknown = next((key for key in feedback if key not in keys), None)
    if unknown is not None:
        raise ValueError(f"Feedback is given for {unknown!r}, which is no {what}.")


def _no(tolerance: float | None) -> None:
    if tolerance is not None:
        raise ValueError("tolerance is for numbers. Leave it out here.")


def _quoted(given: Any) -> str:
    """What was given, short enough for a sentence."""
    shown = repr(given)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
