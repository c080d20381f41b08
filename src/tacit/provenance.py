"""Where and with what a figure was made: machine and versions, written into every run."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

__all__ = ["commit", "machine", "versions"]

_WATCHED = ("tacit", "numpy", "scipy", "scikit-learn", "lightgbm", "pyarrow", "pillow", "torch", "transformers")


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


def commit(root: Path, but: str = "") -> str | None:
    """The commit of the git repository around a folder, with "+" where files changed since; None where there is none.

    Arguments:
        root: The folder.
        but: Changes of files in this folder of the repository do not count.
    """

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10, check=True).stdout  # noqa: S603, S607

    try:
        head = git("rev-parse", "--short=12", "HEAD").strip()
        changed = git("status", "--porcelain", "--", ".", *([f":(exclude){but}"] if but else []))
    except (OSError, subprocess.SubprocessError):
        return None
    return head + ("+" if changed else "")


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
