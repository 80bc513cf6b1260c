"""Turns one raw column into inputs of a network, fitted on the training rows. It reads no table and draws no rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from firstepoch.data.reading import Categories, Numbers

_FEW = 10
"""Different whole numbers up to which a numeric column may be one of codes."""
_LARGEST = 1e38
"""Float32 holds it."""


@dataclass(frozen=True)
class Inputs:
    """What became of one raw column.

    Attributes:
        column: Its name.
        words: What was done, in a sentence without a full stop.
        names: One for each input; empty if the column was left out.
        values: For each input a function that makes its float64 values of all rows: only one is held at a time.
        mean: Of the training rows, for a standardised column.
        std: The same, with ddof 1.
        fill: What stands for a missing number.
        kind: "numeric", "flag" (only whether it is missing), "categorical" or "dropped".
    """

    column: str
    words: str
    names: tuple[str, ...] = ()
    values: tuple[Callable[[], np.ndarray], ...] = field(default=(), repr=False)
    mean: float | None = None
    std: float | None = None
    fill: float | None = None
    kind: str = "dropped"


def inputs_of(column: str, found: Numbers | Categories, train: np.ndarray) -> Inputs:
    """Make the inputs of a column.

    Args:
        column: Its name.
        found: What it holds.
        train: Row numbers of the training rows, in order.

    Raises:
        ValueError: Its numbers are too large to be standardised.
    """
    if found.missing.all():
        return Inputs(column, "left out: it holds no value in any row")
    if isinstance(found, Numbers):
        return _numeric(column, found, train)
    return _categorical(column, found, train)


def _numeric(column: str, found: Numbers, train: np.ndarray) -> Inputs:
    missing = found.missing
    gaps = int(missing.sum())
    known = found.values[train][~missing[train]]
    if not len(known):
        return Inputs(column, "left out: it holds no value in any training row")
    flag = f"{column}_missing"

    def flagged() -> np.ndarray:
        return missing.astype("float64")

    if known.min() == known.max():
        if gaps:
            words = f"{known[0]:g} wherever it is known, so only whether it is missing is an input ({gaps} rows)"
            return Inputs(column, words, (flag,), (flagged,), kind="flag")
        return Inputs(column, f"left out: it is {known[0]:g} in every training row, so nothing can be learned from it")
    fill = float(pd.Series(known).median())
    filled = np.where(missing, fill, found.values) if gaps else found.values
    of_train = pd.Series(filled[train])
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = float(of_train.mean()), float(of_train.std())
        reach = np.nanmax(np.abs(found.values)) / std if std > 0 else np.inf
    if not (np.isfinite(mean) and np.isfinite(std) and reach < _LARGEST):
        raise ValueError(
            f"Column {column!r} reaches from {found.values[~missing].min():.3g} to "
            f"{found.values[~missing].max():.3g}: numbers of that size have no mean and standard deviation "
            f"that a computer can hold. Try another unit, numpy.log10 of it, or drop=[{column!r}]."
        )
    less = f"− {mean:.5g}" if mean >= 0 else f"+ {-mean:.5g}"
    words = f"standardised: (value {less}) / {std:.5g}, by the mean and standard deviation of the training rows"
    if gaps:
        words += f"; {gaps} missing {'value is' if gaps == 1 else 'values are'} taken as {fill:.5g}, "
        words += f"the training rows' median, and {flag} is 1 there"
    few = len(np.unique(known)) if np.array_equal(known, np.rint(known)) else 0
    if 2 < few <= _FEW:
        words += f"; it holds {few} different whole numbers: if they are codes, try categorical=[{column!r}]"

    def scaled() -> np.ndarray:
        return (filled - mean) / std

    if not gaps:
        return Inputs(column, words, (column,), (scaled,), mean, std, None, "numeric")
    return Inputs(column, words, (column, flag), (scaled, flagged), mean, std, fill, "numeric")


def _categorical(column: str, found: Categories, train: np.ndarray) -> Inputs:
    gaps = int(found.missing.sum())
    if len(found.labels) == 1 and not gaps:
        return Inputs(column, f"left out: it is {found.labels[0]!r} in every row, so nothing can be learned from it")

    def is_category(code: int) -> Callable[[], np.ndarray]:
        return lambda: (found.codes == code).astype("float64")

    codes = [*range(len(found.labels)), *([-1] if gaps else [])]
    names = [f"{column}_{label}" for label in found.labels] + ([f"{column}_missing"] if gaps else [])
    words = f"one input for each of its {len(found.labels)} values: 1 where the row has it, else 0"
    if gaps:
        words += f"; another for the {gaps} {'row' if gaps == 1 else 'rows'} without a value"
    unseen = len(codes) - len(np.unique(found.codes[train]))
    if unseen:
        words += f"; {unseen} of them {'is' if unseen == 1 else 'are'} in no training row, so nothing is learned of it"
    if len(found.labels) == len(found.codes):
        words += f"; every row has a value of its own, which says nothing of new rows: try drop=[{column!r}]"
    return Inputs(column, words, tuple(names), tuple(map(is_category, codes)), kind="categorical")
