"""LossView: validation and wiring. terms.py works out the loss, inputs.py takes in what is shown, view.ts draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets import still
from firstepoch.widgets.base import Stream
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.loss import terms as loss
from firstepoch.widgets.loss.code import program
from firstepoch.widgets.loss.inputs import take
from firstepoch.widgets.loss.traits import LossTraits
from firstepoch.widgets.recording import Recording

_SETTINGS = ("rows", "row", "epoch", "output", "target", "bias_change")
_IN_STILL = 10
_HIGHEST = 5.0
"""Height of the picture at most: a term above is cut off there, and its value is written beside it."""


class LossView(LossTraits):
    """What each row adds to binary cross-entropy, and how the mean of all follows.

    For a row with y = 1 the term is -log(output), with y = 0 it is -log(1 - output); the loss is the mean of the terms.
    Of a training, every recorded epoch can be played. Of a single row, the output and y can be changed, and of all
    rows the bias of the output unit: the mean follows.

    Args:
        given: The outputs of a model, one number from 0 to 1 a row; a LiveTraining that has trained, or its
            `recording`; or a keras.Model.
        data: With outputs: the targets y, 0 or 1 for each row. With a model or a recording: the TabularData it is of.
        **settings: The settings, by name: `rows`, `row`, `epoch`, `output`, `target`, `bias_change`, `by_size`,
            `title`.

    Raises:
        SettingsError: (a ValueError) Outputs or targets cannot be worked with, or a setting does not work.
        TypeError: An argument is unknown.

    Example:
        >>> view = LossView([0.83, 0.4, 0.02], [1, 0, 1])
        >>> round(view.report["term"], 3), round(view.report["mean"], 3)
        (0.186, 1.536)
        >>> view.row, view.output = 2, 0.5
        >>> round(view.report["mean"], 3)
        0.463
    """

    linked = (*_SETTINGS, "by_size")
    parts = (
        *("rows", "row", "target", "output", "by_size"),
        *("settings", "bars", "bias", "player", "glossary", "numbers", "code"),
    )

    def __init__(self, given: Any, data: Any = None, **settings: Any) -> None:
        self._given = take(given, data)
        frames = len(self._given.outputs)
        if not settings.get("rows"):
            settings["rows"] = next(iter(self._given.sets))
        settings.setdefault("epoch", self._given.first + frames - 1)
        super().__init__(**settings)
        self._hand = Stream(self.send, "hand")
        self._report: dict[str, Any] = {}
        self.set_trait("code", program(self._given))
        self.observe(self._enter_set, "rows")
        self.follow(*_SETTINGS)
        self.publish(self._frames_of_all())

    @property
    def recording(self) -> Recording:
        """One frame an epoch, with nothing changed by hand.

        For all rows `output` and `term`; for each set `mean`, `wrong`, `slope`, and over changes of the bias
        `over_bias` and `wrong_over_bias`.
        """
        found = self._frames.recording
        assert found is not None
        return found

    @property
    def report(self) -> dict[str, Any]:
        """The state in hand.

        `y`, `output`, `term` and `share` (of the sum) of the row; `mean`, `wrong` (rows on the wrong side of 0.5),
        `slope` (of the mean over the bias), `count` and `largest` (the row with the largest term) of its set; and
        `mean_before` anything was changed by hand.
        """
        return dict(self._report)

    def table(self) -> pd.DataFrame:
        """The rows of the set in hand, in the state in hand: y, output, term, and its share of the sum."""
        outputs, y = self._outputs, self._targets
        terms = loss.terms(outputs, y)
        columns = {"y": y, "output": outputs, "term": terms, "share": terms / terms.sum()}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(y), name=self._given.row_name))

    def recompute(self) -> None:
        """Work out the state in hand and show it.

        Raises:
            SettingsError: The settings do not allow it; nothing has been changed.
        """
        self._check()
        given, place = self._given, self._given.of(self.rows)
        own, y = given.outputs[self.epoch - given.first, place], given.y[place].copy()
        before = float(loss.terms(own, y).mean())
        outputs = np.array(loss.shifted(own, self.bias_change), np.float64)
        if self.target is not None:
            y[self.row] = self.target
        if self.output is not None:
            outputs[self.row] = self.output
        terms = loss.terms(outputs, y)
        base = own.copy()
        base[self.row] = own[self.row] if self.output is None else self.output
        fixed = None if self.output is None else self.row
        self._outputs, self._targets = outputs, y
        self._report = {
            **{name: getattr(self, name) for name in _SETTINGS},
            "y": int(y[self.row]),
            "own_y": int(given.y[place][self.row]),
            "own_output": float(own[self.row]),
            "shown_output": float(outputs[self.row]),
            "term": float(terms[self.row]),
            "share": float(terms[self.row] / terms.sum()),
            "mean": float(terms.mean()),
            "mean_before": before,
            "slope": loss.slope(outputs, y, fixed),
            "wrong": int(loss.wrong(outputs, y).sum()),
            "count": len(y),
            "largest": int(terms.argmax()),
        }
        hand = Recording(self._report)
        hand.append(
            output=outputs.astype(np.float32),
            term=terms,
            y=y,
            over_bias=loss.over_shifts(base, y, fixed),
            wrong_over_bias=loss.wrong_over_steps(base, y, fixed),
        )
        self._hand.publish(hand)

    def still(self) -> str:
        """The largest terms where nothing runs, and the mean, as a table. Plain HTML."""
        table, told = self.table().sort_values("term", ascending=False, kind="stable"), self._report
        name = self._given.row_name
        rows = [
            (f"{name} {at}", [(f"{one.y:.0f}", 0.0), (f"{one.output:.3f}", 0.0), (f"{one.term:.3f}", 0.0)])
            for at, one in zip(table.index[:_IN_STILL], table.head(_IN_STILL).itertuples(), strict=True)
        ]
        parts = [
            still.paragraph(
                f"Mean of {told['count']} terms: {told['mean']:.3f}; {told['wrong']} on the wrong side of 0.5."
            ),
            still.table("The largest terms", ["y", "model(x)", "term"], rows),
        ]
        return still.figure(self._still, self.title, parts)

    def _frames_of_all(self) -> Recording:
        given, sets = self._given, list(self._given.sets)
        all_terms = loss.terms(given.outputs, given.y)
        highest = max(float(all_terms[:, given.of(name)].mean(axis=1).max()) for name in sets)
        facts = {
            "sets": [{"name": name, "first": given.of(name).start, "count": given.sets[name]} for name in sets],
            "first": given.first,
            "row_name": given.row_name,
            "y": given.y.tolist(),
            "shifts": loss.SHIFTS.tolist(),
            "steps": loss.STEPS.tolist(),
            "high": min(_HIGHEST, max(1.0, 1.05 * float(all_terms.max()))),
            "bias_high": max(1.0, 2.2 * highest),
        }
        frames = Recording(facts)
        for outputs, terms in zip(given.outputs, all_terms, strict=True):
            wrong = loss.wrong(outputs, given.y)
            parts = [(outputs[given.of(name)], given.y[given.of(name)]) for name in sets]
            frames.append(
                output=outputs,
                term=terms.astype(np.float32),
                mean=[terms[given.of(name)].mean() for name in sets],
                wrong=[wrong[given.of(name)].sum() for name in sets],
                slope=[loss.slope(*part) for part in parts],
                over_bias=np.array([loss.over_shifts(*part) for part in parts], np.float32),
                wrong_over_bias=np.array([loss.wrong_over_steps(*part) for part in parts]),
            )
        return frames

    def _enter_set(self, _: Any) -> None:
        """Another set of rows: the row in hand is its first where it has no such row."""
        if self.row >= self._given.sets.get(self.rows, self.row + 1):
            self.row = 0

    def _check(self) -> None:
        given = self._given
        if self.rows not in given.sets:
            raise SettingsError(f"There are no {self.rows!r} rows here. There are: {', '.join(given.sets)}.")
        count = given.sets[self.rows]
        if not 0 <= self.row < count:
            which = "" if len(given.sets) == 1 else f"{self.rows} "
            raise SettingsError(f"row is {self.row}; the {count} {which}rows are counted from 0 to {count - 1}.")
        last = given.first + len(given.outputs) - 1
        if not given.first <= self.epoch <= last:
            raise SettingsError(f"epoch is {self.epoch}; recorded are {given.first} to {last}.")
        if self.output is not None and not 0 <= self.output <= 1:
            raise SettingsError(f"output is {self.output:g}; the model's output is from 0 to 1. Try 0.5.")
        if self.target not in (None, 0, 1):
            raise SettingsError(f"target is {self.target}; y is 0 or 1.")
        if not abs(self.bias_change) <= loss.SHIFTS[-1]:
            raise SettingsError(f"bias_change is {self.bias_change:g}; it goes from -6 to 6. Try 0.5.")

    def _answer(self, content: dict[str, Any], buffers: list[memoryview]) -> None:
        if content.get("kind") == "hand?":
            self._hand.answer(content)
        else:
            super()._answer(content, buffers)
