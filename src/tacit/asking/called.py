"""Asking labeling functions and slices that are Python: every value is checked, every exception is kept with its place."""

from __future__ import annotations

import inspect
import time
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.asking.ballots import Ballot, Failure, Tokens
from tacit.asking.calls import Calls, Slow
from tacit.asking.fingerprints import fingerprint
from tacit.asking.values import Vote, classes_of, described, example_of, vote_of
from tacit.errors import FunctionError, quote
from tacit.functions import LabelingFunction, Slice
from tacit.types import Category, Kind, Unfit

__all__ = ["Called", "members"]


class Called:
    """A labeling function that is called; see `Voter`."""

    trouble = None

    def __init__(self, function: LabelingFunction, output: Kind) -> None:
        self.function, self.output = function, output
        self.fingerprint = fingerprint(function.function, (output.role, *classes_of(output)))
        self._calls = Calls(function.function, function.timeout)

    @property
    def stopped(self) -> bool:
        """Whether it took too long too often."""
        return self._calls.tired

    def ask(self, inputs: Sequence[Mapping[str, Any]], ids: Sequence[str], ballot: Ballot, deadline: float) -> None:
        """Ask about each example, until the deadline, or until it took too long too often.

        Raises:
            FunctionError: It returned something that is not of the task's return type.
        """
        with self._calls as call:
            for row, (given, example) in enumerate(zip(inputs, ids, strict=True)):
                if call.tired or time.monotonic() >= deadline:
                    return
                try:
                    value = call(given.values())
                except Exception as error:
                    ballot.fail(row, _failure(self.function, error, example))
                    continue
                ballot.cast(row, *self._vote(value, example))

    def _vote(self, value: Any, example: str) -> Vote:
        try:
            return vote_of(value, self.output)
        except Unfit as unfit:
            shown = quote(value)
            if inspect.iscoroutine(value):
                value.close()  # or Python complains that nobody awaited it
            # That a value is no class needs no reason beside it.
            category = self.output if isinstance(self.output, Category) and not isinstance(value, Mapping) else None
            meant = f", perhaps {quote(unfit.near)}" if unfit.near and not category else ""
            raise FunctionError(
                f"{self.function.name} returned {shown}" + ("" if category else f", which {unfit.reason}"),
                right=f"it returns {category.described() if category else described(self.output)} (None abstains)",
                where=f"{self.function.where}, example {example[:8]}",
                next=f'return "{unfit.near}"' if category and unfit.near else f"return {example_of(self.output)}{meant}, or None",
            ) from None

    def cost(self, tokens: Tokens) -> float | None:
        """None: it has no price."""
        return None

    def notes(self, tokens: Tokens) -> list[str]:
        """Whether it was too slow."""
        if not self.stopped:
            return []
        name, limit, slow = self.function.name, self._calls.limit, self._calls.slow
        return [
            f"{name} took longer than {limit:g} s on {slow} of {self._calls.made:,} examples and was not asked about the others"
            f"; labeling_function(timeout={10 * limit:g}) lets it take longer"
        ]


def members(
    piece: Slice, inputs: Sequence[Mapping[str, Any]], ids: Sequence[str]
) -> tuple[NDArray[np.bool_], tuple[Failure, ...]]:
    """Which examples are in a slice: (n,) bool, and where the function failed; those examples are not in it.

    A function that takes too long too often is not asked about the rest, which is one more failure.

    Raises:
        FunctionError: It returned something that is neither true nor false.
    """
    inside = np.zeros(len(ids), bool)
    failures = []
    with Calls(piece.function, piece.timeout) as call:
        for row, (given, example) in enumerate(zip(inputs, ids, strict=True)):
            if call.tired:
                failures.append(Failure(piece.name, piece.where, example, "was too slow to be asked about this and what follows"))
                break
            try:
                value = call(given.values())
            except Exception as error:
                failures.append(_failure(piece, error, example))
                continue
            if value is not None and not isinstance(value, bool | np.bool_):
                shown = quote(value)
                if inspect.iscoroutine(value):
                    value.close()
                raise FunctionError(
                    f"slice {piece.name} returned {shown}",
                    right="a slice returns True or False",
                    where=f"{piece.where}, example {example[:8]}",
                    next="return a comparison, such as len(review) < 40",
                )
            inside[row] = bool(value)
    return inside, tuple(failures)


def _failure(function: LabelingFunction | Slice, error: Exception, example: str) -> Failure:
    where = function.where
    if isinstance(error, Slow):
        return Failure(function.name, where, example, str(error))
    own = where.rpartition(":")[0]
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.replace("\\", "/").endswith(own):
            where = f"{own}:{frame.lineno}"  # the last line of the task file that was being run
    first = str(error).splitlines()[0] if str(error) else ""
    return Failure(function.name, where, example, f"raised {type(error).__name__}: {first}"[:200])
