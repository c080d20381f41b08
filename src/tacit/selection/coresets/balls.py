"""The smallest ball around all rows, from few of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tacit.errors import OptionError
from tacit.selection.coresets.contract import Floats, Ints
from tacit.selection.coresets.kernels import Kernel

__all__ = ["EnclosingBall", "enclosing_ball"]

_BLOCK = 4096  # rows whose distance is computed at once
_TIGHT = 0.1  # of the tolerance is left to the ball of the core-set


@dataclass(frozen=True)
class EnclosingBall:
    """A ball around all rows, and the rows that it is the smallest ball of.

    Attributes:
        rows: (m,) int64, positions of the core-set in the order found.
        weights: (m,) float64, 0 or more, sum 1: the center is the weighted mean of these rows.
        radius: At most that of the smallest ball around all rows, and at least that divided by 1 + epsilon.
        reach: The distance of the farthest row from the center, at most (1 + epsilon) * radius.
    """

    rows: Ints
    weights: Floats
    radius: float
    reach: float


def enclosing_ball(kernel: Kernel, *, epsilon: float = 0.01, sample: int | None = 59, seed: int = 0) -> EnclosingBall:
    """Add rows that are outside to the core-set, until (1 + epsilon) times its smallest ball has all inside.

    Badoiu and Clarkson, Smaller Core-Sets for Balls (SODA 2003); Tsang, Kwok and Cheung, Core Vector Machines (JMLR 2005): the row that
    is added is the farthest of 59 drawn ones, which is among the farthest 5% with a probability of 1 - 0.95^59 = 0.95. Where none
    of the 59 is outside, all rows are looked at, so that what is returned holds for certain and not for nearly all rows. The
    size depends on epsilon, some 2 / epsilon, and not on the number of rows or dimensions. With `svm_kernel`, it
    takes an epsilon of about 1 / (cost n) to keep the accuracy, and where classes overlap the core-set is then nearly all support
    vectors: a solver made for those is faster.

    Arguments:
        kernel: Inner products of n rows, at least 1. Their mean should be near 0, since digits are lost in a small ball far out.
        epsilon: Above 0.
        sample: How many rows to draw at a time; None looks at all of them.
        seed: For the first row and the draws.

    Raises:
        OptionError: An option is out of range, or the kernel has no rows.
    """
    n = len(kernel.diagonal)
    if not n or not np.isfinite(kernel.diagonal).all():
        raise OptionError(
            f"the kernel is of {n:,} rows, {int((~np.isfinite(kernel.diagonal)).sum()):,} of them not finite",
            right="it is of finite rows, at least one",
            next="enclosing_ball(linear_kernel(features))",
        )
    if not 0 < epsilon < np.inf or (sample is not None and sample < 1):
        raise OptionError(
            f"epsilon is {epsilon} and sample {sample}",
            right="epsilon is above 0, and sample is 1 or more, or None",
            next="write epsilon=0.01, sample=59",
        )
    chance = np.random.default_rng(seed)
    every = np.arange(n)
    rounding = 1e-12 * float(np.abs(kernel.diagonal).max())
    # The row that is farthest from any row starts close to the edge.
    first = np.array([int(chance.integers(n))])
    far = _distances(kernel, every, first, np.ones(1), float(kernel.diagonal[first[0]]))
    rows = np.unique(np.append(first, np.argmax(far)))[::-1]
    weights = np.full(len(rows), 1 / len(rows))
    gram = kernel.between(rows, rows)
    while True:
        weights, square, center = _smallest(gram, kernel.diagonal[rows], weights, _TIGHT * epsilon)
        limit = (1 + epsilon) ** 2 * square + rounding
        candidates = every if sample is None or sample >= n else chance.choice(n, sample, replace=False)
        far = _distances(kernel, candidates, rows, weights, center)
        if far.max() <= limit and len(candidates) < n:
            candidates = every
            far = _distances(kernel, every, rows, weights, center)
        worst = int(candidates[np.argmax(far)])
        # A row of the core-set is outside by rounding only.
        if far.max() <= limit or worst in rows:
            return EnclosingBall(rows, weights, float(np.sqrt(max(square, 0.0))), float(np.sqrt(max(far.max(), 0.0))))
        column = kernel.between(rows, np.array([worst]))
        gram = np.block([[gram, column], [column.T, kernel.diagonal[worst]]])
        rows, weights = np.append(rows, worst), np.append(weights, 0.0)


def _distances(kernel: Kernel, of: Ints, rows: Ints, weights: Floats, center: float) -> Floats:
    """(len(of),) squared distances from the weighted mean of `rows`, whose own squared length is `center`."""
    held = weights > 0
    rows, weights = rows[held], weights[held]
    parts = [kernel.between(of[i : i + _BLOCK], rows) @ weights for i in range(0, len(of), _BLOCK)]
    return center - 2 * np.concatenate(parts) + kernel.diagonal[of]


def _smallest(gram: Floats, diagonal: Floats, weights: Floats, tolerance: float) -> tuple[Floats, float, float]:
    """The smallest ball around few rows: the weights (m,) of its center, its squared radius, the center's squared length.

    It maximizes a'diagonal - a'gram a over the simplex, from `weights` on, by moving weight between two rows at a time: the one that
    is farthest from the center, and the one that gains most (Fan, Chen and Lin, 2005, working set selection 2). It ends when no
    row's squared distance is above the squared radius by more than its share `tolerance`.
    """
    a = weights.copy()
    slope = 2 * gram @ a - diagonal  # squared distances are |center|^2 - slope
    for _ in range(1000 * len(a)):
        into = int(np.argmin(slope))
        lag = np.where(a > 0, slope - slope[into], 0.0)
        if a @ lag <= tolerance * float(a @ (diagonal - slope)) / 2:
            break
        spread = np.maximum(diagonal[into] + diagonal - 2 * gram[into], 1e-300)  # squared distances from the one
        out = int(np.argmax(np.where(lag > 0, lag**2 / spread, -1.0)))
        move = min(a[out], lag[out] / (2 * spread[out]))
        a[into] += move
        a[out] = 0.0 if move == a[out] else a[out] - move
        slope += 2 * move * (gram[into] - gram[out])
    a = a / a.sum()
    center = float(a @ gram @ a)
    return a, float(a @ diagonal) - center, center
