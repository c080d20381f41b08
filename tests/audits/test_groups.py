"""A metric by group."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tacit.audits import ByGroup, Grouping, GroupScore, by_group, crossings
from tacit.errors import OptionError
from tacit.metrics import measure, wilson


def said(right: np.ndarray, truth: np.ndarray, k: int = 2) -> np.ndarray:
    """Probabilities that are right where said so."""
    return np.eye(k)[np.where(right, truth, (truth + 1) % k)] * 0.8 + 0.2 / k


def planted(n: int = 4000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, tuple[Grouping, ...]]:
    """The model is right on 90 % of the rows, on 60 % of the tenth that is blue; size says nothing."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(2, size=n)
    color = rng.choice(["red", "green", "blue"], n, p=[0.5, 0.4, 0.1])
    right = rng.random(n) < np.where(color == "blue", 0.6, 0.9)
    return said(right, truth), truth, crossings({"color": color, "size": rng.choice(["s", "m", "l"], n)})


def named(found: ByGroup, name: str) -> GroupScore:
    return next(g for g in found.groups if g.name == name)


def test_the_group_that_fails_is_found_and_no_other() -> None:
    p, truth, groupings = planted()
    found = by_group("accuracy", p, truth, groupings)
    assert found.worst == named(found, "color is blue")
    assert found.worst.adjusted < 1e-6
    assert "worse than on the others" in found.worst.said
    assert not any(g.significant for g in found.groups if g.column == "size")
    color, size = found.gaps
    assert (color.column, color.worst) == ("color", "color is blue")
    assert color.gap > 3 * color.chance
    assert size.gap < 1.5 * size.chance


def test_figures_by_hand() -> None:
    truth = np.zeros(20, int)
    p = said(np.array([True] * 6 + [False] * 4 + [True] * 9 + [False]), truth)
    found = by_group("accuracy", p, truth, crossings({"g": ["a"] * 10 + ["b"] * 10}))
    a, b = found.groups
    assert (a.n, a.value, b.value) == (10, 0.6, 0.9)
    assert a.interval == pytest.approx(wilson(0.6, 10))
    assert a.difference == pytest.approx(-0.3)
    one = stats.hypergeom.cdf(6, 20, 15, 10)
    assert a.p == pytest.approx(2 * one)
    assert a.adjusted == pytest.approx(min(1, 4 * one))
    assert a.worse
    assert not b.worse
    assert found.worst is None
    assert found.notes == ("none of the 2 groups tested is told from chance to be worse than the other rows",)
    assert found.gaps[0].gap == pytest.approx(0.3)


@pytest.mark.parametrize("metric", ["accuracy", "balanced", "macro_f1", "log_loss", "brier"])
def test_values_are_those_of_the_rows_of_the_group(metric: str) -> None:
    p, truth, groupings = planted(1500)
    for grouping in groupings:
        found = by_group(metric, p, truth, [grouping])
        for g, group in enumerate(found.groups):
            rows = grouping.codes == g
            assert group.value == pytest.approx(measure(metric, p[rows], truth[rows]).value)
            assert group.interval[0] <= group.value <= group.interval[1]
            rest = measure(metric, p[~rows], truth[~rows]).value
            assert group.difference == pytest.approx(group.value - rest)
    assert by_group(metric, p, truth, groupings).worst.name == "color is blue"  # type: ignore[union-attr]


@pytest.mark.parametrize("metric", ["r2", "mae", "rmse"])
def test_numbers_too(metric: str) -> None:
    rng = np.random.default_rng(1)
    truth = 1e6 + rng.normal(size=3000)
    far = np.arange(3000) % 10 == 0
    found = by_group(metric, truth + rng.normal(size=3000) * np.where(far, 1, 0.3), truth, crossings({"far": far}))
    assert found.worst is not None
    assert found.worst.name == "far is True"
    assert found.gaps[0].worst == "far is True"
    assert found.gaps[0].gap > found.gaps[0].chance
    near = named(found, "far is False")
    assert near.significant
    assert not near.worse


