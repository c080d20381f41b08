"""Tests of rooflines."""

from __future__ import annotations

import pytest

from tacit.hardware import Point, Roofline, utilization

ROOF = Roofline(1e11, 1e10, (Point("stream", 0.1, 5e8), Point("product", 100.0, 8e10)))


def test_below_the_ridge_memory_is_the_limit_and_above_it_arithmetic() -> None:
    assert ROOF.ridge == 10
    assert [ROOF.attainable(i) for i in (0.1, 10, 100)] == pytest.approx([1e9, 1e11, 1e11])
    assert [ROOF.bound(p) for p in ROOF.points] == ["memory", "arithmetic"]
    assert [ROOF.share(p) for p in ROOF.points] == pytest.approx([0.5, 0.8])


def test_a_point_of_what_was_counted_and_measured() -> None:
    n = 1000  # a product of matrices of float64: 2 n^3 operations, 3 n^2 numbers
    point = Point.of("product", flops=2 * n**3, moved=3 * 8 * n**2, seconds=0.05)
    assert point.intensity == pytest.approx(n / 12)
    assert point.achieved == 4e10


def test_the_line_to_draw_reaches_beyond_all_points() -> None:
    (left, low), ridge, (right, high) = ROOF.roof()
    assert left < 0.1 < 100 < right
    assert ridge == (10, 1e11)
    assert (low, high) == (left * 1e10, 1e11)
    assert len(Roofline(1e11, 1e10).roof()) == 3


def test_it_is_plain_data() -> None:
    plain = ROOF.to_dict()
    assert plain["points"][0] == {"name": "stream", "intensity": 0.1, "achieved": 5e8, "share": 0.5, "bound": "memory"}


def test_utilization_of_known_runs() -> None:
    assert utilization(0.29e15, 2.59, 312e12) == pytest.approx(0.36, abs=0.005)  # airbench94: 112 TFLOP/s of an A100
    assert utilization(3.1e15, 27.3, 312e12) == pytest.approx(0.364, abs=0.005)  # airbench96
