"""What is to be trained: the widths, the seeds and what all fits share. No Keras and no widget here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.training.settings import Settings, problem

MOST_WIDTHS, MOST_UNITS, MOST_SEEDS, MOST_EPOCHS = 4, 4096, 10, 5000

PLAIN, DROPOUT, EARLY, BOTH = VARIANTS = ("plain", "dropout", "early stopping", "dropout + early stopping")
"""Ways to train. The two with early stopping need no training of their own: see `early`."""


class Key(NamedTuple):
    """Which fit: the width of its hidden layer, its seed and its dropout rate (0 for none)."""

    units: int
    seed: int
    dropout: float


@dataclass(frozen=True)
class Plan:
    """All fits that are trained together.

    Attributes:
        units: Widths of the hidden layer, one panel each.
        seeds: How many fits a width; the seeds are 0, 1, 2 ...
        epochs: Passes through the training rows.
        learning_rate: Of the model's optimizer; None for its own.
        batch_size: Rows for each update.
        validation_split: Share of the training rows (the last ones) kept out for validation, in (0, 1).
        dropout: Rate of a second set of fits, in [0, 1); 0 for no such set.
    """

    units: tuple[int, ...] = (2, 16, 128)
    seeds: int = 5
    epochs: int = 300
    learning_rate: float | None = None
    batch_size: int = 32
    validation_split: float = 0.2
    dropout: float = 0.0

    @property
    def shared(self) -> Plan:
        """What every fit has in common; fits are kept while it stays the same."""
        return replace(self, units=(), seeds=0, dropout=0.0)

    @property
    def keys(self) -> list[Key]:
        """The fits in the order they are trained: seed by seed, so that every panel fills at the same pace."""
        rates = [0.0, *([self.dropout] if self.dropout else [])]
        return [Key(units, seed, rate) for rate in rates for seed in range(self.seeds) for units in self.units]

    def settings(self, key: Key) -> Settings:
        """What one fit is trained with."""
        return Settings(
            units=(key.units,),
            dropout=key.dropout,
            learning_rate=self.learning_rate,
            batch_size=self.batch_size,
            epochs=self.epochs,
            validation_split=self.validation_split,
            seed=key.seed,
        )

    def check(self, rows: int, accepted: Sequence[str]) -> None:
        """Refuse what cannot be trained.

        Args:
            rows: Training rows before validation rows are taken from them.
            accepted: The settings that the model's builder takes.

        Raises:
            SettingsError: Says what is wrong and what to try.
        """
        wrong = self._wrong(accepted)
        for width in self.units:
            wrong = wrong or problem(self.settings(Key(width, 0, self.dropout)), rows)
        if wrong:
            raise SettingsError(wrong)

    def _wrong(self, accepted: Sequence[str]) -> str | None:
        if not 1 <= len(self.units) <= MOST_WIDTHS:
            return f"units lists 1 to {MOST_WIDTHS} widths to compare; it lists {len(self.units)}. Try 2, 16, 128."
        if len(set(self.units)) < len(self.units):
            return f"units lists a width twice: {', '.join(map(str, self.units))}. Give each width once."
        for width in self.units:
            if not 1 <= width <= MOST_UNITS:
                return f"A hidden layer has 1 to {MOST_UNITS:,} units here; units lists {width:,}. Try 2, 16, 128."
        if not 1 <= self.seeds <= MOST_SEEDS:
            return f"seeds is how many fits each width gets, from 1 to {MOST_SEEDS}; it is {self.seeds}. Try 5."
        if not 1 <= self.epochs <= MOST_EPOCHS:
            return f"epochs is from 1 to {MOST_EPOCHS:,}; it is {self.epochs:,}. Try 300."
        if not 0 < self.validation_split < 1:
            return (
                f"validation_split is {self.validation_split:g}, but without validation rows nobody sees overfitting. "
                "Use a share above 0 and below 1, for example 0.2."
            )
        for name in ("dropout", "learning_rate"):
            if getattr(self, name) and name not in accepted:
                return f"build_model takes no {name}, so it cannot be set here. Give build_model an argument {name}."
        return None


def widths(value: Any) -> list[int]:
    """Widths as whole numbers, from a number or anything that lists numbers.

    Raises:
        SettingsError: They are no whole numbers.
    """
    wrong = SettingsError(f"units lists whole numbers of units, one for each width; it is {value!r}. Try [2, 16, 128].")
    if isinstance(value, str | bytes):
        raise wrong
    try:
        given = np.atleast_1d(np.asarray(list(value) if isinstance(value, tuple | set) else value))
    except ValueError:
        raise wrong from None
    if (
        given.ndim != 1
        or given.dtype.kind not in "iuf"
        or not (given.astype(float) == np.round(given.astype(float))).all()
    ):
        raise wrong
    return [int(width) for width in given]


def patience_problem(patience: int) -> str | None:
    """What is wrong with a patience; None if nothing is."""
    if not 0 <= patience <= MOST_EPOCHS:
        return (
            f"Patience is a number of epochs from 1 to {MOST_EPOCHS:,}, or 0 for no early stopping; "
            f"it is {patience:,}. Try 15."
        )
    return None
