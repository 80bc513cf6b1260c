"""What a model is worth on rows that have classes: of two, or one of many against the rest. Numpy, no widget."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets.evaluation import calibration, cuts, losses
from firstepoch.widgets.evaluation.intervals import Bootstrap, wilson
from firstepoch.widgets.evaluation.normal import Normal
from firstepoch.widgets.evaluation.rows import MANY, Rows, first_of, task_of
from firstepoch.widgets.recording import Recording

_MARKS = 400
"""Marks that are drawn of many rows, at most about."""
SHARES = {"sensitivity": ("tp", "fn"), "specificity": ("tn", "fp"), "precision": ("tp", "fp")}
"""Each is the first count as a share of both."""


class Classified:
    """A model's outputs for some rows, and every figure of them.

    Args:
        rows: The rows.
        outputs: Shape (rows,) or (rows, classes), checked.
        data: The TabularData they are of.
        positive: The class that is told from the rest by a threshold.
        sampling: Makes the intervals that are not Wilson's.

    Attributes:
        many: Whether there are more than two classes, so that the largest output decides.
        scores: The outputs for `positive`, shape (rows,).
        actual: Whether the target is `positive`.
        cuts: Every distinct threshold.
        some: Numbers of the cuts that are shown.
        predicted: The class with the largest output, of many classes; shape (rows,).
        baseline: The class most training rows have; a model that always says it needs no inputs.
    """

    def __init__(self, rows: Rows, outputs: np.ndarray, data: Any, positive: int, sampling: Bootstrap | Normal) -> None:
        self.rows, self.outputs, self.positive, self.sampling = rows, outputs, positive, sampling
        self.names = tuple(map(str, data.class_names))
        self.targets = rows.y.astype(int)
        self.many = task_of(data) == "multiclass"
        self.scores = outputs[:, positive] if self.many else outputs
        self.actual = self.targets == positive
        self.cuts = cuts.cut(self.scores, self.actual)
        self.some = self.cuts.some(MANY, 0.5)
        self.predicted = outputs.argmax(axis=1) if self.many else np.zeros(0, int)
        self.baseline = int(np.bincount(np.asarray(data.y_train).astype(int)).argmax())

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.targets)

    @property
    def baseline_right(self) -> int:
        """Rows that always saying `baseline` gets right."""
        return int((self.targets == self.baseline).sum())

    def predictions(self, threshold: float) -> np.ndarray:
        """The class said of each row; of many classes the one with the largest output, whatever the threshold."""
        return self.predicted if self.many else (self.cuts.falls > self.cuts.at(threshold)).astype(int)

    def confusion(self, threshold: float) -> pd.DataFrame:
        """Counts: a row for each actual class, a column for each predicted one."""
        counts = losses.confusion(self.predictions(threshold), self.targets, len(self.names))
        return pd.DataFrame(
            counts, index=pd.Index(self.names, name="actual"), columns=pd.Index(self.names, name="predicted")
        )

    @functools.cached_property
    def row_losses(self) -> np.ndarray:
        """Cross-entropy of each row."""
        return losses.cross_entropy(self.outputs, self.targets)

    def show(self, threshold: float) -> bool:
        """See that the cut of this threshold is among those shown; whether they changed for it."""
        if self.cuts.at(threshold) in self.some:
            return False
        self.some = self.cuts.some(MANY, 0.5, threshold)
        return True

    def recording(self) -> Recording:
        """One frame for each distinct threshold; of more than 2,000 those at even steps along the ROC curve.

        `low`, `high`, `threshold`, `tn`, `fp`, `fn`, `tp`, `right`, `fpr`, and each share with its interval.
        A share is NaN where it is 0 / 0. `accuracy_low` and `_high` are Wilson's, `resampled_low` and `_high` those of
        the bootstrap, or of many rows the normal ones; `holds` is 1 where Wilson's interval of the accuracy holds the
        baseline.
        """
        made, some = self.cuts, self.some
        frames = self._at(some)
        frames |= {"low": made.low[some].astype(float), "high": made.high[some].astype(float)}
        frames["threshold"] = made.short(some)
        frames["fpr"] = cuts.shares(frames["fp"], frames["fp"] + frames["tn"])
        share = self.baseline_right / self.n
        frames["holds"] = (frames["accuracy_low"] <= share) & (share <= frames["accuracy_high"])
        single = self.scores.dtype == np.float32
        recording = Recording({"rows": self.n, "single": single, "cuts": len(made.low)})
        recording.extend(frames)
        return recording

    def _at(self, some: np.ndarray) -> dict[str, Any]:
        """Counts, shares and their intervals in these cuts."""
        found: dict[str, Any] = {name: getattr(self.cuts, name)[some] for name in ("tn", "fp", "fn", "tp", "right")}
        found["accuracy"] = found["right"] / self.n
        found["accuracy_low"], found["accuracy_high"] = wilson(found["right"], self.n)
        for name, (part, rest) in SHARES.items():
            whole = found[part] + found[rest]
            found[name] = cuts.shares(found[part], whole)
            found[f"{name}_low"], found[f"{name}_high"] = wilson(found[part], whole)
        found["resampled_low"], found["resampled_high"] = self._resampled[:, some]
        return found

    @functools.cached_property
    def _resampled(self) -> np.ndarray:
        """The accuracy's interval in every cut."""
        return self.sampling.right(self.cuts, self.actual)

    @functools.cached_property
    def fixed(self) -> dict[str, float]:
        """The figures that no threshold moves, of many classes the accuracy too."""
        found = {
            "auc": cuts.area(self.cuts),
            "average_precision": cuts.average_precision(self.cuts),
            "loss": float(self.row_losses.mean()),
        }
        if not self.many:
            found["brier"] = calibration.brier(self.scores, self.actual)
        return found

    @functools.cached_property
    def fixed_intervals(self) -> dict[str, tuple[float, float]]:
        """Intervals of the AUC and the loss, not Wilson's; of many classes the accuracy's too."""
        found = {
            "auc": self.sampling.area(self.cuts, self.actual),
            "loss": self.sampling.mean(self.row_losses),
        }
        if self.many:
            found["accuracy"] = self.sampling.mean((self.predicted == self.targets).astype(float))
        return {name: (float(low), float(high)) for name, (low, high) in found.items()}

    def figures(self, threshold: float) -> dict[str, Any]:
        """All single numbers at this threshold."""
        frames = self._of(threshold)
        counts = {name: int(frames[name]) for name in ("tn", "fp", "fn", "tp")}
        tp, fp, fn = counts["tp"], counts["fp"], counts["fn"]
        right = int((self.predicted == self.targets).sum()) if self.many else int(frames["right"])
        return {
            "rows": self.n,
            "right": right,
            "accuracy": right / self.n,
            "baseline_right": self.baseline_right,
            "baseline_accuracy": self.baseline_right / self.n,
            **({"positive": self.positive} if self.many else {}),
            "threshold": float(threshold),
            **counts,
            **{name: frames[name] for name in SHARES},
            "f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else float("nan"),
            **self.fixed,
        }

    def intervals(self, threshold: float) -> pd.DataFrame:
        """Value and 95 % interval of each figure, and by which method."""
        frames, figures, method = self._of(threshold), self.figures(threshold), self.sampling.method
        lines: list[tuple[Any, ...]] = [("accuracy", "Wilson", figures["accuracy"], *wilson(figures["right"], self.n))]
        for name in SHARES:
            lines.append((name, "Wilson", figures[name], frames[f"{name}_low"], frames[f"{name}_high"]))
        resampled = dict(self.fixed_intervals)
        resampled.setdefault("accuracy", (frames["resampled_low"], frames["resampled_high"]))
        lines += [(name, method, figures[name], *resampled[name]) for name in ("accuracy", "auc", "loss")]
        return pd.DataFrame(
            [(*names, *map(float, values)) for *names, values in ((*line[:2], line[2:]) for line in lines)],
            columns=["figure", "method", "value", "low", "high"],
        )

    def _of(self, threshold: float) -> dict[str, float]:
        return {name: float(values[0]) for name, values in self._at(np.array([self.cuts.at(threshold)])).items()}

    def roc(self) -> pd.DataFrame:
        """The points of the ROC curve, from no row predicted 1 to all."""
        fpr, tpr = cuts.roc(self.cuts)
        return pd.DataFrame({"fpr": fpr, "tpr": tpr, **self._thresholds(slice(None, None, -1))})

    def precision_recall(self) -> pd.DataFrame:
        """The points of the precision-recall curve, from all rows predicted 1 to none."""
        precision, recall = cuts.precision_recall(self.cuts)
        return pd.DataFrame({"precision": precision, "recall": recall, **self._thresholds(slice(None))})

    def _thresholds(self, order: slice) -> dict[str, np.ndarray]:
        return {"above": self.cuts.low[order].astype(float), "at_least": self.cuts.high[order].astype(float)}

    def calibration(self, bins: int, strategy: str) -> pd.DataFrame:
        """See `reliability`; of many classes that of `positive` against the rest."""
        return calibration.reliability(self.scores, self.actual, bins, strategy)

    def per_class(self, threshold: float) -> pd.DataFrame:
        """Precision, recall, F1 and support of each class; see `losses.per_class`."""
        return losses.per_class(self.confusion(threshold).to_numpy(), self.names)

    @functools.cached_property
    def marked(self) -> tuple[np.ndarray, int]:
        """The rows that are drawn and for how many each stands: all, or every so many of a class, by their outputs."""
        if self.n <= MANY:
            return np.arange(self.n), 1
        tens = 10 ** math.floor(math.log10(self.n / _MARKS))
        each = next(step * tens for step in (1, 2, 5, 10) if step * tens >= self.n / _MARKS)
        order = np.argsort(self.scores, kind="stable")
        kinds = (order[self.actual[order] == kind] for kind in (False, True))
        return np.concatenate([rows[min(each, len(rows)) // 2 :: each] for rows in kinds]), each

    def furthest(self, most: int) -> np.ndarray:
        """Numbers of the rows that are furthest off, the furthest first.

        Args:
            most: Of two classes the first so many of each class: at any threshold the first that are wrong are among
                them. Of many classes the first so many that are wrong.
        """
        off = self.wrongness()
        groups = [self.predicted != self.targets] if self.many else [self.actual, ~self.actual]
        return first_of(off, most, *map(np.flatnonzero, groups))

    def wrongness(self) -> np.ndarray:
        """How far the output for its own class is from 1, for each row."""
        if self.many:
            return 1 - self.outputs[np.arange(self.n), self.targets].astype(float)
        return np.abs(self.scores.astype(float) - self.actual)
