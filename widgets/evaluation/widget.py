"""Evaluation: traits, validation and wiring. classified.py and numbers.py work the figures out, view.ts draws."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import bqplot
import numpy as np
import pandas as pd
import traitlets as t

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.evaluation import cuts, plan, seals, stills, tell
from firstepoch.widgets.evaluation.charts import SharesChart, stairs
from firstepoch.widgets.evaluation.classified import Classified
from firstepoch.widgets.evaluation.code import program
from firstepoch.widgets.evaluation.intervals import Bootstrap
from firstepoch.widgets.evaluation.luck import RUNNING, Luck
from firstepoch.widgets.evaluation.numbers import Numbers
from firstepoch.widgets.evaluation.rows import check_data, predict, rows_of, task_of
from firstepoch.widgets.evaluation.traits import ROWS, EvaluationTraits
from firstepoch.widgets.recording import Recording

_REPORTS_A_SECOND = 8.0
_SETTINGS = ("rows", "threshold", "positive", "bins", "strategy", "split_count", "seed")


class Evaluation(EvaluationTraits):
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
        self._outputs: dict[str, np.ndarray] = {}
        self._looks = 0
        self._bootstraps: dict[tuple[int, int], Bootstrap] = {}
        self._result: Classified | Numbers | None = None
        self._key: tuple[Any, ...] = ()
        self._charts = SharesChart("false alarms: share of class 0"), SharesChart("recall: found share of class 1")
        self._luck = Luck(self._on_luck)
        self._reporting = threading.RLock()
        self._last_report = 0.0
        self._started_in_view = False
        self._views: set[str] = set()
        super().__init__(**settings)
        self.follow(*_SETTINGS)
        self.on_msg(type(self)._command)
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
        outputs = predict(self._plan.model(), rows_of(self._data, "test", 0.0), self._data)
        seals.remember(self._data, outputs)
        self._outputs["test"] = outputs
        self._looks += 1
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
        kept = dict(self._outputs)
        self._outputs.pop(self.rows, None)
        self._looks += 1
        try:
            self.recompute()
        except SettingsError:
            self._outputs = kept
            raise

    def recompute(self) -> None:
        """Work the figures out for the rows and the settings at hand; sealed rows are left alone."""
        self._check()
        key: tuple[Any, ...] = (self.rows, self.positive, self.seed, self._plan.validation_split(), self._looks)
        if self.rows == "test" and not self.opened:
            self._result, key = None, ()
        elif key != self._key:
            self._result = self._evaluated()
        changed, self._key = key != self._key or not self._ready, key
        self._tell(changed)

    def _evaluated(self) -> Classified | Numbers:
        rows = rows_of(self._data, self.rows, self._plan.validation_split())
        if self.rows not in self._outputs:
            self._outputs[self.rows] = predict(self._plan.model(), rows, self._data)
        outputs, n = self._outputs[self.rows], len(rows.y)
        if (n, self.seed) not in self._bootstraps:
            self._bootstraps = {(n, self.seed): Bootstrap(n, self.seed)}
        bootstrap = self._bootstraps[n, self.seed]
        if task_of(self._data) == "regression":
            return Numbers(rows, outputs, self._data, bootstrap)
        return Classified(rows, outputs, self._data, self.positive, bootstrap)

    @property
    def figures(self) -> dict[str, Any]:
        """All single numbers: counts, shares, AUC, loss; of a regression errors in the target's own unit.

        `accuracy` at 0.5 is Keras's; `loss` is the cross-entropy in nats as Keras's. A share is NaN where it is 0 / 0,
        the AUC where a class has no row.
        """
        result = self._opened()
        return result.figures(self.threshold) if isinstance(result, Classified) else result.figures()

    @property
    def confusion(self) -> pd.DataFrame:
        """Counts at the threshold: a row for each actual class, a column for each predicted one."""
        return self._classified("confusion counts").confusion(self.threshold)

    @property
    def roc(self) -> pd.DataFrame:
        """`fpr` and `tpr` at every cut; rows strictly `above` (the same: `at_least`) are predicted 1."""
        return self._classified("a ROC curve").roc()

    @property
    def precision_recall(self) -> pd.DataFrame:
        """`precision` and `recall` at every cut; rows strictly `above` (the same: `at_least`) are predicted 1."""
        return self._classified("a precision-recall curve").precision_recall()

    @property
    def calibration(self) -> pd.DataFrame:
        """One row a bin; see `calibration.reliability`."""
        return self._classified("a calibration").calibration(self.bins, self.strategy)

    @property
    def per_class(self) -> pd.DataFrame:
        """Precision, recall, F1 and support of each class."""
        return self._classified("figures of each class").per_class(self.threshold)

    @property
    def wrong(self) -> pd.DataFrame:
        """The raw rows the model got wrong with its `output`, furthest off first; of numbers all rows."""
        return tell.wrong(self._opened(), self._data, self.threshold)

    @property
    def intervals(self) -> pd.DataFrame:
        """95 % intervals: `figure`, `method` ("Wilson" or "bootstrap"), `value`, `low`, `high`."""
        result = self._opened()
        return result.intervals(self.threshold) if isinstance(result, Classified) else result.intervals()

    @property
    def splits(self) -> pd.DataFrame:
        """What each other split gave, with its seed as index; empty before `try_splits`."""
        found = pd.DataFrame(self._luck.results)
        return found.set_index("seed") if len(found) else found

    @property
    def recording(self) -> Recording:
        """One frame for each distinct threshold; see `Classified.recording`. Empty for numbers."""
        result = self._opened()
        return result.recording if isinstance(result, Classified) else Recording()

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

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the training on other splits to end.

        Args:
            timeout: Seconds to wait at most; None for as long as it takes.

        Returns:
            False if it still goes on after `timeout`.

        Raises:
            Exception: What made it fail.
        """
        ended = self._luck.wait(timeout)
        if ended and self._luck.error is not None:
            raise self._luck.error
        return ended

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

    def _opened(self) -> Classified | Numbers:
        if self._result is None:
            raise RuntimeError(
                'The test set is sealed. Open it with .open_test_set(), or look at other rows with rows="training".'
            )
        return self._result

    def _classified(self, what: str) -> Classified:
        result = self._opened()
        if isinstance(result, Numbers):
            raise SettingsError(f"The target is a number: it has no {what.split(' ', 1)[-1]}. Try .figures.")
        return result

    def _check(self) -> None:
        if not math.isfinite(self.threshold) or not -1 <= self.threshold <= 1:
            raise SettingsError(f"The threshold is {self.threshold:g}; outputs are from 0 to 1. Try 0.5.")
        classes = len(self._data.class_names)
        if task_of(self._data) == "binary" and self.positive != 1:
            raise SettingsError(f"positive is {self.positive}; of two classes class 1 is told from 0.")
        if task_of(self._data) == "multiclass" and not 0 <= self.positive < classes:
            raise SettingsError(f"positive is {self.positive}; use a class from 0 to {classes - 1}.")
        for name, low, high in (("bins", 2, 50), ("split_count", 2, 50), ("seed", 0, 2**32 - 1)):
            if not low <= getattr(self, name) <= high:
                words = name.replace("_", " ")
                raise SettingsError(f"{words} is {getattr(self, name)}; use a whole number from {low} to {high}.")
        if self.rows == "validation" and not self._plan.validation_split():
            raise SettingsError(
                "No rows were kept out for validation: the training had no validation_split, or it was not told. Give "
                "training=dict(validation_split=0.2), or a LiveTraining."
            )

    def _tell(self, changed: bool) -> None:
        """The one place that turns figures into trait changes."""
        result, data = self._result, self._data
        if changed:
            self.set_trait("seal", self._seal())
            if isinstance(result, Classified):
                self._draw(result)
                self.set_trait("points", tell.points(result))
                self.publish(result.recording)
                self.set_trait("report", tell.of_classes(result, data))
            else:
                self.set_trait("points", {})
                self.publish(Recording())
                self.set_trait("report", tell.of_numbers(result, data) if result else {})
            self.set_trait("table", tell.table(result, data) if result else {})
        bins = result.calibration(self.bins, self.strategy) if isinstance(result, Classified) else pd.DataFrame()
        self.set_trait("reliability", tell.plain(bins.to_dict("records")))
        self.set_trait("code", self._program())

    def _draw(self, result: Classified) -> None:
        fpr, tpr = cuts.roc(result.cuts)
        precision, recall = cuts.precision_recall(result.cuts)
        prevalence = float(result.actual.mean())
        self._charts[0].draw(fpr, tpr, (0.0, 1.0))
        self._charts[1].draw(*stairs(recall, precision), (prevalence, prevalence))

    def _seal(self) -> dict[str, Any]:
        known, split = seals.opened(self._data), self._plan.validation_split()
        counts = {name: len(rows_of(self._data, name, split).y) for name in ROWS}
        return {
            "times": known.times,
            "models": known.models,
            "counts": counts,
            "asks": self._plan.asks,
            "task": task_of(self._data),
        }

    def _program(self) -> str:
        return program(
            task_of(self._data),
            self.rows,
            training=len(rows_of(self._data, "training", self._plan.validation_split()).y),
            asks=self._plan.asks,
            threshold=self.threshold,
            classes=len(self._data.class_names),
            seed=self.seed,
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

    def _command(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """Buttons of the view; what they do is what the methods do."""
        kind, view = content.get("kind"), str(content.get("view", ""))
        if kind == "enter":
            self._views.add(view)
        elif kind == "leave":
            self._views.discard(view)
            if not self._views and self._started_in_view and self._luck.status in RUNNING:
                self._luck.stop()
        elif kind in ("open_test_set", "refresh", "try_splits", "stop_splits"):
            try:
                getattr(self, kind)()
                self._started_in_view = self._started_in_view or kind == "try_splits"
                self.set_trait("problem", "")
            except SettingsError as error:
                self.set_trait("problem", str(error))
            except RuntimeError as error:
                self.log.info("Button %s did nothing: %s", kind, error)
