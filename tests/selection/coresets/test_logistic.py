"""Core-sets for logistic regression."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import logistic_sensitivity, uniform
from tacit.selection.coresets.contract import Coreset


def rows(n: int = 3000, d: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Features that are mostly small, and signs of a logistic model of them."""
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(n, d)) * np.where(chance.random(n) < 0.05, 3.0, 0.3)[:, None]
    return x, np.where(chance.random(n) < 1 / (1 + np.exp(-x.sum(axis=1))), 1, -1)


def by_definition(z: np.ndarray, members: np.ndarray, radius: float) -> np.ndarray:
    """m of the paper, one row after the other."""
    found = np.empty(len(z))
    for n in range(len(z)):
        total = 1.0
        for cluster in np.unique(members):
            others = np.flatnonzero((members == cluster) & (np.arange(len(z)) != n))
            if len(others):
                total += len(others) * np.exp(-radius * np.linalg.norm(z[others].mean(axis=0) - z[n]))
        found[n] = len(z) / total
    return found


def test_the_sensitivities_are_those_of_the_definition() -> None:
    # Three clusters that any seeds find, one of a single row.
    z = np.array([[0.0, 0.0], [0.2, 0.0], [0.0, 0.3], [9.0, 9.0], [9.1, 9.0], [-30.0, 40.0]])
    found = logistic_sensitivity(z, np.ones(6, int), 6, clusters=3, radius=0.4)
    np.testing.assert_allclose(found.scores, by_definition(z, np.array([0, 0, 0, 1, 1, 2]), 0.4)[found.rows])


def test_signs_turn_the_rows_round() -> None:
    x, y = rows(200)
    found, turned = logistic_sensitivity(x, y, 50), logistic_sensitivity(x * y[:, None], np.ones(200), 50)
    assert found.rows.tolist() == turned.rows.tolist()
    np.testing.assert_array_equal(found.scores, turned.scores)


def test_with_a_radius_of_0_rows_are_drawn_alike_and_with_a_large_one_each_has_all_the_sensitivity() -> None:
    x, y = rows(300)
    np.testing.assert_allclose(logistic_sensitivity(x, y, 300, radius=0).scores, 1)
    np.testing.assert_allclose(logistic_sensitivity(x, y, 300, radius=1e6).scores, 300)
    between = logistic_sensitivity(x, y, 300, radius=2).scores
    assert np.all((between >= 1) & (between <= 300))
    assert np.ptp(between) > 1


def test_weights_are_1_on_average() -> None:
    x, y = rows(40)
    weights = np.zeros((2000, 40))
    for seed in range(2000):
        found = logistic_sensitivity(x, y, 20, seed=seed)
        weights[seed, found.rows] = found.weights
    assert np.all(np.abs(weights.mean(axis=0) - 1) < 5 * weights.std(axis=0) / np.sqrt(2000))


CHANCES = np.array([1, 0.2, 0.3, 0.5, 0.01, 0.1, 0.2, 0.007, 0.005, 0.001])
TRUTH = np.array([-3, 1.2, -0.5, 0.8, 3, -1, -0.7, 4, 3.5, 4.5])


def rare_features(n: int) -> tuple[np.ndarray, np.ndarray]:
    """The synthetic data of the paper's section 4: ten features of 0 and 1, the rarer the more telling."""
    chance = np.random.default_rng(0)
    x = (chance.random((n, 10)) < CHANCES).astype(float)
    return x, np.where(chance.random(n) < 1 / (1 + np.exp(-x @ TRUTH)), 1, -1)


def errors(x: np.ndarray, y: np.ndarray, found: Coreset, thetas: np.ndarray) -> np.ndarray:
    """The relative errors of the log-likelihood."""
    losses = np.logaddexp(0, -y[:, None] * (x @ thetas.T))
    return np.asarray(found.weights @ losses[found.rows] / losses.sum(axis=0) - 1)


def test_the_likelihood_of_any_weights_in_the_ball_is_near_and_nearer_with_more_draws() -> None:
    x, y = rare_features(4000)
    chance = np.random.default_rng(1)
    thetas = chance.normal(size=(30, 10))
    thetas *= 3 * chance.random((30, 1)) / np.linalg.norm(thetas, axis=1, keepdims=True)
    few, many = (
        np.sqrt(np.mean([errors(x, y, logistic_sensitivity(x, y, keep, seed=s), thetas) ** 2 for s in range(30)]))
        for keep in (250, 4000)
    )
    assert many < 0.05
    assert 2.5 < few / many < 6  # 4 is the root


def best(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The mode of the posterior under a standard normal prior, by Newton's method."""
    theta = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(y * (x @ theta)))
        slope = (weights * p * y) @ x - theta
        curvature = (x * (weights * p * (1 - p))[:, None]).T @ x + np.eye(len(theta))
        theta = theta + np.linalg.solve(curvature, slope)
    return theta


def test_the_posterior_of_the_core_set_is_nearer_to_that_of_all_rows_than_that_of_an_even_draw() -> None:
    x, y = rare_features(5000)
    full = best(x, y, np.ones(len(x)))
    off = [
        np.mean([np.linalg.norm(best(x[f.rows], y[f.rows], f.weights) - full) for f in found])
        for found in (
            [logistic_sensitivity(x, y, 1000, seed=s) for s in range(10)],
            [uniform(5000, 1000, seed=s) for s in range(10)],
        )
    ]
    assert off[0] < 0.7 * off[1]


def test_one_class_alone_and_rows_that_are_all_alike_are_fine() -> None:
    found = logistic_sensitivity(np.full((20, 2), 0.3), np.ones(20, int), 5)
    assert np.ptp(found.scores) == 0
    np.testing.assert_allclose(found.weights.sum(), 20)


@pytest.mark.parametrize("wrong", [[0, 1], [1], [[1], [-1]], ["a", "b"], [1, np.nan]])
def test_what_are_no_signs_is_refused(wrong: object) -> None:
    with pytest.raises(OptionError, match="2 times -1 or 1"):
        logistic_sensitivity([[1.0], [2.0]], wrong, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("radius", [-1, np.inf, np.nan])
def test_a_radius_that_is_none_is_refused(radius: float) -> None:
    with pytest.raises(OptionError, match="radius is"):
        logistic_sensitivity([[1.0]], [1], 1, radius=radius)
