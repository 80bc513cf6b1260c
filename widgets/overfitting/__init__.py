"""Overfitting: one epoch of gradient descent beside one of stochastic gradient descent, on the same rows."""
