"""Mixtures."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import Pool, get, k_center, mixture, pick
from tacit.selection.mixtures import quotas

RNG = np.random.default_rng(0)
P, X = RNG.dirichlet(np.ones(3), 50), RNG.normal(size=(50, 3))
POOL = Pool(50, probabilities=P, features=X)


def test_each_part_has_its_quota_in_the_order_that_is_written() -> None:
    found = mixture([get("margin"), get("random")], [0.8, 0.2]).pick(POOL, 10)
    assert found.rows[:8].tolist() == get("margin").pick(POOL, 8).rows.tolist()
    assert len(set(found.rows.tolist())) == 10


def test_a_part_knows_what_was_chosen_before_it() -> None:
    found = pick("margin+k-center", 10, pool=POOL)
    assert found.rows[5:].tolist() == k_center(X, 5, chosen=found.rows[:5]).tolist()


def test_the_last_part_speaks_for_all_that_the_others_left() -> None:
    about = P[:, 0] + X[:, 1]
    found = [pick("margin+random", 10, pool=POOL, seed=seed) for seed in range(2000)]
    assert found[0].probabilities.tolist() == [1.0] * 5 + [5 / 45] * 5
    estimates = np.array([(about[f.rows] / f.probabilities).sum() / 50 for f in found])
    assert abs(estimates.mean() - about.mean()) < 4 * estimates.std() / np.sqrt(2000)


@pytest.mark.parametrize("n", [1, 2, 3, 50])
def test_any_number_can_be_chosen(n: int) -> None:
    found = pick("margin+k-center+random", n, pool=POOL, temperature=1)
    assert len(set(found.rows.tolist())) == n


def test_a_mixture_needs_what_its_parts_need_even_those_without_a_row() -> None:
    assert get("margin+badge").needs == ("probabilities", "features")
    with pytest.raises(OptionError, match='"k-center" needs features'):
        pick("random+k-center", 1, pool=3)


def test_quotas_add_up_and_follow_the_shares() -> None:
    assert quotas(10, [0.9, 0.1]) == [9, 1]
    assert quotas(1, [1, 1]) == [1, 0]
    assert quotas(7, [3, 2, 1]) == [4, 2, 1]
    for n in range(30):
        assert sum(quotas(n, [0.3, 0.3, 0.4])) == n


@pytest.mark.parametrize("shares", [[1.0], [1.0, 0.0], [1.0, -1.0], [1.0, float("nan")], [1.0, float("inf")]])
def test_shares_that_are_none_are_refused(shares: list[float]) -> None:
    with pytest.raises(OptionError, match="share above 0"):
        mixture([get("margin"), get("random")], shares)
