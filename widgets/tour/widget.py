"""DataTour: traits, validation and wiring. The modules beside it work everything out, view.ts draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bqplot
import numpy as np
import pandas as pd
import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.tour import classes, exercises, spread, summaries, turned, window
from firstepoch.widgets.tour.chart import SpreadChart
from firstepoch.widgets.tour.table import Table
from firstepoch.widgets.tour.traits import STAGES, TourTraits

_SETTINGS = ("stage", "row", "filters", "sort", "descending", "top", "marked", "column", "standardised")
_WIDEST = 400
"""Columns of a table that the page shows."""


class DataTour(TourTraits):
    """A walk from the table as it is to what the network sees of it.

    The table with what each column holds; one row at a time, raw column by raw column, to its inputs; how the classes
    are spread over training and test, and what a constant answer gets right; each column by class.

    Args:
        data: The table made ready: `TabularData.from_frame(df, target=...)`, or `heart.load()`.
        frame: The raw table. Default: `data.raw_train` and `data.raw_test` together, in the order of their index.
            Where `data` holds neither, the training rows come first, then the test rows.
        columns: What columns mean, by name; units belong here.
        exercise: A question that is answered by marking rows: a mapping with `question`, `rows` (index labels),
            `explanation` (text or list of texts) and perhaps `hint`.
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) `data` is no TabularData, the table does not fit it, or a setting cannot be used.
        TypeError: An argument is unknown.

    Example:
        >>> tour = DataTour(heart.load())  # doctest: +SKIP
        >>> tour.baseline["test"]  # doctest: +SKIP
        {'right': 44, 'of': 61, 'share': 0.7213114754098361}
    """

    _ready = False

    def __init__(
        self,
        data: Any,
        frame: pd.DataFrame | None = None,
        *,
        columns: Mapping[str, str] | None = None,
        exercise: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self._table = Table(data, frame)
        if len(self._table.columns) > _WIDEST:
            raise SettingsError(
                f"The table has {len(self._table.columns):,} columns, too many to look at. Show {_WIDEST} at most."
            )
        self._meanings = self._checked_meanings(columns)
        self._exercise = exercises.read(self._table, exercise)
        self._revealed = False
        self._seen: dict[str, Any] = {}
        self._rows = np.arange(len(self._table))
        self._spreads: dict[str, spread.Spread] = {}
        first = next(iter(self._table.inputs), self._table.columns[0])
        self._figure = SpreadChart(len(self._spread_of(first).groups))
        settings.setdefault("column", first)
        settings.setdefault("row", self._table.label(0))
        super().__init__(**settings)
        self._summary = summaries.summary(self._table)
        self.set_trait("facts", self._told())
        self.follow(*_SETTINGS)
        self.on_msg(type(self)._command)
        self._ready = True

    @t.default("chart")
    def _chart_figure(self) -> bqplot.Figure:
        return self._figure.figure

    @property
    def summary(self) -> pd.DataFrame:
        """One line for each raw column: what it became, different and missing values, min, mean, max, most frequent."""
        return self._summary.copy()

    @property
    def balance(self) -> dict[str, dict[str, Any]]:
        """Rows of each class in "all", "train" and "test"; of a regression rows, mean, std, min and max."""
        return classes.balance(self._table)

    @property
    def baseline(self) -> dict[str, Any]:
        """What always answering the training rows' most frequent class (or their mean) gets in "train" and "test"."""
        return classes.baseline(self._table)

    @property
    def selection(self) -> list[Any]:
        """Index labels of the rows that fit the filters, as they are sorted."""
        return [self._table.label(int(row)) for row in self._rows]

    def inputs(self, row: Any = None) -> pd.DataFrame:
        """The inputs of one row, as they are in `x_train` or `x_test`.

        Args:
            row: Its index label; the row in hand if it is left out.

        Returns:
            One line an input: `column`, `input`, `raw`, `value` (float32). Empty for a row without a target.

        Raises:
            SettingsError: There is no such row.
        """
        return turned.inputs(self._table, self._table.row(self.row if row is None else row))

    def distribution(self, column: str | None = None) -> pd.DataFrame:
        """Training rows in each bin, one column a class.

        Args:
            column: A raw column; the one shown if it is left out.
        """
        return self._spread_of(self.column if column is None else column).to_pandas()

    def show_answer(self) -> None:
        """Mark the rows that answer the exercise, and tell what is true.

        Raises:
            SettingsError: There is no exercise.
        """
        if self._exercise is None:
            raise SettingsError("This tour has no exercise.")
        self._revealed = True
        rows = [self._table.label(row) for row in sorted(self._exercise.rows)]
        with self.hold_sync():
            self.filters, self.sort, self.descending = {}, "", False
            self.row, self.marked = rows[0], rows
            self._judge()

    def recompute(self) -> None:
        """Work out what is shown, as far as it has changed.

        Raises:
            SettingsError: A setting cannot be used; nothing has been changed.
        """
        table = self._table
        self._check()
        place = table.row(self.row)
        rows, seen = self._rows, self._seen
        wanted = (dict(self.filters), self.sort, self.descending)
        if seen.get("rows") != wanted:
            rows = window.matching(table, *wanted)
        top = self.top
        if seen and top == seen["top"]:
            top = self._begin(rows, wanted, place)
        top = min(top, max(0, len(rows) - 1))
        found = self._spread_of(self.column)
        self._rows = rows
        with self.hold_sync():
            if (self._seen.get("rows"), self._seen.get("top")) != (wanted, top):
                self.set_trait("window", window.window(table, rows, top))
            self.set_trait("turned", turned.turned(table, place) | window.neighbours(rows, place, len(table)))
            if self._seen.get("spread") != (self.column, self.standardised):
                self.set_trait("spread", self._figure.show(table, found, self.standardised))
            self._seen = {"rows": wanted, "row": place, "top": top, "spread": (self.column, self.standardised)}
            self._quietly("top", top)
            self._judge()

    def still(self) -> str:
        """What the table holds and the balance of its targets, where nothing runs. Plain HTML."""
        facts = self.facts
        lines = [
            (told["name"], [(text, 0.0) for text in (told["meaning"], told["kind"], *told["span"], told["holds"])])
            for told in facts["columns"]
        ]
        balance = facts["balance"]
        counts = [(line["part"], [(text, 0.0) for text in line["counts"]]) for line in balance["lines"]]
        heads = ("meaning", "became", "min", "mean", "max", "holds")
        return still.figure(
            self._still,
            self.title,
            [
                still.paragraph(facts["size"]),
                still.table("The columns", heads, lines),
                still.table("The target", balance["heads"], counts),
                *map(still.paragraph, balance["said"]),
            ],
        )

    def close(self) -> None:
        """Take the widget and its chart off every page."""
        if self._ready:
            self._figure.close()
            super().close()

    def _check(self) -> None:
        table = self._table
        stages = STAGES if self._exercise else STAGES[:-1]
        if self.stage not in stages:
            raise SettingsError(f"stage is {self.stage!r}; it is one of {', '.join(stages)}.")
        for name in ("sort", "column"):
            value = getattr(self, name)
            if value or name == "column":
                table.codes(value)
        if not 0 <= self.top < max(1, len(table)):
            raise SettingsError(f"top is {self.top:,}; the table has {len(table):,} rows, counted from 0.")

    def _begin(self, rows: np.ndarray, wanted: Any, place: int) -> int:
        """Which row the page begins with once other rows fit, or another row is in hand.

        Where a filter was taken away, what was seen stays in sight, among its neighbours in the table.
        """
        seen, top = self._seen, self.top
        page = self._rows[top : top + window.ROWS]
        if wanted != seen["rows"]:
            wider = wanted[1:] == seen["rows"][1:] and wanted[0].items() <= seen["rows"][0].items()
            if not len(page) or not wider:
                return 0
            return window.near(rows, place if place in page else int(page[0]), top)
        return window.near(rows, place, top) if place != seen["row"] and place not in page else top

    def _told(self) -> dict[str, Any]:
        """What does not change."""
        given = self._exercise
        return summaries.facts(self._table) | {
            "columns": summaries.described(self._table, self._summary, self._meanings),
            "groups": list(self._spread_of(self.column).groups),
            "exercise": {"question": given.question, "hint": given.hint} if given else None,
        }

    def _spread_of(self, column: str) -> spread.Spread:
        if column not in self._spreads:
            self._spreads[column] = spread.spread(self._table, column)
        return self._spreads[column]

    def _judge(self) -> None:
        if self._exercise is None:
            return
        marked = [self._table.row(label) for label in self.marked]
        solved, said = exercises.verdict(self._exercise, self._table, marked)
        told = list(self._exercise.explanation) if solved or self._revealed else []
        self.set_trait("found", {"solved": solved, "said": said, "explanation": told, "shown": self._revealed})

    def _checked_meanings(self, given: Any) -> dict[str, str]:
        if given is not None and not isinstance(given, Mapping):
            raise SettingsError("columns is a mapping from a column to what it means, such as {'age': 'in years'}.")
        for name in given or {}:
            if name not in self._table.columns:
                there = ", ".join(self._table.columns)
                raise SettingsError(f"columns has {name!r}, and the table has no such column. There are: {there}.")
        return {str(name): str(text) for name, text in (given or {}).items()}

    def _changed(self) -> None:
        super()._changed()
        if self._good and not self._restoring:
            # recompute itself may have moved the page.
            self._good["top"] = self.top

    def _quietly(self, name: str, value: Any) -> None:
        was, self._restoring = self._restoring, True
        try:
            setattr(self, name, value)
        finally:
            self._restoring = was

    @t.validate("filters")
    def _valid_filters(self, proposal: Any) -> dict[str, Any]:
        return window.checked(self._table, proposal["value"])

    @t.validate("marked")
    def _valid_marked(self, proposal: Any) -> list[Any]:
        places = {self._table.row(label) for label in proposal["value"]}
        return [self._table.label(row) for row in sorted(places)]

    @t.validate("row")
    def _valid_row(self, proposal: Any) -> Any:
        return self._table.label(self._table.row(proposal["value"]))

    def _command(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """Buttons of the view; what they do is what the methods do."""
        if content.get("kind") == "answer" and self._exercise is not None:
            self.show_answer()
        elif content.get("kind") == "row":
            try:
                self.row = self._table.called(str(content.get("label", "")))
                self.set_trait("problem", "")
            except SettingsError as error:
                self.set_trait("problem", str(error))
