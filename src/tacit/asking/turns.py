"""When the next request may be sent: so many a minute, and none while a server asks to be left alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["Turns"]


class Turns:
    """Turns of several threads, evenly spaced.

    Arguments:
        per_minute: The most turns in a minute, or None for no limit.
        clock: Seconds, as `time.monotonic` tells them.
        wait: Waits so many seconds; by default until `stop` at most.
    """

    def __init__(
        self,
        per_minute: float | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self._gap = 0.0 if per_minute is None else 60 / per_minute
        self._clock, self._stopped = clock, threading.Event()
        self._wait = self._stopped.wait if wait is None else wait
        self._lock = threading.Lock()
        self._next = self._held = -float("inf")

    def take(self, deadline: float) -> bool:
        """Wait for a turn. False if there is none before the deadline, or none any more."""
        with self._lock:
            now = self._clock()
            at = max(now, self._next, self._held)
            if at >= deadline or self._stopped.is_set():
                return False
            self._next = at + self._gap
        while (left := max(at, self._held) - self._clock()) > 0:
            if self._held >= deadline or self._stopped.is_set():
                return False
            self._wait(left)
        return not self._stopped.is_set()

    def hold(self, seconds: float) -> None:
        """Give nobody a turn for so long."""
        with self._lock:
            self._held = max(self._held, self._clock() + seconds)

    def stop(self) -> None:
        """Give nobody a turn any more."""
        self._stopped.set()
