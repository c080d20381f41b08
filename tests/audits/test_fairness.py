"""Fairness between groups."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as peer

from tacit.audits import calibration_by_group, crossings, fairness, one_vs_rest
from tacit.errors import OptionError
from tacit.metrics import calibration

# Group a: 4 of 5 selected, of the 3 positives all found; group b: 1 of 5 selected, of the 2 positives 1 found.
TRUTH = np.array([1, 1, 1, 0, 0, 1, 1, 0, 0, 0])
SAID = np.array([1, 1, 1, 1, 0, 1, 0, 0, 0, 0])
(SEX,) = crossings({"sex": ["a"] * 5 + ["b"] * 5})


def sure(classes: np.ndarray, k: int = 2) -> np.ndarray:
    return np.eye(k)[classes]


def test_rates_and_differences_by_hand() -> None:
    found = fairness(sure(SAID), TRUTH, SEX, 1)
    a, b = found.groups
    assert (a.name, a.n, a.base, a.selected, a.true_positive, a.false_positive, a.precision) == (
        "sex is a",
        5,
        0.6,
        0.8,
        1,
        0.5,
        0.75,
    )
    assert (b.base, b.selected, b.true_positive, b.false_positive, b.precision, b.false_negative) == (0.4, 0.2, 0.5, 0, 1, 0.5)
    assert found.demographic_parity.value == pytest.approx(0.6)
    assert found.demographic_parity_ratio == pytest.approx(0.25)
    assert found.equal_opportunity.value == pytest.approx(0.5)
    assert found.false_positives.value == pytest.approx(0.5)
    assert found.equalized_odds.value == pytest.approx(0.5)
    assert found.predictive_parity.value == pytest.approx(0.25)
    assert found.notes == ()
    assert found.demographic_parity.chance >= 0.6  # five rows each tell nothing


def test_the_other_class_may_be_the_positive_one() -> None:
    found, positive = one_vs_rest(sure(SAID), TRUTH, SEX)
    assert (found.positive, positive) == (0, fairness(sure(SAID), TRUTH, SEX, 1))
    assert found.demographic_parity.value == pytest.approx(positive.demographic_parity.value)
    assert found.equal_opportunity.value == pytest.approx(positive.false_positives.value)
    assert found.equalized_odds.value == pytest.approx(positive.equalized_odds.value)


def test_rates_are_those_of_scikit_learn_for_each_class_of_three() -> None:
    rng = np.random.default_rng(0)
    truth, said, group = (rng.integers(3, size=600) for _ in range(3))
    for c, found in enumerate(one_vs_rest(sure(said, 3), truth, crossings({"g": group})[0])):
        for rates in found.groups:
            rows = group == int(rates.name[-1])
            t, s = truth[rows] == c, said[rows] == c
            assert rates.precision == pytest.approx(peer.precision_score(t, s))
            assert rates.true_positive == pytest.approx(peer.recall_score(t, s))
            assert rates.false_positive == pytest.approx(1 - peer.recall_score(~t, ~s))
            assert rates.selected == pytest.approx(s.mean())
        assert found.demographic_parity.value < 1.5 * found.demographic_parity.chance  # the groups are made up by chance


def test_what_is_not_known_is_left_out_and_said() -> None:
    said, truth = np.array([1, 0, 0, 0, 1, 1]), np.array([1, 1, 0, 0, 1, 0])
    found = fairness(sure(said), truth, crossings({"g": list("aabbcc")})[0], 1)
    assert math.isnan(found.groups[1].true_positive)
    assert math.isnan(found.groups[1].precision)
    assert found.equal_opportunity.value == pytest.approx(0.5)
    assert "g is b has no rows of the class, so its true positive is not known" in found.notes
    assert "g is a has no rows of another class, so its false positive is not known" in found.notes


def test_a_group_equal_to_the_label_a_single_class_and_a_single_group() -> None:
    equal = fairness(sure(TRUTH), TRUTH, crossings({"label": TRUTH})[0], 1)
    assert equal.demographic_parity.value == 1
    assert equal.equal_opportunity.value == 0  # one group has positives
    nobody = fairness(sure(0 * TRUTH), 0 * TRUTH, SEX, 1)
    assert nobody.demographic_parity.value == 0
    assert math.isnan(nobody.demographic_parity_ratio)
    assert math.isnan(nobody.equal_opportunity.value)
    assert nobody.equalized_odds.value == 0
    (one,) = one_vs_rest(np.ones((10, 1)), 0 * TRUTH, crossings({"g": ["x"] * 10})[0])
    assert one.demographic_parity.value == one.demographic_parity.chance == 0


def test_rows_in_no_group_are_left_out() -> None:
    (part,) = crossings({}, slices={"part": np.arange(10) < 5})
    (rates,) = fairness(sure(SAID), TRUTH, part, 1).groups
    assert rates.n == 5
    (empty,) = crossings({}, slices={"none": np.zeros(10, bool)})
    with pytest.raises(OptionError, match="no row is in a group of none"):
        fairness(sure(SAID), TRUTH, empty, 1)


def test_calibration_by_group_has_n_and_what_chance_gives() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(0.5, 1, 4000)
    boasts = np.arange(4000) < 500
    right = rng.random(4000) < np.where(boasts, p - 0.3, p)
    said = np.column_stack([p, 1 - p])
    (grouping,) = crossings({"g": np.where(boasts, "boasts", "honest")})
    honest, boast = calibration_by_group(said, (~right).astype(int), grouping)
    assert (honest.name, honest.n, boast.n) == ("g is honest", 3500, 500)
    assert boast.calibration == calibration(said[boasts], (~right[boasts]).astype(int))
    assert boast.calibration.ece > 3 * boast.chance
    assert honest.calibration.ece < 1.3 * honest.chance
    (few,) = calibration_by_group(said[-3:], [0, 0, 0], crossings({"g": ["x"] * 3})[0])
    assert few.chance > 0.3


def test_bad_input_is_named() -> None:
    with pytest.raises(OptionError, match="there is no class 2"):
        fairness(sure(SAID), TRUTH, SEX, 2)
    with pytest.raises(OptionError, match="shape"):
        fairness(SAID, TRUTH, SEX, 1)
    with pytest.raises(OptionError, match="sex is of 10 rows, the others of 9"):
        fairness(sure(SAID[1:]), TRUTH[1:], SEX, 1)
    with pytest.raises(OptionError, match="missing"):
        calibration_by_group(np.full((10, 2), np.nan), TRUTH, SEX)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_differences_are_shares_and_do_not_depend_on_the_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 40))
    said, truth, group = rng.integers(2, size=n), rng.integers(2, size=n), rng.integers(4, size=n)
    order = rng.permutation(n)
    one = fairness(sure(said), truth, crossings({"g": group})[0], 1)
    two = fairness(sure(said[order]), truth[order], crossings({"g": group[order]})[0], 1)
    for name in ("demographic_parity", "equal_opportunity", "false_positives", "equalized_odds", "predictive_parity"):
        value = getattr(one, name).value
        assert math.isnan(value) or 0 <= value <= 1
        assert value == pytest.approx(getattr(two, name).value, nan_ok=True)
    assert math.isnan(one.demographic_parity_ratio) or 0 <= one.demographic_parity_ratio <= 1
