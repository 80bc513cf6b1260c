"""The named functions to descend: formula, picture, value and gradient by hand. No widget, no TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from firstepoch.widgets.errors import SettingsError

Pair = tuple[float, float]


@dataclass(frozen=True)
class Function:
    """A function g of one or two weights that is at least twice differentiable.

    `value` takes float64 of shape (..., weights) and gives (...); `gradient` gives (..., weights). All of them are
    scaled so that a learning rate of 0.1 is neither too small nor too large from `start`.
    """

    name: str
    formula: str
    weights: int
    domain: tuple[Pair, ...]
    """The part that is drawn: the lowest and the highest value of each weight."""
    start: tuple[float, ...]
    value: Callable[[np.ndarray], np.ndarray]
    gradient: Callable[[np.ndarray], np.ndarray]
    code: str
    """Plain Python that defines `g(w)` and `gradient(w)`: of a number, or of an array of two."""
    learning_rate: float = 0.1


def _one(
    name: str,
    formula: str,
    domain: Pair,
    start: float,
    value: Callable[[np.ndarray], np.ndarray],
    slope: Callable[[np.ndarray], np.ndarray],
    code: tuple[str, str],
) -> Function:
    return Function(
        name,
        f"g(w) = {formula}",
        1,
        (domain,),
        (start,),
        lambda w: value(np.asarray(w, np.float64)[..., 0]),
        lambda w: slope(np.asarray(w, np.float64)),
        f"def g(w):\n    return {code[0]}\n\n\ndef gradient(w):\n    return {code[1]}\n",
    )


def _two(
    name: str,
    formula: str,
    domain: tuple[Pair, Pair],
    start: Pair,
    value: Callable[[np.ndarray, np.ndarray], np.ndarray],
    slopes: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    code: tuple[str, str],
) -> Function:
    def parts(w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        w = np.asarray(w, np.float64)
        return w[..., 0], w[..., 1]

    return Function(
        name,
        f"g(w₁, w₂) = {formula}",
        2,
        domain,
        start,
        lambda w: value(*parts(w)),
        lambda w: np.stack(slopes(*parts(w)), axis=-1),
        f"def g(w):\n    a, b = w\n    return {code[0]}\n\n\n"
        f"def gradient(w):\n    a, b = w\n    return np.array([{code[1]}])\n",
    )


FUNCTIONS: tuple[Function, ...] = (
    _one("bowl", "w²", (-3.0, 3.0), 2.5, lambda w: w**2, lambda w: 2 * w, ("w**2", "2 * w")),
    _one(
        "two minima",
        "w⁴/4 − 1.2 w² + 0.4 w + 2.2",
        (-2.5, 2.5),
        2.35,
        lambda w: w**4 / 4 - 1.2 * w**2 + 0.4 * w + 2.2,
        lambda w: w**3 - 2.4 * w + 0.4,
        ("w**4 / 4 - 1.2 * w**2 + 0.4 * w + 2.2", "w**3 - 2.4 * w + 0.4"),
    ),
    _one(
        "plateau",
        "4 w² / (1 + w²)",
        (-4.0, 4.0),
        2.5,
        lambda w: 4 * w**2 / (1 + w**2),
        lambda w: 8 * w / (1 + w**2) ** 2,
        ("4 * w**2 / (1 + w**2)", "8 * w / (1 + w**2) ** 2"),
    ),
    _two(
        "bowl in two weights",
        "w₁² + w₂²",
        ((-4.0, 4.0), (-3.0, 3.0)),
        (2.5, 1.5),
        lambda a, b: a**2 + b**2,
        lambda a, b: (2 * a, 2 * b),
        ("a**2 + b**2", "2 * a, 2 * b"),
    ),
    _two(
        "ill-conditioned bowl",
        "w₁²/2 + 8 w₂²",
        ((-3.0, 3.0), (-2.25, 2.25)),
        (-2.5, 1.0),
        lambda a, b: a**2 / 2 + 8 * b**2,
        lambda a, b: (a, 16 * b),
        ("a**2 / 2 + 8 * b**2", "a, 16 * b"),
    ),
    # Rosenbrock's valley (1960, The Computer Journal 3:175) with 1 in place of his 100.
    _two(
        "valley",
        "(1 − w₁)² + (w₂ − w₁²)²",
        ((-2.4, 2.4), (-0.6, 3.0)),
        (-1.2, 2.5),
        lambda a, b: (1 - a) ** 2 + (b - a**2) ** 2,
        lambda a, b: (-2 * (1 - a) - 4 * a * (b - a**2), 2 * (b - a**2)),
        ("(1 - a)**2 + (b - a**2)**2", "-2 * (1 - a) - 4 * a * (b - a**2), 2 * (b - a**2)"),
    ),
    _two(
        "saddle",
        "w₁² − w₂² + w₂⁴/4",
        ((-3.0, 3.0), (-2.25, 2.25)),
        (2.0, 0.02),
        lambda a, b: a**2 - b**2 + b**4 / 4,
        lambda a, b: (2 * a, b**3 - 2 * b),
        ("a**2 - b**2 + b**4 / 4", "2 * a, b**3 - 2 * b"),
    ),
    _two(
        "two minima in two weights",
        "w₁⁴/4 − 1.2 w₁² + 0.4 w₁ + 2.2 + w₂²",
        ((-2.6, 2.6), (-1.95, 1.95)),
        (2.2, 1.5),
        lambda a, b: a**4 / 4 - 1.2 * a**2 + 0.4 * a + 2.2 + b**2,
        lambda a, b: (a**3 - 2.4 * a + 0.4, 2 * b),
        ("a**4 / 4 - 1.2 * a**2 + 0.4 * a + 2.2 + b**2", "a**3 - 2.4 * a + 0.4, 2 * b"),
    ),
)

NAMES: tuple[str, ...] = tuple(function.name for function in FUNCTIONS)


def named(name: str) -> Function:
    """The function of this name; case, hyphens, underscores and spaces do not matter.

    Raises:
        SettingsError: There is none; the message lists those there are.
    """
    for function in FUNCTIONS:
        if _plain(function.name) == _plain(name):
            return function
    raise SettingsError(
        f"There is no function {name!r}. There are: {', '.join(NAMES)}; or give a Python function, "
        "for example lambda w: (w - 3)**2."
    )


def start_of(function: Function, start: Sequence[float] | None) -> tuple[float, ...]:
    """The start to use: the one given if it fits, or the function's own.

    Raises:
        SettingsError: The start has another number of weights.
    """
    if start is None:
        return function.start
    if len(start) != function.weights:
        other = next((one for one in FUNCTIONS if one.weights == len(start)), None)
        hint = f', or function="{other.name}"' if other else ""
        own = function.start[0] if function.weights == 1 else list(function.start)
        raise SettingsError(
            f"{function.name!r} has {_count(function.weights)}, but start has {len(start)}. Try start={own}{hint}."
        )
    return tuple(map(float, start))


def _count(weights: int) -> str:
    return "one weight" if weights == 1 else "two weights"


def _plain(name: str) -> str:
    return "".join(letter for letter in str(name).casefold() if letter.isalnum())
