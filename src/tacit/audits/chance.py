"""What chance alone does: tests of groups against the rest, the correction for many looks, and how many labels a figure needs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LEVEL", "Z", "holm", "labels_needed", "mean_test", "ranges", "share_test"]

LEVEL = 0.05
"""From this probability down a difference is called significant."""

Z = 1.959963984540054
_DRAWS = 1000

Floats = NDArray[np.float64]


def holm(p: ArrayLike) -> Floats:
    """Probabilities corrected for how many were looked at (Holm 1979): those below .05 hold together with 95 %, however they depend.

    The i-th smallest of m is multiplied by m - i + 1, and is no less than the one before it.

    Arguments:
        p: (m,) 0 to 1; NaN was not tested, stays NaN and does not count.
    """
    given = np.asarray(p, dtype=np.float64)
    adjusted = np.full(given.shape, np.nan)
    order = np.argsort(given)[: int(np.count_nonzero(~np.isnan(given)))]
    steps = given[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted


def share_test(hits: ArrayLike, n: ArrayLike, all_hits: int, total: int) -> Floats:
    """(g,) two-sided p that groups have the share of hits that the other rows have: Fisher's (1935) exact test.

    Twice the smaller tail of the hypergeometric distribution, at most 1, so that a difference and its direction agree (Fay 2010).

    Arguments:
        hits, n: (g,) hits and rows of each group.
        all_hits, total: Those of all rows.
    """
    from scipy.stats import hypergeom

    at, size = np.asarray(hits), np.asarray(n)
    lower = hypergeom.cdf(at, total, all_hits, size)
    upper = hypergeom.sf(at - 1, total, all_hits, size)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(lower, upper)), dtype=np.float64)


def mean_test(n: Floats, mean: Floats, var: Floats, others: Floats, others_mean: Floats, others_var: Floats) -> Floats:
    """(g,) two-sided p that groups have the mean of the other rows: the larger of Welch's (1947) and Student's (1908).

    Welch's is right where variances differ; Student's where the few rows of a group happen to be alike, and show no variance.

    Arguments:
        n, mean, var: (g,) rows of each group, 2 or more, their mean and variance (over n - 1).
        others, others_mean, others_var: Those of the rows outside it.
    """
    from scipy.stats import t

    apart = np.abs(mean - others_mean)
    a, b = var / n, others_var / others
    pooled = ((n - 1) * var + (others - 1) * others_var) / (n + others - 2)
    found = np.zeros(len(n))
    with np.errstate(divide="ignore", invalid="ignore"):
        welch = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (others - 1))
        for square, freedom in ((a + b, welch), (pooled * (1 / n + 1 / others), n + others - 2)):
            p = 2 * t.sf(apart / np.sqrt(square), freedom)
            found = np.maximum(found, np.where(square > 0, p, np.where(apart > 0, 0.0, 1.0)))
    return found


def ranges(sizes: ArrayLike, *, share: float | None = None, deviation: float = 1.0, seed: int = 0) -> Floats:
    """(1000,) the largest minus the smallest figure of groups that differ by chance alone, drawn by a parametric bootstrap.

    Shares are drawn from the binomial distribution, means from the normal one with deviation / sqrt(size) (Efron and Tibshirani 1993,
    section 6.5).

    Arguments:
        sizes: (g,) rows of each group, 1 or more; g is at least 1.
        share: What they have in common, where figures are shares.
        deviation: Of one row, where figures are means.
    """
    n, rng = np.asarray(sizes), np.random.default_rng(seed)
    drawn: NDArray[Any]
    if share is not None:
        drawn = rng.binomial(n, min(max(share, 0.0), 1.0), size=(_DRAWS, len(n))) / n
    else:
        drawn = rng.standard_normal((_DRAWS, len(n))) * deviation / np.sqrt(n)
    return np.asarray(np.ptp(drawn, axis=1))


def labels_needed(share: float, half: float = 0.05) -> int:
    """How many labels it takes until the 95 % interval of a share is no more than `half` wide on both sides.

    Wilson's (1927) interval of n rows has the half width z sqrt(n p q + z^2 / 4) / (n + z^2). Solved for n, as in Piegorsch (2004):
    n = z^2 (p q + sqrt((p q)^2 + h^2 (1 - 4 p q))) / (2 h^2) - z^2.

    Example:
        >>> labels_needed(0.5), labels_needed(0.9)
        (381, 141)
    """
    spread = share * (1 - share)
    found = Z**2 * (spread + math.sqrt(spread**2 + half**2 * (1 - 4 * spread))) / (2 * half**2) - Z**2
    return max(1, math.ceil(found))
