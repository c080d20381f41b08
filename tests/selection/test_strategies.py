"""Choosing rows."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection import STRATEGIES, Pool, names, pick


def probabilities(n: int) -> np.ndarray:
    p = np.random.default_rng(3).random(n)
    return np.column_stack([p, 1 - p])


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_choice_has_n_different_rows_and_is_repeatable(strategy: str) -> None:
    chosen = [pick(strategy, 20, pool=100, probabilities=probabilities(100), seed=5).rows.tolist() for _ in range(2)]
    assert chosen[0] == chosen[1]
    assert len(set(chosen[0])) == 20


def test_the_least_sure_come_first() -> None:
    p = probabilities(500)
    chosen = pick("margin", 50, pool=500, probabilities=p)
    best = np.sort(1 - abs(p[:, 0] - p[:, 1]))[::-1][:50]
    np.testing.assert_allclose(chosen.scores, best)


def test_random_chooses_every_row_as_often_as_it_says() -> None:
    hits = np.zeros(10)
    for seed in range(2000):
        chosen = pick("random", 3, pool=10, seed=seed)
        hits[chosen.rows] += 1
        assert chosen.probabilities.tolist() == [0.3] * 3
    assert np.abs(hits / 2000 - 0.3).max() < 0.05  # five standard deviations


def test_rows_that_tie_are_drawn_and_their_probability_says_so() -> None:
    p = np.array([[0.5, 0.5]] * 8 + [[0.6, 0.4]] * 2)
    chosen = [pick("margin", 4, pool=10, probabilities=p, seed=seed) for seed in range(50)]
    assert {int(r) for c in chosen for r in c.rows} == set(range(8))
    assert chosen[0].probabilities.tolist() == [0.5] * 4


@pytest.mark.parametrize("n", [0, -1, 11])
def test_more_than_there_is_cannot_be_chosen(n: int) -> None:
    with pytest.raises(SelectionError, match="choose 1 to 10"):
        pick("random", n, pool=10)


def test_an_unknown_strategy_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionError, match='strategy="margin"'):
        pick("margn", 1, pool=10)


def test_uncertainty_needs_a_model() -> None:
    with pytest.raises(OptionError, match="needs the probabilities"):
        pick("margin", 1, pool=10)


def test_a_pool_tells_a_strategy_more_than_probabilities() -> None:
    pool = Pool(100, probabilities=probabilities(100), features=np.random.default_rng(0).normal(size=(100, 3)))
    assert len(set(pick("badge", 20, pool=pool).rows.tolist())) == 20
    assert (
        pick("margin", 5, pool=pool).rows.tolist() == pick("margin", 5, pool=100, probabilities=probabilities(100)).rows.tolist()
    )


def test_a_temperature_draws() -> None:
    drawn = pick("margin", 20, pool=100, probabilities=probabilities(100), temperature=1.0)
    assert (drawn.probabilities < 1).any()


def test_strategies_by_probabilities_alone_are_some_of_all() -> None:
    assert set(STRATEGIES) < set(names())
