"""The traits of DataTour: what the page and Python share. What they do is in widget.py."""

from __future__ import annotations

from typing import Any

import bqplot
import traitlets as t
from ipywidgets import widget_serialization

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.settings_view import SettingsView
from firstepoch.widgets.tour.words import shown

STAGES = ("table", "row", "balance", "distributions", "exercise")


def _texts(filters: Any, _: Any = None) -> dict[str, str]:
    return {column: shown(value) for column, value in filters.items()}


class _Label(t.Any):
    """An index label, of whatever type."""

    allow_none = False


class TourTraits(SettingsView):
    """Settings (inputs), controls and reports of DataTour."""

    linked = ("stage", "filters", "sort", "descending", "row", "top", "column", "standardised")
    brings = dict.fromkeys(("filters", "sort", "descending", "row"), ("top",))
    parts = ("stage", "filters", "row", "top", "column", "standardised", "player", "numbers", "code")

    title = t.Unicode("From the table to the inputs").tag(sync=True)
    """Heading of the card. Input."""
    stage = t.Unicode("table").tag(sync=True)
    """What is shown: "table", "row", "balance", "distributions", or "exercise" if there is one. Control."""
    row = _Label(0).tag(
        sync=True,
        to_json=lambda label, self: self._table.row(label),
        from_json=lambda place, self: self._label(place),
    )
    """Index label of the row in hand; its place in the table, from 0, on the page. Default: the first row. Control."""
    filters: t.Dict[str, Any] = t.Dict().tag(sync=True, to_json=_texts, from_json=lambda filters, _: dict(filters))
    """For each column the value its rows must have; "part" stands for train, test or left out. Control."""
    sort = t.Unicode("").tag(sync=True)
    """The column the rows are sorted by; "" for the order of the table. Control."""
    descending = t.Bool(False).tag(sync=True)
    """Whether the highest come first. Control."""
    top = t.Int(0).tag(sync=True)
    """Which of the rows that fit the filters is the first on the page, from 0. Control."""
    marked: t.List[Any] = t.List().tag(
        sync=True,
        to_json=lambda labels, self: [self._table.row(label) for label in labels],
        from_json=lambda places, self: [self._label(place) for place in places],
    )
    """Index labels of the rows that are marked, in the order of the table; their places on the page. Control."""
    column = t.Unicode("").tag(sync=True)
    """The column whose distribution is shown. Default: the first that has inputs. Control."""
    standardised = t.Bool(False).tag(sync=True)
    """Whether the distribution's axis counts standard deviations from the mean, not raw units. Control."""
    facts = t.Dict(read_only=True).tag(sync=True)
    """What does not change: the columns, their summary, the balance, the code. Report."""
    window = t.Dict(read_only=True).tag(sync=True)
    """The rows on the page, and how many fit the filters. Report."""
    turned = t.Dict(read_only=True).tag(sync=True)
    """The row in hand, column by column, and its inputs. Report."""
    spread = t.Dict(read_only=True).tag(sync=True)
    """The distribution shown: bins, counts of each class, axis. Report."""
    found = t.Dict(read_only=True).tag(sync=True)
    """Of the exercise: `solved`, `said`, and `explanation` once it is solved or shown. Report."""
    chart = t.Instance(bqplot.Figure, read_only=True).tag(sync=True, **widget_serialization)
    """The bqplot figure. Report."""

    def _label(self, place: Any) -> Any:
        table = self._table
        if not isinstance(place, int) or not 0 <= place < len(table):
            raise SettingsError(f"There is no row at place {place}: the table has {len(table):,}, counted from 0.")
        return table.label(place)
