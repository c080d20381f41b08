"""What a machine makes of answers: their operations, seconds and bytes, many at once and one by one."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from tacit.benchmarking.hardware_use import Work
from tacit.hardware import flops
from tacit.learners import Columns, Model
from tacit.learners.features import length

__all__ = ["FEWEST", "UNTOLD", "answers"]

FEWEST = 6
"""Rows that it takes."""

UNTOLD = "operations of {}, which does more than multiply matrices (trees compare), cannot be counted; they are not 0"
_REMEMBERED = "seconds of answers of {}, which remembers what it made of a row; they take test rows, which it has not seen"

_BATCH, _SINGLE, _WARM, _TRIES = 512, 200, 10, 100
_SECONDS = 2.0
"""Of tries, for each of the two ways."""

_SIZES = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2}
_NUMPY = "float64"
"""In which models answer that compute by NumPy."""


def answers(learner: str, model: Model, learned: Columns, tests: Columns | None, *, remembers: bool) -> list[Work]:
    """Time a model and count what it does, with many rows at once and one by one.

    The bytes are the least that have to come from memory: what the rows are given as, and the weights, once for a batch, or only
    those that the rows use where these are fewer, as of sparse features. What is made on the way may stay in caches.

    Arguments:
        learner: The name of the learner, for messages.
        model: What answers.
        learned: Rows that it learned from; at least `FEWEST`.
        tests: Others, which are asked if there are any.
        remembers: Whether it answers a row that it has seen from memory, so that each can be asked once.
    """
    rows = learned if tests is None else tests
    size = min(_BATCH, (length(rows) - 2) // 2)
    batch = _part(rows, 2, 2 + size)
    singles = [_part(rows, i, i + 1) for i in range(2 + size, min(length(rows), 2 + size + _SINGLE))]
    names = f"{size} answers", "one answer"
    if remembers and tests is None:
        return [Work(name, 0, None, why=_REMEMBERED.format(learner)) for name in names]
    held, precision = _weights(model), _NUMPY
    if "torch" in sys.modules:
        from tacit.learners.deep.counting import weights

        more, told = weights(lambda: model.predict(_part(rows, 0, 1)), lambda: model.predict(_part(rows, 1, 2)))
        held, precision = held + more, told or precision
    for i in range(min(_WARM, length(learned))):
        model.predict(_part(learned, i, i + 1))
    at_once = _timed([lambda: model.predict(batch)] * (1 if remembers else _TRIES))
    alone = _timed([lambda one=one: model.predict(one) for one in singles])  # type: ignore[misc]
    works = []
    for name, parts, took in (
        (names[0], [batch], statistics.median(at_once)),
        (names[1], singles[: len(alone)], sum(alone)),
    ):
        joined = {column: [value for part in parts for value in part[column]] for column in batch}
        n, each = length(joined), flops(model, joined)
        if each is None:
            works.append(Work(name, n, took, why=UNTOLD.format(learner)))
            continue
        read = len(parts) * min(held, n * each / len(parts) / 2 * _SIZES[precision])
        works.append(Work(name, n, took, n * each, precision, read + _bytes(joined)))
    return works


def _timed(tries: Sequence[Callable[[], object]]) -> list[float]:
    """Seconds of each, of as many as there is time for."""
    took: list[float] = []
    end = time.perf_counter() + _SECONDS
    for ask in tries:
        began = time.perf_counter()
        ask()
        now = time.perf_counter()
        took.append(now - began)
        if now > end:
            break
    return took


def _part(columns: Columns, first: int, last: int) -> Columns:
    return {name: values[first:last] for name, values in columns.items()}


def _weights(thing: Any) -> int:
    """Bytes of the arrays that a model of NumPy is made of."""
    if isinstance(thing, np.ndarray):
        return int(thing.nbytes)
    if is_dataclass(thing):
        return sum(_weights(getattr(thing, field.name)) for field in fields(thing))
    if isinstance(thing, list | tuple):
        return sum(map(_weights, thing))
    return 0


def _bytes(value: Any) -> int:
    """Bytes of the values of some rows, as they are held."""
    if isinstance(value, dict):
        return sum(map(_bytes, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(_bytes, value))
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bytes):
        return len(value)
    return int(value.nbytes) if isinstance(value, np.ndarray) else 8
