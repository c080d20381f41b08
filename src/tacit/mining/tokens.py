"""Texts -> which of their tokens and phrases stand in which text, counted with arrays."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Found", "tokens"]

_MOST = 20_000
"""Of each kind of token those in the most texts are kept."""

_LONGEST = 40
"""Longer ones, as addresses of pages, are no words."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

Index = NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """Tokens of one kind, and where they are.

    Attributes:
        tokens: Each is one or more words in lower case.
        texts, places: (m,) the text and the token of each meeting, each pair once.
        first: Whether only the beginning of a text counts.
    """

    tokens: list[tuple[str, ...]]
    texts: Index
    places: Index
    first: bool = False


def tokens(lowered: Sequence[str], least: int) -> list[Found]:
    """Words; words that texts begin with; pairs of neighbors; signs, and pieces of two or three characters where none are spaced.

    A word is what is between other characters than letters, digits, underscores and the marks that belong to letters.

    Arguments:
        lowered: Texts in lower case; one that is missing is empty.
        least: In so many texts a token has to be.
    """
    characters = set().union(*lowered)
    marks = "".join(re.escape(c) for c in sorted(characters) if unicodedata.category(c).startswith("M"))
    letter = rf"[^\W{_UNSPACED}]"
    word = re.compile(rf"{letter}(?:{letter}|(?![{_UNSPACED}])[{marks}])*" if marks else f"{letter}+")
    spoken = [word.findall(text) for text in lowered]
    counts = np.fromiter(map(len, spoken), np.int64, len(spoken))
    text = np.repeat(np.arange(len(spoken)), counts)
    known: dict[str, int] = {}
    flat = itertools.chain.from_iterable(spoken)
    code = np.fromiter((known.setdefault(w, len(known)) for w in flat), np.int64, len(text))
    names = [(w,) for w in known]
    starts = np.cumsum(counts)[counts > 0] - counts[counts > 0]
    singles = _kept(names, text, code, least)
    begins = _kept(names, text[starts], code[starts], least)
    begins = Found(begins.tokens, begins.texts, begins.places, first=True)
    return [singles, begins, _pairs(list(known), text, code, least), _kept(*_pieces(lowered, characters), least)]


def _kept(names: Sequence[tuple[str, ...]], text: Index, code: Index, least: int) -> Found:
    """Each meeting once, of the tokens that are in enough texts; those in the most come first, whatever the order of the texts."""
    both = np.unique(text * max(len(names), 1) + code)
    text, code = np.divmod(both, max(len(names), 1))
    often = np.bincount(code, minlength=len(names))
    short = np.fromiter((sum(map(len, name)) <= _LONGEST for name in names), bool, len(names))
    enough = np.flatnonzero((often >= least) & short).tolist()
    ranked = sorted(enough, key=lambda i: (-often[i], names[i]))[:_MOST]
    place = np.full(len(names), -1)
    place[ranked] = np.arange(len(ranked))
    kept = place[code] >= 0
    return Found([names[i] for i in ranked], text[kept], place[code[kept]])


def _pairs(words: Sequence[str], text: Index, code: Index, least: int) -> Found:
    """Two words that stand side by side."""
    beside = np.flatnonzero(text[1:] == text[:-1])
    often = np.bincount(code, minlength=len(words))
    beside = beside[(often[code[beside]] >= least) & (often[code[beside + 1]] >= least)]
    both, place = np.unique(code[beside] * max(len(words), 1) + code[beside + 1], return_inverse=True)
    left, right = np.divmod(both, max(len(words), 1))
    names = [(words[a], words[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
    return _kept(names, text[beside], place, least)


def _pieces(lowered: Sequence[str], characters: Iterable[str]) -> tuple[list[tuple[str, ...]], Index, Index]:
    """Signs, alone and in pairs; pairs and threes of characters of scripts without spaces."""
    signs = "".join(re.escape(c) for c in sorted(characters) if _is_sign(c))
    runs = [(re.compile(f"[{_UNSPACED}]+"), (2, 3))] + ([(re.compile(f"[{signs}]+"), (1, 2))] if signs else [])
    known: dict[tuple[str, ...], int] = {}
    text, code = [], []
    for i, one in enumerate(lowered):
        here = {piece for pattern, sizes in runs for run in pattern.findall(one) for piece in _grams(run, sizes)}
        for piece in sorted(here):
            text.append(i)
            code.append(known.setdefault((piece,), len(known)))
    return list(known), np.array(text, np.int64), np.array(code, np.int64)


def _grams(run: str, sizes: Sequence[int]) -> Iterator[str]:
    return (run[i : i + n] for n in sizes for i in range(len(run) - n + 1))


def _is_sign(character: str) -> bool:
    wordy = character.isalnum() or character == "_" or character.isspace()
    return not wordy and character.isprintable() and not unicodedata.category(character).startswith("M")
