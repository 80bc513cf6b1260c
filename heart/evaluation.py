"""What a model is worth on the test patients, in counts beside the always-0 baseline. No training here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firstepoch.data import TabularData

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Evaluation:
    """The result of a model on the test patients.

    Attributes:
        loss: The loss that the model was compiled with, mean over the patients.
        accuracy: Share of patients predicted right at `threshold`; at 0.5 it is Keras's accuracy.
        right: Number of patients predicted right.
        n: Number of patients.
        baseline_right: Number of patients a model that always says 0 gets right.
        baseline_accuracy: The same as a share.
        true_negative: Target 0, predicted 0.
        false_positive: Target 0, predicted 1.
        false_negative: Target 1, predicted 0.
        true_positive: Target 1, predicted 1.
        threshold: A patient is predicted 1 where the model's output is above it.
    """

    loss: float
    accuracy: float
    right: int
    n: int
    baseline_right: int
    baseline_accuracy: float
    true_negative: int
    false_positive: int
    false_negative: int
    true_positive: int
    threshold: float

    def __str__(self) -> str:
        return (
            f"loss {self.loss:.3f} · {self.right} of {self.n} right ({self.accuracy:.1%}) · "
            f"always 0: {self.baseline_right} of {self.n} ({self.baseline_accuracy:.1%})"
        )


def evaluate(model: keras.Model, data: TabularData, threshold: float = 0.5) -> Evaluation:
    """Evaluate a model on the test patients of `data`.

    Args:
        model: A compiled model with one sigmoid output.
        data: What `heart.load` returned.
        threshold: Predict 1 above this output, from 0 to 1.

    Returns:
        Loss, accuracy, counts and the baseline. Of 61 test patients, one is 1.64 points of accuracy.

    Raises:
        ValueError: The model is not compiled, does not fit or gives NaN, or `threshold` is out of range.

    Example:
        >>> evaluate(build_model(), load()).baseline_right
        44
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold is a probability from 0 to 1, got {threshold!r}. Try 0.5.")
    if not getattr(model, "compiled", False):
        raise ValueError("The model is not compiled, so it has no loss to report. Call model.compile first.")
    if not model.built:
        raise ValueError("The model is not built, so it has no weights yet. Train it, or begin it with keras.Input.")
    width = len(data.feature_names)
    if model.input_shape != (None, width) or model.output_shape != (None, 1):
        raise ValueError(
            f"The model maps {model.input_shape} to {model.output_shape}; these data need (None, {width}) to (None, 1)."
        )
    loss = model.evaluate(data.x_test, data.y_test, verbose=0, return_dict=True)["loss"]
    outputs = model.predict(data.x_test, verbose=0)[:, 0]
    if np.isnan(outputs).any():
        raise ValueError("The model's outputs are NaN: its training diverged. Try a smaller learning rate.")
    # Keras's accuracy asks for strictly above, in float32; so do we, or counts would differ at the border.
    predicted = outputs > np.float32(threshold)
    actual = data.y_test == 1
    right, n, baseline = int((predicted == actual).sum()), actual.size, int((~actual).sum())
    return Evaluation(
        loss=float(loss),
        accuracy=right / n,
        right=right,
        n=n,
        baseline_right=baseline,
        baseline_accuracy=baseline / n,
        true_negative=int((~predicted & ~actual).sum()),
        false_positive=int((predicted & ~actual).sum()),
        false_negative=int((~predicted & actual).sum()),
        true_positive=int((predicted & actual).sum()),
        threshold=float(threshold),
    )
