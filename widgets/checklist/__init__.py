"""Checklist: questions the learner answers, checked together against a run of their own."""
