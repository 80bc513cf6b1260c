"""What stands for an Evaluation on a page where nothing runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from firstepoch.widgets import still as parts

if TYPE_CHECKING:
    from firstepoch.widgets.evaluation.widget import Evaluation

SEALED = "The test set is sealed. Open it here in a notebook that runs: card.open_test_set()."


def still(identity: str, card: Evaluation) -> str:
    """The figures and their intervals, or that the test set is sealed.

    Args:
        identity: Class of the outermost element.
        card: The card.
    """
    times = card.seal["times"]
    opened = f"Opened {times} {'time' if times == 1 else 'times'} in that kernel."
    if not card.report:
        return parts.figure(identity, card.title, [parts.paragraph(SEALED)])
    figures = card.figures
    said = f"{figures['rows']} {card.rows} rows." + (f" {opened}" if card.rows == "test" else "")
    inside = [parts.paragraph(said)]
    if "right" in figures:
        words = f"At threshold {card.threshold:g}: {figures['right']} of {figures['rows']} right."
        counts = card.confusion
        rows = [(str(name), [(str(count), 0.0) for count in line]) for name, line in counts.T.items()]
        inside.append(parts.paragraph(words))
        inside.append(parts.table("Counts: actual class by row, predicted by column", list(counts.columns), rows))
    lines = [
        (f"{figure} ({method})", [(_shown(value), 0.0) for value in values])
        for figure, method, *values in card.intervals.to_numpy().tolist()
    ]
    inside.append(parts.table("Figures and their 95 % intervals", ("value", "from", "to"), lines))
    inside += [parts.paragraph(note) for note in card.report["notes"]]
    return parts.figure(identity, card.title, inside)


def _shown(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "not defined"
