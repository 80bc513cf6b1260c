"""Evaluation: traits, validation and wiring. classified.py and numbers.py work the figures out, view.ts draws."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import bqplot
import numpy as np
import pandas as pd
import traitlets as t

from firstepoch.widgets import seals
from firstepoch.widgets.evaluation import cuts, plan, stills, tell
from firstepoch.widgets.evaluation.charts import SharesChart, stairs
from firstepoch.widgets.evaluation.classified import Classified
from firstepoch.widgets.evaluation.code import program
from firstepoch.widgets.evaluation.intervals import Bootstrap
from firstepoch.widgets.evaluation.luck import Luck
from firstepoch.widgets.evaluation.normal import Normal
from firstepoch.widgets.evaluation.numbers import Numbers
from firstepoch.widgets.evaluation.readings import Readings
from firstepoch.widgets.evaluation.rows import MANY, Rows, check_data, predict, rows_of, task_of
from firstepoch.widgets.evaluation.traits import ROWS
from firstepoch.widgets.recording import Recording

_REPORTS_A_SECOND = 8.0
_SETTINGS = ("rows", "threshold", "positive", "bins", "strategy", "split_count", "seed")


class Evaluation(Readings):
    """What a trained model is worth: counts, curves, calibration, intervals, what it got wrong, and other splits.

    The test rows are sealed until they are opened, here or on the page, and it is remembered for the life of the
    kernel how often they were opened and for how many models.

    Args:
        model: A trained keras.Model, a LiveTraining (its newest run's model), or an array of a model's outputs for the
            test rows: shape (rows,) or (rows, 1) of probabilities of class 1, (rows, classes) of many classes, or of a
            regression (target - target_mean) / target_std.
        data: A TabularData.
        splits: Gives the TabularData of a split seed, for example `firstepoch.heart.load`; for the other splits.
        build_model: Gives a new compiled keras.Model; for the other splits.
        training: How to train on the other splits, by the names of LiveTraining's settings. Default: those of the
            LiveTraining, or LiveTraining's defaults.
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) Settings or data cannot be evaluated with.
        TypeError: An argument is unknown.

    Example:
        >>> card = Evaluation(model, heart.load())  # doctest: +SKIP
        >>> card.open_test_set()["right"]  # doctest: +SKIP
        51
    """

    COMMANDS = "try_splits", "stop_splits", "open_test_set", "refresh"
    _ready = False

    def __init__(
        self,
        model: Any,
        data: Any,
        *,
        splits: Callable[[int], Any] | None = None,
        build_model: Callable[..., Any] | None = None,
        training: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        check_data(data)
        self._plan = plan.Plan(model, splits, build_model, training)
        self._data = data
        self._memory = seals.Seal(data, self._tell_seal)
        self._asked: dict[str, tuple[Rows, np.ndarray]] = {}
        self._looks = 0
        self._bootstrap: tuple[tuple[int, int], Bootstrap] | None = None
        self._result: Classified | Numbers | None = None
        self._key: tuple[Any, ...] = ()
        self._binned: tuple[Any, ...] = ()
        self._charts = SharesChart("false alarms: share of class 0"), SharesChart("recall: found share of class 1")
        self._session = self._luck = Luck(self._on_luck)
        self._reporting = threading.RLock()
        self._last_report = 0.0
        super().__init__(**settings)
        self.follow(*_SETTINGS)
        self._tell_luck()
        self._ready = True

    @t.default("roc_chart")
    def _roc_figure(self) -> bqplot.Figure:
        return self._charts[0].figure

    @t.default("pr_chart")
    def _pr_figure(self) -> bqplot.Figure:
        return self._charts[1].figure

    def open_test_set(self) -> dict[str, Any]:
        """Open the test set for the model as it is now; every call counts.

        Returns:
            `figures`.

        Raises:
            SettingsError: There is no trained model yet, or what it says does not fit; nothing was opened.
        """
        asked = self._ask("test")
        self._asked["test"] = asked
        self._looks += 1
        self._memory.remember(seals.known_by(self._plan.model(), asked[1]))
        self.set_trait("opened", True)
        if self.rows != "test":
            self.rows = "test"
        else:
            self.recompute()
        return self.figures

    def refresh(self) -> None:
        """Ask the model as it is now about the rows on the card; of test rows it counts as another look."""
        if self.rows == "test":
            self.open_test_set()
            return
        self._asked[self.rows] = self._ask(self.rows)
        self._looks += 1
        self.recompute()

    def recompute(self) -> None:
        """Work the figures out for the rows and the settings at hand; sealed rows are left alone."""
        values = {name: getattr(self, name) for name in _SETTINGS}
        plan.check_settings(values, self._data, self._plan.validation_split())
        key: tuple[Any, ...] = (self.rows, self.positive, self.seed, self._looks)
        if self.rows == "test" and not self.opened:
            self._result, key = None, ()
        elif key != self._key:
            self._result = self._evaluated()
        elif isinstance(self._result, Classified) and self._result.show(self.threshold):
            self._key = ()
        changed, self._key = key != self._key or not self._ready, key
        self._tell(changed)

    def _evaluated(self) -> Classified | Numbers:
        came = self._result is None or self._result.rows.name != self.rows
        if self.rows not in self._asked or (came and self.rows != "test"):
            self._asked[self.rows] = self._ask(self.rows)
        rows, outputs = self._asked[self.rows]
        sampling = Normal() if len(rows.y) > MANY else self._resamples(len(rows.y))
        if task_of(self._data) == "regression":
            return Numbers(rows, outputs, self._data, sampling)
        result = Classified(rows, outputs, self._data, self.positive, sampling)
        result.show(self.threshold)
        return result

    def _resamples(self, rows: int) -> Bootstrap:
        """They are kept: every class and every model of the same rows is seen through the same resamples."""
        wanted = rows, self.seed
        if self._bootstrap is None or self._bootstrap[0] != wanted:
            self._bootstrap = wanted, Bootstrap(*wanted)
        return self._bootstrap[1]

    def _ask(self, name: str) -> tuple[Rows, np.ndarray]:
        """These rows, and what the model as it is now says of them."""
        model = self._plan.model()
        rows = rows_of(self._data, name, self._plan.validation_split())
        return rows, predict(model, rows, self._data)

    def try_splits(self) -> None:
        """Train anew on `split_count` other splits (seeds from 0); returns at once. `wait()` waits for the end.

        Raises:
            SettingsError: `splits` or `build_model` was not given, or the training's settings do not fit.
            RuntimeError: It is training already.
        """
        self._started_in_view = False
        settings, given = self._plan.settings(len(self._data.y_train))
        splits, build_model = self._plan.functions()
        self._luck.start(splits, build_model, settings, given, range(self.split_count), self.threshold)

    def stop_splits(self) -> None:
        """End the training on other splits; splits that are done are kept."""
        self._luck.stop()

    def still(self) -> str:
        """The figures on a page where nothing runs; sealed rows stay sealed. Plain HTML."""
        return stills.still(self._still, self)

    def close(self) -> None:
        """Stop training and take the widget and its charts off every page."""
        if self._ready:
            self._luck.stop()
            for chart in self._charts:
                chart.close()
            super().close()

    def _tell(self, changed: bool) -> None:
        """The one place that turns figures into trait changes."""
        result, data = self._result, self._data
        if changed:
            self._tell_seal()
            if isinstance(result, Classified):
                self._draw(result)
                self.set_trait("points", tell.points(result))
                self.publish(result.recording())
                self.set_trait("report", tell.of_classes(result, data))
            else:
                self.set_trait("points", {})
                self.publish(Recording())
                self.set_trait("report", tell.of_numbers(result, data) if result else {})
            self.set_trait("table", tell.table(result, data) if result else {})
        binned = (self.bins, self.strategy)
        if changed or binned != self._binned:
            bins = result.calibration(*binned) if isinstance(result, Classified) else pd.DataFrame()
            self.set_trait("reliability", tell.plain(bins.to_dict("records")))
            self._binned = binned
        self.set_trait("code", self._program())

    def _draw(self, result: Classified) -> None:
        fpr, tpr = cuts.roc(result.cuts)
        precision, recall = cuts.precision_recall(result.cuts)
        prevalence, some = float(result.actual.mean()), result.some
        self._charts[0].draw(fpr[::-1][some], tpr[::-1][some], (0.0, 1.0))
        self._charts[1].draw(*stairs(recall[some], precision[some]), (prevalence, prevalence))

    def _tell_seal(self) -> None:
        split = self._plan.validation_split()
        counts = {name: len(rows_of(self._data, name, split).y) for name in ROWS}
        known = {"counts": counts, "asks": self._plan.asks, "task": task_of(self._data)}
        self.set_trait("seal", self._memory.told() | known)

    def _program(self) -> str:
        shown, known = (self._result.n if self._result else 0), len(self._data.y_train)
        return program(
            task_of(self._data),
            self.rows,
            training=known - shown if self.rows == "validation" else shown,
            asks=self._plan.asks,
            threshold=self.threshold,
            classes=len(self._data.class_names),
            seed=None if shown > MANY else self.seed,
        )

    def _on_luck(self, kind: str) -> None:
        now = time.perf_counter()
        if kind == "epoch" and now - self._last_report < 1 / _REPORTS_A_SECOND:
            return
        self._last_report = now
        self._tell_luck()

    def _tell_luck(self) -> None:
        with self._reporting:
            luck = self._luck
            self.set_trait("luck", tell.plain(plan.told(luck, self._plan)))
            self.set_trait("status", luck.status)
