"""Whether a proxy may choose in a target's stead."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from tacit.errors import OptionError
from tacit.selection.agreement import agreement


def scores(seed: int, noise: float, n: int = 500) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    target = draw.normal(size=n)
    return target + noise * draw.normal(size=n), target


def test_the_correlation_is_spearmans_also_with_ties() -> None:
    proxy, target = scores(0, 1.0)
    proxy, target = proxy.round(1), target.round(1)
    assert agreement(proxy, target, top=50).correlation == pytest.approx(spearmanr(proxy, target).statistic)


def test_equal_rankings_agree_whatever_their_scale_and_opposite_ones_do_not() -> None:
    _, target = scores(0, 0.0)
    same, opposite = agreement(np.exp(target), target, top=50), agreement(-target, target, top=50)
    assert (same.correlation, same.overlap, same.overlap_bound) == (pytest.approx(1), 1, 1)
    assert same.holds()
    assert (opposite.correlation, opposite.overlap) == (pytest.approx(-1), 0)
    assert not opposite.holds()


def test_what_agrees_by_chance_alone_does_not_hold() -> None:
    for seed in range(20):
        draw = np.random.default_rng(seed)
        found = agreement(draw.normal(size=100), draw.normal(size=100), top=50)
        assert not found.holds()


def test_a_group_in_which_the_two_disagree_is_named_and_spoils_it() -> None:
    proxy, target = scores(1, 0.2)
    odd = np.arange(500) < 60
    flipped = np.where(odd, -proxy, proxy)
    found = agreement(flipped, target, top=50, groups={"odd": odd, "others": ~odd, "few": np.arange(500) < 5})
    assert found.correlation > 0.7
    assert found.worst == "odd"
    assert set(found.groups) == {"odd", "others"}
    assert not found.holds()
    assert agreement(proxy, target, top=50, groups={"odd": odd, "others": ~odd}).holds()
    assert "lowest in odd: -0." in str(found)


def test_bounds_lie_below_the_truth_nineteen_times_in_twenty() -> None:
    truth = agreement(*scores(99, 0.7, n=100_000), top=20_000).correlation
    below = [agreement(*scores(seed, 0.7, n=150), top=30, seed=seed).correlation_bound <= truth for seed in range(200)]
    assert 0.9 <= np.mean(below) <= 0.99


def test_scores_that_rank_nothing_agree_with_nothing() -> None:
    found = agreement(np.zeros(50), np.arange(50.0), top=5)
    assert found.correlation == 0
    assert not found.holds()


@pytest.mark.parametrize(
    ("proxy", "target", "top", "what"),
    [
        ([1.0], [1.0, 2.0], 1, "scores have shapes"),
        ([float("nan"), 1.0], [1.0, 2.0], 1, "scores have shapes"),
        ([0.0, 1.0], [1.0, 2.0], 3, "top is 3 of 2 rows"),
        ([0.0, 1.0], [1.0, 2.0], 0, "top is 0 of 2 rows"),
    ],
)
def test_what_cannot_be_compared_is_refused(proxy: list[float], target: list[float], top: int, what: str) -> None:
    with pytest.raises(OptionError, match=what):
        agreement(proxy, target, top=top)
