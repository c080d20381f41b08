"""The one form in which rows arrive, whatever they were read from."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tacit.errors import ColumnError, quote

if TYPE_CHECKING:
    from tacit.files.pools import PoolFiles

__all__ = ["AT_ONCE", "PLAIN", "Batch", "Rows", "Unreadable", "check_names"]

AT_ONCE = 8192
"""The most rows in a batch."""

PLAIN = ""
"""The name of the only column of rows that are plain values."""


@dataclass(frozen=True)
class Unreadable:
    """A row that could not be taken apart.

    Attributes:
        number: Which row, counted as `Batch.numbers` are.
        reason: What is wrong with it.
        text: The row as it was found.
    """

    number: int
    reason: str
    text: str


@dataclass(frozen=True)
class Batch:
    """Some rows, as columns of Python values.

    Attributes:
        columns: Name -> the value of each row; None where there is none.
        numbers: Which rows these are, as a person counts them: from 1, without the header; in JSONL, the line.
        unreadable: Rows among these that could not be taken apart; they are not in `columns`.
    """

    columns: dict[str, list[Any]]
    numbers: Sequence[int]
    unreadable: Sequence[Unreadable] = ()


@dataclass(frozen=True)
class Rows:
    """Rows that are ready to be read.

    Attributes:
        name: What messages call them: the name of the file, or "rows".
        columns: The names of the columns. Rows that are dicts have those that occur in the first thousand;
            plain values have the one column `PLAIN`; rows that are none have none.
        batches: Reads them, once, a batch at a time; given names, it may leave the other columns out.
        images: Whether they are a folder of images: columns "image" (a path) and "folder".
        pool: The Parquet files that they are, whose rows can be read by their numbers too.
    """

    name: str
    columns: tuple[str, ...]
    batches: Callable[[Collection[str] | None], Iterator[Batch]]
    images: bool = False
    pool: PoolFiles | None = None

    @property
    def plain(self) -> bool:
        """Whether these are values that have no column names."""
        return self.columns == (PLAIN,)

    @property
    def stem(self) -> str:
        """The name without the ending of its format."""
        return re.sub(r"\.(csv|tsv|jsonl|ndjson|parquet)(\.gz)?$", "", self.name, flags=re.IGNORECASE)


def check_names(names: Sequence[str], source: str) -> tuple[str, ...]:
    """The names, if each is there once. Raises `ColumnError`."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ColumnError(
                f"{source} has two columns named {quote(name)}",
                right=f"its columns are {', '.join(names)}",
                next=f"rename one of them, to {name or 'column'}_2 say",
            )
        seen.add(name)
    return tuple(names)
