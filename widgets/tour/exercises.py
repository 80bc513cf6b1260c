"""A question about the table that is answered by marking rows. What is asked and what is true, a lesson says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.tour.table import Table
from firstepoch.widgets.tour.words import shown

_NEEDED = ("question", "rows", "explanation")
_KEYS = (*_NEEDED, "hint")


@dataclass(frozen=True)
class Exercise:
    """The question, the places in the table of the rows that answer it, what is true, and a nudge."""

    question: str
    rows: frozenset[int]
    explanation: tuple[str, ...]
    hint: str = ""


def read(table: Table, given: Any) -> Exercise | None:
    """Take an exercise in.

    Args:
        table: The table it is about.
        given: None, or a mapping with `question`, `rows` (index labels), `explanation` (a text, or a list of
            paragraphs) and perhaps `hint`.

    Raises:
        SettingsError: Something is missing or unknown, or there is no such row.
    """
    if given is None:
        return None
    if not isinstance(given, Mapping) or not set(_NEEDED) <= set(given) <= set(_KEYS):
        keys = ", ".join(map(str, given)) if isinstance(given, Mapping) else type(given).__name__
        raise SettingsError(f"exercise needs question, rows and explanation, and may have a hint; it has: {keys}.")
    rows = frozenset(table.row(label) for label in given["rows"])
    if not rows:
        raise SettingsError("exercise has no rows: give the index labels of those that answer it.")
    told = given["explanation"]
    explanation = (told,) if isinstance(told, str) else tuple(map(str, told))
    return Exercise(str(given["question"]), rows, explanation, str(given.get("hint", "")))


def verdict(exercise: Exercise, table: Table, marked: Sequence[int]) -> tuple[bool, str]:
    """Whether the marked rows are those, and a sentence on what is missing."""
    noun, found = table.data.row_name, exercise.rows & set(marked)
    wrong = sorted(set(marked) - exercise.rows)
    of = len(exercise.rows)
    if not marked:
        return False, f"Mark the {noun}s you mean, by the box before each."
    if not wrong and len(found) == of:
        return True, f"Yes: {'this one' if of == 1 else f'these {of}'}."
    told = f"{len(found)} of {of} found." if found else "None of them yet."
    if wrong:
        names = ", ".join(shown(table.label(row)) for row in wrong[:5])
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        told += f" Not among them: row {names}{more}." if len(wrong) == 1 else f" Not among them: rows {names}{more}."
    elif len(found) < of:
        told += f" {of - len(found)} more {'is' if of - len(found) == 1 else 'are'} to be found elsewhere."
    return False, told
