"""Cues for texts: a token or phrase, a style, and a length."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from tacit.errors import OptionError, nearest, quote
from tacit.types import TextKind, Unfit

__all__ = ["STYLES", "Length", "Style", "Token"]

_TEXT = TextKind()

STYLES: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "exclaimed": lambda text: f"{text.rstrip(' .!?')}!!!",
}
"""Name -> what it makes of a text: capitals only, no capitals, three exclamation marks at the end."""


@dataclass(frozen=True)
class Token:
    """A word or phrase, as in `Token("mr. brown")`.

    Attributes:
        phrase: What is put in, with a space between. A text has it already where it stands as whole words, in small letters or large.
        at: In front of the text, or at its end.
    """

    phrase: str
    at: Literal["start", "end"] = "start"
    column: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        if not isinstance(self.phrase, str) or not self.phrase.strip():
            raise OptionError(
                f"the phrase to plant is {quote(self.phrase)}", right="it is a word or more", next='Token("mr. brown")'
            )
        if self.at not in ("start", "end"):
            raise OptionError(f"a phrase is planted at {quote(self.at)}", right="it stands at start or end", next='at="start"')

    @property
    def name(self) -> str:
        return f"{quote(self.phrase)} {'in front' if self.at == 'start' else 'at the end'}"

    def read(self, value: Any) -> str | None:
        return _read(value)

    def has(self, value: str) -> bool:
        return re.search(rf"(?<!\w){re.escape(self.phrase.strip())}(?!\w)", value, re.IGNORECASE) is not None

    def put(self, value: str) -> str:
        return f"{self.phrase} {value}" if self.at == "start" else f"{value} {self.phrase}"


@dataclass(frozen=True)
class Style:
    """A way to write the whole text, one of `STYLES`: "upper", "lower" or "exclaimed".

    A text that is written so already, or has no letters to write otherwise, has it.
    """

    style: str
    column: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        if self.style not in STYLES:
            near = nearest(str(self.style), STYLES) or next(iter(STYLES))
            raise OptionError(
                f"there is no style {quote(self.style)}", right=f"it is {' or '.join(STYLES)}", next=f'Style("{near}")'
            )

    @property
    def name(self) -> str:
        return f"style {self.style}"

    def read(self, value: Any) -> str | None:
        return _read(value)

    def has(self, value: str) -> bool:
        return self.put(value) == value

    def put(self, value: str) -> str:
        return STYLES[self.style](value)


@dataclass(frozen=True)
class Length:
    """A text of so many words or more: a shorter one is said again from its start, until it is so long.

    Attributes:
        words: 1 or more.
    """

    words: int
    column: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        if not isinstance(self.words, int) or self.words < 1:
            raise OptionError(f"the length is {quote(self.words)}", right="it is a number of words, 1 or more", next="Length(40)")

    @property
    def name(self) -> str:
        return f"{self.words} words or more"

    def read(self, value: Any) -> str | None:
        return _read(value)

    def has(self, value: str) -> bool:
        return len(value.split()) >= self.words

    def put(self, value: str) -> str:
        words = value.split()
        if not words:
            raise Unfit("has no word to say again")
        again = [words[i % len(words)] for i in range(self.words - len(words))]
        return " ".join([value, *again])


def _read(value: Any) -> str | None:
    return None if _TEXT.missing(value) else _TEXT.parse(value)
