"""The fits of one plan, by width and variant: recordings, bands, summary, verdicts. It trains nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from firstepoch.widgets.overfitting import bands, early, words
from firstepoch.widgets.overfitting.fits import Fit
from firstepoch.widgets.overfitting.plan import BOTH, DROPOUT, EARLY, PLAIN, VARIANTS, Key, Plan
from firstepoch.widgets.recording import Recording


class Results:
    """What is trained, read in the light of a dropout rate and a patience.

    Args:
        plan: Says the widths and the seeds.
        fits: All fits there are, by key.
        dropout: The rate whose fits are meant by "dropout"; 0 for the rate of the plan.
        patience: Of early stopping; 0 for none.
    """

    def __init__(self, plan: Plan, fits: Mapping[Key, Fit], dropout: float, patience: int) -> None:
        self.plan = plan
        self._fits = dict(fits)
        self._rate, self._patience = dropout or plan.dropout, patience
        self._dropped = bool(dropout) and any(key.dropout == dropout and key in self._fits for key in self.keys)

    @property
    def keys(self) -> list[Key]:
        """The keys of all fits that belong here, trained or not."""
        rates = dict.fromkeys([0.0, self._rate])
        return [
            Key(units, seed, rate) for rate in rates for seed in range(self.plan.seeds) for units in self.plan.units
        ]

    @property
    def shown(self) -> str:
        """The variant in the foreground."""
        if self._dropped:
            return BOTH if self._patience else DROPOUT
        return EARLY if self._patience else PLAIN

    @property
    def variants(self) -> list[str]:
        """The variants that can be read off the fits there are."""
        has_dropout = bool(self._rate) and any(key.dropout == self._rate for key in self._fits)
        return [
            name
            for name in VARIANTS
            if (has_dropout or name in (PLAIN, EARLY)) and (self._patience or name in (PLAIN, DROPOUT))
        ]

    def fits(self, units: int, variant: str) -> list[Fit]:
        """The fits that a variant of a width is read off, by seed."""
        rate = self._rate if variant in (DROPOUT, BOTH) else 0.0
        keys = [Key(units, seed, rate) for seed in range(self.plan.seeds)]
        return [self._fits[key] for key in keys if key in self._fits]

    def finished(self, units: int, variant: str) -> list[Recording]:
        """The recordings of a variant of a width whose fits ended well."""
        return [self._read(fit, variant) for fit in self.fits(units, variant) if fit.outcome == "finished"]

    def _read(self, fit: Fit, variant: str) -> Recording:
        if variant in (EARLY, BOTH) and len(fit.recording):
            return early.stopped(fit.recording, self._patience)
        return fit.recording

    @property
    def recordings(self) -> dict[tuple[int, int, str], Recording]:
        """By (units, seed, variant)."""
        return {
            (units, fit.key.seed, variant): self._read(fit, variant)
            for variant in self.variants
            for units in self.plan.units
            for fit in self.fits(units, variant)
        }

    @property
    def bands(self) -> dict[tuple[int, str], Recording]:
        """By (units, variant)."""
        return {
            (units, variant): bands.band(self.finished(units, variant))
            for variant in self.variants
            for units in self.plan.units
        }

    @cached_property
    def drawn(self) -> dict[tuple[int, str], Recording]:
        """The bands that are drawn: the whole fits, plain, and with dropout if that is shown."""
        names = [PLAIN, *([DROPOUT] if self._dropped else [])]
        return {(units, name): bands.band(self.finished(units, name)) for units in self.plan.units for name in names}

    def finals(self, variant: str) -> dict[int, list[float]]:
        """The validation losses of the kept weights, by width; only widths with all their seeds."""
        found = {units: self.finished(units, variant) for units in self.plan.units}
        return {
            units: [bands.facts(one)["final_val_loss"] for one in group]
            for units, group in found.items()
            if len(group) == self.plan.seeds
        }

    def lowest(self, variant: str) -> dict[int, list[float]]:
        """The lowest validation losses, by width; only widths with all their seeds."""
        found = {units: self.finished(units, variant) for units in self.plan.units}
        return {
            units: [float(one["val_loss"].min()) for one in group]
            for units, group in found.items()
            if len(group) == self.plan.seeds
        }

    def summary(self) -> pd.DataFrame:
        """See `bands.summary`."""
        groups = {}
        for units in self.plan.units:
            for variant in self.variants:
                fits = [fit for fit in self.fits(units, variant) if fit.complete]
                if fits:
                    counts = {"parameters": fits[0].parameters, "training_rows": fits[0].training_rows}
                    lost = sum(fit.outcome == "diverged" for fit in fits)
                    groups[units, variant] = self.finished(units, variant), lost, counts
        return bands.summary(groups)

    def sources(self, variant: str) -> dict[int, str]:
        """Keras code of the model of each width that was built."""
        found = {
            units: [fit.model_code for fit in self.fits(units, variant) if fit.model_code] for units in self.plan.units
        }
        return {units: codes[0] for units, codes in found.items() if codes}

    def panels(self) -> list[dict[str, Any]]:
        """For each width what is said of it."""
        groups = {units: self.finished(units, self.shown) for units in self.plan.units}
        best: dict[int, float] = {}
        for group in groups.values():
            for one in group:
                seed, lowest = one.settings["seed"], float(one["val_loss"].min())
                best[seed] = min(lowest, best.get(seed, lowest))
        return [self._panel(units, group, best) for units, group in groups.items()]

    def _panel(self, units: int, group: list[Recording], best: dict[int, float]) -> dict[str, Any]:
        fits = self.fits(units, self.shown)
        built = next((fit for fit in fits if fit.parameters), None)
        head = words.units_words(units)
        if built is not None:
            head += f" · {built.parameters:,} parameters"
        verdict = words.verdict(group, best, self.plan.epochs)
        plain = self.finished(units, PLAIN)
        compare = words.compared(plain, group, self.shown) if self.shown != PLAIN and plain and group else ""
        lost = [fit for fit in fits if fit.outcome in ("diverged", "failed")]
        trouble = ""
        if lost:
            names = ", ".join(str(fit.key.seed) for fit in lost)
            what = "diverged" if lost[0].outcome == "diverged" else "failed"
            trouble = f"{'Seed' if len(lost) == 1 else 'Seeds'} {names} {what}: {lost[0].error}"
        return {
            "units": units,
            "head": head,
            "rows": f"{built.parameters / built.training_rows:.2g} parameters for each training row" if built else "",
            "kind": verdict["kind"],
            "verdict": verdict["text"],
            "compare": compare,
            "trouble": trouble,
            "seeds": len(group),
            "of": self.plan.seeds,
            "stops": [len(one) for one in group if "restored_epoch" in one.settings],
            "restored": [
                [int(one.settings["restored_epoch"]), float(one["val_loss"][one.settings["restored_epoch"]])]
                for one in group
                if "restored_epoch" in one.settings
            ],
        }
