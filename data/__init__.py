"""The tables that ship with the package, where they came from, and their loaders. No features here."""

from firstepoch.data.heart import load_heart
from firstepoch.data.tabular import TabularData

__all__ = ["TabularData", "load_heart"]
