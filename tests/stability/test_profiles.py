"""Tests of performance profiles and of the points that no other beats."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.stability import pareto, profiles

TIMES = {"a": {"x": 10.0, "y": 30.0}, "b": {"x": 20.0, "y": 15.0}, "c": {"x": math.inf, "y": 75.0}}


def test_profiles_by_hand() -> None:
    found = profiles(TIMES)
    assert found["a"].ratios == {"x": 1, "y": 2}
    assert [found["b"].rho(tau) for tau in (1, 1.9, 2, 4)] == [0.5, 0.5, 1, 1]
    # a: 1 from 1 to 2 on half of the tasks, then on all: (0.5 * 1 + 1 * 2) / 3.
    assert found["a"].score() == pytest.approx(2.5 / 3)
    assert found["c"].score() == 0  # missed one, five times the best on the other
    assert found["c"].score(most=6) == pytest.approx(0.1)


def test_a_task_that_somebody_lacks_is_missed_and_one_that_all_miss_counts() -> None:
    found = profiles({"a": {"x": 1.0}, "b": {"x": 1.0, "y": 5.0, "z": math.inf}})
    assert found["a"].ratios == {"x": 1, "y": math.inf, "z": math.inf}
    assert found["a"].score() == pytest.approx(1 / 3)
    assert found["b"].score() == pytest.approx(2 / 3)
    assert profiles({}) == {}


@given(st.lists(st.lists(st.floats(1, 100) | st.just(math.inf), min_size=4, max_size=4), min_size=1, max_size=5))
def test_the_exact_integral_is_that_of_a_fine_grid(rows: list[list[float]]) -> None:
    grid = np.linspace(1, 4, 20_001)
    for profile in profiles({str(i): dict(zip("wxyz", row, strict=True)) for i, row in enumerate(rows)}).values():
        steps = np.mean([grid >= r for r in profile.ratios.values()], axis=0)
        assert profile.score() == pytest.approx(np.trapezoid(steps, grid) / 3, abs=1e-3)
        assert 0 <= profile.score() <= 1


def test_points_that_no_other_beats() -> None:
    assert pareto([(3.0, 10.0), (1.0, 60.0), (2.0, 70.0), (1.0, 90.0)]) == [1, 0]
    assert pareto([]) == []
    assert pareto([(1.0, 1.0), (1.0, 1.0), (2.0, 1.0)]) == [0, 1]


@given(st.lists(st.tuples(st.integers(0, 6).map(float), st.integers(0, 6).map(float)), max_size=12))
def test_points_are_left_out_exactly_if_another_beats_them(points: list[tuple[float, float]]) -> None:
    def beaten(p: tuple[float, float]) -> bool:
        return any(q[0] <= p[0] and q[1] <= p[1] and q != p for q in points)

    assert set(pareto(points)) == {i for i, p in enumerate(points) if not beaten(p)}
