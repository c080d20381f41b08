"""Columns -> the cues that are in them, and the examples that each cue holds on."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.mining.conditions import Condition, Has, Is, Range, Says
from tacit.mining.tokens import tokens
from tacit.types import Kind, Maybe, Number, TextKind

__all__ = ["Cues", "find_cues"]

_FEW_VALUES = 50
_FEW_NUMBERS = 10
_CUTS = 10
"""Numbers are cut into so many parts of equally many examples."""

_OFTEN = 0.05
"""A number that so many examples share is a cue by itself, as 0 often is."""

_LONG_ENOUGH = 4
"""A word of so many characters may be looked for inside others, where that finds the same examples; "my" is in "enemy"."""

_Part = tuple[Condition, NDArray[np.int64]]


@dataclass(frozen=True)
class Cues:
    """Cues and where they hold.

    Attributes:
        cues: Those that hold on some examples, and not on all.
        holds: (n, n_cues) scipy CSC, float32, 1 where a cue holds on an example.
        lowered: Column of text -> its values in lower case, "" where missing.
    """

    cues: tuple[Condition, ...]
    holds: Any
    lowered: Mapping[str, Sequence[str]] = field(repr=False)

    @property
    def n(self) -> int:
        """How many examples there are."""
        return int(self.holds.shape[0])

    def rows(self, place: int) -> NDArray[np.int64]:
        """The examples that a cue holds on, ascending."""
        start, end = self.holds.indptr[place : place + 2]
        return np.sort(self.holds.indices[start:end]).astype(np.int64)

    def settled(self, place: int) -> Condition | None:
        """The cue in the simplest form whose code finds exactly these examples; None where no form does.

        What stands between two words of a text, and marks that belong to letters, can make the code find others.
        """
        cue = self.cues[place]
        if not isinstance(cue, Says):
            return cue
        texts, rows = self.lowered[cue.column], self.rows(place)
        plain = [i for i, t in enumerate(texts) if (t.startswith(cue.text) if cue.first else cue.text in t)]
        spaced = re.fullmatch(r"\w+", cue.tokens[0]) is not None and cue.tokens[0].isascii()
        if np.array_equal(plain, rows) and (not spaced or len(cue.text) >= _LONG_ENOUGH):
            return cue
        whole = replace(cue, plain=False)
        pattern = re.compile(whole.pattern)
        look = pattern.match if cue.first else pattern.search
        found = [i for i, t in enumerate(texts) if cue.tokens[0] in t and look(t)]
        return whole if np.array_equal(found, rows) else None


def find_cues(kinds: Mapping[str, Kind], columns: Mapping[str, Sequence[Any]], n: int) -> Cues:
    """The cues of some examples: tokens, phrases and lengths of texts, values, and ranges of numbers and moments.

    Images, vectors and keys have none. A plain `str` that repeats itself is a category.

    Arguments:
        kinds: The kind of each column.
        columns: n values of each, None where missing; those that are not here have no cues.
        n: How many examples there are.
    """
    from scipy.sparse import csc_matrix

    least = 2 if n >= 50 else 1
    lowered: dict[str, Sequence[str]] = {}
    parts: list[_Part] = []
    for column, kind in kinds.items():
        if column in columns:
            parts += _missing(column, columns[column])
            parts += _of_column(column, kind.kind if isinstance(kind, Maybe) else kind, columns[column], least, lowered)
    parts = [(cue, rows) for cue, rows in parts if least <= len(rows) < n]
    starts = np.cumsum([0, *(len(rows) for _, rows in parts)])
    at = np.concatenate([rows for _, rows in parts]) if parts else np.empty(0, np.int64)
    holds = csc_matrix((np.ones(len(at), np.float32), at, starts), (n, len(parts)))
    return Cues(tuple(cue for cue, _ in parts), holds, lowered)


def _missing(column: str, values: Sequence[Any]) -> Iterator[_Part]:
    absent = np.flatnonzero([v is None for v in values])
    if len(absent):
        yield Is(column, None), absent


def _of_column(column: str, kind: Kind, values: Sequence[Any], least: int, lowered: dict[str, Sequence[str]]) -> Iterator[_Part]:
    known = np.flatnonzero([v is not None for v in values])
    present = [values[i] for i in known.tolist()]
    if not present:
        return
    if kind.role == "category" or (isinstance(kind, TextKind) and kind.written == "str" and _repeats(present)):
        yield from _values(column, present, known, _FEW_VALUES)
    elif isinstance(kind, Number):
        yield from _numbers(column, np.array(present, np.int64 if kind.whole else np.float64), known)
    elif kind.role == "moment":
        yield from _moments(column, np.array([v.isoformat() for v in present]), known)
    elif kind.role in ("categories", "words"):
        yield from _members(column, present, known, least)
    elif isinstance(kind, TextKind):
        lowered[column] = ["" if v is None else v.lower() for v in values]
        for found in tokens(lowered[column], least):
            order = np.argsort(found.places, kind="stable")
            starts = np.searchsorted(found.places[order], np.arange(len(found.tokens) + 1)).tolist()
            texts = found.texts[order]
            for words, start, end in zip(found.tokens, starts, starts[1:], strict=False):
                yield Says(column, words, found.first), texts[start:end]
        lengths = np.array(list(map(len, present)))
        yield from ((replace(cue, of="length"), at) for cue, at in _ranges(column, lengths, known) if not _closed(cue))


def _repeats(present: Sequence[str]) -> bool:
    distinct = set(present)
    return len(distinct) <= min(_FEW_VALUES, len(present) / 3) and max(map(len, distinct)) <= 60


def _values(column: str, present: Sequence[Any], known: NDArray[np.int64], most: int) -> Iterator[_Part]:
    codes: dict[Any, int] = {}
    code = np.array([codes.setdefault(v, len(codes)) for v in present])
    often = Counter(code.tolist())
    ranked = sorted(codes, key=lambda v: (-often[codes[v]], str(v)))[:most]
    yield from ((Is(column, v), known[code == codes[v]]) for v in ranked)


def _members(column: str, present: Sequence[Any], known: NDArray[np.int64], least: int) -> Iterator[_Part]:
    rows: dict[Any, list[int]] = {}
    for i, several in zip(known.tolist(), present, strict=True):
        for member in dict.fromkeys(several):
            rows.setdefault(member, []).append(i)
    yield from ((Has(column, m), np.array(at)) for m, at in rows.items() if len(at) >= least)


def _numbers(column: str, values: NDArray[Any], known: NDArray[np.int64]) -> Iterator[_Part]:
    distinct, often = np.unique(values, return_counts=True)
    telling = np.arange(len(distinct)) if len(distinct) <= _FEW_NUMBERS else np.flatnonzero(often >= _OFTEN * len(values))
    yield from ((Is(column, distinct[i].item()), known[values == distinct[i]]) for i in telling.tolist())
    yield from ((c, rows) for c, rows in _ranges(column, values, known) if len(distinct) > _FEW_NUMBERS or not _closed(c))


def _closed(cue: Range) -> bool:
    return cue.low is not None and cue.high is not None


def _ranges(column: str, values: NDArray[Any], known: NDArray[np.int64]) -> Iterator[tuple[Range, NDArray[np.int64]]]:
    """From, below and between round numbers near the quantiles of all values, and of those that are not the usual one."""
    distinct, often = np.unique(values, return_counts=True)
    usual = distinct[often.argmax()]
    cuts = distinct[1:].tolist()
    if len(distinct) > _FEW_NUMBERS:
        cuts = [*_quantiles(values), *(_quantiles(values[values != usual]) if often.max() >= _OFTEN * len(values) else ())]
    yield from _cut(column, values, known, sorted({_rounded(cut, distinct) for cut in cuts}), "value")


def _quantiles(values: NDArray[Any]) -> list[Any]:
    ranked = np.sort(values)
    return [ranked[len(ranked) * i // _CUTS].item() for i in range(1, _CUTS)]


def _rounded(cut: Any, distinct: NDArray[Any]) -> Any:
    """A number near by with as few digits as separate the same two values."""
    below = int(np.searchsorted(distinct, cut))
    for digits in range(1, 7):
        short = float(f"{cut:.{digits}g}")
        if np.searchsorted(distinct, short) == below:
            return int(short) if isinstance(cut, int) else short
    return cut


def _moments(column: str, values: NDArray[Any], known: NDArray[np.int64]) -> Iterator[_Part]:
    """Days at the quantiles. The ISO 8601 form is compared as text, which needs no import, whatever the time zone."""
    yield from _cut(column, values, known, sorted({day[:10] for day in _quantiles(values)}), "moment")


def _cut(
    column: str, values: NDArray[Any], known: NDArray[np.int64], cuts: Sequence[Any], of: str
) -> Iterator[tuple[Range, NDArray[np.int64]]]:
    for low in cuts:
        yield Range(column, low, None, of), known[values >= low]
        yield Range(column, None, low, of), known[values < low]
    for low, high in itertools.pairwise(cuts):
        yield Range(column, low, high, of), known[(values >= low) & (values < high)]
