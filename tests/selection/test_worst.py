"""The rows of the groups that a model fails most."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from tacit.errors import OptionError
from tacit.selection import Pool, WorstGroup, get, pick, risks

RNG = np.random.default_rng(0)


def pool(sizes: list[int], risk: list[float]) -> Pool:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    return Pool(len(groups), probabilities=RNG.dirichlet(np.ones(2), len(groups)), groups=groups, risks=np.array(risk))


def test_four_in_five_rows_go_by_the_square_of_the_risk_and_one_by_size() -> None:
    some = pool([6000, 2000, 2000], [0.1, 0.2, 0.4])
    found = pick("worst-group", 1000, pool=some)
    squares = np.array([1, 4, 16]) / 21
    due = 1000 * (0.8 * squares + 0.2 * np.array([0.6, 0.2, 0.2]))
    assert np.abs(np.bincount(some.groups[found.rows]) - due).max() < 1


def test_unsure_rows_are_likelier_and_weights_undo_it() -> None:
    some = pool([300, 100], [0.1, 0.6])
    unsure = 1 - np.abs(np.diff(some.probabilities, axis=1).ravel())
    found = [pick("worst-group", 40, pool=some, seed=seed) for seed in range(2000)]
    inside = np.concatenate([f.rows[f.rows >= 300] for f in found])
    assert unsure[inside].mean() > unsure[300:].mean() + 0.1
    estimates = np.array([(unsure[f.rows] / f.probabilities).sum() for f in found])
    assert abs(estimates.mean() - unsure.sum()) < 4 * estimates.std() / np.sqrt(len(found))


def test_where_no_group_is_failed_rows_are_spread_by_size() -> None:
    some = pool([900, 100], [0.0, 0.0])
    assert np.bincount(some.groups[pick("worst-group", 100, pool=some).rows]).tolist() == [90, 10]


def test_groups_without_a_row_to_choose_get_none() -> None:
    some = pool([10, 10], [0.1, 0.1, 0.9])
    assert len(pick("worst-group", 20, pool=some).rows) == 20


def test_another_strategy_may_draw_inside_the_groups() -> None:
    mine = WorstGroup(get("random"))
    assert (mine.name, mine.needs) == ("worst-group-random", ("groups",))
    assert len(mine.pick(Pool(9, groups=np.arange(9) % 2, risks=np.array([0.1, 0.3])), 4).rows) == 4


@pytest.mark.parametrize("risk", [None, np.array([0.1]), np.array([0.1, np.nan]), np.array([0.1, -1.0]), np.ones((2, 2))])
def test_each_group_needs_a_risk(risk: np.ndarray | None) -> None:
    with pytest.raises(OptionError, match="risk of each of 2 groups"):
        pick("worst-group", 1, pool=Pool(2, probabilities=np.full((2, 2), 0.5), groups=np.array([0, 1]), risks=risk))


def test_many_labels_say_what_a_group_is() -> None:
    groups = np.repeat([0, 1, 2], 10_000)
    wrong = RNG.random(30_000) < np.array([0.05, 0.2, 0.5])[groups]
    assert risks(wrong, groups, 3) == pytest.approx([0.05, 0.2, 0.5], abs=0.02)


def test_where_groups_do_not_differ_few_labels_single_none_out() -> None:
    groups = RNG.integers(500, size=2000)
    found = risks(RNG.random(2000) < 0.2, groups, 500)
    assert found.max() - found.min() < 0.1
    assert np.bincount(groups, RNG.random(2000) < 0.2).max() > 2  # though some have most of their rows wrong


def test_a_group_without_labels_is_as_the_others_may_be() -> None:
    wrong, groups = np.array([1.0] * 8 + [0.0] * 92), np.repeat([0, 1], 50)
    found = risks(wrong, groups, 3)
    mean = 8.5 / 101
    assert mean < found[2] <= beta.ppf(0.95, 2 * mean, 2 * (1 - mean))
    assert found[1] < found[0] < 0.5


@pytest.mark.parametrize(("wrong", "groups"), [([], []), ([1.0], [0, 0]), ([1.0], [3]), ([1.0], [-1])])
def test_what_cannot_be_a_group_is_refused(wrong: list[float], groups: list[int]) -> None:
    with pytest.raises(OptionError, match="below n_groups"):
        risks(wrong, groups, 3)
