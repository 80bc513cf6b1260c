"""What the numbers mean, in words: the verdict over each width, by rules that are stated. No widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from firstepoch.widgets.overfitting.bands import facts, spread
from firstepoch.widgets.overfitting.plan import DROPOUT, EARLY, PLAIN
from firstepoch.widgets.recording import Recording

MARGIN = 0.1
"""A difference in validation loss counts from a tenth on."""

LATE = 0.05
"""Share of the epochs at the end in which a lowest validation loss says that it still falls."""

RULES = (
    "Rules, for each seed: over-fits – the validation loss of the kept weights is at least 10 % above its lowest "
    "value, and the training loss fell on after it. Under-fits – it does not over-fit, and its lowest validation loss "
    "is at least 10 % above the lowest that another width reaches with the same seed. Not finished – neither, and the "
    "validation loss is lowest in the last 5 % of the epochs. Otherwise: fits."
)

OVER, UNDER, SHORT, FITS = KINDS = ("over-fits", "under-fits", "has not finished learning", "fits")
MIXED = "no one verdict"


def kind(recording: Recording, best_of_seed: float, planned: int) -> str:
    """The verdict over one fit; see RULES.

    Args:
        recording: One frame an epoch.
        best_of_seed: The lowest validation loss that any width reached with this seed.
        planned: Epochs it was to be trained.
    """
    found = facts(recording)
    lowest, at = found["lowest_val_loss"], int(found["lowest_epoch"])
    if found["final_val_loss"] >= (1 + MARGIN) * lowest and found["final_loss"] < recording["loss"][at]:
        return OVER
    if lowest >= (1 + MARGIN) * best_of_seed:
        return UNDER
    if at >= (1 - LATE) * planned and not recording.settings.get("stopped"):
        return SHORT
    return FITS


def verdict(recordings: Sequence[Recording], best: Mapping[int, float], planned: int) -> dict[str, Any]:
    """The verdict over one width: the kind that more than half of the seeds give, and how many do.

    Args:
        recordings: One for each seed.
        best: The lowest validation loss of any width, by seed.
        planned: Epochs they were to be trained.

    Returns:
        `kind` (one of KINDS, MIXED where no kind has more than half, or "" where there is no recording), `count`, `of`,
        and `text`.
    """
    if not recordings:
        return {"kind": "", "count": 0, "of": 0, "text": ""}
    kinds = [kind(one, best[one.settings["seed"]], planned) for one in recordings]
    chosen = max(KINDS, key=kinds.count)
    count, of = kinds.count(chosen), len(kinds)
    if 2 * count <= of:
        parts = ", ".join(f"{kinds.count(name)} {name}" for name in KINDS if name in kinds)
        text = f"{MIXED}, {parts} of {of} seeds: {_why(recordings)}"
        return {"kind": MIXED, "count": count, "of": of, "text": text}
    how_many = f" with all {of} seeds" if count == of else f" with {count} of {of} seeds"
    if of == 1:
        how_many = " with the one seed trained"
    return {"kind": chosen, "count": count, "of": of, "text": f"{chosen}{how_many}: {_why(recordings)}"}


def _why(recordings: Sequence[Recording]) -> str:
    found = [facts(one) for one in recordings]
    low, at, end, epochs = (
        spread([one[name] for one in found])[0]
        for name in ("lowest_val_loss", "lowest_epoch", "final_val_loss", "epochs")
    )
    early = "restored_epoch" in recordings[0].settings
    if early:
        return f"trained for {epochs:.0f} epochs, weights of epoch {at + 1:.0f} kept, validation loss {end:.3f}."
    if end < 1.005 * low:
        return f"validation loss ends at {end:.3f}, its lowest."
    return f"validation loss lowest, {low:.3f}, at epoch {at + 1:.0f}; {end:.3f} at the end."


def said_range(values: Sequence[float], digits: int = 3) -> str:
    """Median and range, for example "0.712 (0.620 to 0.803)"."""
    middle, low, high = spread(values)
    if len(values) == 1:
        return f"{middle:.{digits}f}".replace("-", "−")
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})".replace("-", "−")


def compared(plain: Sequence[Recording], other: Sequence[Recording], variant: str) -> str:
    """What a variant did to the gap and the validation loss of a width, now against then."""
    then, now = [facts(one) for one in plain], [facts(one) for one in other]
    parts = []
    for name, words in (("final_val_loss", "validation loss"), ("gap", "gap of each fit")):
        before, after = (said_range([one[name] for one in found]) for found in (then, now))
        parts.append(f"{words} {before} → {after}")
    return f"With {variant}: {'; '.join(parts)}."


def at_best(lowest: Mapping[int, Sequence[float]], variant: str) -> str:
    """The widths at their best epochs, and whether the seeds tell them apart; empty for fewer than two.

    Args:
        lowest: For each width the lowest validation losses of its seeds.
        variant: What they were trained with.
    """
    if len(lowest) < 2:
        return ""
    told = ", ".join(f"{units_words(units)} {said_range(values)}" for units, values in lowest.items())
    every = list(lowest.values())
    apart = [not _overlap(one, other) for place, one in enumerate(every) for other in every[:place]]
    end = "no two ranges overlap." if all(apart) else "some ranges overlap." if any(apart) else "all ranges overlap."
    return f"At their best epochs ({variant}) the validation losses are: {told}; {end}"


def measured_note(variant: str) -> str:
    """How the two losses of a variant are measured."""
    if variant == PLAIN:
        return "Training loss: Keras's mean over the batches of the epoch. Validation loss: after the epoch."
    if variant == DROPOUT:
        return "Training loss is measured with dropout on, validation loss with dropout off: the gap may be below 0."
    if variant == EARLY:
        return "Early stopping changes nothing before it stops: these are the plain fits up to that epoch."
    return "The fits with dropout, up to the epoch where early stopping ends them."


def question(epochs: int) -> str:
    """What is asked before anything is trained."""
    return f"Which network will have the lowest validation loss after {epochs:,} epochs?"


def of_guess(guess: int, finals: Mapping[int, Sequence[float]], epochs: int) -> str:
    """The guess against what was trained.

    Args:
        guess: The width guessed.
        finals: For each width the final validation losses of its seeds.
        epochs: How many were trained.
    """
    if guess not in finals:
        return f"Your guess, {units_words(guess)}, was not trained to the end."
    medians = {width: spread(values)[0] for width, values in finals.items()}
    lowest = min(medians, key=lambda width: medians[width])
    told = f"{units_words(lowest)}, {said_range(finals[lowest])}"
    if guess == lowest:
        start = f"You said {units_words(guess)}: after {epochs:,} epochs its validation loss is indeed the lowest, "
        start += f"{said_range(finals[guess])}."
        others = {width: median for width, median in medians.items() if width != guess}
        if not others:
            return start
        lowest = min(others, key=lambda width: others[width])
        rival = f"Next: {units_words(lowest)}, {said_range(finals[lowest])}."
    else:
        start = f"You said {units_words(guess)}: {said_range(finals[guess])} after {epochs:,} epochs."
        rival = f"Lowest: {told}."
    touch = _overlap(finals[guess], finals[lowest])
    return f"{start} {rival}" + (" The two ranges overlap: these seeds do not settle it." if touch else "")


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    return max(min(one), min(other)) <= min(max(one), max(other))


def units_words(units: int) -> str:
    """A width in words."""
    return f"{units:,} unit" if units == 1 else f"{units:,} units"
