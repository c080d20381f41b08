"""Quotas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.errors import OptionError, SelectionError
from tacit.selection import Coreset, by_quota, lightweight, uniform
from tacit.selection.coresets.quotas import equal_quotas, proportional_quotas

SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=8)


@given(SIZES, st.floats(0, 1))
def test_proportional_quotas_sum_up_fit_their_groups_and_are_off_by_less_than_one_but_for_the_smallest(
    sizes: list[int], share: float
) -> None:
    groups = np.array(sizes)
    keep = len(sizes) + round(share * (sum(sizes) - len(sizes)))
    quotas = proportional_quotas(groups, keep)
    assert quotas.sum() == keep
    assert np.all((quotas >= 1) & (quotas <= groups))
    exact = keep * groups / groups.sum()
    if exact.min() >= 1:
        assert np.abs(quotas - exact).max() < 1


@given(SIZES, st.floats(0, 1))
def test_equal_quotas_sum_up_and_differ_by_one_at_most_but_for_groups_that_gave_all(sizes: list[int], share: float) -> None:
    groups = np.array(sizes)
    keep = round(share * sum(sizes))
    quotas = equal_quotas(groups, keep)
    assert quotas.sum() == keep
    assert np.all((quotas >= 0) & (quotas <= groups))
    more = quotas[quotas < groups]
    assert not len(more) or np.ptp(more) <= 1
    assert not len(more) or quotas.max() <= more.max() + 1


def test_by_hand() -> None:
    assert proportional_quotas(np.array([50, 30, 20]), 10).tolist() == [5, 3, 2]
    assert proportional_quotas(np.array([97, 2, 1]), 10).tolist() == [8, 1, 1]
    assert equal_quotas(np.array([97, 2, 1]), 10).tolist() == [7, 2, 1]


def test_a_method_is_applied_within_each_group_and_speaks_for_it() -> None:
    groups = np.array([1, 0, 0, 1, 0, 0])
    seen = []

    def last(rows: np.ndarray, keep: int) -> Coreset:
        seen.append(rows.tolist())
        kept = np.arange(len(rows))[::-1][:keep]
        return Coreset(kept, np.full(keep, len(rows) / keep), np.zeros(keep), np.ones(keep), "last")

    found = by_quota(last, groups, 3)
    assert seen == [[1, 2, 4, 5], [0, 3]]
    assert sorted(found.rows.tolist()) == [3, 4, 5]
    assert dict(zip(found.rows.tolist(), found.weights.tolist(), strict=True)) == {5: 2, 4: 2, 3: 2}
    assert found.method == "last by proportional quota"


def test_groups_take_turns() -> None:
    groups = np.repeat([0, 1], [80, 40])
    found = by_quota(lambda rows, keep: uniform(len(rows), keep), groups, 30)
    for first in range(3, 31, 3):
        assert abs(int((groups[found.rows[:first]] == 1).sum()) - first / 3) <= 1


def test_class_and_slice_together_are_groups() -> None:
    classes, rare = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 0, 0, 1])
    found = by_quota(lambda rows, keep: uniform(len(rows), keep), np.column_stack([classes, rare]), 4, quota="equal")
    assert {(int(classes[r]), int(rare[r])) for r in found.rows} == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_method_of_features_loses_no_group() -> None:
    # All of the variance is in the common group: without a quota the rare one is left to chance.
    chance = np.random.default_rng(0)
    x = np.vstack([chance.normal(0, 10, (980, 3)), np.zeros((20, 3))])
    groups = np.repeat([0, 1], [980, 20])
    found = by_quota(lambda rows, keep: lightweight(x[rows], keep), groups, 100)
    assert 1 <= (found.rows >= 980).sum() <= 2
    np.testing.assert_allclose(found.weights[found.rows >= 980].sum(), 20)


def test_fewer_rows_than_groups_are_refused() -> None:
    with pytest.raises(SelectionError, match="write keep=3"):
        by_quota(lambda rows, keep: uniform(len(rows), keep), ["a", "b", "c"], 2)


def test_an_unknown_quota_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionError, match='quota="equal"'):
        by_quota(lambda rows, keep: uniform(len(rows), keep), [0, 1], 2, quota="eqal")


def test_missing_groups_are_refused() -> None:
    for wrong in ([np.nan, 1.0], [None, "a"], [], 3):
        with pytest.raises(OptionError, match="none is missing"):
            by_quota(lambda rows, keep: uniform(len(rows), keep), wrong, 1)  # type: ignore[arg-type]
