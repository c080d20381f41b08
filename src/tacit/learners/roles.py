"""What the columns of a table are to a learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tacit.learners.contract import Data, bare
from tacit.types import Key, Kind, Maybe, TextKind

__all__ = ["CATEGORIES", "IMAGES", "NUMBERS", "ROLES", "TEXTS", "as_text", "columns_of", "maybe_text", "settle", "surely_text"]

TEXTS = frozenset({"text", "words"})
NUMBERS = frozenset({"number", "moment", "vector"})
CATEGORIES = frozenset({"category", "categories", "key"})
IMAGES = frozenset({"image"})
ROLES = TEXTS | NUMBERS | CATEGORIES | IMAGES
"""The roles of inputs that learners can use."""

_FEW = 50
_SHARE = 0.05
_LONG = 40


def maybe_text(kind: Kind) -> bool:
    """Whether a column may be text that people wrote."""
    return kind.role in TEXTS


def surely_text(kind: Kind) -> bool:
    """Whether a column is text, whatever it holds; a plain `str` is either text or a category."""
    inner = bare(kind)
    return kind.role in TEXTS and not (isinstance(inner, TextKind) and inner.written == "str")


def as_text(value: Any) -> str:
    """A value of a text column as one text; what is missing has none."""
    return "" if value is None else value if isinstance(value, str) else " ".join(value)


def columns_of(kinds: Mapping[str, Kind], roles: frozenset[str]) -> list[str]:
    """The columns that have one of these roles, in order."""
    return [name for name, kind in kinds.items() if kind.role in roles]


def settle(data: Data) -> Data:
    """The data with each plain `str` column declared as what it holds: `Id` for categories, else `Text`.

    A category repeats itself: at most half as many values as rows, and at most 50 of them or a twentieth of the rows; and
    its values are short. Settled data comes back as it is.
    """
    open_columns = {n: k for n, k in data.kinds.items() if maybe_text(k) and not surely_text(k)}
    if not open_columns:
        return data
    kinds = dict(data.kinds)
    for name, kind in open_columns.items():
        settled: Kind = Key() if _repeats(data.columns[name]) else TextKind()
        kinds[name] = Maybe(settled) if isinstance(kind, Maybe) else settled
    return replace(data, kinds=kinds)


def _repeats(values: Sequence[Any]) -> bool:
    present = [v for v in values if v is not None]
    distinct = set(present)
    if not distinct:
        return True
    n = len(present)
    few = len(distinct) <= n / 2 and (len(distinct) <= _FEW or len(distinct) <= _SHARE * n)
    return few and sum(map(len, distinct)) / len(distinct) <= _LONG
