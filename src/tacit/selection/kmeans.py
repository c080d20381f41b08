"""k-means: which of k clusters each row is in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.selection.seeding import seeds

__all__ = ["clusters"]

_ROUNDS = 12
_PER_CLUSTER = 256
_BLOCK = 4096


def clusters(features: NDArray[Any], k: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Lloyd's algorithm from k-means++ seeds, 12 rounds or until nothing moves; centers are fitted to at most 256 k rows, drawn.

    Arguments:
        features: (n, d) finite.
        k: From 1 to n. Clusters may be empty, where rows repeat.
        rng: For draws.

    Returns:
        (n,) int64, from 0 to k - 1.
    """
    n = len(features)
    sample = rng.choice(n, min(n, _PER_CLUSTER * k), replace=False)
    # Centered, so that float32 does not lose what is small beside the mean.
    mean = features.mean(axis=0, dtype=np.float64)
    rows = (features[sample] - mean).astype(np.float32)
    first, _ = seeds([rows], k, rng, first=int(rng.integers(len(rows))))
    centers = rows[first]
    before = np.full(len(rows), -1)
    for _ in range(_ROUNDS):
        mine = _nearest(rows, centers)
        if np.array_equal(mine, before):
            break
        before = mine
        order = np.argsort(mine, kind="stable")
        heard, start = np.unique(mine[order], return_index=True)
        for cluster, members in zip(heard.tolist(), np.split(order, start[1:]), strict=True):
            centers[cluster] = rows[members].mean(axis=0, dtype=np.float64)
    found = np.empty(n, np.int64)
    for begin in range(0, n, _BLOCK):
        part = slice(begin, begin + _BLOCK)
        found[part] = _nearest((features[part] - mean).astype(np.float32), centers)
    return found


def _nearest(rows: NDArray[np.float32], centers: NDArray[np.float32]) -> NDArray[np.int64]:
    square = np.einsum("ij,ij->i", centers, centers)
    found = np.empty(len(rows), np.int64)
    for begin in range(0, len(rows), _BLOCK):
        part = slice(begin, begin + _BLOCK)
        found[part] = (square - 2 * (rows[part] @ centers.T)).argmin(axis=1)
    return found
