"""How much work this process may do at once."""

from __future__ import annotations

import os
from typing import Final

PROCESSORS: Final = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""Processors it may run on; at least 1."""
