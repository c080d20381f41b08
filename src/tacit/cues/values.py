"""Cues of a record: a value of a column, or a range of a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from tacit.cues.contract import Candidates, Cue, least
from tacit.learners import Columns

__all__ = ["Range", "Value", "ranges", "values"]

_PARTS = 4
"""A number is cut at its quartiles."""


@dataclass(frozen=True)
class Value:
    """A value of a category, a flag or a key.

    Attributes:
        column: Its name.
        value: The value; None is missing.
        other: The most frequent of the others, which stands in where this one is taken out.
    """

    column: str
    value: Any
    other: Any

    def __str__(self) -> str:
        return f"{self.column} is {'missing' if self.value is None else self.value}"

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        return np.array([cell == self.value for cell in columns[self.column]], np.bool_)

    def without(self, columns: Columns) -> Columns:
        return {**columns, self.column: [self.other if cell == self.value else cell for cell in columns[self.column]]}

    def put(self, columns: Columns) -> Columns:
        return {**columns, self.column: [self.value] * len(columns[self.column])}

    def touches(self, other: Cue) -> bool:
        return False  # a row has one value

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "value", "column": self.column, "value": self.value, "other": self.other}


@dataclass(frozen=True)
class Range:
    """A quarter of the values of a number.

    Attributes:
        column: Its name.
        low, high: From low, and below high.
        inside, outside: The middle of the values inside and of those outside, which are put in.
    """

    column: str
    low: float
    high: float
    inside: float
    outside: float

    def __str__(self) -> str:
        if self.low == -np.inf:
            return f"{self.column} below {self.high:g}"
        return f"{self.column} from {self.low:g}" + ("" if self.high == np.inf else f" to below {self.high:g}")

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        numbers = np.array([np.nan if cell is None else float(cell) for cell in columns[self.column]])
        return np.asarray((numbers >= self.low) & (numbers < self.high))

    def without(self, columns: Columns) -> Columns:
        return self._replaced(columns, self.carried(columns), self.outside)

    def put(self, columns: Columns) -> Columns:
        return self._replaced(columns, ~self.carried(columns), self.inside)

    def touches(self, other: Cue) -> bool:
        return False  # a row has one value

    def to_dict(self) -> dict[str, Any]:
        ends = {"low": None if self.low == -np.inf else self.low, "high": None if self.high == np.inf else self.high}
        return {"kind": "range", "column": self.column, **ends, "inside": self.inside, "outside": self.outside}

    def _replaced(self, columns: Columns, where: NDArray[np.bool_], by: float) -> Columns:
        cells = columns[self.column]
        kind = next((type(cell) for cell in cells if cell is not None), float)
        new = kind(by) if kind in (int, float) else by
        return {**columns, self.column: [new if there else cell for cell, there in zip(cells, where, strict=True)]}


def values(column: str, cells: Sequence[Any]) -> Candidates:
    """The values of a category that are in enough rows, and that others lack."""
    often = Counter(cells)
    ranked = [value for value, _ in sorted(often.items(), key=lambda item: (-item[1], str(item[0])))]
    kept = [value for value in ranked if least(len(cells)) <= often[value] < len(cells)]
    cues = tuple(Value(column, value, next(o for o in ranked if o != value)) for value in kept)
    return _candidates(cues, {column: cells}, len(cells))


def ranges(column: str, cells: Sequence[Any]) -> Candidates:
    """A number cut at its quartiles; of few values there are fewer parts, of one value none."""
    numbers = np.array([float(cell) for cell in cells if cell is not None and np.isfinite(float(cell))])
    if len(numbers) < least(len(cells)) or numbers.min() == numbers.max():
        return _candidates((), {column: cells}, len(cells))
    inner = np.unique(np.quantile(numbers, np.arange(1, _PARTS) / _PARTS, method="higher"))
    edges = [-np.inf, *(float(edge) for edge in inner if edge > numbers.min()), np.inf]
    cues = []
    for low, high in pairwise(edges):
        inside = (numbers >= low) & (numbers < high)
        if least(len(cells)) <= inside.sum() < len(numbers):
            cues.append(Range(column, low, high, _middle(numbers[inside]), _middle(numbers[~inside])))
    return _candidates(tuple(cues), {column: cells}, len(cells))


def _middle(numbers: NDArray[np.float64]) -> float:
    """The median, as one of the numbers."""
    return float(np.quantile(numbers, 0.5, method="lower"))


def _candidates(cues: tuple[Any, ...], columns: Columns, n: int) -> Candidates:
    carried = np.column_stack([cue.carried(columns) for cue in cues]) if cues else np.zeros((n, 0), np.bool_)
    return Candidates(cues, csc_matrix(carried))
