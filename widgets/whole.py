"""Whole: a trait for whole numbers, with an error that a student can read."""

from __future__ import annotations

import operator
from typing import Any

import traitlets as t


class Whole(t.Int):
    """A whole number; the error is a sentence a student can read."""

    def validate(self, obj: Any, value: Any) -> int:
        """The value as an int; whole floats and numpy's integers are taken, True and False are not."""
        try:
            if isinstance(value, bool):
                raise TypeError
            return int(value) if isinstance(value, float) and value.is_integer() else operator.index(value)
        except TypeError:
            name = str(self.name).replace("_", " ")
            raise t.TraitError(f"The {name} is {value!r}; use a whole number.") from None
