"""Running labeling functions and slices: every value is checked, every exception is kept with its place."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import FunctionError, quote
from tacit.functions import LabelingFunction, Slice
from tacit.types import Category, Unfit

__all__ = ["ABSTAINED", "FAILED", "SHOWN", "Ballot", "Failure", "members", "run"]

ABSTAINED, FAILED = -1, -2
"""What stands for a class where a function gave no vote."""

SHOWN = 20
"""Failures of one function that are kept in words; the others are counted."""


@dataclass(frozen=True)
class Failure:
    """A labeling function or slice that raised on an example; it gave no vote there, which is not an abstention.

    Attributes:
        function: Its name.
        where: `file:line` of the line that raised.
        example: The id of the example.
        error: "TypeError: unsupported operand ...".
    """

    function: str
    where: str
    example: str
    error: str

    def __str__(self) -> str:
        return f"{self.function} raised {self.error}  at {self.where}, example {self.example[:8]}."


@dataclass(frozen=True)
class Ballot:
    """One function's votes.

    Attributes:
        votes: (n,) int, classes from 0; -1 where it abstained, -2 where it raised. Those that it was asked in time.
        failures: Where it raised, the first 20.
    """

    votes: NDArray[np.int16]
    failures: tuple[Failure, ...]


def run(
    function: LabelingFunction,
    output: Category,
    inputs: Sequence[Mapping[str, Any]],
    ids: Sequence[str],
    *,
    deadline: float = math.inf,
) -> Ballot:
    """Ask one labeling function about each example, until the deadline (as `time.monotonic` tells it).

    Raises:
        FunctionError: It returned something that is not of the task's return type.
    """
    votes = np.full(len(ids), ABSTAINED, np.int16)
    failures: list[Failure] = []
    ask = function.function
    for row, (given, example) in enumerate(zip(inputs, ids, strict=True)):
        if time.monotonic() >= deadline:
            return Ballot(votes[:row], tuple(failures))
        try:
            value = ask(*given.values())
        except Exception as error:
            votes[row] = FAILED
            if len(failures) < SHOWN:
                failures.append(_failure(function, error, example))
            continue
        if value is None:
            continue
        try:
            votes[row] = output.index(output.parse(value))
        except Unfit as unfit:
            raise FunctionError(
                f"{function.name} returned {quote(value)}",
                right=f"it returns {output.described()} (None abstains)",
                where=f"{function.where}, example {example[:8]}",
                next=f'return "{unfit.near}"' if unfit.near else f"return one of {output.described()}, or None",
            ) from None
    return Ballot(votes, tuple(failures))


def members(
    piece: Slice, inputs: Sequence[Mapping[str, Any]], ids: Sequence[str]
) -> tuple[NDArray[np.bool_], tuple[Failure, ...]]:
    """Which examples are in a slice: (n,) bool, and where the function raised; those examples are not in it.

    Raises:
        FunctionError: It returned something that is neither true nor false.
    """
    inside = np.zeros(len(ids), bool)
    failures = []
    for row, (given, example) in enumerate(zip(inputs, ids, strict=True)):
        try:
            value = piece.function(*given.values())
        except Exception as error:
            failures.append(_failure(piece, error, example))
            continue
        if value is not None and not isinstance(value, bool | np.bool_):
            raise FunctionError(
                f"slice {piece.name} returned {quote(value)}",
                right="a slice returns True or False",
                where=f"{piece.where}, example {example[:8]}",
                next="return a comparison, such as len(review) < 40",
            )
        inside[row] = bool(value)
    return inside, tuple(failures)


def _failure(function: LabelingFunction | Slice, error: Exception, example: str) -> Failure:
    where = function.where
    own = where.rpartition(":")[0]
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.replace("\\", "/").endswith(own):
            where = f"{own}:{frame.lineno}"  # the last line of the task file that was being run
    first = str(error).splitlines()[0] if str(error) else ""
    return Failure(function.name, where, example, f"{type(error).__name__}: {first}"[:200])
