"""Rows drawn with equal chances: what every other method has to beat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError
from tacit.selection.coresets.checks import checked_keep
from tacit.selection.coresets.contract import Coreset, Ints
from tacit.selection.coresets.quotas import by_quota

__all__ = ["stratified", "uniform"]


def uniform(n: int, keep: int, *, seed: int = 0) -> Coreset:
    """Keep `keep` of `n` rows, each as likely as any other.

    Returns:
        Exactly `keep` rows, each with a weight of n / keep.

    Raises:
        OptionError: `n` is no number of rows.
        SelectionError: There are fewer rows than `keep`.

    Example:
        >>> uniform(4, 2).weights.tolist()
        [2.0, 2.0]
    """
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise OptionError(f"n is {n!r}", right="it is how many rows there are", next="write n=len(rows)")
    keep = checked_keep(keep, int(n))
    rows = np.random.default_rng(seed).permutation(int(n))[:keep]
    return Coreset(rows, np.full(keep, n / keep), np.zeros(keep), np.full(keep, keep / n), "uniform")


def stratified(groups: ArrayLike, keep: int, *, quota: str = "proportional", seed: int = 0) -> Coreset:
    """Keep rows of every group, drawn within it with equal chances.

    Arguments:
        groups, quota: As for `by_quota`.
        keep: How many in all, at least one for each group.
        seed: For the draws.

    Returns:
        Exactly `keep` rows; each weighs as many rows of its group as there are for one that was kept.

    Raises:
        OptionError: The groups or the quota are not understood.
        SelectionError: There are fewer rows than `keep`, or more groups.

    Example:
        >>> stratified(["a", "a", "a", "b"], 2).weights.tolist()
        [3.0, 1.0]
    """
    seeds = np.random.default_rng(seed)

    def draw(rows: Ints, some: int) -> Coreset:
        return uniform(len(rows), some, seed=int(seeds.integers(1 << 62)))

    return replace(by_quota(draw, groups, keep, quota=quota), method="stratified")
