"""Devices: what this machine computes with, and how long one product of matrices takes on it."""
