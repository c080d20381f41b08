"""Tests of groups, the correction for many looks, and how many labels a figure needs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from tacit.audits.chance import holm, labels_needed, mean_test, ranges, share_test
from tacit.metrics import wilson

P = arrays(float, st.integers(0, 30), elements=st.floats(0, 1) | st.just(np.nan))


def test_holm_by_hand() -> None:
    # Smallest times 4, next times 3 and so on; never less than the one before.
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm([0.5, np.nan, 0.9]), [1, np.nan, 1])
    assert holm([]).shape == (0,)


@given(P)
def test_holm_keeps_the_order_and_never_makes_a_difference_surer(p: np.ndarray) -> None:
    adjusted = holm(p)
    tested = ~np.isnan(p)
    assert (np.isnan(adjusted) == ~tested).all()
    assert (adjusted[tested] >= p[tested]).all()
    assert (adjusted[tested] <= 1).all()
    assert (adjusted[tested] <= np.minimum(1, p[tested] * tested.sum())).all()  # Bonferroni is never better
    order = np.argsort(p[tested])
    assert (np.diff(adjusted[tested][order]) >= 0).all()


@given(P, st.randoms())
def test_holm_does_not_depend_on_the_order(p: np.ndarray, random: object) -> None:
    order = np.random.default_rng(0).permutation(len(p))
    np.testing.assert_array_equal(holm(p)[order], holm(p[order]))


def test_shares_are_tested_by_fishers_exact_test() -> None:
    # Fisher's tea: 3 of 4 cups right, 1 of the other 4. One tail is 17 / 70.
    assert share_test([3], [4], 4, 8)[0] == pytest.approx(34 / 70)
    for a, n, others, m in ((2, 30, 60, 100), (29, 30, 60, 100)):
        one = min(stats.fisher_exact([[a, n - a], [others, m - others]], side).pvalue for side in ("less", "greater"))
        assert share_test([a], [n], a + others, n + m)[0] == pytest.approx(min(1, 2 * one))
    assert share_test([5], [5], 10, 10)[0] == 1


def test_means_are_tested_by_the_more_careful_of_welch_and_student() -> None:
    rng = np.random.default_rng(0)
    for sizes, spread in (((20, 200), 3.0), ((200, 20), 3.0), ((12, 500), 0.1)):
        a, b = rng.normal(0.5, spread, sizes[0]), rng.normal(0, 1, sizes[1])
        found = mean_test(*(np.array([f]) for x in (a, b) for f in (float(len(x)), x.mean(), x.var(ddof=1))))
        right = max(stats.ttest_ind(a, b, equal_var=same).pvalue for same in (True, False))
        assert found[0] == pytest.approx(right)


def test_means_without_any_variance() -> None:
    one = np.ones(1)
    assert mean_test(10 * one, 0 * one, 0 * one, 10 * one, 0 * one, 0 * one)[0] == 1
    assert mean_test(10 * one, one, 0 * one, 10 * one, 0 * one, 0 * one)[0] == 0
    # Ten rows that happen to be alike are no more telling than ten rows of the others' variance.
    assert mean_test(10 * one, 0.5 * one, 0 * one, 1000 * one, 0 * one, one)[0] > 0.1


@given(st.floats(0, 1), st.floats(0.01, 0.3))
def test_so_many_labels_make_the_interval_as_narrow_as_asked(share: float, half: float) -> None:
    n = labels_needed(share, half)
    spread = share * (1 - share)

    def width(rows: float) -> float:
        z = 1.959963984540054
        return z * np.sqrt(rows * spread + z * z / 4) / (rows + z * z)

    assert width(n) <= half + 1e-9
    assert n == 1 or width(n - 1) > half - 1e-9


def test_labels_needed_by_hand() -> None:
    assert labels_needed(0.5) == 381  # 1.96^2 / (4 x .05^2) - 1.96^2 = 380.3
    low, high = wilson(0.5, 381)
    assert (high - low) / 2 <= 0.05


def test_the_range_that_chance_gives_is_that_of_two_shares() -> None:
    drawn = ranges([1000, 1000], share=0.5)
    assert np.quantile(drawn, 0.95) == pytest.approx(1.96 * np.sqrt(2 * 0.25 / 1000), rel=0.1)
    assert np.quantile(ranges([400, 400], deviation=2.0), 0.95) == pytest.approx(1.96 * np.sqrt(2 * 4 / 400), rel=0.1)
    assert (ranges([7]) == 0).all()
    np.testing.assert_array_equal(ranges([5, 9], share=0.2, seed=3), ranges([5, 9], share=0.2, seed=3))
