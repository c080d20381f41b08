"""Core-sets of vectors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import nnls

from tacit.errors import OptionError
from tacit.selection import giga, hilbert_frank_wolfe, hilbert_importance
from tacit.selection.coresets.contract import Coreset

METHODS = (giga, hilbert_frank_wolfe, hilbert_importance)
GAUSSIAN = np.random.default_rng(0).normal(size=(2000, 100))
VECTORS = arrays(float, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=st.integers(-3, 3).map(float)).filter(
    lambda v: bool(v.sum(axis=0).any())
)


def error(found: Coreset, v: np.ndarray) -> float:
    return float(np.linalg.norm(found.weights @ v[found.rows] - v.sum(axis=0)))


@pytest.mark.parametrize(("n", "keep"), [(1, 1), (20, 1), (20, 7), (20, 20), (150, 60)])
def test_of_orthonormal_vectors_the_errors_are_known(n: int, keep: int) -> None:
    v = np.linalg.qr(np.random.default_rng(n).normal(size=(n, n)))[0]
    assert error(giga(v, keep), v) == pytest.approx(np.sqrt(n - keep), abs=1e-12)
    assert error(hilbert_frank_wolfe(v, keep), v) == pytest.approx(np.sqrt(n * (n / keep - 1)), abs=1e-12)
    assert len(giga(v, keep)) == len(hilbert_frank_wolfe(v, keep)) == keep


@pytest.mark.parametrize(
    ("method", "expected"),
    [(giga, (0.60, 0.10, 0.01)), (hilbert_frank_wolfe, (6.2, 0.54, 0.07)), (hilbert_importance, (15, 7.4, 4.7))],
)
def test_of_gaussian_vectors_the_errors_are_near_those_of_the_authors_code(
    method: Callable[..., Coreset], expected: tuple[float, ...]
) -> None:
    size = np.linalg.norm(GAUSSIAN.sum(axis=0))
    found = [error(method(GAUSSIAN, keep), GAUSSIAN) / size for keep in (10, 50, 100)]
    np.testing.assert_allclose(found, expected, rtol=0.25)


@given(VECTORS)
def test_the_error_of_giga_never_grows_and_is_less_than_that_of_nothing(v: np.ndarray) -> None:
    errors = [np.linalg.norm(v.sum(axis=0))] + [error(giga(v, keep), v) for keep in range(1, len(v) + 1)]
    assert np.diff(errors).max() <= 1e-12 * errors[0]
    assert errors[1] < errors[0]


def by_definition(v: np.ndarray, steps: int) -> np.ndarray:
    """(n,) weights of algorithm 1, written down as it stands."""
    lengths, goal = np.linalg.norm(v, axis=1), v.sum(axis=0)
    unit, b = v / lengths[:, None], goal / np.linalg.norm(goal)
    weights, y = np.zeros(len(v)), np.zeros_like(b)
    for _ in range(steps):
        tangents, way = unit - np.outer(unit @ y, y), b - (b @ y) * y
        sizes = np.linalg.norm(tangents, axis=1)  # 0 of the row where y is
        row = int(np.argmax(np.where(sizes > 1e-6, tangents @ way / np.maximum(sizes, 1e-6), -np.inf)))
        ahead = b @ unit[row] - (b @ y) * (y @ unit[row])
        behind = b @ y - (b @ unit[row]) * (y @ unit[row])
        share = ahead / (ahead + behind)
        size = np.linalg.norm((1 - share) * y + share * unit[row])
        weights = ((1 - share) * weights + share * (np.arange(len(v)) == row)) / size
        y = ((1 - share) * y + share * unit[row]) / size
    return np.asarray(weights / lengths * np.linalg.norm(goal) * (b @ y))


def test_giga_is_the_published_algorithm() -> None:
    v = np.random.default_rng(5).normal(0.3, 1, size=(200, 12)) * np.random.default_rng(6).exponential(size=(200, 1))
    for steps in (1, 2, 5, 25):
        found = giga(v, steps)
        expected = by_definition(v, steps)
        assert sorted(found.rows.tolist()) == np.flatnonzero(expected).tolist()
        np.testing.assert_allclose(found.weights, expected[found.rows])


def test_giga_goes_to_the_end_of_the_digits() -> None:
    v = GAUSSIAN[:300, :10]
    assert error(giga(v, 120), v) < 1e-11 * np.linalg.norm(v.sum(axis=0))


def test_the_errors_of_few_rows_are_near_those_of_the_best_weights_for_them() -> None:
    v = GAUSSIAN[:200, :20]
    found = giga(v, 40)
    assert error(found, v) <= 3 * nnls(v[found.rows].T, v.sum(axis=0))[1] + 0.05 * np.linalg.norm(v.sum(axis=0))


def test_importance_draws_by_length() -> None:
    found = hilbert_importance([[3.0, 4.0], [0.0, 1.0], [2.0, 0.0]], 3, seed=1)
    np.testing.assert_array_equal(found.scores, np.array([5.0, 1.0, 2.0])[found.rows])
    times = found.weights * 3 * found.scores / 8
    np.testing.assert_allclose(times, np.rint(times))
    assert times.sum() == pytest.approx(3)


def test_importance_is_right_on_average() -> None:
    v = GAUSSIAN[:60, :3]
    sums = np.array([f.weights @ v[f.rows] for f in (hilbert_importance(v, 10, seed=s) for s in range(2000))])
    assert np.all(np.abs(sums.mean(axis=0) - v.sum(axis=0)) < 5 * sums.std(axis=0) / np.sqrt(2000))


@pytest.mark.parametrize("method", METHODS)
def test_vectors_of_0_are_never_kept(method: Callable[..., Coreset]) -> None:
    v = np.vstack([np.zeros((5, 3)), np.eye(3), np.zeros((5, 3))])
    found = method(v, 13)
    assert set(found.rows.tolist()) <= {5, 6, 7}
    assert np.isfinite(found.weights).all()


@pytest.mark.parametrize("method", [giga, hilbert_frank_wolfe])
def test_duplicates_are_spoken_for_by_one(method: Callable[..., Coreset]) -> None:
    v = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    found = method(v, 3)
    assert (found.rows.tolist(), found.weights.tolist()) == ([0], [3.0])


@pytest.mark.parametrize("method", [giga, hilbert_frank_wolfe])
def test_the_order_of_rows_does_not_matter(method: Callable[..., Coreset]) -> None:
    v = GAUSSIAN[:100, :8]
    order = np.random.default_rng(1).permutation(100)
    found, shuffled = method(v, 12), method(v[order], 12)
    assert order[shuffled.rows].tolist() == found.rows.tolist()
    np.testing.assert_allclose(shuffled.weights, found.weights, rtol=1e-6)


@given(VECTORS, st.floats(0.1, 1000))
def test_weights_do_not_depend_on_the_unit_of_the_vectors(v: np.ndarray, unit: float) -> None:
    keep = (len(v) + 1) // 2
    assert error(giga(v * unit, keep), v * unit) == pytest.approx(error(giga(v, keep), v) * unit, rel=1e-6, abs=1e-9 * unit)


@pytest.mark.parametrize("method", METHODS)
def test_vectors_that_sum_to_0_are_refused(method: Callable[..., Coreset]) -> None:
    for wrong in ([[0.0, 0.0]], [[1.0], [-1.0]], [[0.1, 0.2], [0.2, -0.3], [-0.3, 0.1]]):
        with pytest.raises(OptionError, match="sum to 0"):
            method(wrong, 1)


@pytest.mark.parametrize("method", METHODS)
def test_vectors_that_are_not_finite_are_refused(method: Callable[..., Coreset]) -> None:
    with pytest.raises(OptionError, match="vectors are not finite in 1 of 2 rows"):
        method([[np.inf], [1.0]], 1)
