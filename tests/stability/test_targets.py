"""Tests of the time to a target."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.stability import cost, sensitivity, time_to

CURVE = [(60.0, 0.91), (120.0, 0.94), (180.0, 0.93), (240.0, 0.95)]


def test_the_first_evaluation_that_meets_the_target_counts() -> None:
    assert time_to(CURVE, 0.94) == 120
    assert time_to(CURVE, 0.94, strict=True) == 240
    assert time_to(CURVE, 0.93) == 120  # nothing is interpolated: it may have been met in between, but nobody looked
    assert time_to(CURVE, 0.96) is None
    assert time_to([], 0.5) is None


def test_a_lower_score_may_be_better() -> None:
    losses = [(60.0, 3.4), (120.0, 3.28), (180.0, 3.27)]
    assert time_to(losses, 3.28, higher=False) == 120
    assert time_to(losses, 3.28, higher=False, strict=True) == 180
    assert time_to(losses, 3.0, higher=False) is None


def test_a_score_that_is_not_a_number_meets_nothing() -> None:
    assert time_to([(1.0, math.nan), (2.0, 0.9)], 0.5) == 2
    assert time_to([(1.0, math.nan)], 0.5, higher=False) is None


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1))), st.floats(0, 1), st.randoms())
def test_neither_the_order_of_evaluations_nor_the_direction_of_the_score_matters(
    curve: list[tuple[float, float]], target: float, random: object
) -> None:
    assert time_to(curve, target) == time_to(curve[::-1], target)
    assert time_to(curve, target) == time_to([(s, -score) for s, score in curve], -target, higher=False)


def test_sensitivity_says_what_another_target_would_have_given() -> None:
    found = sensitivity([CURVE, CURVE[:1]], 0.94, 0.005)
    assert [(round(r.target, 3), r.strict, r.seconds[0]) for r in found] == [
        (0.935, False, 120.0),
        (0.935, True, 120.0),
        (0.94, False, 120.0),
        (0.94, True, 240.0),
        (0.945, False, 240.0),
        (0.945, True, 240.0),
    ]
    assert all(r.seconds[1] is None for r in found)


def test_the_headline_of_dawnbench_and_what_it_hides(shared: Path) -> None:
    def curve(entry: str) -> list[tuple[float, float]]:
        with (shared / "dawnbench" / "ImageNet" / "train" / f"{entry}.tsv").open() as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        return [(float(r["hours"]) * 3600, float(r["top5Accuracy"])) for r in rows]

    seed, pod = curve("dawn_resnet152_b_8k80_ec2_mxnet"), curve("google_resnet50_tpupod_tensorflow18")
    began, ended = time_to(seed, 93.0), time_to(pod, 93.0)
    assert began is not None
    assert ended is not None
    assert began / ended == pytest.approx(476.613, abs=1e-3)
    assert cost(began, 4.56) == pytest.approx(1112.6377, abs=1e-4)
    strict = [time_to(c, 93.0, strict=True) for c in (seed, pod)]
    assert strict[0] == began
    assert strict[0] / strict[1] == pytest.approx(452.5, abs=0.05)  # type: ignore[operator]
