"""Autodiff: a small loss as a graph; values flow forward, gradients flow back."""
