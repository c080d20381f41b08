"""Tests whether a mean reaches a target."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tacit.stability import reaching


@pytest.mark.parametrize(("higher", "side"), [(False, "less"), (True, "greater")])
def test_it_is_the_t_test_of_scipy(higher: bool, side: str) -> None:
    scores = [3.2781, 3.2795, 3.2804, 3.2779, 3.2788]
    found, right = reaching(scores, 3.28, higher=higher), stats.ttest_1samp(scores, 3.28, alternative=side)
    assert found.p == pytest.approx(right.pvalue)
    assert abs(found.t or 0) == pytest.approx(abs(right.statistic))
    assert (found.n, found.mean) == (5, pytest.approx(np.mean(scores)))


def test_one_lucky_run_is_not_enough() -> None:
    lucky = [0.9380, 0.9391, 0.9412, 0.9377]
    assert max(lucky) > 0.94
    assert not reaching(lucky, 0.94).reached
    assert reaching([0.9402, 0.9401, 0.9404, 0.9403, 0.9402], 0.94).reached


def test_the_level_is_a_choice() -> None:
    scores = [0.942, 0.944, 0.939, 0.943]
    found = reaching(scores, 0.94)
    assert 0.01 < (found.p or 0) < 0.1
    assert not found.reached
    assert reaching(scores, 0.94, level=0.1).reached


@pytest.mark.parametrize("scores", [[0.95], [0.95, 0.95, 0.95]])
def test_without_any_variation_nothing_can_be_tested(scores: list[float]) -> None:
    found = reaching(scores, 0.94)
    assert found.p is None
    assert not found.reached
