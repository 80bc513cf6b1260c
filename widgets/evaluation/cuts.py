"""Every distinct way a threshold can divide the rows: counts, ROC, precision and recall. Numpy alone, no widget.

A row is predicted 1 where its output is strictly above the threshold, as Keras's accuracy asks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cuts:
    """The rows divided by each distinct threshold, from the lowest to the highest.

    Attributes:
        low: The lowest threshold of each cut, shape (cuts,); the first is -inf, where every row is predicted 1.
        high: All thresholds from `low` to below this divide the rows in the same way; the last is inf.
        tn: Target 0, predicted 0.
        fp: Target 0, predicted 1.
        fn: Target 1, predicted 0.
        tp: Target 1, predicted 1.
        falls: The first cut in which each row is predicted 0, shape (rows,).
    """

    low: np.ndarray
    high: np.ndarray
    tn: np.ndarray
    fp: np.ndarray
    fn: np.ndarray
    tp: np.ndarray
    falls: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """Rows predicted right in each cut."""
        return self.tn + self.tp

    def short(self, some: np.ndarray) -> np.ndarray:
        """For each of these cuts one of its thresholds as a short number; 0.5 where it is among them."""
        pairs = zip(self.low[some].tolist(), self.high[some].tolist(), strict=True)
        return np.array([_short(*pair) for pair in pairs])

    def some(self, most: int, *thresholds: float) -> np.ndarray:
        """Which cuts are shown: all, or of more than `most` about so many at even steps along the ROC curve.

        Args:
            most: How many may be shown.
            thresholds: Their cuts are among those shown.
        """
        total = len(self.low)
        if total <= most:
            return np.arange(total)
        way = self.tn / max(1, self.tn[-1]) + self.fn / max(1, self.fn[-1])
        even = np.searchsorted(way, np.linspace(0, way[-1], most))
        return np.unique([0, *even, total - 1, *map(self.at, thresholds)])

    def at(self, threshold: float) -> int:
        """The cut this threshold makes; it is compared in float32 where the outputs are."""
        value = float(self.low.dtype.type(threshold))
        return int(np.searchsorted(self.low, value, side="right")) - 1


def cut(outputs: np.ndarray, actual: np.ndarray) -> Cuts:
    """Divide the rows at every distinct output.

    Args:
        outputs: Shape (rows,), float32 or float64, finite.
        actual: Whether the target of each row is 1, bool of shape (rows,).

    Returns:
        One cut more than there are distinct outputs: rows with equal outputs change sides together.
    """
    distinct, place = np.unique(outputs, return_inverse=True)
    positive = np.bincount(place, actual, len(distinct)).astype(np.int64)
    negative = np.bincount(place, ~actual, len(distinct)).astype(np.int64)
    fn = np.concatenate([[0], np.cumsum(positive)])
    tn = np.concatenate([[0], np.cumsum(negative)])
    infinity = distinct.dtype.type(np.inf)
    low, high = np.concatenate([[-infinity], distinct]), np.concatenate([distinct, [infinity]])
    return Cuts(
        low=low,
        high=high,
        tn=tn,
        fp=int((~actual).sum()) - tn,
        fn=fn,
        tp=int(actual.sum()) - fn,
        falls=(place + 1).reshape(-1),
    )


def shares(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part of the whole, NaN where the whole is 0."""
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=np.asarray(whole) != 0)


def roc(cuts: Cuts) -> tuple[np.ndarray, np.ndarray]:
    """False-positive rate and true-positive rate from the highest cut to the lowest; NaN without rows of the class.

    The points are those of `sklearn.metrics.roc_curve(drop_intermediate=False)`.
    """
    fp, tp = cuts.fp[::-1], cuts.tp[::-1]
    return shares(fp, fp + cuts.tn[::-1]), shares(tp, tp + cuts.fn[::-1])


def area(cuts: Cuts) -> float:
    """Area under the ROC curve: how often a row of class 1 is above a row of class 0, ties counted half.

    NaN if a class has no row. Hanley & McNeil (1982), Radiology 143, 29-36.
    """
    fpr, tpr = roc(cuts)
    return float(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2))


def precision_recall(cuts: Cuts) -> tuple[np.ndarray, np.ndarray]:
    """Precision and recall from the lowest cut to the highest, where no row is predicted 1 and precision counts as 1.

    The points are those of `sklearn.metrics.precision_recall_curve`; as there, recall is 1 if class 1 has no row.
    """
    precision = shares(cuts.tp, cuts.tp + cuts.fp)
    precision[-1] = 1.0
    rows = cuts.tp[0]
    recall = cuts.tp / rows if rows else np.append(np.ones(len(cuts.tp) - 1), 0.0)
    return precision, recall


def average_precision(cuts: Cuts) -> float:
    """The mean of the precisions, each weighted by the recall it adds, as scikit-learn's; 0 if class 1 has no row."""
    precision, recall = precision_recall(cuts)
    return float(max(0.0, -np.sum(np.diff(recall) * precision[:-1]))) if cuts.tp[0] else 0.0


def _short(low: float, high: float) -> float:
    """A short number in [low, high), within 0 to 1 if there is one; 0.5 if it is in there."""
    if low <= 0.5 < high:
        return 0.5
    low = max(low, 0.0) if high > 0 else low
    high = min(high, 1.0 + 1e-9) if low <= 1 else high
    if not np.isfinite(low):
        return float(np.floor(high)) - 1.0
    if not np.isfinite(high):
        return low
    middle = (low + high) / 2
    for digits in range(1, 17):
        value = float(f"{middle:.{digits}g}")
        # float32 must not carry it over an edge.
        if low <= value < high and low <= float(np.float32(value)) < high:
            return value
    return low
