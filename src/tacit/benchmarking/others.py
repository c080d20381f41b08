"""What else the machine did meanwhile: much of it, and seconds are not to be trusted."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

__all__ = ["Others", "crowded"]

_MUCH = 0.1


def crowded(share: float | None) -> bool:
    """Whether other processes used so much of the machine, more than a tenth, that seconds are not to be trusted; False if it is unknown."""
    return share is not None and share > _MUCH


class Others:
    """The share of all processors that other processes use, from now on.

    Example:
        >>> others = Others()
        >>> others.share() is None or 0 <= others.share() <= 1
        True
    """

    def __init__(self) -> None:
        self._began, self._busy, self._own = time.monotonic(), _busy(), _own()

    def share(self) -> float | None:
        """0 to 1; None where the system does not say."""
        busy, took = _busy(), time.monotonic() - self._began
        if busy is None or self._busy is None or took <= 0:
            return None
        others = busy - self._busy - (_own() - self._own)
        return min(1.0, max(0.0, others / (took * (os.cpu_count() or 1))))


def _busy() -> float | None:
    """Seconds that the processors of this machine computed since it was started, whoever for."""
    with contextlib.suppress(OSError, ValueError):
        user, nice, system = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:4]
        return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")
    return None


def _own() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
