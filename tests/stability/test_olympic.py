"""Tests of the olympic mean."""

from __future__ import annotations

import math

import pytest

from tacit.stability import olympic


def test_the_fastest_and_the_slowest_are_dropped() -> None:
    assert olympic([20.0, 11.0, 10.0, 13.0, 12.0]) == 12
    assert olympic([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 90.0], drop=2) == 4
    assert olympic([1.0, 2.0, 6.0], drop=0) == 3


def test_one_run_that_fails_is_the_slowest_and_two_are_too_many() -> None:
    assert olympic([10.0, 11.0, 12.0, math.inf]) == 11.5
    assert olympic([10.0, 11.0, math.inf, math.inf]) is None
    assert olympic([10.0, math.inf], drop=0) is None
    assert olympic([*[1.0] * 36, *[math.inf] * 4], drop=4) == 1  # U-Net3D: 40 runs
    assert olympic([*[1.0] * 35, *[math.inf] * 5], drop=4) is None


@pytest.mark.parametrize("times", [[], [1.0], [1.0, 2.0]])
def test_nothing_may_be_left(times: list[float]) -> None:
    assert olympic(times) is None
