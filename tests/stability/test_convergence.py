"""Tests of reference convergence points, with the examples of MLPerf's rules."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from tacit.errors import OptionError
from tacit.stability import Reference, judge, least_mean, pruned, reference

AT_128 = [16, 14, 16, 17, 16, 16, 15, 16, 15, 16]
AT_256 = [20, 21, 21, 20, 22, 22, 21, 21, 20, 20]
RULES = [reference(128, AT_128), reference(256, AT_256)]
CHECKER = [reference(128, AT_128, reading="checker"), reference(256, AT_256, reading="checker")]


def test_the_reading_of_the_rules() -> None:
    small, large = RULES
    assert (small.mean, round(small.sd, 2), round(least_mean(small, 3), 2)) == (15.75, 0.43, 15.21)
    assert (large.mean, round(large.sd, 2), round(least_mean(large, 3), 2)) == (20.75, 0.66, 19.93)
    assert [round(100 * (r.mean / least_mean(r, 3) - 1), 2) for r in RULES] == [3.53, 4.12]


def test_the_reading_of_the_checker() -> None:
    small, large = CHECKER
    assert (small.mean, round(small.sd, 3), round(least_mean(small, 3), 2)) == (15.75, 0.781, 14.78)
    assert (large.mean, round(large.sd, 3)) == (20.75, 0.748)
    assert [round(100 * (r.mean / least_mean(r, 3) - 1), 2) for r in CHECKER] == [6.56, 4.69]


def test_the_smallest_mean_is_where_the_test_is_just_significant() -> None:
    point = RULES[0]
    least = least_mean(point, 3)
    deviations = [point.sd, point.sd]
    p = stats.ttest_ind_from_stats(least, deviations[0], 3, point.mean, deviations[1], point.n, alternative="less").pvalue
    assert p == pytest.approx(0.05)


def test_submissions_at_the_batch_of_a_reference() -> None:
    first = judge(RULES, 128, [15, 15, 15, 16, 16])
    assert first.accepted
    assert first.mean == pytest.approx(15.333, abs=1e-3)
    # Faster than the reference, within what chance allows: the time is multiplied.
    assert first.factor == pytest.approx(15.75 / 15.3333, abs=1e-4)
    second = judge(RULES, 256, [19, 19, 19, 20, 21])
    assert not second.accepted
    assert (
        second.why
        == "fewer than chance allows: 19.33 epochs against 20.75 of the reference at a batch of 256, 19.93 at the least"
    )
    assert judge(RULES, 256, [22, 22, 22, 22, 22]).factor == 1


def test_the_two_readings_judge_differently() -> None:
    epochs = [15, 15, 15, 15, 15]
    assert not judge(RULES, 128, epochs).accepted
    assert judge(CHECKER, 128, epochs).accepted


def test_between_two_batch_sizes_the_reference_is_interpolated() -> None:
    third = judge(RULES, 192, [17, 18, 18, 18, 20])
    assert third.reference is not None
    assert third.least is not None
    assert (third.reference.mean, round(third.reference.sd, 3), third.reference.n) == (18.25, 0.547, 10)
    assert round(100 * (third.reference.mean / third.least - 1), 2) == 3.68
    assert third.accepted
    assert third.mean == 18


def test_a_batch_larger_than_all_needs_a_reference() -> None:
    fourth = judge(RULES, 512, [30, 30, 30, 30, 30])
    assert not fourth.accepted
    assert fourth.reference is None
    assert "run the reference with that batch" in fourth.why


def test_a_batch_smaller_than_all_is_held_against_the_smallest() -> None:
    assert judge(RULES, 64, [15, 16, 16, 16, 17]).accepted
    sixth = judge(RULES, 64, [13, 13, 13, 14, 14])
    assert not sixth.accepted
    assert "no reference has a batch of 64 or less" in sixth.why


def test_one_run_may_fail_and_two_may_not() -> None:
    assert judge(RULES, 128, [15, 16, 16, 16, math.inf]).accepted
    failed = judge(RULES, 128, [15, 16, 16, math.inf, math.inf])
    assert not failed.accepted
    assert failed.mean is None


def test_references_that_are_too_slow_to_hold_anybody_against_are_pruned() -> None:
    points = [Reference(b, m, 0.5, 8) for b, m in ((512, 24), (64, 17), (128, 16), (192, 19), (256, 18))]
    # 64 is smaller than the fastest and slower; 192 is above the line from 128 to 256 (17).
    assert [r.batch for r in pruned(points)] == [128, 256, 512]
    assert [r.batch for r in pruned(RULES)] == [128, 256]
    assert pruned([]) == []


def test_runs_like_the_reference_are_refused_about_as_often_as_alpha_says() -> None:
    # Without drops the test is exact, but for the deviation, which is the reference's alone and over n.
    rng = np.random.default_rng(0)
    refused = 0
    for _ in range(400):
        point = reference(128, rng.normal(16, 1, 40).tolist(), drop=0)
        refused += not judge([point], 128, rng.normal(16, 1, 5).tolist(), drop=0).accepted
    assert refused / 400 == pytest.approx(0.05, abs=0.025)


def test_a_reference_needs_runs() -> None:
    with pytest.raises(OptionError, match="2 runs of a reference are too few"):
        reference(128, [15, 16])
