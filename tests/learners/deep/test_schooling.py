"""A schedule comes to its end, whatever the clock says."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import pytest
import torch

from tacit.learners.deep.schooling import Plan, school, triangle


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def taught(
    step: Callable[[float], float], deadline: float | None = None, most: int = 50, plan: Plan | None = None
) -> Plan | None:
    return school(step, most=most, plan=plan, threads=[1], cost=lambda progress: 1.0, deadline=deadline)


def test_without_a_clock_all_steps_are_done_and_need_no_plan() -> None:
    seen: list[float] = []
    assert taught(lambda progress: seen.append(progress) or 0.0) is None
    assert len(seen) == 50
    assert seen[0] == 0.0
    assert seen[25] == pytest.approx(0.5)
    assert seen[-1] == pytest.approx(0.98)


def test_with_little_time_there_are_fewer_steps_and_the_schedule_ends_all_the_same() -> None:
    seen: list[float] = []

    def step(progress: float) -> float:
        seen.append(progress)
        time.sleep(0.01)
        return 0.0

    began = time.monotonic()
    plan = taught(step, began + 0.7, most=5_000)
    assert time.monotonic() - began < 1.2
    assert plan is not None
    assert 5 < len(seen) < 70
    assert seen[-1] > 0.8
    first = seen[:]
    seen.clear()
    assert taught(step, most=5_000, plan=plan) == plan
    assert seen == first


def test_a_machine_that_becomes_slow_shortens_the_plan() -> None:
    seen: list[float] = []

    def step(progress: float) -> float:
        seen.append(progress)
        time.sleep(0.002 if len(seen) < 20 else 0.02)
        return 0.0

    began = time.monotonic()
    plan = taught(step, began + 1.5, most=100_000)
    assert time.monotonic() - began < 2.0
    assert plan is not None
    assert seen[-1] > 0.6


def test_a_loss_that_is_not_finite_ends_it() -> None:
    losses = [1.0, 2.0, math.nan, 1.0]
    assert taught(lambda progress: losses.pop(0)) == [[0, 50, 1], [3, 0, 1]]
    assert losses == [1.0]


def test_no_step_is_begun_after_the_deadline() -> None:
    assert taught(lambda progress: pytest.fail("a step"), time.monotonic() - 1) == [[0, 50, 1], [0, 0, 1]]


def with_threads(step: Callable[[float], float]) -> list[int]:
    plan = school(step, most=40, plan=None, threads=[1, 2], cost=lambda progress: 1.0, deadline=time.monotonic() + 60)
    return [piece[2] for piece in plan or [[0, 40, 1]]]


def test_the_number_of_threads_is_that_of_the_fastest_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    def step(progress: float) -> float:
        time.sleep(0.04 / torch.get_num_threads())
        return 0.0

    monkeypatch.setattr("os.getloadavg", lambda: (1.0, 1.0, 1.0))
    assert with_threads(step)[:2] == [1, 2]
    monkeypatch.setattr("os.getloadavg", lambda: (5.0, 1.0, 1.0))
    assert set(with_threads(step)) == {1}


def test_threads_that_wait_for_each_other_are_given_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    slow: list[float] = []

    def step(progress: float) -> float:
        if torch.get_num_threads() == 2:
            slow.append(progress)
        time.sleep(0.3 if torch.get_num_threads() == 2 else 0.01)
        return 0.0

    monkeypatch.setattr("os.getloadavg", lambda: (1.0, 1.0, 1.0))
    assert with_threads(step)[:3] == [1, 2, 1]
    assert len(slow) == 1


def test_threads_that_come_to_wait_for_each_other_are_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    slow: list[float] = []

    def step(progress: float) -> float:
        busy = torch.get_num_threads() == 2 and progress > 0.4
        slow.extend([progress] * busy)
        time.sleep(0.3 if busy else 0.04 / torch.get_num_threads())
        return 0.0

    monkeypatch.setattr("os.getloadavg", lambda: (1.0, 1.0, 1.0))
    assert with_threads(step)[-1] == 1
    assert len(slow) <= 3


def test_the_rate_climbs_and_falls_to_nothing() -> None:
    rates = [triangle(i / 100) for i in range(101)]
    assert rates[0] == pytest.approx(0.2)
    assert max(rates) == pytest.approx(1.0, abs=0.01)
    assert rates[-1] == 0.0
