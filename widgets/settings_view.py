"""SettingsView: a widget whose settings lead to a recording. A refused setting leaves the last good picture."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets.base import StillView
from firstepoch.widgets.errors import SettingsError


class SettingsView(StillView):
    """A widget that works everything out anew whenever one of its settings changes.

    A subclass gives `recompute` and calls `follow` with the names of its settings at the end of its `__init__`.
    A setting that is refused goes back to its last good value: in Python the error is raised, on the page `problem`
    says the same sentence. What was shown stays.
    """

    problem = t.Unicode("", read_only=True).tag(sync=True)
    """Why the last change was refused, in one sentence; empty when all is well. Report."""

    def __init__(self, **settings: Any) -> None:
        self._good: dict[str, Any] = {}
        self._restoring = False
        plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in settings.items()}
        try:
            super().__init__(**plain)
        except SettingsError:
            raise
        except t.TraitError as error:
            raise SettingsError(str(error)) from error

    def recompute(self) -> None:
        """Work everything out from the settings and show it.

        Raises:
            SettingsError: The settings do not allow it; nothing has been changed.
        """
        raise NotImplementedError

    def follow(self, *names: str) -> None:
        """Compute for the first time, and again whenever one of these traits changes.

        Args:
            names: The traits that are settings.

        Raises:
            SettingsError: The first settings do not work.
        """
        self.recompute()
        self._good = self._values(names)
        self.observe(lambda _: self._changed(), names)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """What the page sends; an error becomes the sentence on the card."""
        try:
            super().set_state(sync_data)
        except (ValueError, TypeError, t.TraitError) as error:
            self._refuse(error)
            self.send_state([name for name in sync_data if self.has_trait(name)])

    def _take(self, content: dict[str, Any]) -> None:
        self.set_trait("problem", "")
        super()._take(content)
        if self.problem:
            raise SettingsError(self.problem)

    def _changed(self) -> None:
        wanted = self._values(self._good)
        if self._restoring or wanted == self._good:
            return
        try:
            self.recompute()
        except Exception as error:
            self._refuse(error)
            raise
        self._good = wanted
        self.set_trait("problem", "")

    def _refuse(self, error: Exception) -> None:
        self._restoring = True
        try:
            for name, value in self._good.items():
                setattr(self, name, _held(value))
        finally:
            self._restoring = False
        self.set_trait("problem", str(error))

    def _values(self, names: Any) -> dict[str, Any]:
        return {name: _held(getattr(self, name)) for name in names}


def _held(value: Any) -> Any:
    """What can be changed in place is copied; a function or an optimizer is itself."""
    return copy.copy(value) if isinstance(value, list | dict) else value
