"""Calls that are handled together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from tacit.server.together import Together


def test_what_comes_while_a_batch_is_at_work_is_the_next_batch() -> None:
    free, batches = threading.Event(), []

    def handle(items: Sequence[int]) -> list[int | Exception]:
        batches.append(list(items))
        free.wait(10)
        return [item * 2 for item in items]

    async def run() -> list[int]:
        double = Together(handle, most=64, name="doubles")
        first = asyncio.create_task(double(1))
        while not batches:
            await asyncio.sleep(0.001)
        rest = [asyncio.create_task(double(i)) for i in range(2, 6)]
        await asyncio.sleep(0.02)
        free.set()
        found = await asyncio.gather(first, *rest)
        double.close()
        return found

    assert asyncio.run(run()) == [2, 4, 6, 8, 10]
    assert batches == [[1], [2, 3, 4, 5]]


def test_a_batch_has_its_limit() -> None:
    sizes = []

    def handle(items: Sequence[int]) -> list[int | Exception]:
        sizes.append(len(items))
        return list(items)

    async def run() -> list[int]:
        same = Together(handle, most=3, name="same")
        return await asyncio.gather(*(same(i) for i in range(50)))

    assert asyncio.run(run()) == list(range(50))
    assert max(sizes) <= 3


def test_an_error_is_that_of_its_own_item_only() -> None:
    def handle(items: Sequence[int]) -> list[int | Exception]:
        if 3 in items:
            raise ValueError("three")
        return [KeyError("four") if item == 4 else item for item in items]

    async def run() -> list[int | BaseException]:
        picky = Together(handle, most=64, name="picky")
        found = await asyncio.gather(*(picky(i) for i in range(6)), return_exceptions=True)
        picky.close()
        picky.close()
        return found

    found = asyncio.run(run())
    assert [type(f).__name__ for f in found] == ["int", "int", "int", "ValueError", "KeyError", "int"]


def test_one_who_stops_waiting_disturbs_nobody() -> None:
    free = threading.Event()

    def handle(items: Sequence[int]) -> list[int | Exception]:
        free.wait(10)
        return list(items)

    async def run() -> int:
        slow = Together(handle, most=64, name="slow")
        gone, stays = asyncio.create_task(slow(1)), asyncio.create_task(slow(2))
        await asyncio.sleep(0.01)
        gone.cancel()
        free.set()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await stays

    assert asyncio.run(run()) == 2


def test_closing_finishes_what_waits() -> None:
    async def run() -> list[int]:
        def handle(items: Sequence[int]) -> list[int | Exception]:
            return list(items)

        same = Together(handle, most=64, name="same")
        waiting = [asyncio.create_task(same(i)) for i in range(5)]
        await asyncio.sleep(0)
        await asyncio.get_running_loop().run_in_executor(None, same.close)
        return await asyncio.gather(*waiting)

    assert asyncio.run(run()) == list(range(5))
