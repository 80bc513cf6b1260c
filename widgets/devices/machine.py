"""What this machine offers a Python process; asked of the operating system, without TensorFlow."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

_CGROUP = Path("/sys/fs/cgroup")


def machine() -> dict[str, Any]:
    """What there is.

    Returns:
        `system` and `processor` in words; `cores`, the logical cores of the machine; `usable`, those this process may
        run on; `limit`, how many of them it may use at a time by its container's limit, or None if there is no such
        limit or it cannot be read; `load`, how many threads wanted to run during the last minute, or None if the
        system does not say.
    """
    return {
        "system": f"{platform.system()} {platform.machine()}".strip(),
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "usable": usable(),
        "limit": limit(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def usable() -> int:
    """Logical cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def limit(folder: Path = _CGROUP) -> float | None:
    """Cores' worth of time a container may use (cgroup v2 or v1); None for no limit."""
    try:
        if (folder / "cpu.max").exists():
            quota, period = (folder / "cpu.max").read_text().split()[:2]
        else:
            quota = (folder / "cpu" / "cpu.cfs_quota_us").read_text().strip()
            period = (folder / "cpu" / "cpu.cfs_period_us").read_text().strip()
        return None if quota in ("max", "-1") else int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return None


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
