"""Core-sets for k-means."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import kmeans_sensitivity, lightweight
from tacit.selection.coresets.contract import Coreset


def clumps(n: int = 2000, k: int = 8, d: int = 4, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return chance.normal(0, 10, (k, d))[chance.integers(0, k, n)] + chance.normal(size=(n, d))


def cost(x: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """(n,) squared distances to the nearest center."""
    return np.asarray(((x[:, None] - centers) ** 2).sum(axis=2).min(axis=1))


def test_the_chances_of_a_lightweight_one_are_those_of_the_formula() -> None:
    found = lightweight([[0.0], [1.0], [5.0]], 3)
    # The mean is 2, squares are 4, 1 and 9 of 14.
    expected = 3 * (1 / 6 + np.array([4, 1, 9]) / 28)
    np.testing.assert_allclose(found.scores, expected[found.rows])


@pytest.mark.parametrize("method", [lightweight, kmeans_sensitivity])
def test_the_cost_of_any_centers_is_right_on_average(method: object) -> None:
    x = clumps(400)
    every = [cost(x, np.random.default_rng(q).normal(0, 10, (5, 4))) for q in range(4)]
    found: list[Coreset] = [method(x, 40, seed=seed) for seed in range(400)]  # type: ignore[operator]
    for costs in every:
        guesses = [f.weights @ costs[f.rows] for f in found]
        assert abs(np.mean(guesses) - costs.sum()) < 5 * np.std(guesses) / np.sqrt(len(found))
    sums = [f.weights.sum() for f in found]
    assert abs(np.mean(sums) - 400) < 5 * np.std(sums) / np.sqrt(len(found))


def worst(x: np.ndarray, keep: int, seeds: int) -> float:
    """The root mean square, over seeds, of the largest relative error for centers of several kinds."""
    chance = np.random.default_rng(7)
    kinds = [cost(x, x[chance.integers(0, len(x), k)]) for k in (2, 4, 8, 8)] + [cost(x, x.mean(axis=0)[None])]
    found = [lightweight(x, keep, seed=seed) for seed in range(seeds)]
    errors = [max(abs(f.weights @ costs[f.rows] / costs.sum() - 1) for costs in kinds) for f in found]
    return float(np.sqrt(np.mean(np.square(errors))))


def test_the_error_falls_as_the_square_root_of_the_draws() -> None:
    x = clumps(4000)
    errors = [worst(x, keep, 60) for keep in (50, 200, 800)]
    slope = np.polyfit(np.log([50, 200, 800]), np.log(errors), 1)[0]
    assert -0.6 < slope < -0.4


def test_few_far_rows_are_not_missed_as_by_an_even_draw() -> None:
    x = np.vstack([np.random.default_rng(0).normal(size=(1990, 2)), np.full((10, 2), 100.0)])
    there = [
        [(method(x, 50, seed=seed).rows >= 1990).any() for seed in range(200)] for method in (lightweight, kmeans_sensitivity)
    ]
    # An even draw has one in 22% of the cases. A cluster that is found is worth 4 n / n_B = 800 a row, some 3% of all, with seeds.
    assert np.mean(there[0]) == 1
    assert np.mean(there[1]) > 0.5


def test_the_sensitivities_are_those_of_the_formula() -> None:
    # Two clusters for any seed: {0, 1} and {10, 10, 12}; which of its rows is the seed decides d.
    x = np.array([[0.0], [1.0], [100.0], [100.0], [102.0]])
    found = kmeans_sensitivity(x, 5, clusters=2, seed=3)
    alpha = 16 * (np.log(2) + 2)
    possible = []
    for first in (0, 1):
        for second in (100, 102):
            d = np.minimum((x[:, 0] - first) ** 2, (x[:, 0] - second) ** 2)
            inside = np.array([d[:2].mean()] * 2 + [d[2:].mean()] * 3)
            possible.append(alpha * (d + 2 * inside) / d.mean() + 4 * 5 / np.array([2, 2, 3, 3, 3]))
    assert any(np.allclose(found.scores, s[found.rows]) for s in possible)


@pytest.mark.parametrize("method", [lightweight, kmeans_sensitivity])
def test_rows_that_are_all_alike_are_drawn_alike(method: object) -> None:
    found: Coreset = method(np.full((30, 2), 0.1), 10)  # type: ignore[operator]
    assert np.ptp(found.scores) == 0
    np.testing.assert_allclose(found.weights.sum(), 30)


def test_the_chances_of_a_lightweight_one_do_not_depend_on_the_order_of_rows() -> None:
    x = clumps(60)
    order = np.random.default_rng(3).permutation(60)
    chances, shuffled = np.full(60, np.nan), np.full(60, np.nan)
    for seed in range(20):
        found, other = lightweight(x, 60, seed=seed), lightweight(x[order], 60, seed=seed)
        chances[found.rows], shuffled[order[other.rows]] = found.scores, other.scores
    np.testing.assert_allclose(shuffled, chances)


@pytest.mark.parametrize("method", [lightweight, kmeans_sensitivity])
@pytest.mark.parametrize("wrong", [[[np.nan]], [[np.inf], [1.0]], [1.0, 2.0], [], [["a"]]])
def test_what_are_no_features_is_refused(method: object, wrong: object) -> None:
    with pytest.raises(OptionError, match="features are"):
        method(wrong, 1)  # type: ignore[operator]
