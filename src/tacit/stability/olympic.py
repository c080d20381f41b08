"""The olympic mean: without the fastest and the slowest."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["olympic"]


def olympic(times: Sequence[float], drop: int = 1) -> float | None:
    """The mean of what is left when the fastest and the slowest are dropped (MLPerf Training rules, "Benchmark Results").

    Arguments:
        times: Of all runs; infinity where a run did not reach its target.
        drop: How many to drop at each end.

    Returns:
        None where nothing is left, or something that did not reach its target.

    Example:
        >>> olympic([10.0, 11.0, 12.0, 13.0, 20.0]), olympic([10.0, 11.0, math.inf, 12.0]), olympic([10.0, 11.0])
        (12.0, 11.5, None)
    """
    left = sorted(times)[drop : max(drop, len(times) - drop)]
    return math.fsum(left) / len(left) if left and math.isfinite(left[-1]) else None
