"""Rows that are Python objects: dicts, records, or plain values."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from tacit.errors import quote
from tacit.files.batches import PLAIN, Batch, Rows, Unreadable

__all__ = ["read_records", "rows_of"]

_AT_ONCE = 1000  # fewer than elsewhere, since what a generator makes may be large: images

_Numbered: TypeAlias = tuple[int, dict[str, Any] | Unreadable]


def read_records(rows: Iterable[Any]) -> Rows:
    """An iterable of dicts, dataclasses, named tuples or pydantic models, or else of plain values.

    The first row that is not None says which; a later one that is something else is set aside.
    The iterable is read once, and never held whole.
    """
    them = iter(rows)
    head = list(itertools.islice(them, _AT_ONCE))
    example = next((row for row in head if row is not None), None)
    them = itertools.chain(head, them)
    if head and _opened(example) is None:
        return Rows("rows", (PLAIN,), lambda _: _plain(them))
    return rows_of(((number, _taken_apart(number, row)) for number, row in enumerate(them, 1)), "rows")


def rows_of(numbered: Iterator[_Numbered], name: str) -> Rows:
    """Rows of dicts that come one by one, each with its number."""
    first = _batch(list(itertools.islice(numbered, _AT_ONCE)))
    return Rows(name, tuple(first.columns), lambda _: itertools.chain([first], _batches(numbered)))


def _batches(numbered: Iterator[_Numbered]) -> Iterator[Batch]:
    while some := list(itertools.islice(numbered, _AT_ONCE)):
        yield _batch(some)


def _batch(some: list[_Numbered]) -> Batch:
    kept = [(number, row) for number, row in some if isinstance(row, dict)]
    names = dict.fromkeys(name for _, row in kept for name in row)
    columns = {name: [row.get(name) for _, row in kept] for name in names}
    return Batch(columns, [number for number, _ in kept], [row for _, row in some if isinstance(row, Unreadable)])


def _plain(values: Iterator[Any]) -> Iterator[Batch]:
    number = 1
    while some := list(itertools.islice(values, _AT_ONCE)):
        yield Batch({PLAIN: some}, range(number, number + len(some)))
        number += len(some)


def _taken_apart(number: int, row: Any) -> dict[str, Any] | Unreadable:
    opened = _opened(row)
    if opened is None:
        return Unreadable(number, f"is {quote(row)}, a {type(row).__name__}, where the first rows have columns", quote(row))
    return opened


def _opened(row: Any) -> dict[str, Any] | None:
    """The columns of a row, or None if it is a plain value."""
    if isinstance(row, Mapping):
        return {str(name): value for name, value in row.items()}
    if dataclasses.is_dataclass(row) and not isinstance(row, type):
        return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
    if isinstance(row, tuple) and hasattr(row, "_asdict"):
        return dict(row._asdict())
    model_fields = getattr(type(row), "model_fields", None)  # pydantic, without importing it
    return None if model_fields is None else {name: getattr(row, name) for name in model_fields}
