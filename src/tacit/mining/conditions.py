"""Conditions: cues in words and as Python. A token, a value, a range of a number."""

from __future__ import annotations

import enum
import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

__all__ = ["Condition", "Has", "Is", "Range", "Says", "literal"]

_LONGEST_NAME = 48
_SIGNS = {"/": "slash", ".": "dot", "-": "dash", "#": "hash", "<": "less", ">": "more"}
"""Signs that people call otherwise than Unicode does."""


class Condition(ABC):
    """A cue as Python says it: one condition on one column.

    Attributes:
        column: The column it looks at.
    """

    column: str

    @abstractmethod
    def __str__(self) -> str:
        """The condition as people read it."""

    @property
    @abstractmethod
    def words(self) -> str:
        """A name for a function that tests it; `name` makes Python's form of it."""

    @abstractmethod
    def test(self, access: str) -> str:
        """The condition as a Python expression.

        Arguments:
            access: The expression that reads the column, where it is not missing.
        """

    @property
    def imports(self) -> str | None:
        """The module that the expression needs."""
        return None

    @property
    def bears_missing(self) -> bool:
        """Whether the expression is False, and no error, for None."""
        return False

    @property
    def name(self) -> str:
        """`words` as a name of Python's, in lower case: letters of any script, digits and underscores."""
        plain = unicodedata.normalize("NFKC", self.words).lower()
        made = re.sub(r"_+", "_", re.sub(r"\W", "_", plain)).strip("_")[:_LONGEST_NAME].rstrip("_")
        return made if made.isidentifier() else f"cue_{made}".rstrip("_") if f"cue_{made}".isidentifier() else "cue"


@dataclass(frozen=True)
class Says(Condition):
    """A text holds some words, one behind the other, whatever their case.

    Attributes:
        column: A column of text.
        tokens: The words in lower case; a sign, or a piece of a text without spaces, counts as a word.
        first: Whether the text has to begin with them.
        plain: Whether they are looked for as they stand, also inside longer words; else as whole words, whatever is between them.
    """

    column: str
    tokens: tuple[str, ...]
    first: bool = False
    plain: bool = True

    @property
    def text(self) -> str:
        """The words with a space between."""
        return " ".join(self.tokens)

    @property
    def pattern(self) -> str:
        """The regular expression of the whole words; to be matched if they are the first, else searched."""
        inner = r"\W+".join(map(re.escape, self.tokens))
        # A mark at the end of a word is no word character for Python: there \b would look for the wrong thing.
        start, end = (
            edge if re.fullmatch(r"\w", c) else other
            for c, edge, other in ((inner[0], r"\b", r"(?<!\w)"), (inner[-1], r"\b", r"(?!\w)"))
        )
        return rf"\W*{inner}{end}" if self.first else f"{start}{inner}{end}"

    def __str__(self) -> str:
        return f"{self.column} {'begins with' if self.first else 'says'} {literal(self.text)}"

    @property
    def words(self) -> str:
        spelled = self.text
        if not any(c.isalnum() for c in spelled):
            spelled = " ".join(_SIGNS.get(c, "") or unicodedata.name(c, f"sign {ord(c):x}") for c in spelled)
        return f"{'begins with' if self.first else 'says'} {spelled}"

    @property
    def imports(self) -> str | None:
        return None if self.plain else "re"

    def test(self, access: str) -> str:
        lowered = access if self.text.lower() == self.text.upper() else f"{access}.lower()"
        if not self.plain:
            return f're.{"match" if self.first else "search"}(r"{self.pattern}", {lowered})'
        return f"{lowered}.startswith({literal(self.text)})" if self.first else f"{literal(self.text)} in {lowered}"


@dataclass(frozen=True)
class Range(Condition):
    """A number, the length of a text or a moment is from `low` to below `high`.

    Attributes:
        column: A column of numbers, texts or moments.
        low, high: The ends, None where it is open; `high` is not included. Moments are the start of their ISO 8601 form.
        of: "value", "length" of a text in characters, or "moment".
    """

    column: str
    low: Any
    high: Any
    of: str = "value"

    def __str__(self) -> str:
        what = f"length of {self.column}" if self.of == "length" else self.column
        if self.high is None:
            return f"{what} >= {self.low}"
        return f"{what} < {self.high}" if self.low is None else f"{self.low} <= {what} < {self.high}"

    @property
    def words(self) -> str:
        what = f"length of {self.column}" if self.of == "length" else self.column
        low, high = (str(end).replace("-", "_" if self.of == "moment" else "minus ") for end in (self.low, self.high))
        if self.high is None:
            return f"{what} from {low}"
        return f"{what} below {high}" if self.low is None else f"{what} {low} to {high}"

    def test(self, access: str) -> str:
        what = {"value": access, "length": f"len({access})", "moment": f"{access}.isoformat()"}[self.of]
        if self.high is None:
            return f"{what} >= {literal(self.low)}"
        if self.low is None:
            return f"{what} < {literal(self.high)}"
        return f"{literal(self.low)} <= {what} < {literal(self.high)}"


@dataclass(frozen=True)
class Is(Condition):
    """A column has one value; None is a missing one.

    Attributes:
        column: A column of categories, short texts or numbers.
        value: The value, as a labeling function is given it.
    """

    column: str
    value: Any

    def __str__(self) -> str:
        return f"{self.column} is missing" if self.value is None else f"{self.column} = {_shown(self.value)}"

    @property
    def words(self) -> str:
        if isinstance(self.value, bool):
            return f"{'is' if self.value else 'not'} {self.column}"
        return (
            f"no {self.column}" if self.value is None else f"{self.column} is {_shown(self.value)}".replace("is -", "is minus ")
        )

    @property
    def bears_missing(self) -> bool:
        return not isinstance(self.value, enum.Enum)

    def test(self, access: str) -> str:
        if isinstance(self.value, enum.Enum):
            return f"{access}.name == {literal(self.value.name)}"
        if self.value is None or isinstance(self.value, bool):
            return f"{access} is {self.value}"
        return f"{access} == {literal(self.value)}"


@dataclass(frozen=True)
class Has(Condition):
    """A value is among the several of a column.

    Attributes:
        column: A column of sets of categories, or of words.
        value: The member.
    """

    column: str
    value: Any

    def __str__(self) -> str:
        return f"{self.column} has {_shown(self.value)}"

    @property
    def words(self) -> str:
        return str(self)

    def test(self, access: str) -> str:
        if isinstance(self.value, enum.Enum):
            return f"any(one.name == {literal(self.value.name)} for one in {access})"
        return f"{literal(self.value)} in {access}"


def literal(value: Any) -> str:
    """A plain value as Python source; text in double quotes where that needs no escape.

    Example:
        >>> print(literal("ham"), literal('"'), literal(7))
        "ham" '"' 7
    """
    written = repr(value)
    return f'"{written[1:-1]}"' if isinstance(value, str) and written[0] == "'" and '"' not in written else written


def _shown(value: Any) -> str:
    return str(value.name if isinstance(value, enum.Enum) else value)
