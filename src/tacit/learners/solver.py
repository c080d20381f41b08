"""Multinomial logistic regression and ridge regression, by L-BFGS (Liu and Nocedal, 1989).

scikit-learn has both, without soft targets and without deadlines, which are what votes and budgets need. SciPy's L-BFGS-B
spends most of its time, on a million weights, in keeping bounds that these problems do not have.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import threadpoolctl

from tacit.learners.contract import Floats, threads
from tacit.phases import phase

__all__ = ["Design", "Solution", "ridge", "softmax"]

_MEMORY = 6
"""How many steps the curvature is estimated from."""


@dataclass(frozen=True)
class Design:
    """The features of n rows: sparse ones and dense ones, side by side.

    Attributes:
        sparse: (n, p) in CSR.
        dense: (n, q).
    """

    sparse: Any
    dense: Floats

    @property
    def n(self) -> int:
        return int(self.dense.shape[0])

    @property
    def width(self) -> int:
        return int(self.sparse.shape[1] + self.dense.shape[1])

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return int(self.sparse.data.nbytes + self.sparse.indices.nbytes + self.sparse.indptr.nbytes + self.dense.nbytes)

    @property
    def size(self) -> int:
        """How many features there are in all rows, without the zeros of the sparse ones."""
        return int(self.sparse.nnz + self.dense.size)

    def times(self, weights: Floats) -> Floats:
        """(n, p + q) @ (p + q, k) -> (n, k)."""
        p = self.sparse.shape[1]
        product: Floats = self.dense @ weights[p:]
        return product + self.sparse @ weights[:p] if p else product


@dataclass(frozen=True)
class Solution:
    """Where the solver arrived.

    Attributes:
        weights: (p, k).
        bias: (k,).
        iterations: How many were taken, when the deadline ended them; else None.
    """

    weights: Floats
    bias: Floats
    iterations: int | None


def softmax(
    design: Design,
    target: Floats,
    weight: Floats,
    *,
    penalty: float,
    tolerance: float = 1e-4,
    iterations: int = 100,
    deadline: float | None = None,
) -> Solution:
    """Minimize sum_i weight_i * cross-entropy(target_i, softmax(x_i W + b)) + penalty / 2 * |W|^2.

    Two classes are solved as one logit, as scikit-learn's `LogisticRegression(C=1 / penalty)` does.

    Arguments:
        design: n rows of features.
        target: (n, k), rows sum to 1.
        weight: (n,), positive.
        penalty: On the weights, not on the bias; positive.
        tolerance: The largest entry of the gradient of the mean loss at which a solution is taken; also when a step lowers the
            loss by less than a thousandth of this share.
        iterations: At most so many.
        deadline: In seconds of `time.monotonic`; the first iteration is always taken.
    """
    target = target.astype(design.dense.dtype)
    binary = target.shape[1] == 2

    def loss(scores: Floats) -> tuple[Floats, Floats]:
        if binary:
            scores = np.hstack([np.zeros_like(scores), scores])
        scores = scores - scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        losses = np.log(total[:, 0]) - np.einsum("ij,ij->i", target, scores)
        likely /= total
        likely -= target
        return losses, likely[:, 1:] if binary else likely

    found = _minimize(design, loss, 1 if binary else target.shape[1], weight, penalty, tolerance, iterations, deadline)
    if not binary:
        return found
    # One logit z is the pair (-z/2, z/2): each class then has its own column.
    return Solution(np.hstack([-found.weights, found.weights]) / 2, np.append(-found.bias, found.bias) / 2, found.iterations)


def ridge(
    design: Design,
    target: Floats,
    weight: Floats,
    *,
    penalty: float,
    tolerance: float = 1e-4,
    iterations: int = 100,
    deadline: float | None = None,
) -> Solution:
    """Minimize sum_i weight_i * (x_i w + b - target_i)^2 + penalty * |w|^2, as scikit-learn's `Ridge(alpha=penalty)` does.

    Arguments are those of `softmax`, with a target (n,); it should be standardized.
    """
    wanted = target[:, None].astype(design.dense.dtype)

    def loss(scores: Floats) -> tuple[Floats, Floats]:
        residual = scores - wanted
        return residual[:, 0] ** 2 / 2, residual

    return _minimize(design, loss, 1, weight, penalty, tolerance, iterations, deadline)


def _minimize(
    design: Design,
    loss: Callable[[Floats], tuple[Floats, Floats]],
    k: int,
    weight: Floats,
    penalty: float,
    tolerance: float,
    iterations: int,
    deadline: float | None,
) -> Solution:
    """Minimize the weighted mean of a loss of x_i W + b, with its penalty. `loss` gives losses (n,) and gradients (n, k)."""
    p, dtype = design.sparse.shape[1], design.dense.dtype
    total = float(weight.sum())
    share = (weight / total).astype(dtype)
    ridge = penalty / total
    products = 2.0 * design.size * k
    transposed = design.sparse.T.tocsr() if p else None  # gathers instead of scattering: faster in every iteration

    def value(flat: Floats) -> tuple[float, Floats]:
        whole = flat.reshape(design.width + 1, k)
        with phase("forward", rows=design.n, operations=products):
            losses, gradients = loss(design.times(whole[:-1]) + whole[-1])
        with phase("backward", rows=design.n, operations=products):
            gradients = gradients * share[:, None]
            slope = np.empty_like(whole)
            if transposed is not None:
                slope[:p] = transposed @ gradients
            slope[p:-1] = design.dense.T @ gradients
            slope[:-1] += dtype.type(ridge) * whole[:-1]
            slope[-1] = gradients.sum(axis=0)
        return float(_dot(share, losses)) + ridge / 2 * _dot(flat[:-k], flat[:-k]), slope.ravel()

    with threadpoolctl.threadpool_limits(threads(), user_api="blas"):
        found, stopped = _lbfgs(value, np.zeros((design.width + 1) * k, dtype), tolerance, iterations, deadline)
    whole = found.reshape(design.width + 1, k)
    return Solution(whole[:-1], whole[-1], stopped)


def _dot(a: Floats, b: Floats) -> float:
    # Not BLAS, whose threads cost more than they bring on vectors.
    return float(np.einsum("i,i->", a, b))


def _lbfgs(
    value: Callable[[Floats], tuple[float, Floats]], x: Floats, tolerance: float, iterations: int, deadline: float | None
) -> tuple[Floats, int | None]:
    """Minimize a convex function; `value` gives it and its gradient. Returns the place, and the iterations if time ran out.

    Algorithm 7.4 of Nocedal and Wright (2006), with a backtracking line search: convexity sees to the curvature.
    """
    at, slope = value(x)
    steps: list[tuple[Floats, Floats, float]] = []
    for iteration in range(1, iterations + 1):
        if np.abs(slope).max() <= tolerance:
            break
        with phase("optimizer"):
            direction = _direction(slope, steps)
        descent = _dot(slope, direction)
        length = 1.0 if steps else min(1.0, 1.0 / float(np.abs(slope).sum()))
        for _ in range(20):
            step = direction * x.dtype.type(length)
            there, turned = value(x + step)
            if there <= at + 1e-4 * length * descent:
                break
            # Near the end, values differ by less than their rounding; slopes still tell (Hager and Zhang, 2005).
            if there <= at + 1e-6 * abs(at) and _dot(turned, direction) <= -(1 - 2e-4) * descent:
                break
            # The lowest point of the parabola through both values, within bounds.
            lowest = -descent * length / (2 * ((there - at) / length - descent))
            length = min(max(lowest, 0.1 * length), 0.5 * length)
        else:
            break  # no lower point: the precision of the numbers is exhausted
        change = turned - slope
        curvature = _dot(step, change)
        if curvature > 1e-10 * _dot(change, change):
            steps = [*steps[1 - _MEMORY :], (step, change, curvature)]
        gain, x, at, slope = at - there, x + step, there, turned
        if gain <= 1e-3 * tolerance * abs(at):
            break
        if deadline is not None and time.monotonic() > deadline:
            return x, iteration
    return x, None


def _direction(slope: Floats, steps: list[tuple[Floats, Floats, float]]) -> Floats:
    """The slope times minus the inverse curvature that the last steps showed."""
    direction = -slope
    shares = []
    for step, change, curvature in reversed(steps):
        share = _dot(step, direction) / curvature
        direction -= slope.dtype.type(share) * change
        shares.append(share)
    if steps:
        _, change, curvature = steps[-1]
        direction *= slope.dtype.type(curvature / _dot(change, change))
    for (step, change, curvature), share in zip(steps, reversed(shares), strict=True):
        direction += slope.dtype.type(share - _dot(change, direction) / curvature) * step
    return direction
