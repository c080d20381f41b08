"""Information density: what the model is unsure of and many rows are like."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.selection.blocks import pieces
from tacit.selection.contract import Scored
from tacit.selection.pools import Pool, doubt

__all__ = ["DENSITY", "representativeness"]


def representativeness(features: NDArray[Any]) -> NDArray[np.float64]:
    """The mean similarity of each row to all rows, (1 + cosine) / 2.

    Since cosines are inner products of directions, the mean of them is one inner product with the mean direction: O(n d), and no
    similarities of pairs are ever made.

    Arguments:
        features: (n, d) finite. A row of zeros has the cosine 0 with all others.

    Returns:
        (n,) float64 from 0 to 1.
    """
    n, width = features.shape
    lengths = np.sqrt(np.einsum("ij,ij->i", features, features, dtype=np.float64))
    scale = np.where(lengths > 0, 1 / np.where(lengths > 0, lengths, 1), 0.0)
    mean, alike = np.zeros(width), np.empty(n)
    for rows in pieces(n, width):  # in float64, block by block, so that no copy of all features is made
        mean += scale[rows] @ features[rows] / n
    for rows in pieces(n, width):
        alike[rows] = scale[rows] * (features[rows] @ mean)
    return np.asarray(np.clip((1 + alike) / 2, 0, 1))


def _score(pool: Pool) -> NDArray[np.float64]:
    """Entropy times representativeness (Settles & Craven 2008, section 3.2, with beta = 1)."""
    features = pool.need("features", "density")
    return doubt(pool, "entropy", "density") * representativeness(features)


DENSITY = Scored("density", ("probabilities", "features"), _score)
