"""One notebook a lesson, the page template, and the `firstepoch` command that serves them. No widgets here."""
