"""Calls with copies, and for no longer than they may take."""

from __future__ import annotations

import datetime as dt
import enum
import signal
import threading
import time
from collections import namedtuple
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from tacit.asking.calls import Calls, Slow, copied


def forever(value: Any) -> None:
    while True:
        pass


def test_a_call_that_never_returns_is_cut_short() -> None:
    with Calls(forever, 0.05) as call, pytest.raises(Slow, match=r"took longer than 0\.05 s"):
        call([1])


def test_a_function_that_takes_every_exception_for_its_own_is_cut_short_too() -> None:
    def stubborn(value: Any) -> str:
        for _ in range(2):
            try:
                time.sleep(10)
            except BaseException:
                continue
        return "done"

    with Calls(stubborn, 0.05) as call, pytest.raises(Slow):
        call([1])


def test_handler_and_timer_are_left_as_they_were() -> None:
    def mine(number: int, frame: Any) -> None: ...

    before = signal.signal(signal.SIGALRM, mine)
    try:
        with Calls(len, 5) as call:
            assert call(["ab"]) == 2
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_timer_of_somebody_else_goes_on() -> None:
    signal.setitimer(signal.ITIMER_REAL, 1000)
    try:
        with Calls(time.sleep, 0.01) as call, pytest.raises(Slow):
            call([0.05])  # seen when it returns
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 900
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def test_on_another_thread_a_slow_call_is_seen_when_it_returns() -> None:
    said: list[str] = []

    def work() -> None:
        with Calls(time.sleep, 0.01) as call:
            while not call.tired:
                try:
                    call([0.05])
                except Slow as slow:
                    said.append(str(slow))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == ["took longer than 0.01 s"] * 3


def test_few_slow_calls_among_many_do_not_tire() -> None:
    calls = Calls(len, 1)
    calls.slow, calls.made = 3, 301
    assert not calls.tired
    calls.made = 299
    assert calls.tired


def test_an_exception_stays_what_it_is_and_ctrl_c_goes_through() -> None:
    def ends(error: type[BaseException]) -> None:
        raise error

    with Calls(ends, 5) as call:
        for error in (ValueError, KeyboardInterrupt):
            with pytest.raises(error):
                call([error])


class Color(enum.Enum):
    red = "red"


@dataclass(frozen=True)
class Fixed:
    town: str


@dataclass
class Loose:
    town: str
    tags: list[str] = field(default_factory=list)


Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    "value",
    ["text", 1, 2.5, True, None, b"bytes", dt.date(2026, 1, 1), Color.red, (1.0, 2.0), Pair(1, "b"), Fixed("a")],
    ids=str,
)
def test_what_nobody_can_change_is_handed_out_as_it_is(value: Any) -> None:
    assert copied(value) is value


@pytest.mark.parametrize(
    "value", [["a"], {"a"}, {"a": 1}, {"a": [1]}, Loose("a"), Loose("a", ["b"]), Pair(1, ["b"]), np.arange(3)], ids=str
)
def test_what_can_be_changed_is_copied_to_the_ground(value: Any) -> None:
    other = copied(value)
    assert type(other) is type(value)
    assert str(other) == str(value)
    assert other is not value
    for inner, of in zip(vars(other).values(), vars(value).values(), strict=True) if hasattr(value, "__dict__") else ():
        assert inner is not of or not isinstance(inner, list)
