"""The tables that ship with the package, where they came from, and their loaders. No features here."""

from firstepoch.data.heart import HEART_COLUMNS, load_heart
from firstepoch.data.tabular import TabularData

__all__ = ["HEART_COLUMNS", "TabularData", "load_heart"]
