"""The settings of a race as traits: each takes what a person writes, and holds plain checked data."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets.descent import functions
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.optimizers import schedules
from firstepoch.widgets.optimizers.compute import MOST_STEPS

FUNCTIONS = tuple(function.name for function in functions.FUNCTIONS if function.weights == 2)


class Optimizers(t.List):
    """Names, dicts and keras optimizers, as specs; the owner has a `catalogue` and `steps`."""

    def validate(self, obj: Any, value: Any) -> Any:
        """The specs; raises SettingsError where one cannot be used."""
        return super().validate(obj, obj.catalogue.specs(value, obj.steps))


class Schedule(t.Dict):
    """A name or a dict, as the name and all arguments."""

    def validate(self, obj: Any, value: Any) -> Any:
        """The schedule with all its arguments; raises SettingsError."""
        return super().validate(obj, schedules.normal(value, obj.steps))


class Function(t.Any):
    """The name of a function of two weights, or any Python function."""

    allow_none = False

    def validate(self, obj: Any, value: Any) -> Any:
        """The function's own name, or the Python function; raises SettingsError."""
        if not isinstance(value, str):
            return value
        there = (
            f"There are: {', '.join(FUNCTIONS)}; or give a Python function, for example lambda w: w[0]**2 + w[1]**2."
        )
        try:
            found = functions.named(value)
        except SettingsError:
            raise SettingsError(f"There is no function {value!r}. {there}") from None
        if found.weights != 2:
            raise SettingsError(f"{found.name!r} has one weight; a race needs two. {there}")
        return found.name


class Start(t.List):
    """Two finite numbers, or None."""

    def validate(self, obj: Any, value: Any) -> Any:
        """Two floats; raises SettingsError."""
        if value is None:
            return None
        try:
            start = [float(one) for one in np.asarray(value, np.float64).ravel()]
        except (TypeError, ValueError):
            raise SettingsError(f"start is {value!r}; give two numbers, for example [-1.2, 2.5].") from None
        if len(start) != 2:
            raise SettingsError(f"start has {len(start)} numbers; give one for each weight, for example [-1.2, 2.5].")
        if not np.isfinite(start).all():
            raise SettingsError(f"start is {value!r}; it must be finite, for example [-1.2, 2.5].")
        return super().validate(obj, start)


class Steps(t.Int):
    """A whole number from 1 to `MOST_STEPS`."""

    def validate(self, obj: Any, value: Any) -> int:
        """The whole number; raises SettingsError."""
        try:
            if isinstance(value, bool):
                raise TypeError
            steps = int(value) if isinstance(value, float) and value.is_integer() else operator.index(value)
        except TypeError:
            raise SettingsError(f"steps is {value!r}; use a whole number, for example 60.") from None
        if not 1 <= steps <= MOST_STEPS:
            raise SettingsError(f"steps is {steps}; it goes from 1 to {MOST_STEPS}. Try 60.")
        return steps
