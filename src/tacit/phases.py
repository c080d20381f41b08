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


class _Named:
    """A phase, and what is known of it so far."""

    __slots__ = ("inside", "name", "operations", "rows", "seconds", "times")

    def __init__(self, name: str) -> None:
        self.name, self.inside = name, dict[str, "_Named"]()
        self.seconds, self.times, self.rows, self.operations = 0.0, 0, 0, 0.0


class Stopwatch:
    """Seconds of each phase: the time that was spent in it and in none of the phases inside it.

    A phase inside another is named by both, "train/forward"; the seconds of all names that begin with "train" are those of training.
    Time outside of all phases is that of "".

    Arguments:
        count: How many operations there were until now, where something counts them; those that phases tell are others, and are added.
    """

    def __init__(self, count: Callable[[], float] | None = None) -> None:
        self._all = [_Named("")]
        self._open = self._all[:]
        self._count, self._counted = count, 0.0
        self._since = time.perf_counter()

    @property
    def seconds(self) -> dict[str, float]:
        """Name -> seconds."""
        return {one.name: one.seconds for one in self._all}

    @property
    def times(self) -> dict[str, int]:
        """Name -> how often it was entered."""
        return {one.name: one.times for one in self._all if one.times}

    @property
    def rows(self) -> dict[str, int]:
        """Name -> how many rows were worked on, a row as often as it came; only of phases that told."""
        return {one.name: one.rows for one in self._all if one.rows}

    @property
    def operations(self) -> dict[str, float]:
        """Name -> floating-point operations of products, as far as they are known; a phase of which nothing is known is not there."""
        return {one.name: one.operations for one in self._all if one.operations}

    def enter(self, name: str) -> None:
        self.stop()
        last = self._open[-1]
        found = last.inside.get(name)
        if found is None:
            found = last.inside[name] = _Named(f"{last.name}/{name}".lstrip("/"))
            self._all.append(found)
        found.times += 1
        self._open.append(found)

    def leave(self, rows: int, operations: float) -> None:
        self.stop()
        done = self._open.pop()
        done.rows += rows
        done.operations += operations

    def stop(self) -> None:
        """Write down the time since the last one, for the phase that lasts."""
        now, lasts = time.perf_counter(), self._open[-1]
        lasts.seconds += now - self._since
        if self._count is not None:
            counted = self._count()
            lasts.operations += counted - self._counted
            self._counted = counted
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
