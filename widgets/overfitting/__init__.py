"""Overfitting: the same data under-fitted, fitted and over-fitted side by side, over several seeds."""
