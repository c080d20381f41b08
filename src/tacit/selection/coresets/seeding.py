"""Centers among the rows, far from each other, and which rows are nearest to each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tacit.errors import OptionError
from tacit.selection.coresets.contract import Floats, Ints
from tacit.selection.seeding import seeds

__all__ = ["Clusters", "seeded"]


@dataclass(frozen=True)
class Clusters:
    """Rows by their nearest center.

    Attributes:
        centers: (k,) int64, positions of the rows that are centers.
        members: (n,) int64, the center that is nearest to each row, as a position in `centers`; the earliest of equal ones.
        squares: (n,) float64, squared distance to it.
    """

    centers: Ints
    members: Ints
    squares: Floats


def seeded(features: Floats, clusters: int, chance: np.random.Generator) -> Clusters:
    """The seeds of k-means++ (`tacit.selection.seeding`), and which rows are nearest to each: O(n k d) time, O(n) memory.

    Arguments:
        features: (n, d), finite.
        clusters: How many; there are fewer if the rows have fewer distinct values.
        chance: Draws.

    Raises:
        OptionError: `clusters` is no number from 1 on.
    """
    if isinstance(clusters, bool) or not isinstance(clusters, int | np.integer) or clusters < 1:
        raise OptionError(f"clusters is {clusters!r}", right="it is a whole number from 1 on", next="write clusters=10")
    n = len(features)
    # Centered, since the distances of seeds are differences of squared lengths.
    drawn, apart = seeds([features - features.mean(axis=0)], min(int(clusters), n), chance, first=int(chance.integers(n)))
    centers = drawn[: 1 + int((apart[drawn[1:]] > 0).sum())]  # what repeats another is drawn last, at distance 0
    members, squares = np.zeros(n, np.int64), np.full(n, np.inf)
    for place, center in enumerate(centers.tolist()):
        # Differences and not squared norms, whose rounding would give a duplicate of a center a distance.
        nearer = ((features - features[center]) ** 2).sum(axis=1)
        members[nearer < squares] = place
        squares = np.minimum(squares, nearer)
    return Clusters(centers, members, squares)
