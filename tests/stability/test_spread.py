"""Tests of the spread of repeated runs."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.metrics import wilson
from tacit.stability import spread
from tacit.stability.intervals import of_mean


def test_a_spread_by_hand() -> None:
    found = spread([10.0, 11.0, 12.0], [20.0], seed=5)
    assert (found.n, found.converged, found.share) == (4, 3, 0.75)
    assert found.share_interval == wilson(0.75, 4)
    assert (found.mean, found.sd, found.fastest, found.slowest) == (11, 1, 10, 12)
    assert found.cv == pytest.approx(1 / 11)
    assert found.interval == of_mean([10.0, 11.0, 12.0], seed=5)
    # A third of a failure for each success.
    assert found.expected == pytest.approx(11 + (1 / 0.75 - 1) * 20)


def test_a_real_set_of_runs_has_its_known_coefficient_of_variation() -> None:
    # NVIDIA DGX-1, ResNet, MLPerf v0.6: epochs to the target, at about equal seconds per epoch, make up its CV of 2.8 %.
    found = spread([60.0, 60.0, 56.0, 60.0, 60.0])
    assert found.cv == pytest.approx(0.0302, abs=1e-4)
    assert (found.share, found.expected) == (1, found.mean)


def test_the_expected_seconds_are_what_restarting_takes() -> None:
    rng = np.random.default_rng(0)
    took = []
    for _ in range(20_000):
        total = 0.0
        while rng.random() > 0.25:
            total += rng.choice([30.0, 50.0])
        took.append(total + rng.choice([90.0, 110.0]))
    found = spread([90.0, 110.0], [30.0, 50.0, 30.0, 50.0, 30.0, 50.0])
    assert found.expected == pytest.approx(np.mean(took), rel=0.02)


def test_what_is_not_defined_is_none() -> None:
    none = spread([], [5.0, 6.0])
    assert (none.n, none.converged, none.share) == (2, 0, 0)
    assert {none.mean, none.sd, none.cv, none.fastest, none.slowest, none.interval, none.expected} == {None}
    one = spread([5.0])
    assert (one.mean, one.expected) == (5, 5)
    assert {one.sd, one.cv, one.interval} == {None}
    nothing = spread([])
    assert {nothing.share, nothing.share_interval, nothing.expected} == {None}


def test_it_prints_as_one_line() -> None:
    assert str(spread([10.0, 11.0, 12.0], [20.0])) == (
        "3 of 4 runs reached the target (95 %: 30% to 95%): mean 11.0 s (95 %: 10.0 s to 12.0 s), sd 1.0 s, CV 9.1%, "
        "10.0 s to 12.0 s; with restarts 17.7 s"
    )
    assert str(spread([5.0])) == "1 of 1 runs reached the target (95 %: 21% to 100%): mean 5.0 s"
    assert str(spread([], [5.0])) == "0 of 1 runs reached the target (95 %: 0% to 79%)"
    assert str(spread([])) == "no runs"


def test_it_is_plain_json() -> None:
    assert spread([5.0]).to_dict()["share_interval"] == wilson(1.0, 1)
