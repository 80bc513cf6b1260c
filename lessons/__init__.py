"""One notebook a lesson, the page template, and the `firstepoch` command that serves them. No widgets here."""

from firstepoch.lessons.checkup import check

__all__ = ["check"]
