"""The puzzle of the heart table: six rows that came from elsewhere, found by whoever filters and sorts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from firstepoch.widgets import DataTour, Task

STRAYS: Final = tuple(range(247, 253))
"""Index labels of the six rows in another coding."""

SOLUTIONS: Final[Mapping[str, str]] = {"strays": "tour.marked = [247, 248, 249, 250, 251, 252]"}
"""One right answer to each task, as Python with the DataTour as `tour`."""

_CP = (247, 248, 250, 251)
_TWINS = tuple(range(241, 247))

PUZZLE: Final[Mapping[str, Any]] = {
    "question": "The codes of chest pain, cp, go from 1 to 4. Why are there four patients with cp = 0? They did not "
    "come alone: mark all six rows that do not belong.",
    "rows": STRAYS,
    "hint": "Filter by cp = 0 and look at which rows these are. Then take the filter away, and look at the rows "
    "between and beside them, and at the six before: age, blood pressure, cholesterol.",
    "explanation": (
        "Rows 247 to 252 are not six more patients. They are the patients of rows 241 to 246 once more, in the codes "
        "of another edition of the table: cp counted from 0, thal from 1 to 3 (the 3 was then read as normal), other "
        "codes for restecg and slope.",
        "Age, sex, blood pressure, cholesterol and the rest are the same in each pair. But all six copies have target "
        "0, and three of the originals have 1 (241, 244 and 245): the same patient, with both answers.",
        "cp_0, thal_1 and thal_2 exist only because of these rows. The 29 inputs of the lecture are 26 and these 3. "
        "They are kept here, because the lecture's numbers depend on them. With a table of your own, look first.",
    ),
}
"""The `exercise` of a DataTour of the heart table."""


def strays(tour: DataTour) -> Task:
    """Mark the six rows that came from another edition of the table.

    Args:
        tour: Shows the heart table.
    """

    def check(it: DataTour) -> bool | str:
        marked = set(it.marked)
        if marked == set(STRAYS):
            return True
        if not marked:
            return False
        twins = sorted(marked & set(_TWINS))
        others = sorted(marked - set(STRAYS) - set(_TWINS))
        if others:
            return (
                f"{_rows(others)} {'is' if len(others) == 1 else 'are'} as {'it' if len(others) == 1 else 'they'} "
                "should be: a patient of the table."
            )
        if twins:
            return f"{_rows(twins)}: well seen, there are twins. But the original is the one in the table's own codes."
        if marked == set(_CP):
            return "Those are the four with cp = 0. Two more rows came with them, and their cp looks like any other."
        return f"{len(marked)} of 6, and none too many. Which rows stand beside them?"

    return Task(
        check,
        tour,
        title="Who does not belong?",
        prompt="`cp` goes from 1 to 4, and yet four patients have `cp = 0`. Find them, and the two rows that came "
        "with them: mark all six.",
        hint="Filter by cp = 0, and look at the numbers of these rows. Are they scattered over the table?",
        name="heart/strays",
    )


def _rows(labels: list[int]) -> str:
    shown = ", ".join(map(str, labels[:4])) + (" and more" if len(labels) > 4 else "")
    return f"Row {shown}" if len(labels) == 1 else f"Rows {shown}"
