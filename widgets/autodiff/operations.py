"""The scalar operations a graph can hold: value, local derivatives, and how they are written. No graph in here.

Where a function has a corner, the derivative is TensorFlow's choice there; `corner` says so in words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

Slope = Callable[..., float]


@dataclass(frozen=True)
class Operation:
    """One operation on one or two numbers.

    Attributes:
        symbol: What stands on its node.
        value: Its value from its inputs.
        slopes: For each input the local derivative, from the inputs and then the output.
        formula: How it is written, with {0} and {1} for its inputs.
        rules: The local derivatives as written, with {0}, {1} and {out}.
        tensorflow: The same in Python with TensorFlow.
        corner: What TensorFlow does where there is no derivative, from the inputs; empty elsewhere.
        domain: What is wrong with the inputs, with {0} and {1} for what they are; empty if nothing.
    """

    symbol: str
    value: Callable[..., float]
    slopes: tuple[Slope, ...]
    formula: str
    rules: tuple[str, ...]
    tensorflow: str
    corner: Callable[..., str] = field(default=lambda *_: "")
    domain: Callable[..., str] = field(default=lambda *_: "")

    @property
    def arity(self) -> int:
        """Number of inputs."""
        return len(self.slopes)


def _sigmoid(a: float) -> float:
    with np.errstate(over="ignore"):
        return float(1 / (1 + np.exp(-a)) if a >= 0 else np.exp(a) / (1 + np.exp(a)))


def _step(a: float) -> float:
    return 1.0 if a > 0 else 0.0


def _power_slope(base: float, exponent: float, _: float) -> float:
    return float(exponent * np.power(base, exponent - 1))


def _exponent_slope(base: float, _: float, out: float) -> float:
    return float(out * np.log(base)) if base > 0 else 0.0


def _positive(verb: str) -> Callable[..., str]:
    return lambda a: "" if a > 0 else f"{verb} needs a number above 0"


def _power_domain(base: float, exponent: float) -> str:
    if base == 0 and exponent < 0:
        return "0 to a negative power is a division by zero"
    if base < 0 and exponent != round(exponent):
        return "a negative number has no power that is not a whole number"
    return ""


def _tie(a: float, b: float) -> str:
    return "both are equal, and there TensorFlow gives the whole gradient to the first" if a == b else ""


def _named(name: str, value: Callable[..., float], slope: Slope, rule: str, **more: Callable[..., str]) -> Operation:
    places = {"log": "tf.math.", "log1p": "tf.math.", "expm1": "tf.math.", "relu": "tf.nn.", "softplus": "tf.nn."}
    source = f"{places.get(name, 'tf.')}{name}({{0}})"
    return Operation(name, value, (slope,), f"{name}({{0}})", (rule,), source, **more)


OPERATIONS: dict[str, Operation] = {
    "add": Operation("+", lambda a, b: a + b, (lambda *_: 1.0,) * 2, "{0} + {1}", ("1", "1"), "{0} + {1}"),
    "subtract": Operation(
        "−", lambda a, b: a - b, (lambda *_: 1.0, lambda *_: -1.0), "{0} − {1}", ("1", "−1"), "{0} - {1}"
    ),
    "multiply": Operation(
        "×", lambda a, b: a * b, (lambda a, b, _: b, lambda a, b, _: a), "{0} × {1}", ("{1}", "{0}"), "{0} * {1}"
    ),
    "divide": Operation(
        "÷",
        lambda a, b: np.divide(a, b),
        (lambda a, b, _: np.divide(1.0, b), lambda a, b, _: np.divide(np.divide(-a, b), b)),
        "{0} / {1}",
        ("1/{1}", "−{0}/{1}²"),
        "{0} / {1}",
        domain=lambda a, b: "" if b else "a division by zero has no value",
    ),
    "power": Operation(
        "^",
        lambda a, b: np.power(a, b),
        (_power_slope, _exponent_slope),
        "{0} ^ {1}",
        ("{1} × {0}^({1} − 1)", "{out} × log({0})"),
        "{0} ** {1}",
        domain=_power_domain,
    ),
    "negative": Operation("−( )", lambda a: -a, (lambda *_: -1.0,), "−{0}", ("−1",), "-{0}"),
    "exp": _named("exp", np.exp, lambda a, out: out, "{out}"),
    "log": _named("log", np.log, lambda a, _: np.divide(1.0, a), "1/{0}", domain=_positive("log")),
    "log1p": _named(
        "log1p",
        np.log1p,
        lambda a, _: np.divide(1.0, 1 + a),
        "1/(1 + {0})",
        domain=lambda a: "" if a > -1 else "log1p needs a number above −1",
    ),
    "expm1": _named("expm1", np.expm1, lambda a, _: np.exp(a), "exp({0})"),
    "sigmoid": _named("sigmoid", _sigmoid, lambda a, out: out * (1 - out), "{out} × (1 − {out})"),
    "tanh": _named("tanh", np.tanh, lambda a, out: 1 - out * out, "1 − {out}²"),
    "relu": _named(
        "relu",
        lambda a: max(a, 0.0),
        lambda a, _: _step(a),
        "(1 if {0} > 0 else 0)",
        corner=lambda a: "relu has a corner at 0, and there TensorFlow takes 0" if a == 0 else "",
    ),
    "softplus": _named("softplus", lambda a: np.logaddexp(0.0, a), lambda a, _: _sigmoid(a), "sigmoid({0})"),
    "sqrt": _named(
        "sqrt",
        np.sqrt,
        lambda a, out: np.divide(0.5, out),
        "1/(2 × {out})",
        domain=lambda a: "" if a >= 0 else "sqrt needs a number that is not negative",
    ),
    "square": _named("square", lambda a: a * a, lambda a, _: 2 * a, "2 × {0}"),
    "sin": _named("sin", np.sin, lambda a, _: np.cos(a), "cos({0})"),
    "cos": _named("cos", np.cos, lambda a, _: -np.sin(a), "−sin({0})"),
    "tan": _named("tan", np.tan, lambda a, out: 1 + out * out, "1 + {out}²"),
    "abs": _named(
        "abs",
        lambda a: abs(a),
        lambda a, _: float(np.sign(a)),
        "sign of {0}",
        corner=lambda a: "abs has a corner at 0, and there TensorFlow takes 0" if a == 0 else "",
    ),
    "maximum": Operation(
        "max",
        lambda a, b: max(a, b),
        (lambda a, b, _: float(a >= b), lambda a, b, _: float(a < b)),
        "max({0}, {1})",
        ("(1 if {0} ≥ {1} else 0)", "(1 if {1} > {0} else 0)"),
        "tf.maximum({0}, {1})",
        corner=_tie,
    ),
    "minimum": Operation(
        "min",
        lambda a, b: min(a, b),
        (lambda a, b, _: float(a <= b), lambda a, b, _: float(a > b)),
        "min({0}, {1})",
        ("(1 if {0} ≤ {1} else 0)", "(1 if {1} < {0} else 0)"),
        "tf.minimum({0}, {1})",
        corner=_tie,
    ),
}

ALIASES = {"pow": "power", "max": "maximum", "min": "minimum", "absolute": "abs", "neg": "negative", "ln": "log"}
"""Other names by which an operation may be called."""
INFIX = ("add", "subtract", "multiply", "divide", "power", "negative")
"""Operations that are written with a sign."""
