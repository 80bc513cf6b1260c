"""Tells what kind of value a setting holds. No Keras and no widget here."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

LARGEST = 1e30
"""Numbers from here on are of no use in float32."""


def is_number(value: Any) -> bool:
    """Whether it is a finite number; True and False are none."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and math.isfinite(value)


def is_whole(value: Any) -> bool:
    """Whether it is a whole number; True and False are none."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def plain(value: Any) -> Any:
    """The value as the page takes it: tuples and arrays become lists, numpy's numbers Python's."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return [plain(one) for one in value] if isinstance(value, tuple | list) else value
