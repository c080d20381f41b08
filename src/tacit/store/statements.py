"""Statements that more than one part of the store needs."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, insert, select

from tacit.store.schema import blobs

__all__ = ["AT_ONCE", "add_blobs", "chunks", "insert_new", "known_among"]

T = TypeVar("T")

AT_ONCE = 500
"""Names in one IN (...), which databases limit."""


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    them = iter(items)
    while some := list(itertools.islice(them, size)):
        yield some


def known_among(connection: Connection, column: ColumnElement[str], ids: Iterable[str], *where: ColumnElement[bool]) -> set[str]:
    """Those of `ids` that a table has already."""
    found: set[str] = set()
    for some in chunks(ids, AT_ONCE):
        found.update(connection.scalars(select(column).where(*where, column.in_(some))))
    return found


def insert_new(connection: Connection, table: Table) -> Any:
    """INSERT ... ON CONFLICT DO NOTHING, which SQLAlchemy has once for each database."""
    dialect = importlib.import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    return dialect.insert(table).on_conflict_do_nothing()


def add_blobs(connection: Connection, data: Mapping[str, bytes]) -> None:
    """Store those blobs, by id, that are not there yet."""
    known = known_among(connection, blobs.c.id, data)
    if fresh := [{"id": i, "data": blob} for i, blob in data.items() if i not in known]:
        connection.execute(insert(blobs), fresh)