@pytest.mark.parametrize("metric", ["accuracy", "log_loss", "balanced", "macro_f1"])
def test_by_chance_at_most_one_audit_in_twenty_finds_something(metric: str) -> None:
    alarms = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        truth = rng.integers(3, size=400)
        columns = {f"c{i}": rng.integers(5, size=400) for i in range(8)}
        columns["rare"] = np.where(rng.random(400) < 0.03, 1, 0)
        p = said(rng.random(400) < 0.8, truth, 3)
        p = p * rng.uniform(0.5, 1, (400, 1)) + 1e-3
        found = by_group(metric, p / p.sum(1, keepdims=True), truth, crossings(columns))
        alarms += any(g.significant for g in found.groups)
    assert alarms <= 7  # 3 are expected; 8 or more would be seen once in 70 times


def test_a_group_of_three_says_how_many_labels_it_needs() -> None:
    truth = np.zeros(203, int)
    p = said(np.arange(203) % 5 > 0, truth)
    groupings = crossings({"g": ["rare"] * 3 + ["common"] * 200})
    rare = named(by_group("accuracy", p, truth, groupings), "g is rare")
    assert rare.needed == 381 - 3
    assert "3 rows" in rare.said
    assert "378 more labels would tell it to within 0.05" in rare.said
    assert named(by_group("accuracy", p, truth, groupings), "g is common").needed is None
    for metric in ("log_loss", "balanced"):
        rare = named(by_group(metric, p, truth, groupings), "g is rare")
        assert rare.p is None
        assert rare.needed is not None
        assert rare.needed >= 7
    alone = by_group("log_loss", p, truth, crossings({"g": ["one", *["more"] * 202]}))
    assert named(alone, "g is one").interval == (0, np.inf)
    assert "any number" in named(alone, "g is one").said


def test_small_groups_of_numbers_are_told_to_a_share_of_the_whole() -> None:
    truth = np.arange(103.0)
    found = by_group("mae", truth + np.tile([1, 2.0], 52)[:103], truth, crossings({"g": ["rare"] * 3 + ["common"] * 100}))
    assert "to within 5 % of that of all rows" in named(found, "g is rare").said
    exact = by_group("mae", truth, truth, crossings({"g": ["rare"] * 3 + ["common"] * 100}))
    assert named(exact, "g is rare").needed == 7


def test_missing_values_are_a_group_that_can_fail() -> None:
    truth = np.zeros(400, int)
    missing = np.arange(400) % 4 == 0
    p = said(~missing | (np.arange(400) % 8 == 0), truth)
    found = by_group("accuracy", p, truth, crossings({"sex": [None if m else "f" for m in missing]}))
    assert found.worst is not None
    assert found.worst.name == "sex is missing"


def test_a_group_equal_to_the_label() -> None:
    p, truth, _ = planted(500)
    for metric in ("accuracy", "balanced", "macro_f1"):
        found = by_group(metric, p, truth, crossings({"label": truth}))
        assert [g.n for g in found.groups] == sorted(np.bincount(truth).tolist(), reverse=True)


def test_a_model_that_is_always_right_has_no_worst_group() -> None:
    _, truth, groupings = planted(500)
    for metric in ("accuracy", "balanced", "log_loss"):
        found = by_group(metric, said(np.ones(500, bool), truth), truth, groupings)
        assert found.worst is None
        assert not any(g.significant for g in found.groups)
        assert all(gap.gap == pytest.approx(0) for gap in found.gaps)


def test_a_single_class_and_a_single_group() -> None:
    truth = np.zeros(50, int)
    found = by_group("balanced", np.ones((50, 1)), truth, crossings({"g": ["all"] * 50}))
    (only,) = found.groups
    assert (only.value, only.difference, only.p, only.significant, found.gaps) == (1, None, None, False, ())
    assert found.notes == ("1 of 1 groups are not tested: too few rows are inside or outside them",)
    assert by_group("accuracy", np.ones((50, 1)), truth, crossings({"g": ["all"] * 50})).groups[0].p is None


