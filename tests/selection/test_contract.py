"""The two silhouettes of a strategy."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import Ordered, Pool, Scored, Strategy, get, names


@pytest.mark.parametrize("name", names())
def test_strategies_keep_the_protocol_and_know_their_names(name: str) -> None:
    assert isinstance(get(name), Strategy)
    assert get(name).name == name


def test_a_score_is_enough_for_a_strategy() -> None:
    longest = Scored("longest", ("features",), lambda pool: np.asarray(pool.features).sum(axis=1))
    assert longest.pick(Pool(3, features=np.array([[1.0], [3.0], [2.0]])), 2).rows.tolist() == [1, 2]
    with pytest.raises(OptionError, match='"longest" needs features'):
        longest.pick(Pool(3), 1)


def test_an_order_is_kept_without_a_temperature_and_asks_for_all_scores_with_one() -> None:
    asked = []

    def order(pool: Pool, n: int, rng: np.random.Generator, whole: bool) -> tuple[np.ndarray, np.ndarray]:
        asked.append(whole)
        return np.array([2, 0])[:n], np.array([1.0, 9.0, 5.0])

    mine = Ordered("mine", (), order)
    found = mine.pick(Pool(3), 2)
    assert (found.rows.tolist(), found.scores.tolist(), found.probabilities.tolist()) == ([2, 0], [5.0, 1.0], [1.0, 1.0])
    cold = mine.pick(Pool(3), 2, temperature=1e-6)
    assert cold.rows.tolist() == [1, 2]
    assert asked == [False, True]


@pytest.mark.parametrize("name", ["k-center", "badge", "typical", "density"])
def test_draws_of_every_kind_of_strategy_estimate_the_mean_of_the_pool(name: str) -> None:
    rng = np.random.default_rng(1)
    p, x = rng.dirichlet(np.ones(3), 24), rng.normal(size=(24, 2)) + 6 * rng.integers(3, size=(24, 1))
    pool, about = Pool(24, probabilities=p, features=x), np.linalg.norm(x, axis=1) + p.max(axis=1)
    found = [get(name).pick(pool, 8, seed, temperature=1) for seed in range(400)]
    estimates = np.array([(about[f.rows] / f.probabilities).sum() / 24 for f in found])
    assert abs(estimates.mean() - about.mean()) < 4 * estimates.std() / np.sqrt(len(estimates))
    assert estimates.std() < about.mean()
