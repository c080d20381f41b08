"""Enclosing balls."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tacit.errors import OptionError
from tacit.selection import EnclosingBall, Kernel, enclosing_ball, gaussian_kernel, linear_kernel, svm_kernel

POINTS = arrays(float, st.tuples(st.integers(1, 7), st.just(2)), elements=st.integers(-4, 4).map(float))


def smallest(points: np.ndarray) -> float:
    """The radius of the smallest ball in the plane, by all pairs and triples."""
    best = np.inf if len(np.unique(points, axis=0)) > 1 else 0.0
    for some in (*combinations(points, 2), *combinations(points, 3)):
        # The point of the affine hull at the same distance from all.
        edges = np.array(some[1:]) - some[0]
        way = np.linalg.lstsq(2 * edges, (edges**2).sum(axis=1), rcond=None)[0]
        radii = np.linalg.norm(np.array(some) - some[0] - way, axis=1)
        reach = np.linalg.norm(points - some[0] - way, axis=1).max()
        if np.ptp(radii) < 1e-9 and reach <= radii[0] + 1e-9:
            best = min(best, float(radii[0]))
    return best


def distances(x: np.ndarray, ball: EnclosingBall) -> np.ndarray:
    return np.asarray(np.linalg.norm(x - ball.weights @ x[ball.rows], axis=1))


@given(POINTS, st.sampled_from([0.3, 0.01, 1e-4]), st.sampled_from([None, 2, 59]))
def test_in_the_plane_it_is_the_smallest_ball_within_epsilon(points: np.ndarray, epsilon: float, sample: int | None) -> None:
    ball = enclosing_ball(linear_kernel(points), epsilon=epsilon, sample=sample)
    truth = smallest(points)
    assert ball.radius <= truth + 1e-6
    assert truth <= ball.reach + 1e-6
    assert ball.reach <= (1 + epsilon) * ball.radius + 1e-5
    np.testing.assert_allclose(distances(points, ball).max(), ball.reach, atol=1e-5)
    assert ball.weights.sum() == pytest.approx(1)
    assert ball.weights.min() >= 0
    assert len(set(ball.rows.tolist())) == len(ball.rows)


@pytest.mark.parametrize("sample", [59, None])
def test_all_rows_are_inside_and_few_make_it(sample: int | None) -> None:
    for seed, (d, epsilon) in enumerate([(2, 0.1), (10, 0.05), (50, 0.02)]):
        x = np.random.default_rng(seed).normal(size=(3000, d))
        ball = enclosing_ball(linear_kernel(x), epsilon=epsilon, sample=sample, seed=seed)
        assert distances(x, ball).max() <= (1 + epsilon) * ball.radius * (1 + 1e-12)
        assert len(ball.rows) <= 2 / epsilon


def test_the_size_does_not_grow_with_the_number_of_rows() -> None:
    sizes = [len(enclosing_ball(gaussian_kernel(np.random.default_rng(0).normal(size=(n, 4)))).rows) for n in (500, 20_000)]
    assert sizes[1] < 3 * sizes[0]


def test_no_kernel_is_asked_for_more_than_a_block_of_rows() -> None:
    x = np.random.default_rng(0).normal(size=(9000, 2))
    asked = []

    def between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        asked.append(len(a))
        return np.asarray(x[a] @ x[b].T)

    ball = enclosing_ball(Kernel(between, (x**2).sum(axis=1)))
    assert max(asked) == 4096
    assert distances(x, ball).max() <= 1.01 * ball.radius * (1 + 1e-12)


def test_one_row_and_rows_that_are_all_alike_have_a_ball_of_radius_0() -> None:
    for points in ([[3.0, 4.0]], [[3.0, 4.0]] * 100):
        ball = enclosing_ball(linear_kernel(points))
        assert ball.radius == pytest.approx(0, abs=1e-5)
        assert ball.reach == pytest.approx(0, abs=1e-5)


def two_moons(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    y, turn = np.where(chance.random(n) < 0.5, 1, -1), chance.random(n) * np.pi
    moons = np.column_stack([np.cos(turn) * y + (y < 0), np.sin(turn) * y + 0.5 * (y < 0)])
    return moons + chance.normal(0, 0.25, (n, 2)), y


def test_its_center_is_a_support_vector_machine() -> None:
    from sklearn.svm import SVC

    (x, y), (new, truth) = two_moons(2000, 0), two_moons(2000, 1)
    ball = enclosing_ball(svm_kernel(gaussian_kernel(x, gamma=1.0), y), epsilon=1e-3)
    both = gaussian_kernel(np.vstack([new, x[ball.rows]]), gamma=1.0)
    values = (both.between(np.arange(2000), 2000 + np.arange(len(ball.rows))) + 1) @ (ball.weights * y[ball.rows])
    theirs = SVC(gamma=1.0, C=1.0).fit(x, y).score(new, truth)
    assert theirs > 0.9
    assert np.mean(np.sign(values) == truth) > theirs - 0.005
    assert len(ball.rows) < 500


def test_of_a_linear_one_the_weights_are_those_of_another_solver() -> None:
    from sklearn.svm import LinearSVC

    chance = np.random.default_rng(0)
    x = chance.normal(size=(150, 3))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    y = np.where(x @ [1.0, -2.0, 0.5] + 0.3 + chance.normal(0, 0.3, 150) > 0, 1, -1)
    # Squared hinge losses with the intercept among the weights: the same problem, but for the scale of the weights.
    theirs = LinearSVC(loss="squared_hinge", C=2.0, intercept_scaling=1.0, tol=1e-8, max_iter=100_000).fit(x, y)
    ball = enclosing_ball(svm_kernel(linear_kernel(x), y, cost=4.0), epsilon=1e-6)
    signed = ball.weights * y[ball.rows]
    mine, other = np.append(signed @ x[ball.rows], signed.sum()), np.append(theirs.coef_, theirs.intercept_)
    np.testing.assert_allclose(mine / np.linalg.norm(mine), other / np.linalg.norm(other), atol=2e-3)


@pytest.mark.parametrize("options", [{"epsilon": 0}, {"epsilon": np.nan}, {"sample": 0}])
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(OptionError, match="epsilon is above 0"):
        enclosing_ball(linear_kernel([[1.0]]), **options)  # type: ignore[arg-type]


def test_a_kernel_without_rows_or_with_endless_ones_is_refused() -> None:
    for diagonal in (np.zeros(0), np.array([1.0, np.nan])):
        with pytest.raises(OptionError, match="finite rows"):
            enclosing_ball(Kernel(lambda a, b: np.zeros((len(a), len(b))), diagonal))
