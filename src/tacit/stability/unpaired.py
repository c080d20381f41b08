"""Two ways to do one thing that were not measured in turn: how their seconds compare, with more doubt than by pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tacit.stability.intervals import Interval

__all__ = ["unpaired"]


def unpaired(before: Sequence[float], after: Sequence[float]) -> tuple[float, Interval | None] | None:
    """after / before as a ratio of geometric means, and where it lies with a probability of 95 %: Welch's (1947) interval of the logarithms.

    Arguments:
        before, after: Seconds, positive.

    Returns:
        None where one of them has no times. No interval where one has a single time, or all are alike: nothing is known of how they vary.
    """
    if not before or not after:
        return None
    a, b = np.log(before), np.log(after)
    difference = float(b.mean() - a.mean())
    if min(len(a), len(b)) < 2:
        return math.exp(difference), None
    from scipy.special import stdtrit

    parts = [float(x.var(ddof=1)) / len(x) for x in (a, b)]
    if not sum(parts):
        return math.exp(difference), None
    freedom = sum(parts) ** 2 / sum(part**2 / (len(x) - 1) for part, x in zip(parts, (a, b), strict=True))
    half = float(stdtrit(freedom, 0.975)) * math.sqrt(sum(parts))
    return math.exp(difference), (math.exp(difference - half), math.exp(difference + half))
