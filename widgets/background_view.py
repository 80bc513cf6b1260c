"""BackgroundView: a widget whose buttons start and stop a job in the background. What the job is, it does not know."""

from __future__ import annotations

from typing import Any, ClassVar

from firstepoch.widgets.background import Background
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.settings_view import SettingsView


class BackgroundView(SettingsView):
    """A widget whose buttons start and stop a job. A job started on a page ends when its last page is closed.

    A subclass sets `_session` before it calls `__init__` here, and `_started_in_view` to False where it starts the job.
    """

    COMMANDS: ClassVar[tuple[str, ...]]
    """What the buttons may ask for: names of methods. The first one starts the job."""

    _session: Background

    def __init__(self, **settings: Any) -> None:
        self._started_in_view = False
        self._views: set[str] = set()
        super().__init__(**settings)
        self.on_msg(type(self)._command)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for what goes on in the background to end.

        Args:
            timeout: Seconds to wait at most; None for as long as it takes.

        Returns:
            False if it still goes on after `timeout`.

        Raises:
            Exception: What made it fail.
        """
        ended = self._session.wait(timeout)
        if ended and self._session.error is not None:
            raise self._session.error
        return ended

    def _command(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """Buttons of the view; what they do is what the methods do."""
        kind, view = content.get("kind"), str(content.get("view", ""))
        if kind == "enter":
            self._views.add(view)
        elif kind == "leave":
            self._views.discard(view)
            if not self._views and self._started_in_view:
                self._session.stop()
        elif kind in self.COMMANDS:
            try:
                self._take(content)
                getattr(self, kind)()
                self._started_in_view = self._started_in_view or kind == self.COMMANDS[0]
            except SettingsError as error:
                self.set_trait("problem", str(error))
            except RuntimeError as error:
                self.log.info("Button %s did nothing: %s", kind, error)
