"""Tests of two ways that are measured in turn."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.stability import pairs


def test_a_comparison_by_hand() -> None:
    found = pairs([10.0, 20.0], [20.0, 10.0])
    assert found.ratios == (2, 0.5)
    assert found.ratio == pytest.approx(1)
    assert found.verdict == "can't tell"


def test_a_machine_that_becomes_slower_slows_both_of_a_pair() -> None:
    before = [10.0, 12.0, 15.0, 11.0]
    found = pairs(before, [0.9 * s + d for s, d in zip(before, (0.05, -0.05, 0.02, 0.0), strict=True)])
    assert found.verdict == "faster"
    assert found.ratio == pytest.approx(0.9, abs=0.01)
    assert (
        pairs([0.9 * s for s in before], [s + d for s, d in zip(before, (0.05, -0.05, 0.02, 0.0), strict=True)]).verdict
        == "slower"
    )


def test_one_pair_tells_nothing() -> None:
    found = pairs([10.0], [5.0])
    assert (found.interval, found.verdict) == (None, "can't tell")
    assert str(found) == "can't tell: 0.500 times the seconds (n = 1 pairs)"


def test_swapping_both_ways_inverts_the_ratio() -> None:
    a, b = [10.0, 12.0, 11.0], [9.0, 10.9, 9.8]
    forth, back = pairs(a, b), pairs(b, a)
    assert forth.interval is not None
    assert back.interval is not None
    assert back.ratio == pytest.approx(1 / forth.ratio)
    assert back.interval == pytest.approx((1 / forth.interval[1], 1 / forth.interval[0]))


@pytest.mark.parametrize("n", [3, 8, 20])
def test_equal_ways_are_told_apart_as_seldom_as_it_says(n: int) -> None:
    rng = np.random.default_rng(n)
    told = 0
    for _ in range(600):
        drift = rng.uniform(1, 3, n)
        told += pairs(drift * rng.lognormal(0, 0.05, n), drift * rng.lognormal(0, 0.05, n)).verdict != "can't tell"
    assert told / 600 == pytest.approx(0.05, abs=0.025)


@pytest.mark.parametrize(("before", "after"), [([], []), ([1.0], [1.0, 2.0]), ([1.0], [0.0])])
def test_what_is_no_pair_is_an_error(before: list[float], after: list[float]) -> None:
    with pytest.raises(OptionError, match="are no pairs"):
        pairs(before, after)
