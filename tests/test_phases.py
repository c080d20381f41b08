"""Phases of long work, and who keeps their time."""

from __future__ import annotations

import time

import pytest

from tacit.phases import phase, stopwatch


def test_phases_add_up_and_a_phase_inside_another_is_named_by_both() -> None:
    began = time.perf_counter()
    with stopwatch() as watch:
        time.sleep(0.02)
        with phase("load"):
            time.sleep(0.03)
        with phase("train"):
            time.sleep(0.01)
            for _ in range(2):
                with phase("forward"):
                    time.sleep(0.02)
    took = time.perf_counter() - began

    assert set(watch.seconds) == {"", "load", "train", "train/forward"}
    assert watch.seconds["load"] >= 0.03
    assert watch.seconds["train/forward"] >= 0.04
    assert 0.1 <= sum(watch.seconds.values()) <= took


def test_a_phase_that_fails_ends_all_the_same() -> None:
    with stopwatch() as watch:
        with pytest.raises(ValueError, match="no"), phase("load"):
            raise ValueError("no")
        with phase("save"):
            pass

    assert set(watch.seconds) == {"", "load", "save"}


def test_without_a_stopwatch_nothing_is_kept() -> None:
    with phase("load"):
        pass
    with stopwatch() as watch:
        pass

    assert set(watch.seconds) == {""}


def test_work_tells_how_many_rows_and_operations_it_took() -> None:
    with stopwatch() as watch, phase("train"):
        for _ in range(3):
            with phase("forward", rows=10, operations=50.0):
                pass

    assert watch.times == {"train": 1, "train/forward": 3}
    assert watch.rows == {"train/forward": 30}
    assert watch.operations == {"train/forward": 150.0}


def test_operations_that_are_counted_come_on_top_of_those_that_are_told() -> None:
    counted = 0.0
    with stopwatch(lambda: counted) as watch:
        counted += 1.0
        with phase("forward", operations=1_000.0):
            counted += 5.0
        with phase("backward"):
            pass

    assert watch.operations == {"": 1.0, "forward": 1_005.0}