def test_an_empty_slice_is_a_note() -> None:
    p, truth, _ = planted(100)
    found = by_group("accuracy", p, truth, crossings({}, slices={"never": np.zeros(100, bool), "odd": np.arange(100) % 2 > 0}))
    assert [g.name for g in found.groups] == ["odd"]
    assert "never: there are no such rows" in found.notes


def test_five_hundred_groups_take_no_time() -> None:
    rng = np.random.default_rng(0)
    truth, group = rng.integers(2, size=50_000), rng.integers(500, size=50_000)
    p = said(rng.random(50_000) < np.where(group == 7, 0.5, 0.9), truth)
    groupings = crossings({"g": [f"g{i}" for i in group]}, most=500)
    began = time.perf_counter()
    found = by_group("accuracy", p, truth, groupings)
    assert time.perf_counter() - began < 5
    assert len(found.groups) == 500
    assert [g.name for g in found.groups if g.significant] == ["g is g7"]


def test_bad_input_is_named() -> None:
    p, truth, groupings = planted(100)
    with pytest.raises(OptionError, match="color is of 100 rows, the others of 99"):
        by_group("accuracy", p[1:], truth[1:], groupings)
    with pytest.raises(OptionError, match='the metric "r2" is not for predictions of shape'):
        by_group("r2", p, truth, groupings)
    with pytest.raises(OptionError, match='the metric "accuracy" is not for'):
        by_group("accuracy", p[:, 0], truth, groupings)
    with pytest.raises(OptionError, match="missing"):
        by_group("accuracy", np.full((100, 2), np.nan), truth, groupings)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from(["accuracy", "log_loss", "brier"]))
def test_the_order_of_rows_does_not_matter(seed: int, metric: str) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    truth, group = rng.integers(3, size=n), rng.choice(list("abc"), n)
    p = rng.dirichlet(np.ones(3), n)
    order = rng.permutation(n)
    one = by_group(metric, p, truth, crossings({"g": group}))
    two = by_group(metric, p[order], truth[order], crossings({"g": group[order]}))
    for a, b in zip(sorted(one.groups, key=lambda g: g.name), sorted(two.groups, key=lambda g: g.name), strict=True):
        assert a.value == pytest.approx(b.value)
        assert (a.name, a.n, a.significant, a.needed is None) == (b.name, b.n, b.significant, b.needed is None)
        assert a.p == pytest.approx(b.p) if a.p is not None else b.p is None


@pytest.mark.parametrize("metric", ["accuracy", "log_loss", "balanced"])
def test_a_group_of_all_rows_differs_from_none(metric: str) -> None:
    p = np.random.default_rng(0).dirichlet([1, 1], 90)
    (group,) = by_group(metric, p, np.arange(90) % 2, crossings({"town": ["x"] * 90})).groups
    assert group.difference is None
    assert group.p is None


@pytest.mark.parametrize(("metric", "first"), [("accuracy", "town is bad"), ("log_loss", "town is bad")])
def test_those_that_are_worse_come_first_whichever_way_the_metric_goes(metric: str, first: str) -> None:
    sure = np.repeat([0.9, 0.2, 0.6], 100)
    p = np.column_stack([1 - sure, sure])
    found = by_group(metric, p, np.ones(300, int), crossings({"town": np.repeat(["good", "bad", "fair"], 100).tolist()}))
    assert found.ranked[0].name == first
    assert found.ranked[0].worse


def test_few_rows_may_be_told_from_chance_and_too_few_is_said_of_no_such_group() -> None:
    right = np.array([0] * 8 + [1] * 4 + [1] * 300 + [1, 1])
    towns = ["bad"] * 12 + ["good"] * 300 + ["new"] * 2
    found = by_group("accuracy", np.eye(2)[right], np.ones(314, int), crossings({"town": towns}))
    assert {g.name: g.told for g in found.groups} == {"town is good": "better", "town is bad": "worse", "town is new": "too few"}
    assert next(g for g in found.groups if g.name == "town is bad").needed is not None
