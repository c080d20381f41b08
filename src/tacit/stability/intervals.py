"""Where a mean lies with a probability of 95 %, of few numbers: by the bootstrap, and by Student's t."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Interval", "bootstrapped", "of_mean", "t_of_mean"]

Interval = tuple[float, float]
"""(low, high)."""

Floats = NDArray[np.float64]

_LEVEL = 0.95
_RESAMPLES = 9_999
_NUMBERS = 4_000_000
"""That are drawn at once, at most: 32 MB."""


def of_mean(values: ArrayLike, *, seed: int = 0) -> Interval | None:
    """Where the mean of what the values were drawn from lies, by the bootstrap; None of fewer than two.

    Arguments:
        values: (n,) finite.
        seed: Of the drawing.

    Example:
        >>> of_mean([7.0])
    """
    given = np.asarray(values, dtype=np.float64)
    return bootstrapped([given], lambda some: some.mean(axis=-1), seed=seed) if len(given) > 1 else None


def bootstrapped(samples: Sequence[Floats], statistic: Callable[..., Any], *, seed: int = 0) -> Interval:
    """The expanded percentile interval of a statistic (Hesterberg 2015).

    Each sample is drawn from apart. Percentiles of resamples (Efron and Tibshirani 1993, chapter 13) are too narrow where there are
    few numbers, since they know neither the factor n / (n - 1) of a variance nor Student's t. So other percentiles are taken:
    Phi(-sqrt(n / (n - 1)) t) and its counterpart, with t that of n - 1 degrees of freedom and n the size of the smallest sample.

    Arguments:
        samples: One or more of two or more numbers.
        statistic: Takes the samples, and has numbers along their last axis.
        seed: Of the drawing.
    """
    from scipy.special import ndtr, stdtrit

    n = min(map(len, samples))
    tail = float(ndtr(-math.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 + _LEVEL) / 2)))
    rng = np.random.default_rng(seed)
    step = max(1, _NUMBERS // sum(map(len, samples)))
    drawn = [
        statistic(*(sample[rng.integers(len(sample), size=(min(step, _RESAMPLES - start), len(sample)))] for sample in samples))
        for start in range(0, _RESAMPLES, step)
    ]
    low, high = np.quantile(np.concatenate(drawn), [tail, 1 - tail])
    return float(low), float(high)


def t_of_mean(values: ArrayLike) -> Interval | None:
    """mean ± t sd / sqrt(n) with n - 1 degrees of freedom (Student 1908); None of fewer than two.

    Arguments:
        values: (n,) finite.
    """
    from scipy.special import stdtrit

    given = np.asarray(values, dtype=np.float64)
    n = len(given)
    if n < 2:
        return None
    mean, half = float(given.mean()), float(stdtrit(n - 1, (1 + _LEVEL) / 2) * given.std(ddof=1)) / math.sqrt(n)
    return mean - half, mean + half
