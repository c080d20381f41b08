"""Whether runs reach a target on the mean, or one of them was lucky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Reaching", "reaching"]


@dataclass(frozen=True)
class Reaching:
    """The test whether the mean score reaches a target.

    Attributes:
        n: How many runs.
        mean, sd: Of their scores; `sd` is over n - 1, and None of one.
        t: How many standard errors the mean is better than the target.
        p: How probable so good a mean is where the true one just meets the target; None of one run, and where all scores are alike,
            since these tell nothing of how scores vary.
        level: From which p down the target counts as reached.
    """

    n: int
    mean: float
    sd: float | None
    t: float | None
    p: float | None
    level: float

    @property
    def reached(self) -> bool:
        """Whether p is below the level."""
        return self.p is not None and self.p < self.level


def reaching(scores: Sequence[float], target: float, *, higher: bool = True, level: float = 0.01) -> Reaching:
    """Student's (1908) one-sided t-test of one sample.

    It is the rule of modded-nanogpt's records: p < .01 that the mean loss is at most 3.28.

    Arguments:
        scores: Of each run, one or more; of all that were made, not of the best.
        target: The score that the mean is to reach.
        higher: Whether a higher score is better.
        level: From which p down it counts as reached.

    Example:
        >>> reaching([3.2781, 3.2775, 3.2784, 3.2779], 3.28, higher=False).reached
        True
    """
    given = np.asarray(scores, dtype=np.float64)
    n, mean = len(given), float(given.mean())
    sd = float(given.std(ddof=1)) if n > 1 else None
    if sd is None or np.ptp(given) == 0:
        return Reaching(n, mean, sd, None, None, level)
    from scipy.special import stdtr

    t = (mean - target if higher else target - mean) / (sd / n**0.5)
    return Reaching(n, mean, sd, t, float(stdtr(n - 1, -t)), level)
