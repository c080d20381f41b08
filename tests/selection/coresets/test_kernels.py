"""Kernels."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import gaussian_kernel, linear_kernel, svm_kernel

X = np.random.default_rng(0).normal(size=(6, 3))
ALL = np.arange(6)


def test_linear_and_gaussian_ones_are_those_of_the_textbook() -> None:
    np.testing.assert_allclose(linear_kernel(X).between(ALL, ALL), X @ X.T)
    squares = ((X[:, None] - X) ** 2).sum(axis=2)
    np.testing.assert_allclose(gaussian_kernel(X, gamma=0.7).between(ALL, ALL), np.exp(-0.7 * squares))


def test_that_of_a_machine_is_the_formula() -> None:
    y = np.array([1, -1, 1, 1, -1, -1])
    found = svm_kernel(gaussian_kernel(X), y, cost=4)
    inner = gaussian_kernel(X).between(ALL, ALL)
    np.testing.assert_allclose(found.between(ALL, ALL), np.outer(y, y) * inner + np.outer(y, y) + np.eye(6) / 4)
    np.testing.assert_allclose(found.between(ALL[2:4], ALL), found.between(ALL, ALL)[2:4])


@pytest.mark.parametrize(
    "kernel", [linear_kernel(X), gaussian_kernel(X, gamma=2), svm_kernel(gaussian_kernel(X), [1, -1, 1, 1, -1, -1])]
)
def test_the_diagonal_is_that_of_the_matrix(kernel: object) -> None:
    np.testing.assert_allclose(kernel.diagonal, np.diag(kernel.between(ALL, ALL)))  # type: ignore[attr-defined]


def test_a_machine_needs_both_classes_and_a_constant_diagonal() -> None:
    with pytest.raises(OptionError, match="both classes"):
        svm_kernel(gaussian_kernel(X), np.ones(6))
    with pytest.raises(OptionError, match="has to be constant"):
        svm_kernel(linear_kernel(X), [1, -1, 1, 1, -1, -1])
    with pytest.raises(OptionError, match="6 times -1 or 1"):
        svm_kernel(gaussian_kernel(X), [0, 1, 1, 1, 0, 0])


@pytest.mark.parametrize("value", [0, -1, np.inf, np.nan])
def test_what_is_not_above_0_is_refused(value: float) -> None:
    with pytest.raises(OptionError, match="gamma is"):
        gaussian_kernel(X, gamma=value)
    with pytest.raises(OptionError, match="cost is"):
        svm_kernel(gaussian_kernel(X), [1, -1, 1, 1, -1, -1], cost=value)
