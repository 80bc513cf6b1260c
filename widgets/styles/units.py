"""Units: a trait for the widths of hidden layers, with an error that a student can read."""

from __future__ import annotations

import operator
import re
from typing import Any

import traitlets as t

_EXAMPLE = "Write whole numbers with commas between them, such as 64, 32."


class Units(t.List[int]):
    """A list of whole numbers; one number, a tuple, or a text such as "64, 32" is taken for it."""

    def validate(self, obj: Any, value: Any) -> list[int]:
        """The value as a list of ints; what they may be, the widget says."""
        # traitlets hands on a text as a list with the text in it.
        given = value if isinstance(value, list | tuple) else [value]
        return [_whole(part) for one in given for part in _parts(one)]


def _parts(value: Any) -> list[Any]:
    return [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else [value]


def _whole(value: Any) -> int:
    try:
        if isinstance(value, bool):
            raise TypeError
        if isinstance(value, str):
            return int(value)
        return int(value) if isinstance(value, float) and value.is_integer() else operator.index(value)
    except (TypeError, ValueError):
        raise t.TraitError(f"The units have {value!r} among them. {_EXAMPLE}") from None
