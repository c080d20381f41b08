"""Core-sets for logistic regression, the Bayesian one among them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError
from tacit.selection.coresets.checks import checked_keep, checked_matrix, checked_signs
from tacit.selection.coresets.contract import Coreset, Floats
from tacit.selection.coresets.draws import drawn
from tacit.selection.coresets.seeding import Clusters, seeded

__all__ = ["logistic_sensitivity"]


def logistic_sensitivity(
    features: ArrayLike, signs: ArrayLike, keep: int, *, clusters: int = 6, radius: float = 3.0, seed: int = 0
) -> Coreset:
    """Draw rows by a bound on their sensitivity: the largest share of the log-likelihood that a row can have, for any weights.

    Huggins, Campbell and Broderick, Coresets for Scalable Bayesian Logistic Regression (NeurIPS 2016), algorithm 1 and lemma 3.1.
    With z = sign * features, a clustering of the z, and weights of the model in a ball of a radius R around 0,
    m_n = N / (1 + sum over clusters of |G without n| exp(-R |mean(G without n) - z_n|)). Clusters are those of k-means++ seeds.

    It is worth its work where rare features tell much. The bound grows with the size of a row, so of dense features, a few rows that
    are far out get most of the draws, and an even draw is better then.

    Arguments:
        features: (n, d), standardized; append a column of ones for an intercept.
        signs: (n,) -1 or 1, the class.
        keep: How many draws, from 1 to n.
        clusters: More make the bound tighter and the work longer: O(n k d).
        radius: R; 0 draws each row alike, a large one tells apart what matters for sure models only.
        seed: For the clustering and the draws.

    Returns:
        At most `keep` rows, since one may be drawn twice; `scores` are m. Weights are 1 on average.

    Raises:
        OptionError: An array is not as it should be, or an option is out of range.
        SelectionError: There are fewer rows than `keep`.
    """
    x = checked_matrix(features)
    z = x * checked_signs(signs, len(x))[:, None]
    keep = checked_keep(keep, len(x))
    if not 0 <= radius < math.inf:
        raise OptionError(f"radius is {radius}", right="it is a number from 0 on", next="write radius=3")
    chance = np.random.default_rng(seed)
    wanted = _sensitivities(z, seeded(z, clusters, chance), radius)
    return drawn(wanted, keep, "logistic-sensitivity", int(chance.integers(1 << 62)))


def _sensitivities(z: Floats, found: Clusters, radius: float) -> Floats:
    """(n,) m, from 1 to n."""
    others = np.ones(len(z))
    for cluster in range(len(found.centers)):
        mine = found.members == cluster
        size = int(mine.sum())
        apart = np.sqrt(((z - z[mine].mean(axis=0)) ** 2).sum(axis=1))
        # Without z, the mean of its own cluster is size / (size - 1) times as far from z.
        apart[mine] *= size / max(size - 1, 1)
        others += (size - mine) * np.exp(-radius * apart)
    return len(z) / others
