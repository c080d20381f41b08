"""Parquet: a file, or a folder or pattern of files, as rows."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from tacit.files.batches import Batch, Rows
from tacit.files.pools import PoolFiles, open_pool

__all__ = ["has_parquet", "read_parquet"]


def read_parquet(where: str | os.PathLike[str]) -> Rows:
    """Parquet files, which stay where they are: `Rows.pool` reads rows by their numbers.

    Raises:
        FileError: One cannot be read or is cut off, or there are no rows.
        ColumnError: Two columns have one name, or files have different columns.
    """
    pool = open_pool(where)
    return Rows(Path(where).name, pool.columns, lambda only: _batches(pool, only), pool=pool)


def has_parquet(folder: Path) -> bool:
    """Whether there are Parquet files below a folder."""
    return next((True for path in folder.rglob("*.parquet") if path.is_file()), False)


def _batches(pool: PoolFiles, only: Collection[str] | None) -> Iterator[Batch]:
    wanted = [name for name in pool.columns if only is None or name in only]
    number = 1
    for columns in pool.batches(wanted or pool.columns[:1]):
        n = len(next(iter(columns.values())))
        yield Batch(columns, range(number, number + n))
        number += n
