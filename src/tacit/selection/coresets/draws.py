"""Rows drawn with unequal chances, weighted so that every sum is right on average."""

from __future__ import annotations

import numpy as np

from tacit.selection.coresets.contract import Coreset, Floats

__all__ = ["drawn"]


def drawn(wanted: Floats, keep: int, method: str, seed: int) -> Coreset:
    """Draw `keep` times with replacement; a row that is drawn K times is there once, with a weight of K / (keep q).

    Then E[weight] is 1 for each row with q > 0, and the weighted sum of whatever the rows hold is its sum over all rows, on
    average (Hansen and Hurwitz, 1943). Drawing without replacement would keep more rows and lose that.

    Arguments:
        wanted: (n,) 0 or more, not all 0. Chances q are in proportion to it.
        keep: How many draws.
        method: The name of who asks.
        seed: For the draws.

    Returns:
        At most `keep` rows, in the order in which they came; `scores` are those of `wanted`.
    """
    chances = wanted / wanted.sum()
    came = np.random.default_rng(seed).choice(len(wanted), keep, p=chances)
    rows, first, times = np.unique(came, return_index=True, return_counts=True)
    order = np.argsort(first)
    rows, times = rows[order].astype(np.int64), times[order]
    q = chances[rows]
    with np.errstate(divide="ignore"):
        likely = -np.expm1(keep * np.log1p(-np.minimum(q, 1.0)))  # 1 - (1 - q)^keep
    return Coreset(rows, times / (keep * q), wanted[rows], likely, method)
