"""Typical rows first: the densest row of each cluster that has no label yet."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.selection.contract import Ordered
from tacit.selection.kmeans import clusters
from tacit.selection.pools import Pool

__all__ = ["TYPICAL", "typicality"]

_MOST = 500  # clusters
_NEIGHBORS = 20
_SMALLEST = 5
_SEEN = 2000
_BLOCK = 1024

Floats = NDArray[np.float64]


def typicality(features: NDArray[Any], rng: np.random.Generator) -> Floats:
    """One over the mean distance to the 20 nearest others, or to half of the others where there are fewer than 40.

    Of more than 2,000 rows, 2,000 that are drawn stand for all. Equal rows are a millionth of the largest distance apart, not 0.

    Arguments:
        features: (n, d) finite.
        rng: For that draw.

    Returns:
        (n,) float64 above 0; 1 for a row alone.
    """
    n = len(features)
    if n < 2:
        return np.ones(n)
    seen = np.sort(rng.choice(n, min(n, _SEEN), replace=False))
    around = features - features.mean(axis=0, dtype=np.float64)
    others, square = around[seen], np.einsum("ij,ij->i", around, around)
    k = max(1, min(_NEIGHBORS, len(seen) // 2))
    place = np.full(n, -1)
    place[seen] = np.arange(len(seen))
    mean = np.empty(n)
    for start in range(0, n, _BLOCK):
        part = slice(start, start + _BLOCK)
        apart = square[part, None] + square[seen] - 2 * (around[part] @ others.T)
        itself = np.flatnonzero(place[part] >= 0)
        apart[itself, place[part][itself]] = np.inf
        near = np.partition(np.maximum(apart, 0), k - 1, axis=1)[:, :k]
        mean[part] = np.sqrt(near).mean(axis=1)
    least = 1e-6 * float(np.sqrt(square.max()))
    return np.asarray(1 / np.maximum(mean, least)) if least > 0 else np.ones(n)


def _order(pool: Pool, n: int, rng: np.random.Generator, whole: bool) -> tuple[NDArray[np.int64], Floats]:
    """TypiClust (Hacohen, Dekel & Weinshall 2022, Algorithm 1).

    Rows and what is labeled are put into as many clusters as there are labels and rows to choose, at most 500. The clusters with the
    fewest labels come first, of those the largest; from each the most typical row that is left, again and again. Clusters of fewer
    than 5 rows come last.

    The score of a row is minus its turn: how many labels its cluster has before it, and less than 1 for the place of the cluster.
    """
    features, labeled = pool.need("features", "typical"), pool.known()
    table = np.concatenate([features, labeled]) if len(labeled) else features
    k = min(len(labeled) + n, _MOST, len(table))
    mine = clusters(table, k, rng)
    held = np.bincount(mine[pool.size :], minlength=k)
    sizes = np.bincount(mine, minlength=k)
    small = (sizes < _SMALLEST).astype(int)
    place = np.empty(k)
    place[np.lexsort((rng.random(k), -sizes))] = np.arange(k) / k
    scores = np.empty(pool.size)
    for cluster in np.unique(mine[: pool.size]).tolist():
        inside = np.flatnonzero(mine == cluster)
        typical = typicality(table[inside], rng)
        typical, inside = typical[inside < pool.size], inside[inside < pool.size]
        turn = np.empty(len(inside))
        turn[np.lexsort((rng.random(len(inside)), -typical))] = np.arange(len(inside))
        scores[inside] = -(turn + held[cluster] + place[cluster] + small[cluster] * (sizes.max() + held.max()))
    return np.argsort(-scores, kind="stable")[:n], scores


TYPICAL = Ordered("typical", ("features",), _order)
"""For few labels; see `automatic.auto`."""
