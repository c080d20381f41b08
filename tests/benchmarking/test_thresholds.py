"""What a target decides."""

from __future__ import annotations

from typing import Any

import pytest

from tacit.benchmarking.records import Point, Record
from tacit.benchmarking.thresholds import nearby, reached_on_the_mean
from tests.benchmarking.runs import phases, record


def curve(*points: tuple[float, float], **more: Any) -> Record:
    return record(curve=tuple(Point(score, phases(train=seconds)) for seconds, score in points), **more)


def test_times_to_targets_half_a_point_around() -> None:
    runs = [curve((1.0, 0.895), (2.0, 0.9), (3.0, 0.91)), curve((1.0, 0.89), (4.0, 0.9))]

    found = [(at.target, at.strict, at.reached, at.seconds) for at in nearby(runs, "train")]

    assert found == [
        (0.895, False, 2, 2.5),
        (0.895, True, 2, 3.0),
        (0.9, False, 2, 3.0),
        (0.9, True, 1, 3.0),
        (0.905, False, 1, 3.0),
        (0.905, True, 1, 3.0),
    ]


def test_of_an_error_a_step_is_a_share_of_it_and_below_is_better() -> None:
    found = nearby([curve((1.0, 201.0), (2.0, 199.5), metric="mae", target=200.0)], "train")

    assert [at.target for at in found] == [199.0, 199.0, 200.0, 200.0, 201.0, 201.0]
    assert [at.seconds for at in found] == [None, None, 2.0, 2.0, 1.0, 2.0]


def test_without_a_target_there_is_nothing_to_tell() -> None:
    assert nearby([record(target=None)], "all") == ()
    assert reached_on_the_mean([record(target=None), record(target=None)]) is None


def test_the_mean_score_is_that_on_test_rows_where_all_have_some() -> None:
    lucky = [record(score=0.95, fresh=f) for f in (0.93, 0.88, 0.87, 0.89)]
    found = reached_on_the_mean(lucky)
    assert found is not None
    assert (found.mean, found.reached) == (pytest.approx(0.8925), False)

    without = [record(score=s, fresh=None) for s in (0.950, 0.951, 0.949)]
    found = reached_on_the_mean(without)
    assert found is not None
    assert found.reached

    assert reached_on_the_mean([record()]) is None
