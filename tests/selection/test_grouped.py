"""A strategy inside each group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.errors import OptionError, SelectionError
from tacit.selection import Grouped, Pool, get, in_groups
from tacit.selection.grouped import shared_out

RNG = np.random.default_rng(0)
GROUPS = np.array([0] * 60 + [1] * 30 + [2] * 8 + [3] * 2)
P, X = RNG.dirichlet(np.ones(3), 100), RNG.normal(size=(100, 3))
POOL = Pool(100, probabilities=P, features=X, groups=GROUPS)


def test_groups_get_the_same_number_and_small_ones_give_all_they_have() -> None:
    found = Grouped(get("margin")).pick(POOL, 23)
    assert np.bincount(GROUPS[found.rows]).tolist() == [7, 7, 7, 2]
    assert found.probabilities.tolist() == [1.0] * 23  # margin takes the best: each speaks for itself
    assert set(GROUPS[found.rows[:3]].tolist()) == {0, 1, 2}  # they take turns


def test_inside_a_group_the_strategy_chooses_as_it_does_alone() -> None:
    found = in_groups(get("margin"), POOL, 40)
    alone = get("margin").pick(POOL.only(np.arange(60)), 15)
    assert [row for row in found.rows.tolist() if row < 60] == alone.rows.tolist()


@pytest.mark.parametrize("n", [2, 10, 30])
@pytest.mark.parametrize(("strategy", "temperature"), [("random", 0.0), ("margin", 1.0)])
def test_weighted_rows_speak_for_the_whole_pool(strategy: str, temperature: float, n: int) -> None:
    about = 3 * P[:, 0] + GROUPS
    found = [in_groups(get(strategy), POOL, n, seed, temperature=temperature) for seed in range(3000)]
    estimates = np.array([(about[f.rows] / f.probabilities).sum() for f in found])
    assert abs(estimates.mean() - about.sum()) < 4 * estimates.std() / np.sqrt(len(found))


def test_a_row_is_chosen_as_often_as_its_probability_says() -> None:
    times, likely = np.zeros(100), np.zeros(100)
    for seed in range(4000):
        found = in_groups(get("random"), POOL, 2, seed)
        times[found.rows] += 1
        likely[found.rows] = found.probabilities
    assert likely[[0, 60, 90, 98]].round(4).tolist() == [round(0.5 / size, 4) for size in (60, 30, 8, 2)]
    assert (np.abs(times / 4000 - likely) < 5 * np.sqrt(likely / 4000)).all()


def test_of_more_groups_than_rows_some_are_drawn() -> None:
    groups = np.arange(1500) % 500
    found = in_groups(get("random"), Pool(1500, groups=groups), 20)
    assert len(set(groups[found.rows].tolist())) == 20
    assert found.probabilities == pytest.approx(np.full(20, 20 / 1500))


def test_what_was_chosen_in_one_group_counts_as_labeled_in_the_next() -> None:
    here = np.array([[0.0], [9.0], [0.1], [5.0]])
    found = in_groups(get("k-center"), Pool(4, features=here, labeled=here[1:2], groups=np.array([0, 0, 1, 1])), 2)
    assert found.rows.tolist() == [0, 3]


def test_shares_are_those_asked_for() -> None:
    found = in_groups(get("random"), POOL, 20, shares=[1, 8, 0.5, 0.5])
    assert np.bincount(GROUPS[found.rows]).tolist() == [2, 16, 1, 1]


@pytest.mark.parametrize(
    ("pool", "shares", "said"),
    [
        (Pool(3), None, "the group of each row"),
        (Pool(3, groups=np.array([0.0, 1.0, 1.0])), None, "whole numbers from 0"),
        (Pool(3, groups=np.array([-1, 0, 1])), None, "whole numbers from 0"),
        (Pool(3, groups=np.array([0, 0, 1])), [1.0], "a share above 0"),
        (Pool(3, groups=np.array([0, 0, 1])), [1.0, 0.0], "a share above 0"),
    ],
)
def test_what_are_no_groups_is_refused(pool: Pool, shares: list[float] | None, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        in_groups(get("random"), pool, 1, shares=shares)


def test_no_more_rows_than_there_are() -> None:
    with pytest.raises(SelectionError, match="choose 1 to 100"):
        in_groups(get("random"), POOL, 101)


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(1e-6, 1e6)), min_size=1, max_size=40), st.floats(0, 1), st.integers(0, 99))
def test_quotas_add_up_and_no_group_gives_more_than_it_has(groups: list[tuple[int, float]], part: float, seed: int) -> None:
    sizes, shares = np.array([size for size, _ in groups]), np.array([share for _, share in groups])
    n = round(part * int(sizes.sum()))
    quotas, chances = shared_out(n, shares, sizes, np.random.default_rng(seed))
    assert quotas.sum() == n
    assert ((quotas >= 0) & (quotas <= sizes)).all()
    assert ((chances > 0) & (chances <= 1)).all()
    assert (quotas[chances < 1] <= 1).all()
