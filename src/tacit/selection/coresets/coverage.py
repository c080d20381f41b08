"""Rows from every level of difficulty, but for the hardest."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError, SelectionError
from tacit.selection.coresets.checks import checked_keep
from tacit.selection.coresets.contract import Coreset
from tacit.selection.coresets.quotas import equal_quotas
from tacit.selection.coresets.rankings import ranking

__all__ = ["coverage_centric"]


def coverage_centric(scores: ArrayLike, keep: int, *, hardest: float = 0.1, strata: int = 50, seed: int = 0) -> Coreset:
    """Drop the hardest rows, then draw the same number from each stratum of the other scores.

    Zheng et al., Coverage-centric Coreset Selection for High Pruning Rates (ICLR 2023), algorithm 1. Strata are ranges of equal
    width; a stratum with few rows gives them all, and others give more. The hardest are dropped because wrong labels are among
    them. The best share grows as fewer are kept, and is to be found on rows that are held out.

    Arguments:
        scores: (n,) higher is harder, as of `forgetting_counts` or `el2n_scores`. Infinity counts as the largest finite score.
        keep: How many, from 1 to what is left of n without the hardest.
        hardest: The share to drop, 0 to less than 1; rounded down to rows.
        strata: How many.
        seed: For the draws, and for ties at the cut.

    Returns:
        Exactly `keep` rows, in the order drawn. Each weighs n / keep, as published; `probabilities` are those within the stratum.

    Raises:
        OptionError: A score is NaN or minus infinity, or an option is out of range.
        SelectionError: Fewer rows than `keep` are left.
    """
    given = np.asarray(scores)
    if given.ndim != 1 or not given.size or given.dtype.kind not in "iufb" or np.isnan(given).any() or (given == -np.inf).any():
        raise OptionError(
            f"scores are an array of {given.dtype} with shape {given.shape}",
            right="they are one number for each row, NaN for none",
            next="coverage_centric(forgetting_counts(right), keep)",
        )
    if not 0 <= hardest < 1 or strata < 1:
        raise OptionError(
            f"hardest is {hardest} with {strata} strata",
            right="hardest is a share from 0 to less than 1, and strata are 1 or more",
            next="write hardest=0.1, strata=50",
        )
    n = len(given)
    keep = checked_keep(keep, n)
    values = given.astype(np.float64)
    chance = np.random.default_rng(seed)
    left = ranking(values, chance)[int(n * hardest) :]
    if keep > len(left):
        raise SelectionError(
            f"{keep:,} rows cannot be kept of the {len(left):,} that are left without the hardest",
            right=f"keep {len(left):,} at most, or drop fewer",
            next=f"write keep={len(left)}",
        )
    # All infinite: nothing tells them apart.
    finite = np.nan_to_num(values[left], posinf=values.max(initial=0.0, where=np.isfinite(values)))
    low, high = finite.min(), finite.max()
    width = (high - low) / strata
    stratum = np.minimum((finite - low) // width, strata - 1).astype(int) if width > 0 else np.zeros(len(left), int)
    sizes = np.bincount(stratum, minlength=strata)
    quotas = np.zeros_like(sizes)
    quotas[sizes > 0] = equal_quotas(sizes[sizes > 0], keep)
    kept = np.concatenate([chance.permutation(np.flatnonzero(stratum == s))[: quotas[s]] for s in np.flatnonzero(sizes)])
    kept = chance.permutation(kept)
    likely = (quotas / np.maximum(sizes, 1))[stratum[kept]]
    return Coreset(left[kept], np.full(keep, n / keep), values[left[kept]], likely, "coverage-centric")
