"""Evaluation: what a model is worth on the test rows, with the uncertainty of so few."""
