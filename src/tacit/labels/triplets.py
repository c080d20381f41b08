"""Skills in closed form: three functions at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tacit.labels.pairs import Pairs

__all__ = ["skills"]

_FEW = 10.0  # votes for which a function's own estimate and the usual one count the same


def skills(found: Pairs, n_classes: int) -> NDArray[np.float64]:
    """v_i^2 = M_ij M_ik / M_jk for each two others; the median over them.

    M_ij = (met / (L expected) - 1) / K is v_i v_j where errors are independent, see `Pairs`. In two classes without
    abstentions M_ij is the mean of the product of two votes written as -1 and 1, freed of their means, and this is FlyingSquid.

    Returns:
        (e,) float64: the skill of each event, 0 to 0.97.

    Source: Fu et al., "Fast and three-rious: speeding up weak supervision with triplet methods", ICML 2020.
    """
    e = len(found.events)
    held = (found.counted > 0.5) & (found.expected > 0)
    if e < 3 or not held.any():
        return np.full(e, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(held, found.met / found.expected, 0.0)
        product = np.where(held, (ratio / _common(found, held, n_classes) - 1) / found.sign, 0.0)
    # An event without a triplet is taken for a usual one.
    squared = np.full(e, np.nan)
    for i in range(e):
        others = np.flatnonzero(held[i])
        among = held[np.ix_(others, others)] & (np.abs(product[np.ix_(others, others)]) > 0.01)
        j, k = np.nonzero(np.triu(among, 1))
        if len(j):
            values = product[i, others[j]] * product[i, others[k]] / product[others[j], others[k]]
            squared[i] = np.median(values)
    own = np.sqrt(np.clip(squared, 0.0, 0.97**2))
    usual = float(np.nanmedian(own)) if np.isfinite(own).any() else 0.5
    sure = np.diag(found.met) / (np.diag(found.met) + _FEW)
    return np.where(np.isfinite(own), sure * np.nan_to_num(own) + (1 - sure) * usual, usual)


def _common(found: Pairs, held: NDArray[np.bool_], n_classes: int) -> float:
    """The factor L: weighted by the shares of both classes K has the mean 0, so that the weighted ratio of met to expected is L."""
    _, first = np.unique(found.events % n_classes, return_index=True)
    alike = float((found.shares[first] ** 2).sum())
    total = 0.0
    for pair, weight in ((found.sign > 0, alike), (found.sign < 0, 1 - alike)):
        expected = float(found.expected[held & pair].sum())
        if expected <= 0:
            return 1.0
        total += weight * float(found.met[held & pair].sum()) / expected
    return max(total, 1e-6)
