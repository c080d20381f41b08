"""Two ways to do one thing, measured in turn on the same machine: whether the second is faster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tacit.errors import OptionError
from tacit.stability.intervals import Interval, t_of_mean

__all__ = ["Pairs", "pairs"]


@dataclass(frozen=True)
class Pairs:
    """Ratios of seconds, pair by pair: after / before, so that below 1 is faster.

    Attributes:
        ratios: Of each pair.
        ratio: Their geometric mean.
        interval: Where it lies with a probability of 95 %; None of one pair.
        verdict: "faster" or "slower", where the interval leaves 1 out, else "can't tell".
    """

    ratios: tuple[float, ...]
    ratio: float
    interval: Interval | None
    verdict: str

    def __str__(self) -> str:
        within = "" if self.interval is None else f", 95 %: {self.interval[0]:.3f} to {self.interval[1]:.3f}"
        return f"{self.verdict}: {self.ratio:.3f} times the seconds (n = {len(self.ratios)} pairs{within})"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def pairs(before: Sequence[float], after: Sequence[float]) -> Pairs:
    """Compare two ways that were measured in turn: before, after, after, before, and so on.

    What slows the machine for a while slows both of a pair, and falls out of their ratio. The interval is Student's (1908) of the
    logarithms of the ratios. The bootstrap would be too narrow: of three pairs no interval of resamples reaches beyond the
    outer two, and so misses the true ratio in at least a quarter of all cases.

    Arguments:
        before, after: (n,) seconds, positive; the i-th of both were measured one after the other.

    Raises:
        OptionError: There are no pairs, not as many of one as of the other, or something is not positive.

    Example:
        >>> print(pairs([10.0, 12.0, 11.0], [9.0, 10.9, 9.8]))
        faster: 0.900 times the seconds (n = 3 pairs, 95 %: 0.878 to 0.922)
    """
    a, b = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if len(a) != len(b) or not len(a) or min(a.min(), b.min()) <= 0:
        raise OptionError(
            f"{len(a)} times before and {len(b)} after are no pairs",
            right="there is one of each for every pair, and they are positive",
            next="pairs(before=[10.0, 12.0, 11.0], after=[9.0, 10.9, 9.8])",
        )
    logs = np.log(b / a)
    around = t_of_mean(logs)
    interval = None if around is None else (float(np.exp(around[0])), float(np.exp(around[1])))
    verdict = "can't tell"
    if interval is not None and (interval[1] < 1 or interval[0] > 1):
        verdict = "faster" if interval[1] < 1 else "slower"
    return Pairs(tuple((b / a).tolist()), float(np.exp(logs.mean())), interval, verdict)
