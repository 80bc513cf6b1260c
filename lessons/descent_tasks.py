"""The lesson on gradient descent: what it asks for first, its two tasks, and the loss of the heart table as a function.

What a guess or a try is told is taken from the numbers of the run it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from firstepoch.data import TabularData
from firstepoch.lessons import drawings
from firstepoch.lessons.prediction import Prediction
from firstepoch.widgets import GradientStep, Task
from firstepoch.widgets.descent import functions

SOLUTIONS: Final[Mapping[str, str]] = {
    "diverges": "step.learning_rate = 1.1",
    "over_the_hill": "step.learning_rate = 0.3",
}
"""One right answer to each task, as Python with the GradientStep as `step`."""

_HILL = "two minima"


def first_step(step: GradientStep) -> Prediction:
    """Where does the first step lead? A number.

    Args:
        step: A run on a function of one weight.
    """
    alpha, run = step.learning_rate, step.recording
    w, slope, after = float(run["w"][0, 0]), float(run["gradient"][0, 0]), float(run["w"][1, 0])
    rule = f"{_n(w)} − {_n(alpha)} × {_n(slope)} = {_n(after)}"

    def judge(guess: float) -> tuple[bool, str]:
        def near(value: float) -> bool:
            return abs(guess - value) < 0.01

        if near(after):
            return True, f"{rule}: the slope is {_n(slope)}, so g rises to the right, and downhill is to the left."
        if near(w + alpha * slope):
            return False, f"That is uphill: the slope is {_n(slope)}, so g rises to the right. The minus turns: {rule}."
        if near(w - slope):
            return False, f"That is the whole slope. It is multiplied by the learning rate first: {rule}."
        if near(-alpha * slope) or near(alpha * slope):
            return False, f"That is how far the step goes. It starts at {_n(w)}, and leads to {rule}."
        if near(w - alpha):
            return False, f"That is a step as long as α. The slope counts as well: {rule}."
        return False, f"The rule, with the numbers of this step: {rule}."

    return Prediction(
        f"The start is w = {_n(w)}, where g(w) = w² has the slope 2w = {_n(slope)}. The learning rate is α = "
        f"{_n(alpha)}. Where does the first step lead?",
        judge=judge,
        reveal=[step],
        picture=drawings.curve(str(step.function), w),
        name="gradient_descent/first_step",
    )


def rate_of_one(step: GradientStep) -> Prediction:
    """Where does α = 1 lead on w²? To and fro.

    Args:
        step: The bowl with learning rate 1.
    """
    w = step.recording["w"][:, 0]
    options = ("At the minimum, in one step", "Nowhere: to and fro, for ever", "Farther away with every step")
    facts = (
        f"The slope is 2w, so w − {_n(step.learning_rate)} × 2w = −w: from {_n(w[0])} to {_n(w[1])}, and back to "
        f"{_n(w[2])}."
    )

    def judge(guess: str) -> tuple[bool, str]:
        if guess == options[0]:
            return False, f"{facts} It jumps clean over the minimum. A rate of 0.5 would land on it."
        if guess == options[1]:
            return True, f"{facts} It always lands as high as it started, at g = {_n(w[0] ** 2)}."
        return False, f"{facts} That is never nearer, but never farther either. Any larger rate goes farther."

    return Prediction(
        f"The same bowl, the same start, and a learning rate of {_n(step.learning_rate)}, ten times as large. Where "
        f"is w after {len(w) - 1} steps?",
        options,
        judge=judge,
        reveal=[step],
        name="gradient_descent/rate_of_one",
    )


def diverges(step: GradientStep) -> Task:
    """Find a learning rate with which every step lands farther off.

    Args:
        step: A run on a bowl.
    """

    def check(it: GradientStep) -> bool | str:
        value, alpha = it.recording["value"], f"α = {it.learning_rate:g}"
        if it.optimizer != "sgd":
            return "That is another optimizer. Choose `sgd`, the plain rule, and change only the rate."
        if it.verdict == "diverging" and value[-1] > value[0]:
            return True
        if it.verdict == "short":
            return f"{len(value) - 1} steps are too few to tell. Take 10 or more."
        if it.recording["gradient"][0].any() and value[-1] >= value[0] * (1 - 1e-9):
            return f"With {alpha} it ends as high as it began, g = {_n(value[-1])}: it neither settles nor diverges."
        if it.verdict == "too large":
            return f"With {alpha} it jumps over the minimum, yet g falls, from {_n(value[0])} to {_n(value[-1])}."
        if not it.recording["gradient"][0].any():
            return "It starts where the slope is 0, so no rate can move it. Start somewhere else."
        return f"With {alpha} it goes downhill, from g = {_n(value[0])} to {_n(value[-1])}."

    return Task(
        check,
        step,
        title="Too far",
        prompt="Find a learning rate that diverges: every step lands higher than the one before.",
        hint="With 0.1 each step goes a fifth of the way to the minimum. With which rate does it jump over the "
        "minimum, and land farther from it than it was?",
        name="gradient_descent/diverges",
    )


def two_valleys(step: GradientStep, task: Task) -> Prediction:
    """In which valley does it end? In the one it starts in.

    Args:
        step: The function with two minima, from the right.
        task: What is asked of the same run afterwards.
    """
    w, value = float(step.recording["w"][-1, 0]), float(step.recording["value"][-1])
    left, right = _valleys()
    options = ("In the left valley, the lower one", "On the hill between them", "In the right valley")
    facts = f"It ends at w = {_n(w)}, in the right valley, where g is {_n(value)}."

    def judge(guess: str) -> tuple[bool, str]:
        if guess == options[0]:
            return False, (
                f"{facts} The left valley is lower, {_n(left[1])} at w = {_n(left[0])}. But the rule knows the slope "
                "under its feet and nothing else, and between the two the way leads uphill."
            )
        if guess == options[1]:
            return False, f"{facts} On top of the hill the slope is 0 too, but a step beside it leads away from it."
        return True, f"{facts} Steps go downhill from where they are, and downhill from {_n(right)} leads there."

    return Prediction(
        f"This g has two valleys. The start is on the right, at w = {_n(right)}, with α = {_n(step.learning_rate)}. "
        "Where does it end?",
        options,
        judge=judge,
        reveal=[step, task],
        picture=drawings.curve(_HILL, right),
        name="gradient_descent/two_valleys",
    )


def over_the_hill(step: GradientStep) -> Task:
    """Reach the lower valley, on the left, from a start on the right, by another learning rate alone.

    Args:
        step: The function with two minima, from its own start.
    """
    start = functions.named(_HILL).start[0]
    lowest = _valleys()[0]
    hill = 0.169

    def check(it: GradientStep) -> bool | str:
        w, value = it.recording["w"][:, 0], it.recording["value"]
        alpha = f"α = {it.learning_rate:g}"
        if it.function != _HILL or it.start != start or it.optimizer != "sgd":
            return f"Only the rate may change: `{_HILL}`, start {_n(start)}, optimizer `sgd`."
        if len(value) < 11 and it.verdict != "diverging":
            return "Take 10 steps or more, so that one can see whether it settles."
        if it.verdict == "diverging":
            return f"With {alpha} it diverges: it flies over both valleys."
        if (w[-4:] < 0).all() and value[-4:].max() < lowest[1] + 0.01:
            return True
        if w[-1] > hill and (w < hill).any():
            return f"With {alpha} it was in the left valley, and jumped out again. It ends at w = {_n(w[-1])}."
        if w[-1] > hill:
            return f"With {alpha} it stays on the right of the hill, and ends at w = {_n(w[-1])}, g = {_n(value[-1])}."
        if np.ptp(np.sign(np.diff(w[-4:]))):
            return f"With {alpha} it is in the left valley, but jumps about in it: from {_n(w[-2])} to {_n(w[-1])}."
        return f"With {alpha} it is over the hill, at w = {_n(w[-1])}, and not yet at rest. Take more steps."

    return Task(
        check,
        step,
        title="Over the hill",
        prompt="From the same start, reach the lower valley and settle there. Change the learning rate and nothing "
        "else.",
        hint=f"The slope at the start is {_n(step.recording['gradient'][0, 0])}. Which rate makes the first step, or "
        "the first few, long enough to pass the top of the hill at w = 0.17? Too long, and it cannot settle.",
        name="gradient_descent/over_the_hill",
    )


def narrow_valley(step: GradientStep) -> Prediction:
    """Which way does it go in a valley that is steep across and flat along? From side to side.

    Args:
        step: The ill-conditioned bowl, with a learning rate that suits neither direction well.
    """
    w = step.recording["w"]
    options = (
        "Straight to the minimum",
        "Down to the floor of the valley, then along it",
        "From side to side across the valley, and slowly along it",
    )
    across = ", ".join(_n(one) for one in w[:4, 1])
    facts = (
        f"Across the valley, w₂ goes {across}; along it, w₁ still is at {_n(w[5, 0])} after 5 steps. The arrow is at "
        "right angles to the contour line, and that is not the way to the minimum."
    )

    def judge(guess: str) -> tuple[bool, str]:
        if guess == options[0]:
            return False, f"{facts} It would be where the lines are circles."
        if guess == options[1]:
            return False, f"{facts} For that, the rate is too large here: a rate of 0.05 does it."
        return True, f"{facts} Across, the rate is almost too large; along, it is small."

    return Prediction(
        f"These lines are contour lines, as on a map: all points of one have the same g. Start: w₁ = {_n(w[0, 0])}, "
        f"w₂ = {_n(w[0, 1])}; α = {_n(step.learning_rate)}. Which way does it go?",
        options,
        judge=judge,
        reveal=[step],
        picture=drawings.contours(w[0]),
        name="gradient_descent/narrow_valley",
    )


def heart_loss(data: TabularData, features: Sequence[str]) -> Callable[[Any], Any]:
    """The loss of a logistic regression without a bias over two features, as a TensorFlow function of its two weights.

    Args:
        data: The patients; those of the training set are used.
        features: Names of two inputs.

    Returns:
        Binary cross-entropy, the mean over all training rows: log(1 + exp(z)) - y z with z = x @ w.
    """
    columns = [data.feature_names.index(name) for name in features]
    x, y = np.asarray(data.x_train[:, columns], np.float64), np.asarray(data.y_train, np.float64).ravel()

    def loss(w: Any) -> Any:
        import tensorflow as tf

        # Of shape (2, points) w is many points at once: the picture needs thousands.
        z = tf.tensordot(tf.constant(x, w.dtype), w, 1)
        return tf.reduce_mean(tf.nn.softplus(z), axis=0) - tf.tensordot(tf.constant(y / len(y), w.dtype), z, 1)

    return loss


def _valleys() -> tuple[tuple[float, float], float]:
    """The lower valley of the function with two minima, its place and its value, and the start on the right."""
    function = functions.named(_HILL)
    low, high = function.domain[0]
    grid = np.linspace(low, high, 20_001)
    values = function.value(grid[:, None])
    return (float(grid[values.argmin()]), float(values.min())), function.start[0]


def _n(value: float) -> str:
    return f"{float(value):.3g}".replace("-", "−")
