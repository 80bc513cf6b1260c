"""A small task on any widget, checked as the learner works."""
