"""Where the time of long work goes: work names its phase, with how much is done in it, and whoever started it may hold a stopwatch.

with stopwatch() as watch:
    tacit.train(sentiment)
watch.seconds
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

__all__ = ["Stopwatch", "phase", "stopwatch"]


class Stopwatch:
    """Seconds of each phase: the time that was spent in it and in none of the phases inside it.

    A phase inside another is named by both, "train/forward"; the seconds of all names that begin with "train" are those of training.
    Time outside of all phases is that of "".

    Arguments:
        count: How many operations there were until now, where something counts them all; else those are taken that phases tell.

    Attributes:
        seconds: Name -> seconds.
        times: How often it was entered.
        rows: How many rows were worked on in it, as far as it told, a row as often as it came.
        operations: Floating-point operations of products, as far as they are known; a phase of which nothing is known is not there.
    """

    def __init__(self, count: Callable[[], float] | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self.times: dict[str, int] = {}
        self.rows: dict[str, int] = {}
        self.operations: dict[str, float] = {}
        self._names = [""]
        self._count, self._counted = count, 0.0
        self._since = time.perf_counter()

    def enter(self, name: str) -> None:
        self.stop()
        self._names.append(f"{self._names[-1]}/{name}".lstrip("/"))
        self.times[self._names[-1]] = self.times.get(self._names[-1], 0) + 1

    def leave(self, rows: int, operations: float) -> None:
        self.stop()
        name = self._names.pop()
        if rows:
            self.rows[name] = self.rows.get(name, 0) + rows
        if operations and self._count is None:
            self.operations[name] = self.operations.get(name, 0.0) + operations

    def stop(self) -> None:
        """Write down the time since the last one, for the phase that lasts."""
        now, name = time.perf_counter(), self._names[-1]
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
        if self._count is not None and (more := self._count() - self._counted):
            self.operations[name] = self.operations.get(name, 0.0) + more
            self._counted += more
        self._since = now


_holder: ContextVar[Stopwatch | None] = ContextVar("stopwatch", default=None)


class phase:
    """Work that has a name, as a block: `with phase("load"): ...`. Where no stopwatch is held it costs a fraction of a microsecond.

    Arguments:
        name: Of the phase.
        rows: How many rows are worked on, where that is known.
        operations: What it takes in products, a multiplication and an addition as two, where that is known.
    """

    __slots__ = ("_done", "_name", "_watch")

    def __init__(self, name: str, *, rows: int = 0, operations: float = 0.0) -> None:
        self._name, self._done = name, (rows, operations)

    def __enter__(self) -> None:
        self._watch = _holder.get()
        if self._watch is not None:
            self._watch.enter(self._name)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._watch is not None:
            self._watch.leave(*self._done)


@contextmanager
def stopwatch(count: Callable[[], float] | None = None) -> Iterator[Stopwatch]:
    """Measure the phases of the work done inside the block, on the thread that works; its seconds add up to those of the block.

    Arguments:
        count: As of a `Stopwatch`.
    """
    watch = Stopwatch(count)
    token = _holder.set(watch)
    try:
        yield watch
    finally:
        _holder.reset(token)
        watch.stop()
