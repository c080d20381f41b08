"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable

__all__ = ["give_back"]


def give_back() -> bool:
    """Ask the C library to return what it keeps of freed memory. Returns whether it can be asked, as glibc can.

    Fits of neural networks ask for blocks of many sizes from several threads, of which glibc keeps some for later: 0.3 GB after five
    fits of a small encoder. It takes milliseconds, and is worth it after a fit that took seconds.
    """
    trim = _trim()
    if trim is None:
        return False
    trim(0)
    return True


@functools.cache
def _trim() -> Callable[[int], int] | None:
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, or another system
        return None
    return found
