"""The solver against scikit-learn's on its own data."""

from __future__ import annotations

import time

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

from tacit.learners.solver import Design, ridge, softmax
from tacit.phases import stopwatch


def design(x: np.ndarray, dense: int | None = None) -> Design:
    """The first columns as dense features, the others as sparse ones."""
    cut = x.shape[1] if dense is None else dense
    return Design(scipy.sparse.csr_matrix(x[:, cut:]), np.ascontiguousarray(x[:, :cut]))


@pytest.mark.parametrize("load", [load_iris, load_breast_cancer, load_wine])
def test_softmax_finds_what_logistic_regression_finds(load: object) -> None:
    x, y = load(return_X_y=True)  # type: ignore[operator]
    x = StandardScaler().fit_transform(x)
    weight = np.random.default_rng(0).uniform(0.5, 2, size=len(y))
    known = LogisticRegression(C=0.1, tol=1e-10, max_iter=10_000).fit(x, y, sample_weight=weight)
    found = softmax(design(x), np.eye(y.max() + 1)[y], weight, penalty=10, tolerance=1e-10, iterations=2000)
    p = design(x).times(found.weights) + found.bias
    p = np.exp(p - p.max(axis=1, keepdims=True))
    assert np.allclose(p / p.sum(axis=1, keepdims=True), known.predict_proba(x), atol=1e-5)


def test_ridge_finds_what_ridge_regression_finds() -> None:
    x, y = load_diabetes(return_X_y=True)
    x, y = StandardScaler().fit_transform(x), (y - y.mean()) / y.std()
    weight = np.random.default_rng(0).uniform(0.5, 2, size=len(y))
    known = Ridge(alpha=3.0).fit(x, y, sample_weight=weight)
    found = ridge(design(x), y, weight, penalty=3.0, tolerance=1e-9, iterations=2000)
    assert np.allclose(found.weights[:, 0], known.coef_, atol=1e-5)
    assert found.bias[0] == pytest.approx(known.intercept_, abs=1e-5)


def test_sparse_and_dense_features_give_the_same() -> None:
    x, y = load_iris(return_X_y=True)
    target, weight = np.eye(3)[y], np.ones(len(y))
    whole = softmax(design(x), target, weight, penalty=1, tolerance=1e-10, iterations=2000)
    for dense in (0, 2):
        mixed = softmax(design(x, dense), target, weight, penalty=1, tolerance=1e-10, iterations=2000)
        moved = np.vstack([whole.weights[dense:], whole.weights[:dense]])
        assert np.allclose(mixed.weights, moved, atol=1e-4)


def test_a_soft_target_is_worth_its_rows_with_shares_of_weight() -> None:
    x, y = load_iris(return_X_y=True)
    hard = np.eye(3)[y]
    soft = 0.7 * hard + 0.3 * np.roll(hard, 1, axis=1)
    one = softmax(design(x), soft, np.ones(150), penalty=1, tolerance=1e-10, iterations=2000)
    twice = np.vstack([x, x])
    targets, shares = np.vstack([hard, np.roll(hard, 1, axis=1)]), np.repeat([0.7, 0.3], 150)
    two = softmax(design(twice), targets, shares, penalty=1, tolerance=1e-10, iterations=2000)
    assert np.allclose(one.weights, two.weights, atol=1e-4)


def test_a_deadline_ends_it_and_as_many_iterations_repeat_it_bit_for_bit() -> None:
    x, y = load_digits(return_X_y=True)
    target, weight = np.eye(10)[y], np.ones(len(y))
    ended = softmax(design(x), target, weight, penalty=1e-3, iterations=5000, tolerance=0.0, deadline=time.monotonic() + 0.1)
    assert ended.iterations is not None
    assert 1 <= ended.iterations < 5000
    again = softmax(design(x), target, weight, penalty=1e-3, iterations=ended.iterations, tolerance=0.0)
    assert np.array_equal(ended.weights, again.weights)
    past = softmax(design(x), target, weight, penalty=1e-3, deadline=time.monotonic() - 1)
    assert past.iterations == 1


def test_without_features_the_bias_is_the_share_of_each_class() -> None:
    nothing = Design(scipy.sparse.csr_matrix((4, 0)), np.empty((4, 0)))
    found = softmax(nothing, np.eye(2)[[0, 0, 0, 1]], np.ones(4), penalty=1, tolerance=1e-8)
    assert np.exp(found.bias[1] - found.bias[0]) == pytest.approx(1 / 3, rel=1e-4)


def test_the_time_of_its_iterations_is_told_by_phase() -> None:
    with stopwatch() as watch:
        softmax(design(np.eye(3)), np.eye(3), np.ones(3), penalty=1)
    assert set(watch.seconds) == {"", "forward", "backward", "optimizer"}
