"""k-center: rows that cover the pool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError
from tacit.selection.contract import Ordered
from tacit.selection.farthest import cover
from tacit.selection.pools import Pool, table_of

__all__ = ["K_CENTER", "k_center"]

Rows = NDArray[np.int64]


def k_center(features: ArrayLike, n: int, *, chosen: Sequence[int] | NDArray[Any] = ()) -> Rows:
    """Choose rows so that every row has a chosen one near it: greedy farthest-first traversal.

    The largest distance from any row to the nearest chosen one is at most twice the least possible (Gonzalez 1985; as a way to choose
    what to label: Sener & Savarese 2018, Algorithm 1). The first, if nothing is chosen yet, is the row nearest to the mean; of rows
    that are equally far the first counts. Rows and order are those of the plain loop in float64, whatever the order of computation:
    see `cover`.

    Arguments:
        features: (N, d) finite numbers; distances are Euclidean.
        n: How many, from 1 to the rows that are not chosen.
        chosen: Rows that are chosen already; they are not chosen again.

    Returns:
        (n,) int64 rows, in the order of choice.

    Raises:
        OptionError: The features are not a finite table, or a chosen row is none of it.
        SelectionError: Fewer than `n` rows are left.

    Example:
        >>> k_center([[0.0], [1.0], [10.0], [11.0]], 2, chosen=[0]).tolist()
        [3, 1]
    """
    table = table_of(features)
    taken = np.unique(np.asarray(chosen, np.int64)) if len(chosen) else np.zeros(0, np.int64)
    if taken.size and (taken[0] < 0 or taken[-1] >= len(table)):
        raise OptionError(
            f"row {taken[0] if taken[0] < 0 else taken[-1]:,} is chosen, of {len(table):,} rows",
            right=f"rows are 0 to {len(table) - 1:,}",
            next="k_center(features, 10, chosen=[0, 1])",
        )
    return cover(table, n, taken=taken).rows


def _order(pool: Pool, n: int, rng: np.random.Generator, whole: bool) -> tuple[Rows, NDArray[np.float64]]:
    found = cover(table_of(np.asarray(pool.features)), n, labeled=pool.known(), whole=whole)
    scores = found.distances
    # The first of all has nothing to be far from: it counts as far as the one after it.
    scores[found.rows] = np.where(np.isinf(found.radii), found.radii[1] if n > 1 else scores.max(), found.radii)
    return found.rows, scores


K_CENTER = Ordered("k-center", ("features",), _order)
"""Rows that cover the pool; equal distances are settled by the order of the rows, which matters for repeated rows alone."""
