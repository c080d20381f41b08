"""Cues of a text: words, and phrases of up to four."""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from tacit.cues.contract import Candidates, Cue, least
from tacit.learners import Columns
from tacit.learners.roles import as_text

__all__ = ["Phrase", "phrases"]

_LONGEST = 4
"""Tokens of a phrase."""

_READ = 400
"""Tokens of a text that are looked at."""

_SAME = 0.8
"""A part of a phrase that is seldom seen without the whole is no cue of its own."""

_TOKEN = re.compile(r"\w+(?:['\u2019]\w+)*|[^\w\s]+")

Gram = tuple[str, ...]


@dataclass(frozen=True)
class Phrase:
    """A word or some in a row, whatever their case and the spaces between them.

    Attributes:
        column: Of the texts.
        text: As it is written most often.
    """

    column: str
    text: str

    def __str__(self) -> str:
        return self.text

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        tokens = [token for token, _ in _tokens(self.text)]
        start = r"(?<!\w)" if tokens and tokens[0][0].isalnum() else ""
        end = r"(?!\w)" if tokens and tokens[-1][-1].isalnum() else ""
        return re.compile(start + r"\s*".join(map(re.escape, tokens)) + end, re.IGNORECASE)

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        return np.array([self._pattern.search(as_text(value)) is not None for value in columns[self.column]], np.bool_)

    def without(self, columns: Columns) -> Columns:
        return {**columns, self.column: [self._cut(value) for value in columns[self.column]]}

    def put(self, columns: Columns) -> Columns:
        return {**columns, self.column: [self._joined(value) for value in columns[self.column]]}

    def parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """A text in pieces, each with whether it is the phrase."""
        at = 0
        for found in self._pattern.finditer(text):
            if found.start() > at:
                yield text[at : found.start()], False
            yield found[0], True
            at = found.end()
        if at < len(text):
            yield text[at:], False

    def touches(self, other: Cue) -> bool:
        """Whether it is another phrase with more words; a sign alone, such as a full stop, is no phrase."""
        if not isinstance(other, Phrase) or other.column != self.column or not any(c.isalnum() for c in other.text):
            return False
        mine, theirs = ([token for token, _ in _tokens(phrase.text)] for phrase in (self, other))
        return any(mine[i : i + len(theirs)] == theirs for i in range(len(mine) - len(theirs) + 1))

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "phrase", "column": self.column, "text": self.text}

    def _cut(self, value: Any) -> Any:
        text = as_text(value)
        return " ".join(self._pattern.sub(" ", text).split()) if self._pattern.search(text) else value

    def _joined(self, value: Any) -> Any:
        text = as_text(value)
        return value if self._pattern.search(text) else f"{self.text} {text}"


def phrases(column: str, values: Sequence[Any]) -> Candidates:
    """The words and phrases that are in enough texts.

    A phrase stands for its parts where these are seldom seen without it: "san francisco" for "san" and "francisco".

    Arguments:
        column: Its name.
        values: n texts; what is missing has no words.
    """
    n, fewest = len(values), least(len(values))
    read = [list(_grams(as_text(value))) for value in values]
    often = Counter(gram for row in read for gram in {gram for gram, _ in row})
    kept = {gram for gram, count in often.items() if count >= fewest}
    for gram in list(kept):
        for size in range(1, len(gram)):
            for part in (gram[i : i + size] for i in range(len(gram) - size + 1)):
                if often[gram] >= _SAME * often[part]:
                    kept.discard(part)
    order = {gram: i for i, gram in enumerate(sorted(kept, key=lambda g: (-often[g], g)))}
    written: dict[Gram, Counter[str]] = defaultdict(Counter)
    rows, places = [], []
    for i, row in enumerate(read):
        here = {gram: surface for gram, surface in row if gram in order}
        for gram, surface in here.items():
            written[gram][surface] += 1
            rows.append(i)
            places.append(order[gram])
    cues = tuple(Phrase(column, max(written[gram].items(), key=lambda item: (item[1], item[0]))[0]) for gram in order)
    carried = csc_matrix((np.ones(len(rows), np.bool_), (rows, places)), shape=(n, len(cues)))
    return Candidates(cues, carried)


def _tokens(text: str) -> list[tuple[str, tuple[int, int]]]:
    return [(found[0].lower(), found.span()) for found in _TOKEN.finditer(text)]


def _grams(text: str) -> Iterator[tuple[Gram, str]]:
    """Each phrase of a text, and how it is written."""
    tokens = _tokens(text)[:_READ]
    for size in range(1, _LONGEST + 1):
        for i in range(len(tokens) - size + 1):
            some = tokens[i : i + size]
            gram = tuple(token for token, _ in some)
            if any(token[0].isalnum() for token in (gram[0], gram[-1])) or size == 1:
                yield gram, " ".join(text[some[0][1][0] : some[-1][1][1]].split())
