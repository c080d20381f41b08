"""Turns, by a clock that only moves when somebody waits."""

from __future__ import annotations

import itertools
import math
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.asking.turns import Turns


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def turns(per_minute: float | None) -> tuple[Turns, Clock]:
    clock = Clock()
    return Turns(per_minute, clock=clock, wait=clock.wait), clock


@given(per_minute=st.floats(0.5, 600), works=st.lists(st.floats(0, 5), min_size=2, max_size=30))
def test_no_minute_has_more_turns_than_allowed(per_minute: float, works: list[float]) -> None:
    waiting, clock = turns(per_minute)
    taken = []
    for seconds in works:
        assert waiting.take(math.inf)
        taken.append(clock.now)
        clock.now += seconds
    gaps = [b - a for a, b in itertools.pairwise(taken)]
    assert min(gaps) >= 60 / per_minute - 1e-6


def test_without_a_limit_nobody_waits() -> None:
    waiting, clock = turns(None)
    assert all(waiting.take(math.inf) for _ in range(100))
    assert clock.now == 0


def test_nobody_has_a_turn_while_they_are_held() -> None:
    waiting, clock = turns(None)
    waiting.hold(7)
    waiting.hold(3)
    assert waiting.take(math.inf)
    assert clock.now == pytest.approx(7)


def test_a_turn_behind_the_deadline_is_none_and_is_not_waited_for() -> None:
    waiting, clock = turns(60)
    assert waiting.take(10)
    waiting.hold(20)
    assert not waiting.take(10)
    assert clock.now == 0


def test_stopping_wakes_those_who_wait() -> None:
    waiting = Turns(None)
    waiting.hold(1000)
    had = []
    thread = threading.Thread(target=lambda: had.append(waiting.take(math.inf)))
    thread.start()
    waiting.stop()
    thread.join(20)
    assert had == [False]
    assert not waiting.take(math.inf)
