"""BADGE: rows whose gradients would be long and different."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError
from tacit.selection.contract import Ordered
from tacit.selection.pools import Pool
from tacit.selection.seeding import seeds

__all__ = ["BADGE", "residuals"]


def residuals(pool: Pool) -> NDArray[np.float64]:
    """(n, n_classes): the gradient of the loss by the last layer's outputs, if what the model thinks likeliest were right.

    p - onehot(argmax p) of classes; p - (p > 1/2) of labels.

    Raises:
        OptionError: There are no probabilities of one line for each row.
    """
    if pool.kind not in ("classes", "labels"):
        raise OptionError(
            f'"badge" needs probabilities of each row, and {pool.kind} have none',
            right="it chooses among classes and labels",
            next='write strategy="k-center"',
        )
    p = pool.need("probabilities", "badge").astype(float)
    if p.size and not (p.min() >= 0 and p.max() <= 1):
        raise OptionError("probabilities are not from 0 to 1", right="each is from 0 to 1", next='write strategy="k-center"')
    if pool.kind == "labels":
        return p - (p > 0.5)
    p[np.arange(len(p)), p.argmax(axis=1)] -= 1
    return p


def _order(pool: Pool, n: int, rng: np.random.Generator, whole: bool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """k-means++ over the gradients by the last layer's weights, q x h (Ash et al. 2020, Algorithm 1).

    Their distances are |q|^2 |h|^2 + |q'|^2 |h'|^2 - 2 (q.q') (h.h'), so that nothing of n_classes x width numbers is ever made. The
    first row is the one of the longest gradient, as in the authors' code.
    """
    q, h = residuals(pool), pool.need("features", "badge")
    if h.dtype.kind != "f":
        h = h.astype(float)
    lengths = np.einsum("ij,ij->i", q, q) * np.einsum("ij,ij->i", h, h, dtype=np.float64)
    longest = np.flatnonzero(lengths == lengths.max())
    factors: list[NDArray[Any]] = [q, h]
    return seeds(factors, n, rng, first=int(rng.choice(longest)), whole=whole)


BADGE = Ordered("badge", ("probabilities", "features"), _order)
"""Scores are squared distances of gradients."""
