"""Calling what somebody wrote: with arguments of its own, and for no longer than it may take."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import enum
import math
import signal
import threading
import time
from collections.abc import Callable, Iterable
from types import FrameType, TracebackType
from typing import Any

__all__ = ["Calls", "Slow", "copied"]

_PLAIN = frozenset({str, int, float, bool, bytes, type(None), dt.date, dt.datetime})
"""Types whose values nobody can change."""

_FEW = 3
_SHARE = 0.01
"""A function is not called any more after so many slow calls, if they are more than this share of all."""


class Slow(Exception):
    """A call took longer than it may."""


class _Interrupted(BaseException):
    """Raised into a call that takes too long; no Exception, so that `except Exception` in it does not swallow it."""


class Calls:
    """The calls of one function. On the main thread, where the system has timers, a slow call is cut short.

    Elsewhere, or where another timer runs already, it is seen to be slow when it returns.

    Attributes:
        limit: Seconds that a call may take.
        made, slow: How many there were, and how many took longer.
    """

    def __init__(self, function: Callable[..., Any], limit: float) -> None:
        self._function, self.limit = function, limit
        self.made = self.slow = 0
        self._since = math.inf
        self._before: Any = None

    @property
    def tired(self) -> bool:
        """Whether so many calls were slow that more of them would keep everybody waiting."""
        return self.slow >= _FEW and self.slow > self.made * _SHARE

    def __enter__(self) -> Calls:
        if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
            return self
        before = signal.getsignal(signal.SIGALRM)
        if before is not None and not signal.getitimer(signal.ITIMER_REAL)[0]:
            self._before = before
            signal.signal(signal.SIGALRM, self._tick)
            # One timer for many calls: setting it for each would take longer than most of them.
            signal.setitimer(signal.ITIMER_REAL, self.limit / 4, self.limit / 4)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._before is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
            self._before = None

    def _tick(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._since > self.limit:
            self._since = now  # once more after as long again, should the function have swallowed this one
            raise _Interrupted

    def __call__(self, arguments: Iterable[Any]) -> Any:
        """What the function returns, or raises. Raises `Slow`."""
        own = [copied(value) for value in arguments]
        self.made += 1
        began, took, value = time.monotonic(), 0.0, None
        try:
            self._since = began
            try:
                value = self._function(*own)
            finally:
                self._since = math.inf
                took = time.monotonic() - began
        except _Interrupted:
            self._since, took = math.inf, math.inf
        except Exception:
            if took <= self.limit:
                raise
        if took > self.limit:
            self.slow += 1
            raise Slow(f"took longer than {self.limit:g} s")
        return value


def copied(value: Any) -> Any:
    """A value that may be changed without changing this one: itself where nobody can change it, else a copy.

    Example:
        >>> words = ["a", "b"]
        >>> copied(words) == words, copied(words) is words, copied("text")
        (True, False, 'text')
    """
    if type(value) in _PLAIN or isinstance(value, enum.Enum):
        return value
    if isinstance(value, tuple):
        held: Iterable[Any] = value
        fixed = True
    elif type(value) is dict:
        held, fixed = value.values(), False
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        held = (getattr(value, field.name) for field in dataclasses.fields(value))
        fixed = bool(type(value).__dataclass_params__.frozen)  # type: ignore[attr-defined]  # every dataclass has it
    else:
        return copy.deepcopy(value)
    if all(type(inner) in _PLAIN for inner in held):
        return value if fixed else copy.copy(value)
    return copy.deepcopy(value)
