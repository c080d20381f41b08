"""Centers among the rows, far from each other, and which rows are nearest to each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tacit.errors import OptionError
from tacit.selection.coresets.contract import Floats, Ints

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
    """The seeding of k-means++: each next center is drawn with a chance in proportion to the squared distance to the nearest.

    Arthur and Vassilvitskii, k-means++: The Advantages of Careful Seeding (2007). O(n k d) time, O(n) memory beside the features.

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
    centers = [int(chance.integers(n))]
    members = np.zeros(n, np.int64)
    squares = ((features - features[centers[0]]) ** 2).sum(axis=1)
    while len(centers) < min(clusters, n) and squares.sum() > 0:
        centers.append(int(chance.choice(n, p=squares / squares.sum())))
        # Differences and not squared norms, whose rounding would give a duplicate of a center a distance.
        nearer = ((features - features[centers[-1]]) ** 2).sum(axis=1)
        members[nearer < squares] = len(centers) - 1
        squares = np.minimum(squares, nearer)
    return Clusters(np.array(centers), members, squares)
