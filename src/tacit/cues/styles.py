"""Cues of how a text is written: in capitals or small letters, and how it ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from tacit.cues.contract import Candidates, Cue, least
from tacit.learners import Columns
from tacit.learners.roles import as_text

__all__ = ["Ending", "Style", "styles", "which", "written"]

_STARTS = re.compile(r"(^[\W\d_]*|[.!?]\s+)([^\W\d_])")
"""The first letter of a sentence."""


@dataclass(frozen=True)
class Style:
    """A text without a small letter, or without a capital one.

    Attributes:
        column: Of the texts.
        style: "upper" or "lower".
    """

    column: str
    style: str

    def __str__(self) -> str:
        return f"{self.column} in {'capitals' if self.style == 'upper' else 'small letters'}"

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        return which(columns[self.column], str.isupper if self.style == "upper" else str.islower)

    def without(self, columns: Columns) -> Columns:
        """Sentences begin with a capital, and go on in small letters."""
        return written(columns, self.column, self.carried(columns), _as_sentences)

    def put(self, columns: Columns) -> Columns:
        """A text that has no letters stays what it is."""
        return written(columns, self.column, ~self.carried(columns), str.upper if self.style == "upper" else str.lower)

    def touches(self, other: Cue) -> bool:
        return False  # a text has one style

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "style", "column": self.column, "style": self.style}


@dataclass(frozen=True)
class Ending:
    """The signs at the end of a text.

    Attributes:
        column: Of the texts.
        signs: Such as "!!!"; empty where it ends with a word.
        other: The most frequent other ending, which stands in where this one is taken out.
    """

    column: str
    signs: str
    other: str

    def __str__(self) -> str:
        return f"{self.column} ends with {self.signs}" if self.signs else f"{self.column} ends without a sign"

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        return which(columns[self.column], lambda text: _parted(text)[1] == self.signs)

    def without(self, columns: Columns) -> Columns:
        return written(columns, self.column, self.carried(columns), lambda text: _parted(text)[0] + self.other)

    def put(self, columns: Columns) -> Columns:
        return written(columns, self.column, ~self.carried(columns), lambda text: _parted(text)[0] + self.signs)

    def touches(self, other: Cue) -> bool:
        return False  # a text has one ending

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "ending", "column": self.column, "signs": self.signs, "other": self.other}


def styles(column: str, cells: Sequence[Any]) -> Candidates:
    """Capitals, small letters and endings, as far as enough texts have them, but not all.

    Arguments:
        column: Its name.
        cells: n texts; what is missing is written in no way.
    """
    there = [as_text(cell) for cell in cells if as_text(cell).strip()]
    often = Counter(_parted(text)[1] for text in there)
    endings = [signs for signs, _ in sorted(often.items(), key=lambda item: (-item[1], item[0]))]
    known = [signs for signs in endings if len(endings) > 1 and often[signs] >= least(len(cells))]
    cues: list[Cue] = [
        *(Style(column, style) for style in ("upper", "lower")),
        *(Ending(column, signs, next(other for other in endings if other != signs)) for signs in known),
    ]
    columns = {column: cells}
    carried = [(cue, cue.carried(columns)) for cue in cues]
    kept = [(cue, has) for cue, has in carried if least(len(cells)) <= has.sum() < len(there)]
    matrix = np.column_stack([has for _, has in kept]) if kept else np.zeros((len(cells), 0), np.bool_)
    return Candidates(tuple(cue for cue, _ in kept), csc_matrix(matrix))


def which(cells: Sequence[Any], holds: Callable[[str], bool]) -> NDArray[np.bool_]:
    """(n,) of which texts something holds; of none that is missing or empty."""
    texts = map(as_text, cells)
    return np.array([bool(text.strip()) and holds(text) for text in texts], np.bool_)


def written(columns: Columns, column: str, where: NDArray[np.bool_], write: Callable[[str], str]) -> Columns:
    """The rows with some texts, (n,) bool, written anew; what is missing or empty stays so."""
    cells = columns[column]
    texts = [write(as_text(cell)) if there and as_text(cell).strip() else cell for cell, there in zip(cells, where, strict=True)]
    return {**columns, column: texts}


def _as_sentences(text: str) -> str:
    return _STARTS.sub(lambda found: found[1] + found[2].upper(), text.lower())


def _parted(text: str) -> tuple[str, str]:
    """A text without the signs at its end, and these."""
    whole = text.rstrip()
    end = len(whole)
    while end and not (whole[end - 1].isalnum() or whole[end - 1] == "_" or whole[end - 1].isspace()):
        end -= 1
    return whole[:end].rstrip(), whole[end:]
