"""How numbers and formulas are written for people. words.ts writes numbers the same way."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence


def shown(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, no exponent where it can be helped, and a real minus sign.

    What needs fewer digits has fewer: 0.5 is "0.5", 0.1 + 0.2 is "0.300".
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size and (size >= 1e5 or size < 1e-4):
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return f"{mantissa}e{int(exponent):+d}".replace("-", "−")
    text = f"{value:.{max(0, digits - 1 - math.floor(math.log10(size)))}f}" if size else "0"
    if "." in text and float(text) == value:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def fill(template: str, operands: Sequence[str], out: str = "") -> str:
    """A formula with its operands in place; a negative number among other signs gets parentheses."""
    alone = re.fullmatch(r"\{\w+\}", template) is not None

    def put(found: re.Match[str]) -> str:
        text = out if found[1] == "out" else operands[int(found[1])]
        before, after = template[: found.start()], template[found.end() :]
        held = (before.endswith("(") or before.endswith(", ")) and after[:1] in (")", ",")
        bare = alone or held or (not before and after[:2] in (" +", " −", " ×", " /"))
        return f"({text})" if text.startswith("−") and not bare else text

    return re.sub(r"\{(\w+)\}", put, template)


def agreement(ours: float, theirs: float | None) -> tuple[str, bool]:
    """How far two numbers are equal, in words, and whether that is as far as float64 can be expected to go."""
    if theirs is None:
        return "GradientTape gives None: it saw no connection", False
    if not math.isfinite(theirs):
        return f"GradientTape gives {theirs}", False
    if ours == theirs:
        return "equal to the last bit", True
    size = max(abs(ours), abs(theirs))
    digits = math.floor(-math.log10(abs(ours - theirs) / size))
    if digits < 1:
        return "different", False
    return f"equal to {digits} digit{'s' if digits > 1 else ''}", digits >= 9
