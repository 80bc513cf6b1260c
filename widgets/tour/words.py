"""Numbers and raw values as text. It knows no table."""

from __future__ import annotations

import math
import numbers
from typing import Any

import numpy as np
import pandas as pd


def shown(value: Any) -> str:
    """A raw value as the page shows it; nothing of a number is rounded away.

    Example:
        >>> shown(63), shown(2.30), shown(None), shown(-1.5)
        ('63', '2.3', 'missing', '−1.5')
    """
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, numbers.Real) and value != value):
        return "missing"
    if isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_ | numbers.Integral):
        return f"{float(value):.12g}".replace("-", "−")
    return str(value).replace("-", "−") if isinstance(value, numbers.Integral) else str(value)


def short(value: float, digits: int = 4) -> str:
    """A number with so many digits that count, without an exponent where it can be helped.

    Example:
        >>> short(54.268595), short(-0.5), short(1234567.0)
        ('54.27', '−0.5', '1,234,567')
    """
    if not math.isfinite(value):
        return "–"
    if abs(value) >= 10**digits and abs(value) < 1e9:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.{digits}g}".replace("-", "−")
