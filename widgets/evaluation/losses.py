"""The loss of each row, and what a model is worth on many classes or on numbers. Numpy alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from firstepoch.widgets.evaluation.cuts import shares

_EPSILON = 1e-7
"""Keras keeps outputs so far from 0 and 1 before it takes their logarithm."""


def cross_entropy(outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Cross-entropy of each row in nats, as Keras's binary or sparse categorical one.

    Args:
        outputs: Shape (rows,) for class 1, or (rows, classes).
        targets: Class of each row, from 0.
    """
    kept = np.clip(outputs.astype(float), _EPSILON, 1 - _EPSILON)
    if kept.ndim == 1:
        return -np.log(np.where(targets == 1, kept, 1 - kept))
    return -np.log(kept[np.arange(len(kept)), targets])


def confusion(predicted: np.ndarray, actual: np.ndarray, classes: int) -> np.ndarray:
    """Counts of shape (classes, classes): a row for each actual class, a column for each predicted one."""
    return np.bincount(actual * classes + predicted, minlength=classes**2).reshape(classes, classes)


def per_class(counts: np.ndarray, names: tuple[str, ...]) -> pd.DataFrame:
    """Precision, recall, F1 and support of each class; NaN where one is 0 / 0.

    The numbers are those of `sklearn.metrics.precision_recall_fscore_support(zero_division=numpy.nan)`.
    """
    found, support, said = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    return pd.DataFrame(
        {
            "precision": shares(found, said),
            "recall": shares(found, support),
            "f1": shares(2 * found, said + support),
            "support": support,
        },
        index=pd.Index(names, name="class"),
    )


def of_numbers(predicted: np.ndarray, actual: np.ndarray) -> dict[str, float]:
    """Mean absolute error, root of the mean squared error, and R², each as scikit-learn's.

    R² is NaN for fewer than 2 rows; where all targets are the same it is 0, or 1 if all are met.
    """
    error = predicted - actual
    square, spread = float(np.sum(error**2)), float(np.sum((actual - actual.mean()) ** 2))
    r2 = np.nan if len(actual) < 2 else 1 - square / spread if spread else float(square == 0)
    return {"mae": float(np.abs(error).mean()), "rmse": float(np.sqrt(np.mean(error**2))), "r2": float(r2)}
