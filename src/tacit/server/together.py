"""Calls that come while others are at work wait for each other and are handled together, by one thread."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

__all__ = ["Together"]

T = TypeVar("T")
R = TypeVar("R")

_Waiting: TypeAlias = "tuple[T, asyncio.Future[R], asyncio.AbstractEventLoop]"


class Together(Generic[T, R]):
    """Turns a function of many items into an awaitable call for one of them.

    Nothing waits for company: an item that comes alone is handled alone, at once. Under load a batch is whatever came
    while the one before was handled, so a model is asked, and a transaction committed, once for all of them.

    Arguments:
        handle: Gives a result, or the exception to raise, for each item. What it raises concerns all items: then each is
            handled once more by itself, so that nobody gets an error that is somebody else's.
        most: The most items in a batch.
        name: Of the thread.
    """

    def __init__(self, handle: Callable[[Sequence[T]], Sequence[R | Exception]], *, most: int, name: str) -> None:
        self._handle, self._most, self._name = handle, most, name
        self._queue: queue.SimpleQueue[_Waiting[T, R] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def __call__(self, item: T) -> R:
        """The result of one item."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._queue.put((item, future, loop))
        return await future

    def close(self) -> None:
        """Handle what waits, then end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        ended = False
        while not ended:
            batch: list[_Waiting[T, R]] = []
            waiting = self._queue.get()
            while waiting is not None:
                batch.append(waiting)
                if len(batch) == self._most or self._queue.empty():
                    break
                waiting = self._queue.get()
            ended = waiting is None
            if not batch:
                return
            results = self._results([item for item, _, _ in batch])
            for loop in {loop for _, _, loop in batch}:
                theirs = [(future, r) for (_, future, at), r in zip(batch, results, strict=True) if at is loop]
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_resolve, theirs)

    def _results(self, items: Sequence[T]) -> Sequence[R | Exception]:
        try:
            return self._handle(items)
        except Exception as error:
            return [error] if len(items) == 1 else [self._results([item])[0] for item in items]


def _resolve(results: Sequence[tuple[asyncio.Future[R], R | Exception]]) -> None:
    for future, result in results:
        if future.done():
            continue  # whoever waited has gone
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
