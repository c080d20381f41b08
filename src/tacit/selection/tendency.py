"""Whether rows form clusters, so that covering them means something."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.selection.pools import table_of

__all__ = ["cluster_tendency", "unstructured"]

_PROBES = 400
_REFERENCE = 4000
_LEAST = 0.6
"""Chance gives 0.5 with a standard deviation of at most 0.02 at 400 probes, so that 0.6 is beyond chance."""

_MANY = 10
"""Directions, from which on far rows are mostly outliers: in 16 dimensions the greedy radius is 0.9 of that of random rows."""

Floats = NDArray[np.float64]


def cluster_tendency(features: ArrayLike, *, seed: int = 0) -> float:
    """How likely a row is to be nearer to another row than a point of a normal cloud of the same mean and covariance is.

    The idea is that of Hopkins & Skellam (1954), but points are compared with a normal cloud instead of a box: in many dimensions
    everything is more clustered than a box. The rows are divided at random: one part tells the covariance, one holds up to 4,000
    neighbors, and one has up to 400 rows to probe with. The value is the share of pairs (probe, point of the cloud) in which the probe's
    nearest neighbor is nearer, equal ones counted half.

    Arguments:
        features: (n, d) finite numbers.
        seed: For draws.

    Returns:
        From 0 to 1: 0.5 for a normal cloud, more for clusters, curves or repeated rows, 1 for tight clusters. NaN for fewer than 8 rows.

    Raises:
        OptionError: The features are not a finite table.
    """
    table = table_of(features)
    n = len(table)
    if n < 8:
        return float("nan")
    rng = np.random.default_rng(seed)
    order = rng.permutation(n)
    probes = min(_PROBES, n // 4)
    held = min(_REFERENCE, n // 2 - probes // 2)
    rows = table[order[: probes + 2 * held]].astype(float)
    probe, reference, rest = rows[:probes], rows[probes : probes + held], rows[probes + held :]
    mean = rest.mean(axis=0)
    # A sum of centered rows with normal weights is normal, with the covariance of the rows.
    cloud = mean + rng.normal(size=(probes, len(rest))) @ (rest - mean) / np.sqrt(max(len(rest) - 1, 1))
    real, made = _nearest(probe - mean, reference - mean), _nearest(cloud - mean, reference - mean)
    nearer = (real[:, None] < made).mean() + (real[:, None] == made).mean() / 2
    return float(nearer)


def unstructured(features: ArrayLike, *, seed: int = 0) -> str | None:
    """A warning for k-center, or None where rows form clusters, or vary in so few directions that they can be covered anyway.

    On rows without structure in many directions the farthest row is an outlier and covers nothing but itself: of normal clouds in 64
    to 512 dimensions the greedy radius is 0.96 to 1.00 times that of as many random rows (1,000 to 10,000 rows, a tenth of them or 200
    chosen); in 2 dimensions it is 0.18 times.

    Arguments:
        features, seed: As for `cluster_tendency`.
    """
    found = cluster_tendency(features, seed=seed)
    directions = _directions(table_of(features), seed)
    if not found < _LEAST or directions < _MANY:
        return None
    return (
        f"the rows form no clusters (tendency {found:.2f}; a normal cloud has 0.50) and vary in some {directions:.0f} directions, so "
        'that rows far from each other are outliers: random rows may cover as much.  next: strategy="random", or other features'
    )


def _directions(table: NDArray[Any], seed: int) -> float:
    """In how many directions rows vary, (sum of the eigenvalues of the covariance)^2 / sum of their squares, of up to 4,000 rows."""
    rows = np.random.default_rng(seed).permutation(len(table))[:_REFERENCE]
    around = table[rows].astype(float) - table[rows].mean(axis=0, dtype=np.float64)
    inner = around.T @ around if around.shape[1] < len(around) else around @ around.T
    squares = float((inner**2).sum())
    return float(np.trace(inner)) ** 2 / squares if squares > 0 else 0.0


def _nearest(rows: Floats, others: Floats) -> Floats:
    square = np.einsum("ij,ij->i", rows, rows)[:, None] + np.einsum("ij,ij->i", others, others) - 2 * (rows @ others.T)
    return np.asarray(np.maximum(square.min(axis=1), 0))
