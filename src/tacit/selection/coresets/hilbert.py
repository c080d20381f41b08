"""Core-sets of vectors: a weighted sum of few stands for the sum of all."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError
from tacit.selection.coresets.checks import checked_keep, checked_matrix
from tacit.selection.coresets.contract import Coreset, Floats
from tacit.selection.coresets.draws import drawn

__all__ = ["giga", "hilbert_frank_wolfe", "hilbert_importance"]


def hilbert_importance(vectors: ArrayLike, keep: int, *, seed: int = 0) -> Coreset:
    """Draw rows with a chance in proportion to the lengths of their vectors.

    Campbell and Broderick, Automated Scalable Bayesian Inference via Hilbert Coresets (2019), algorithm 1. The error of the sum
    falls as keep^-1/2. A row whose vector is 0 is never drawn.

    Arguments:
        vectors: (n, j): log-likelihood functions at j draws of the parameters, gradients, or other features whose sum matters.
        keep: How many draws, from 1 to n.
        seed: For the draws.

    Returns:
        At most `keep` rows, since one may be drawn twice; `scores` are the lengths.

    Raises:
        OptionError: Vectors are not finite numbers, or sum to 0.
        SelectionError: There are fewer rows than `keep`.
    """
    v, lengths, _ = _checked_vectors(vectors)
    return drawn(lengths, checked_keep(keep, len(v)), "hilbert-importance", seed)


def hilbert_frank_wolfe(vectors: ArrayLike, keep: int) -> Coreset:
    """Approach the sum by Frank-Wolfe steps over { w >= 0, sum of w_n |v_n| = sum of |v_n| }.

    Campbell and Broderick, Automated Scalable Bayesian Inference via Hilbert Coresets (2019), algorithm 2: a step goes towards the
    vector whose direction has the largest inner product with what is missing, as far as is best.

    Arguments:
        vectors: (n, j), as for `hilbert_importance`.
        keep: How many steps, from 1 to n.

    Returns:
        At most `keep` rows, since a step may go where an earlier one went, in the order of their first steps.

    Raises:
        OptionError: Vectors are not finite numbers, or sum to 0.
        SelectionError: There are fewer rows than `keep`.
    """
    v, lengths, total = _checked_vectors(vectors)
    keep = checked_keep(keep, len(v))
    there = lengths > 0
    longest = lengths.sum()
    directions = v / np.where(there, lengths, 1.0)[:, None]
    weights, reached, order = np.zeros(len(v)), np.zeros_like(total), list[int]()
    for _ in range(keep):
        missing = total - reached
        row = int(np.argmax(np.where(there, directions @ missing, -np.inf)))
        step = longest * directions[row] - reached
        # The first step starts from nowhere and goes all the way, since every corner has the same sum of lengths.
        share = 1.0 if not order else float(step @ missing) / max(float(step @ step), 1e-300)
        if share <= 0:
            break  # no corner is nearer: as good as it gets
        share = min(share, 1.0)
        weights *= 1 - share
        weights[row] += share * longest / lengths[row]
        reached = reached + share * step
        order.extend([row] if row not in order else [])
    return _sparse(weights, lengths, order, "hilbert-frank-wolfe")


def giga(vectors: ArrayLike, keep: int) -> Coreset:
    """Greedy iterative geodesic ascent: turn towards the direction of the sum on the sphere, then scale.

    Campbell and Broderick, Bayesian Coreset Construction via Greedy Iterative Geodesic Ascent (ICML 2018), algorithm 1. The error
    never grows with `keep`, and falls geometrically. O(n j) a step.

    Arguments:
        vectors: (n, j), as for `hilbert_importance`.
        keep: How many steps, from 1 to n.

    Returns:
        At most `keep` rows, since a step may go where an earlier one went, in the order of their first steps.

    Raises:
        OptionError: Vectors are not finite numbers, or sum to 0.
        SelectionError: There are fewer rows than `keep`.

    Example:
        >>> found = giga([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]], 2)
        >>> found.rows.tolist(), found.weights.round(6).tolist()
        ([1, 0], [2.0, 1.0])
    """
    v, lengths, total = _checked_vectors(vectors)
    keep = checked_keep(keep, len(v))
    there = lengths > 0
    directions = v / np.where(there, lengths, 1.0)[:, None]
    size = float(np.sqrt(total @ total))
    goal = total / size
    weights, y, near, missing, order = np.zeros(len(v)), np.zeros_like(goal), 0.0, goal, list[int]()
    for _ in range(keep):
        # How well the tangent from y towards each row agrees with the one towards the goal, which is what is missing. The
        # paper's <goal, v> - <goal, y><y, v> is <missing, v>, without the loss of half of the digits near the goal.
        with_y, with_missing = directions @ y, directions @ missing
        bend = np.sqrt(np.maximum(1 - with_y**2, 0.0))
        row = int(np.argmax(np.where(there & (bend > 1e-8), with_missing / np.maximum(bend, 1e-8), -np.inf)))
        gain = float(with_missing[row])
        if gain <= 0:
            break
        cost = near - float(directions[row] @ goal) * float(with_y[row])
        share = gain / (gain + cost) if cost > 0 else 1.0
        turned = (1 - share) * y + share * directions[row]
        norm = float(np.sqrt(turned @ turned))
        turned = turned / norm
        left = goal - (goal @ turned) * turned
        if left @ left >= missing @ missing:
            break  # the precision of the numbers is exhausted
        weights *= (1 - share) / norm
        weights[row] += share / norm
        y, near, missing = turned, float(goal @ turned), left
        order.extend([row] if row not in order else [])
    return _sparse(weights * size * near / np.where(there, lengths, 1.0), lengths, order, "giga")


def _checked_vectors(vectors: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """The vectors (n, j), their lengths (n,) and their sum (j,).

    Raises:
        OptionError: They are not finite numbers, or cancel each other out.
    """
    v = checked_matrix(vectors, "vectors")
    lengths = np.sqrt((v**2).sum(axis=1))
    total = v.sum(axis=0)
    if np.sqrt((total**2).sum()) <= 1e-12 * lengths.sum():
        raise OptionError(
            f"{len(v):,} vectors sum to 0",
            right="no row is needed for that: at least one has to be other than 0, and they must not cancel out",
            next="numpy.linalg.norm(vectors.sum(axis=0))",
        )
    return v, lengths, total


def _sparse(weights: Floats, lengths: Floats, order: list[int], method: str) -> Coreset:
    """The rows of `order` that have a weight; `scores` are the lengths of their weighted vectors."""
    rows = np.array([row for row in order if weights[row] > 0], np.int64)
    return Coreset(rows, weights[rows], weights[rows] * lengths[rows], np.ones(len(rows)), method)
