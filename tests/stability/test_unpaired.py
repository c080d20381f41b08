"""Two ways that were not measured in turn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from tacit.stability import unpaired


def test_the_interval_is_that_of_scipys_welch_test_of_logarithms() -> None:
    a, b = [10.0, 11.0, 12.5, 10.5], [8.0, 8.4, 9.1]

    found = unpaired(a, b)

    around = ttest_ind(np.log(b), np.log(a), equal_var=False).confidence_interval(0.95)
    assert found is not None
    assert found[0] == pytest.approx(np.exp(np.log(b).mean() - np.log(a).mean()))
    assert found[1] == pytest.approx((np.exp(around.low), np.exp(around.high)))


def test_without_spread_there_is_a_ratio_and_no_interval() -> None:
    assert unpaired([10.0], [5.0, 6.0]) == (pytest.approx(5.4772 / 10, abs=1e-4), None)
    assert unpaired([10.0, 10.0], [5.0, 5.0]) == (pytest.approx(0.5), None)
    assert unpaired([], [5.0]) is None
