"""A table whose first line is data: noticed before its values become the names of columns."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Sequence
from pathlib import Path

from tacit.errors import FileError, quote
from tacit.files.encodings import open_bytes
from tacit.scaffold.profiles import Profile, Table, fits
from tacit.types import Number, Unfit

__all__ = ["check_header", "is_delimited", "looks_doubled", "no_header"]

_WRITTEN = 12  # names that are written out in the line to type


def is_delimited(path: Path) -> bool:
    """Whether the first line of such a file names its columns."""
    return path.name.lower().removesuffix(".gz").endswith((".csv", ".tsv"))


def check_header(path: Path, table: Table) -> None:
    """Raise `FileError` if the names of the columns look like one more row, and none of them like a name.

    A number over numbers or a date over dates looks like data, unless it counts the columns or is a year; so does a text that
    comes again below. A text over numbers is a name.
    """
    data = 0
    for i, column in enumerate(table.columns):
        kinds = [(name, kind) for name, kind in column.kinds.items() if name != "text" and column.present]
        if any(not kind.missing(column.name) and fits(name, kind, column.name) for name, kind in kinds):
            data += not _counts(column.name, i)
        elif kinds and column.name.strip() and not _is_number(column.name):
            return
        else:
            data += _comes_again(column)
    if data:
        raise no_header(path, [column.name for column in table.columns])


def looks_doubled(path: Path) -> list[str] | None:
    """The cells of the first line if two of them are the same number or empty: values, since no two names are; else None."""
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
        cells = next((row for row in csv.reader(lines, delimiter=_delimiter(path)) if row), [])
    return cells if any(_is_number(c) and cells.count(c) > 1 for c in cells[:1000]) else None


def no_header(path: Path, cells: Sequence[str]) -> FileError:
    """The error that shows the line, and how to put names above it."""
    return FileError(
        f"the first line of {path.name} is data, not the names of its columns: {quote(_delimiter(path).join(cells), length=100)}",
        where=f"{path.name}:1",
        right="a table starts with a line of names",
        next=_add_names(path, len(cells)),
    )


def _add_names(path: Path, n: int) -> str:
    between = "\\t" if _delimiter(path) == "\t" else ","
    first = f"seq -f c%g 1 {n} | paste -s -d '{between}' -"
    if n <= _WRITTEN:
        first = f"echo {','.join(f'c{i}' for i in range(1, n + 1))}" + (" | tr , '\\t'" if between != "," else "")
    plain = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    stem, _, ending = plain.rpartition(".")
    rest = f"gunzip -c {shlex.quote(str(path))}" if plain != path.name else f"cat {shlex.quote(str(path))}"
    return f"({first}; {rest}) > {shlex.quote(f'{stem}-named.{ending}')}"


def _delimiter(path: Path) -> str:
    return "\t" if ".tsv" in path.name.lower() else ","


def _is_number(text: str) -> bool:
    try:
        Number().parse(text)
    except Unfit:
        return False
    return True


def _counts(name: str, position: int) -> bool:
    """Whether a number is a name all the same: the place of its column, or a year."""
    return name.strip() in (str(position), str(position + 1), str(position - 1)) or (
        len(name.strip()) == 4 and name.strip().isdigit() and "1900" <= name.strip() <= "2100"
    )


def _comes_again(column: Profile) -> bool:
    return column.name in column.counts and column.counts.total() > len(column.counts)
