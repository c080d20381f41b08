"""Where the time of long work goes: work names its phase, and whoever started it may hold a stopwatch.

with stopwatch() as watch:
    tacit.train(sentiment)
watch.seconds
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

__all__ = ["Stopwatch", "phase", "stopwatch"]


class Stopwatch:
    """Seconds of each phase: the time that was spent in it and in none of the phases inside it.

    A phase inside another is named by both, "train/forward"; the seconds of all names that begin with "train" are those of training.
    Time outside of all phases is that of "".
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._names = [""]
        self._since = time.perf_counter()

    def enter(self, name: str) -> None:
        self.stop()
        self._names.append(f"{self._names[-1]}/{name}".lstrip("/"))

    def leave(self) -> None:
        self.stop()
        self._names.pop()

    def stop(self) -> None:
        """Write down the time since the last one, for the phase that lasts."""
        now = time.perf_counter()
        self.seconds[self._names[-1]] = self.seconds.get(self._names[-1], 0.0) + now - self._since
        self._since = now


_holder: ContextVar[Stopwatch | None] = ContextVar("stopwatch", default=None)


class phase:
    """Work that has a name, as a block: `with phase("load"): ...`. Where no stopwatch is held it costs a fraction of a microsecond."""

    __slots__ = ("_name", "_watch")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._watch = _holder.get()
        if self._watch is not None:
            self._watch.enter(self._name)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._watch is not None:
            self._watch.leave()


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Measure the phases of the work done inside the block, on the thread that works; its seconds add up to those of the block."""
    watch = Stopwatch()
    token = _holder.set(watch)
    try:
        yield watch
    finally:
        _holder.reset(token)
        watch.stop()
