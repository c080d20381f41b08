"""Groups that are each to be answered well, and the one that a model is worst at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit import metrics
from tacit.ladder import Strata, balanced, climb, replay, scored, worst
from tacit.ladder.weighing import Table, weigh
from tacit.ladder.worst import measured
from tacit.learners import Data
from tacit.types import Category, Number

KIND = Category((False, True), "bool")


def said(right: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    """Predictions of class 0 for rows of class 0, where they are right."""
    return np.eye(2)[[0 if r else 1 for r in right]], np.eye(2)[np.zeros(len(right), int)]


def test_the_worst_group_counts_as_if_it_had_ten_rows_more_that_score_as_all_do() -> None:
    predicted, target = said([True] * 60 + [True] * 20 + [False] * 20)
    found = worst("accuracy", predicted, target, np.repeat([0, 1], [60, 40]))
    assert (found.group, found.n, found.whole) == (1, 40, 0.8)
    assert found.measured.value == pytest.approx((40 * 0.5 + 10 * 0.8) / 50)
    low, high = metrics.wilson(0.5, 40)
    assert found.measured.interval == pytest.approx(((40 * low + 8) / 50, (40 * high + 8) / 50))


def test_a_handful_of_rows_that_are_all_wrong_is_not_the_worst_of_many() -> None:
    predicted, target = said([False] + [True] * 100 + [False] * 100)
    found = worst("accuracy", predicted, target, np.repeat([0, 1, 2], [1, 100, 100]))
    assert found.group == 2


def test_where_lower_is_better_the_worst_is_the_highest() -> None:
    predicted, target = said([True] * 50 + [False] * 50)
    assert worst("brier", predicted, target, np.repeat([0, 1], 50)).group == 1


@given(st.lists(st.booleans(), min_size=2, max_size=60), st.integers(1, 5), st.integers(0, 3))
def test_the_value_is_that_of_measured_lies_in_its_interval_and_is_no_better_than_all_rows(
    right: list[bool], groups: int, seed: int
) -> None:
    predicted, target = said(right)
    codes = np.random.default_rng(seed).integers(groups, size=len(right))
    found = measured("accuracy", predicted, target, codes)
    assert found.value == pytest.approx(scored("accuracy", predicted, target, codes))
    assert found.interval[0] <= found.value + 1e-12
    assert found.value <= found.interval[1] + 1e-12
    assert found.value <= metrics.score("accuracy", predicted, target) + 1e-12


def test_without_groups_all_rows_are_scored() -> None:
    predicted, target = said([True, True, False])
    assert measured("accuracy", predicted, target, None) == metrics.measure("accuracy", predicted, target)
    assert scored("accuracy", predicted, target, None) == pytest.approx(2 / 3)


def test_some_rows_keep_their_groups() -> None:
    some = Strata(("a", "b"), np.array([0, 1, 1, 0])).take(np.array([2, 0]))
    assert (some.names, some.codes.tolist()) == (("a", "b"), [1, 0])


def test_a_group_without_rows_takes_no_weight_from_the_others() -> None:
    assert balanced(np.array([0, 2, 2]), np.array([1, 0, 2])) == pytest.approx([1.5, 0.75, 0.75])


def test_the_ensemble_follows_the_group_that_is_worst() -> None:
    """One model knows the many, another the few: alone the first has more rows right."""
    truth, codes = np.arange(1000) % 2, np.repeat([0, 1], [900, 100])
    sure, torn = np.eye(2)[truth] * 0.9 + 0.05, np.eye(2)[1 - truth] * 0.6 + 0.2
    many = np.where(codes[:, None] == 0, sure, torn)
    few = np.where(codes[:, None] == 1, sure, np.eye(2)[truth] * 0.4 + 0.3)
    few[:100] = torn[:100]
    table = Table((many, few), np.eye(2)[truth], lambda p: p, "accuracy", (), False, True)
    assert weigh(table).weights.tolist() == [1, 0]
    assert weigh(Table((many, few), np.eye(2)[truth], lambda p: p, "accuracy", (), False, True, codes)).weights.tolist() == [0, 1]


def test_a_search_scores_the_worst_group_gives_each_fold_its_share_of_it_and_repeats() -> None:
    rng = np.random.default_rng(0)
    x, few = rng.normal(size=600), np.arange(600) % 20 == 0
    truth = (x > 0) ^ few  # of one row in twenty the sign says the opposite
    data = Data({"x": Number()}, {"x": x.tolist()}, KIND, np.eye(2)[truth.astype(int)], np.ones(600))
    strata, ids = Strata(("many", "few"), few.astype(int)), [f"{i:032x}" for i in range(600)]
    told = []
    found = climb(
        data,
        ids,
        task="sign",
        budget_s=10,
        learners=["linear"],
        strata=strata,
        on_best=lambda model, trial, measured: told.append((model, trial)),
    )
    assert found.score < 0.5
    assert metrics.score("accuracy", found.predicted, data.target[found.rows]) > 0.9
    assert found.score == pytest.approx(scored("accuracy", found.predicted, data.target[found.rows], strata.codes[found.rows]))
    again = replay(found.made, data, ids, strata=strata)
    np.testing.assert_array_equal(again.predict({"x": x.tolist()}), found.model.predict({"x": x.tolist()}))
