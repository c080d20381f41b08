"""How far repeated runs lie apart, and how many of them reach their target at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tacit.metrics import wilson
from tacit.stability.intervals import Interval, of_mean
from tacit.tables import seconds as said

__all__ = ["Spread", "spread"]


@dataclass(frozen=True)
class Spread:
    """Repeated runs toward one target. What is not defined is None: all times where no run reached it, `sd` and `cv` of one that did.

    Attributes:
        n: How many runs there were.
        converged: How many reached the target.
        share: converged / n.
        share_interval: Where that share lies with a probability of 95 % (Wilson 1927).
        mean: Of the seconds of those that reached it, as all times but `expected`.
        sd: Their standard deviation, over one less than their number.
        cv: sd / mean, the coefficient of variation.
        fastest, slowest: The least and the most.
        interval: Where the mean lies with a probability of 95 %, by the bootstrap (`tacit.stability.intervals`).
        expected: Seconds until a run reaches the target if one starts anew after each that fails: mean + (1 / share - 1) * the mean of
            those that failed.
    """

    n: int
    converged: int
    share: float | None
    share_interval: Interval | None
    mean: float | None
    sd: float | None
    cv: float | None
    fastest: float | None
    slowest: float | None
    interval: Interval | None
    expected: float | None

    def __str__(self) -> str:
        if self.share is None or self.share_interval is None:
            return "no runs"
        low, high = self.share_interval
        line = f"{self.converged} of {self.n} runs reached the target (95 %: {low:.0%} to {high:.0%})"
        if self.mean is None or self.fastest is None or self.slowest is None or self.expected is None:
            return line
        line += f": mean {said(self.mean)}"
        if self.interval is not None and self.sd is not None:
            line += f" (95 %: {said(self.interval[0])} to {said(self.interval[1])}), sd {said(self.sd)}"
        if self.cv is not None:
            line += f", CV {self.cv:.1%}"
        line += f", {said(self.fastest)} to {said(self.slowest)}" if self.converged > 1 else ""
        return line + (f"; with restarts {said(self.expected)}" if self.converged < self.n else "")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def spread(seconds: Sequence[float], failed_seconds: Sequence[float] = (), *, seed: int = 0) -> Spread:
    """The spread of runs.

    Arguments:
        seconds: Of each run that reached the target, until it did.
        failed_seconds: Of each run that did not, until it was given up.
        seed: Of the bootstrap.

    Example:
        >>> print(spread([10.0, 11.0, 12.0], [20.0]))
        3 of 4 runs reached the target (95 %: 30% to 95%): mean 11.0 s (95 %: 10.0 s to 12.0 s), sd 1.0 s, CV 9.1%, 10.0 s to 12.0 s; with restarts 17.7 s
    """
    n, k = len(seconds) + len(failed_seconds), len(seconds)
    share = k / n if n else None
    share_interval = None if share is None else wilson(share, n)
    if not k:
        return Spread(n, k, share, share_interval, None, None, None, None, None, None, None)
    times = np.asarray(seconds, dtype=np.float64)
    mean = float(times.mean())
    sd = float(times.std(ddof=1)) if k > 1 else None
    return Spread(
        n,
        k,
        share,
        share_interval,
        mean,
        sd,
        sd / mean if sd is not None and mean else None,
        float(times.min()),
        float(times.max()),
        of_mean(times, seed=seed),
        # (1 / share - 1) is the number of failures for each success.
        mean + sum(failed_seconds) / k,
    )
