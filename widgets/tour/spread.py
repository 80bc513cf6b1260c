"""One column of the training rows, counted for each class on the same bins. It knows no chart."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from firstepoch.widgets.tour.assemble import TRAIN
from firstepoch.widgets.tour.classes import class_names
from firstepoch.widgets.tour.table import Table
from firstepoch.widgets.tour.words import short, shown

GROUPS = 5
"""Classes that have a mark of their own; of more, the most frequent four, and the rest together."""
_BINS = 16
_BARS = 24
"""Categories that are drawn; of more, the most frequent, and the rest together."""


@dataclass(frozen=True)
class Spread:
    """The counts of one column.

    Attributes:
        column: The raw column.
        numeric: Whether the bins are intervals of numbers.
        groups: Names of the classes.
        bins: Names of the bins.
        edges: Edges of the intervals, one more than there are bins; for categories the places 0 to their number.
        counts: Training rows, shape (groups, bins).
        missing: Rows without a value, one for each group; of numbers alone, as it is a bin of categories.
        means: Mean of each group; NaN of categories and of groups without a value.
    """

    column: str
    numeric: bool
    groups: tuple[str, ...]
    bins: tuple[str, ...]
    edges: np.ndarray
    counts: np.ndarray
    missing: np.ndarray
    means: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Percent of its group in each bin."""
        total = self.counts.sum(axis=1, keepdims=True)
        return 100 * self.counts / np.where(total, total, 1)

    def to_pandas(self) -> pd.DataFrame:
        """The counts, one row a bin and one column a group; a last row "missing" where numbers are missing."""
        frame = pd.DataFrame(self.counts.T, index=pd.Index(self.bins, name=self.column), columns=list(self.groups))
        if self.missing.any():
            frame.loc["missing"] = self.missing
        return frame


def spread(table: Table, column: str) -> Spread:
    """Count the training rows of each class in each bin.

    A column that was standardised, or a target that is a number, gets intervals of a round width; others a bin for
    each value.

    Args:
        table: The rows.
        column: A raw column.

    Raises:
        SettingsError: There is no such column.
    """
    codes, values = table.codes(column)
    train = table.part == TRAIN
    names, group = _groups(table, train)
    kind = table.kind(column)
    if kind == "number" or (kind == "target" and table.data.task == "regression"):
        numbers = table.numbers(column)[train]
        known = ~np.isnan(numbers)
        edges = _edges(numbers[known])
        counts = np.stack([np.histogram(numbers[(group == k) & known], edges)[0] for k in range(len(names))])
        missing = np.array([int((~known & (group == k)).sum()) for k in range(len(names))])
        means = np.array([_mean(numbers[(group == k) & known]) for k in range(len(names))])
        return Spread(column, True, names, _bin_names(edges, numbers[known]), edges, counts, missing, means)
    here = codes[train]
    order = list(range(len(values)))
    if len(order) > _BARS:
        sizes = np.bincount(here[here >= 0], minlength=len(values))
        order = sorted(np.argsort(-sizes, kind="stable")[: _BARS - 1].tolist())
    bins = [shown(values[code]) for code in order]
    columns = [here == code for code in order]
    if len(order) < len(values):
        bins.append(f"{len(values) - len(order):,} others")
        columns.append((here >= 0) & ~np.isin(here, order))
    if (codes < 0).any():
        bins.append("missing")
        columns.append(here < 0)
    counts = np.array([[int((inside & (group == k)).sum()) for inside in columns] for k in range(len(names))])
    none = np.full(len(names), np.nan)
    return Spread(
        column, False, names, tuple(bins), np.arange(len(bins) + 1.0), counts, np.zeros(len(names), int), none
    )


def said(table: Table, found: Spread) -> str:
    """What to see in the counts, in a sentence or two."""
    rows, of = table.data.row_name, int(found.counts.sum() + found.missing.sum())
    start = f"The {of:,} training {rows}s by {found.column}."
    if found.numeric:
        known = [(name, mean) for name, mean in zip(found.groups, found.means, strict=True) if not math.isnan(mean)]
        listed = ", ".join(f"{short(mean)} (“{name}”)" for name, mean in known)
        return f"{start} Mean of each class: {listed}."
    shares = found.shares
    apart = int(np.argmax(shares.max(axis=0) - shares.min(axis=0)))
    high, low = int(shares[:, apart].argmax()), int(shares[:, apart].argmin())
    of_high, of_low = (f"{shares[k, apart]:.0f}\N{NO-BREAK SPACE}% of “{found.groups[k]}”" for k in (high, low))
    return f"{start} The classes differ most in {found.column} = {found.bins[apart]}: {of_high}, {of_low}."


def _groups(table: Table, train: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """Names of the classes, and for each training row the number of its class."""
    y = table.targets[train]
    if table.data.task == "regression":
        middle, name = float(np.median(y)), table.data.target_name or "target"
        return (f"{name} ≤ {short(middle)}", f"{name} > {short(middle)}"), (y > middle).astype(int)
    names, group = class_names(table), y.astype(int)
    if len(names) <= GROUPS:
        return tuple(names), group
    sizes = np.bincount(group, minlength=len(names))
    kept = sorted(np.argsort(-sizes, kind="stable")[: GROUPS - 1].tolist())
    place = np.full(len(names), GROUPS - 1)
    place[kept] = np.arange(GROUPS - 1)
    return (*(names[k] for k in kept), f"{len(names) - GROUPS + 1} others"), place[group]


def _edges(numbers: np.ndarray) -> np.ndarray:
    """Edges of a round width; whole numbers of a short range get a bin each."""
    if not len(numbers):
        return np.array([0.0, 1.0])
    low, high = float(numbers.min()), float(numbers.max())
    if np.array_equal(numbers, np.rint(numbers)) and high - low < _BINS:
        return np.arange(low - 0.5, high + 1)
    raw = (high - low) / (_BINS - 2)
    power = 10.0 ** math.floor(math.log10(raw))
    width = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * (1 - 1e-9))
    first = math.floor(low / width)
    last = max(first + 1, math.floor(high / width) + 1)
    return np.arange(first, last + 1) * width


def _bin_names(edges: np.ndarray, numbers: np.ndarray) -> tuple[str, ...]:
    if np.allclose(np.diff(edges), 1) and edges[0] % 1 == 0.5:
        return tuple(shown(int(edge + 0.5)) for edge in edges[:-1])
    last = len(edges) - 2
    return tuple(
        f"{short(low, 6)} to {'' if k == last and numbers.max() == high else 'below '}{short(high, 6)}"
        for k, (low, high) in enumerate(itertools.pairwise(edges))
    )


def _mean(numbers: np.ndarray) -> float:
    return float(numbers.mean()) if len(numbers) else math.nan
