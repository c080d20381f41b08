"""Where and with what a figure was made: machine and versions, written into every run."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
from pathlib import Path

__all__ = ["machine", "versions"]

_WATCHED = ("tacit", "numpy", "scipy", "lightgbm", "pyarrow", "pillow")


@functools.cache
def machine() -> dict[str, str | int | float | None]:
    """Processor, cores that this process may use, memory in GB and system."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


@functools.cache
def versions() -> dict[str, str]:
    """The installed versions of the packages that a model's numbers depend on."""
    found = {}
    for name in _WATCHED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, ValueError, OSError):
        return None
