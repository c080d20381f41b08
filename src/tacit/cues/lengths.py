"""Cues of how long a text is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.cues.contract import Candidates, Cue
from tacit.cues.styles import which, written
from tacit.cues.values import Range, ranges
from tacit.learners import Columns
from tacit.learners.roles import as_text

__all__ = ["Length", "lengths"]


@dataclass(frozen=True)
class Length:
    """A quarter of the numbers of words that texts have.

    Attributes:
        column: Of the texts.
        low, high: From low, and below high.
        inside, outside: The middle of the lengths inside and of those outside, which are put in.
    """

    column: str
    low: float
    high: float
    inside: int
    outside: int

    def __str__(self) -> str:
        if self.low == -np.inf:
            return f"{self.column} of fewer than {self.high:g} words"
        return (
            f"{self.column} of {self.low:g} words or more"
            if self.high == np.inf
            else f"{self.column} of {self.low:g} to {self.high - 1:g} words"
        )

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        return which(columns[self.column], lambda text: self.low <= len(text.split()) < self.high)

    def without(self, columns: Columns) -> Columns:
        """A text is made longer by saying it again, and shorter by leaving out its end; so more may go than its length."""
        return written(columns, self.column, self.carried(columns), lambda text: _of_length(text, self.outside))

    def put(self, columns: Columns) -> Columns:
        return written(columns, self.column, ~self.carried(columns), lambda text: _of_length(text, self.inside))

    def touches(self, other: Cue) -> bool:
        return False  # a text has one length

    def to_dict(self) -> dict[str, Any]:
        ends = {"low": None if self.low == -np.inf else self.low, "high": None if self.high == np.inf else self.high}
        return {"kind": "length", "column": self.column, **ends, "inside": self.inside, "outside": self.outside}


def lengths(column: str, cells: Sequence[Any]) -> Candidates:
    """The number of words cut at its quartiles; of few lengths there are fewer parts, of one length none.

    Arguments:
        column: Its name.
        cells: n texts; what is missing has no length.
    """
    found = ranges(column, [len(as_text(cell).split()) or None for cell in cells])
    parts = [cue for cue in found.cues if isinstance(cue, Range)]
    return Candidates(tuple(Length(column, q.low, q.high, int(q.inside), int(q.outside)) for q in parts), found.carried)


def _of_length(text: str, n: int) -> str:
    words = text.split()
    return " ".join((words * -(-n // len(words)))[:n])
