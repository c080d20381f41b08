"""Core-sets for k-means: any centers cost about the same on them as on all rows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from tacit.selection.coresets.checks import checked_keep, checked_matrix
from tacit.selection.coresets.contract import Coreset
from tacit.selection.coresets.draws import drawn
from tacit.selection.coresets.seeding import seeded

__all__ = ["kmeans_sensitivity", "lightweight"]


def lightweight(features: ArrayLike, keep: int, *, seed: int = 0) -> Coreset:
    """Draw rows with a chance of q = 1 / (2 n) + d^2 / (2 sum d^2), d the distance to the mean of all.

    Bachem et al., Scalable k-Means Clustering via Lightweight Coresets (KDD 2018), algorithm 1: two passes, O(n d). The cost of any
    centers is off by at most eps / 2 (cost + cost of the mean), with eps falling as keep^-1/2.

    Arguments:
        features: (n, d).
        keep: How many draws, from 1 to n.
        seed: For the draws.

    Returns:
        At most `keep` rows, since one may be drawn twice; `scores` are n q, 1 on average. Weights sum to n on average.

    Raises:
        OptionError: Features are not finite numbers.
        SelectionError: There are fewer rows than `keep`.

    Example:
        >>> lightweight([[0.0], [0.0], [0.0]], 2).scores.tolist()
        [1.0, 1.0]
    """
    x = checked_matrix(features)
    keep = checked_keep(keep, len(x))
    squares = ((x - x.mean(axis=0)) ** 2).sum(axis=1)
    total = squares.sum()
    wanted = 0.5 + 0.5 * len(x) * squares / total if total > 0 else np.ones(len(x))
    return drawn(wanted, keep, "lightweight", seed)


def kmeans_sensitivity(features: ArrayLike, keep: int, *, clusters: int = 10, seed: int = 0) -> Coreset:
    """Draw rows by a bound on their sensitivity: the largest share of the cost that a row can have, for any k centers.

    Bachem, Lucic and Krause, Practical Coreset Constructions for Machine Learning (2017), algorithm 2, with k-means++ seeds B in the
    place of a clustering: s = a d^2 / c + 2 a c_B / c + 4 n / n_B, where a = 16 (log k + 2), d is the distance to the nearest seed,
    c the mean of d^2, and c_B and n_B the mean of d^2 and the number of rows in the row's cluster.

    Arguments:
        features: (n, d).
        keep: How many draws, from 1 to n.
        clusters: k, the centers that are to be found on the core-set.
        seed: For the seeding and the draws.

    Returns:
        At most `keep` rows, since one may be drawn twice; `scores` are s. Weights sum to n on average.

    Raises:
        OptionError: Features are not finite numbers, or `clusters` is no number.
        SelectionError: There are fewer rows than `keep`.
    """
    x = checked_matrix(features)
    keep = checked_keep(keep, len(x))
    chance = np.random.default_rng(seed)
    found = seeded(x, clusters, chance)
    sizes = np.bincount(found.members)
    mean = found.squares.mean()
    wanted = 4 * len(x) / sizes[found.members]
    if mean > 0:
        alpha = 16 * (math.log(clusters) + 2)
        inside = np.bincount(found.members, found.squares) / sizes
        wanted = wanted + alpha * (found.squares + 2 * inside[found.members]) / mean
    return drawn(wanted, keep, "kmeans-sensitivity", int(chance.integers(1 << 62)))
