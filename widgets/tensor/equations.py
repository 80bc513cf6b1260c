"""Numbers and sums as a sentence says them: short, and "=" only where it is true of the numbers as written."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

_MOST_TERMS = 6
_LONGEST_TEXT = 24


def shown(value: Any, digits: int = 4) -> str:
    """An element as a sentence writes it.

    Args:
        value: Any element: integers are written in full, floats rounded, text in quotes.
        digits: Significant digits of a float; what stands before the point is kept whole below a million.
    """
    kind = np.asarray(value).dtype
    if kind.kind == "b":
        return str(bool(value))
    if kind.kind in "iu" or isinstance(value, int):
        return str(int(value)).replace("-", "−")
    if kind.kind == "f" or kind.name == "bfloat16":
        return _float(float(value), digits)
    text = repr(str(value)) if kind.kind == "U" else str(value)
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 3]}..."


def _float(value: float, digits: int) -> str:
    if not math.isfinite(value):
        return str(value).replace("-", "−")
    size = abs(value)
    if value == 0 or 1e-3 <= size < 1e6:
        decimals = max(0, digits - 1 - math.floor(math.log10(size))) if size else 0
        text = f"{value:.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text.replace("-", "−") if float(text) else "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def combination(terms: Sequence[Sequence[Any]], result: Any, dtype: str) -> str:
    """A sum of products with its result.

    Args:
        terms: The terms; each a sequence of factors.
        result: What came out.
        dtype: The dtype it was worked out in: says why where the result is not that of the numbers as written.

    Returns:
        "1 × 5 + 2 × 7 = 19", "0.3333 + 0.3333 ≈ 0.6667" or "200 + 100 = 300, beyond uint8: it wraps around to 44".
    """

    def write(digits: int) -> tuple[str, Fraction | None]:
        texts = [[shown(factor, digits) for factor in term] for term in terms]
        values = [[_value(text) for text in term] for term in texts]
        total: Fraction | None = Fraction(0)
        for term in values:
            product = _product(term)
            total = None if total is None or product is None else total + product
        parts = [" × ".join(map(_bracketed, term)) for term in texts]
        if len(parts) > _MOST_TERMS:
            parts = [*parts[:3], "...", parts[-1]]
        joined = " + ".join(parts)
        return joined[1:].replace(")", "", 1) if joined.startswith("(") else joined, total

    return _related(write, result, dtype)


def quotient(total: Any, count: int, result: Any, dtype: str) -> str:
    """A total divided by a count: "8 / 4 = 2", "20 / 3 ≈ 6.667", of integers "20 / 3 ≈ 6.667, cut to 6 because ..."."""
    whole = np.asarray(result).dtype.kind in "iu"
    if not count:
        return f"0 / 0, for which TensorFlow gives {shown(result)} in {dtype}" if whole else f"0 / 0 = {shown(result)}"
    if whole:
        exact = Fraction(int(total), count)
        decimal = shown(float(exact))
        if exact == int(result):
            return f"{shown(total)} / {count} = {shown(result)}"
        sign = "=" if _value(decimal) == exact else "≈"
        return f"{shown(total)} / {count} {sign} {decimal}, cut to {shown(result)} because {dtype} holds whole numbers"

    def write(digits: int) -> tuple[str, Fraction | None]:
        text = shown(total, digits)
        value = _value(text)
        return f"{text} / {count}", None if value is None else value / count

    return _related(write, result, dtype)


def _related(write: Callable[[int], tuple[str, Fraction | None]], result: Any, dtype: str) -> str:
    text, exact = write(4)
    if exact is not None and np.asarray(result).dtype.kind in "iu":
        wraps = "" if exact == int(result) else f", beyond {dtype}: it wraps around to {shown(result)}"
        return f"{text} = {shown(int(exact))}{wraps}"
    if exact is None:
        return f"{text} = {shown(result)}"
    if not np.isfinite(result):
        return f"{text}, more than {dtype} can hold: {shown(result)}"
    for digits in (4, 6, 8):
        text, exact = write(digits)
        assert exact is not None
        if exact == _value(shown(result, digits)):
            return f"{text} = {shown(result, digits)}"
        if abs(exact - Fraction(float(result))) <= abs(Fraction(float(result))) / 1000:
            return f"{text} ≈ {shown(result, digits)}"
    return f"{write(4)[0]} ≈ {shown(result)}: {dtype} rounds along the way"


def _value(text: str) -> Fraction | None:
    return None if "n" in text else Fraction(text.replace("−", "-"))


def _product(factors: Sequence[Fraction | None]) -> Fraction | None:
    known = [factor for factor in factors if factor is not None]
    return math.prod(known, start=Fraction(1)) if len(known) == len(factors) else None


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text
