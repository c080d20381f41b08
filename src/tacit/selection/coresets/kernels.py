"""Inner products of rows in a space of more dimensions, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError
from tacit.selection.coresets.checks import checked_matrix, checked_signs
from tacit.selection.coresets.contract import Floats, Ints

__all__ = ["Kernel", "gaussian_kernel", "linear_kernel", "svm_kernel"]


@dataclass(frozen=True)
class Kernel:
    """Inner products of n rows.

    Attributes:
        between: Takes positions (a,) and (b,) and gives the (a, b) inner products, float64. The matrix has to be positive
            semidefinite.
        diagonal: (n,) float64, of each row with itself.
    """

    between: Callable[[Ints, Ints], Floats]
    diagonal: Floats


def linear_kernel(features: ArrayLike) -> Kernel:
    """<x, z>, of features (n, d).

    Raises:
        OptionError: Features are not finite numbers.
    """
    x = checked_matrix(features)
    return Kernel(lambda a, b: np.asarray(x[a] @ x[b].T), (x**2).sum(axis=1))


def gaussian_kernel(features: ArrayLike, *, gamma: float = 1.0) -> Kernel:
    """exp(-gamma |x - z|^2), of features (n, d).

    Raises:
        OptionError: Features are not finite numbers, or gamma is not above 0.
    """
    x = checked_matrix(features)
    _check_positive("gamma", gamma)
    squares = (x**2).sum(axis=1)

    def between(a: Ints, b: Ints) -> Floats:
        apart = squares[a][:, None] + squares[b] - 2 * (x[a] @ x[b].T)
        return np.asarray(np.exp(-gamma * np.maximum(apart, 0.0)))

    return Kernel(between, np.ones(len(x)))


def svm_kernel(kernel: Kernel, signs: ArrayLike, *, cost: float = 1.0) -> Kernel:
    """y_i y_j (k_ij + 1) + delta_ij / cost: the center of its enclosing ball is a support vector machine with squared loss.

    Tsang, Kwok and Cheung, Core Vector Machines (JMLR 2005), section 3.3. With the weights a of the ball, the class of a new x is the
    sign of sum_i a_i y_i (k(x_i, x) + 1). Up to a factor this minimizes |w|^2 / 2 + b^2 / 2 + cost / 2 sum of squared hinge losses.

    Arguments:
        kernel: Of constant diagonal; otherwise the ball is no such machine.
        signs: (n,) -1 or 1, both of them there.
        cost: Above 0; larger for fewer errors.

    Raises:
        OptionError: One of these does not hold.
    """
    y = checked_signs(signs, len(kernel.diagonal))
    _check_positive("cost", cost)
    if np.ptp(y) == 0:
        raise OptionError("all signs are alike", right="a classifier needs rows of both classes", next="numpy.unique(signs)")
    if np.ptp(kernel.diagonal) > 1e-9 * np.abs(kernel.diagonal).max():
        low, high = kernel.diagonal.min(), kernel.diagonal.max()
        raise OptionError(
            f"the kernel's diagonal goes from {low:.4g} to {high:.4g}",
            right="it has to be constant, as of a Gaussian kernel or of features that are scaled to length 1",
            next="linear_kernel(x / numpy.linalg.norm(x, axis=1, keepdims=True))",
        )

    def between(a: Ints, b: Ints) -> Floats:
        return np.asarray(y[a][:, None] * y[b] * (kernel.between(a, b) + 1) + (a[:, None] == b) / cost)

    return Kernel(between, kernel.diagonal + 1 + 1 / cost)


def _check_positive(name: str, value: float) -> None:
    if not 0 < value < np.inf:
        raise OptionError(f"{name} is {value}", right="it is a number above 0", next=f"write {name}=1.0")
