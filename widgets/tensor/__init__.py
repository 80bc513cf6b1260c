"""Tensors by rank: the viewer, its statistics, selections and operations."""
