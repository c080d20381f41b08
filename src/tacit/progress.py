"""How far long work has come: it reports, and whoever started it may watch.

with watch(print):
    tacit.train(sentiment)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = ["Progress", "report", "watch"]


@dataclass(frozen=True)
class Progress:
    """One report.

    Attributes:
        doing: What is being done, in a few words.
        done: How much of `total` is done; seconds when training, examples elsewhere.
        total: The whole, or None where it is not known.
        best: The best so far, as people read it: "accuracy 0.912 (tfidf-linear)".
    """

    doing: str
    done: float
    total: float | None = None
    best: str | None = None
    timed: bool = False
    """Whether `done` and `total` are seconds, so that their difference is the time left."""


_watcher: ContextVar[Callable[[Progress], None] | None] = ContextVar("watcher", default=None)


def report(progress: Progress) -> None:
    """Tell whoever watches; nobody watching costs nothing."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(progress)


@contextmanager
def watch(watcher: Callable[[Progress], None]) -> Iterator[None]:
    """Have `watcher` called with each report of the work done inside the block, on the thread that works."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)
