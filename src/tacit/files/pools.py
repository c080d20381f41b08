"""A pool that stays where it is: Parquet files, read in batches, whose rows have addresses that hold as long as the files do."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import ColumnError, FileError, OptionError, nearest, quote
from tacit.files.batches import AT_ONCE, check_names

__all__ = ["Address", "PoolFile", "PoolFiles", "open_pool"]

_BATCH_BYTES = 1 << 25
"""About how large a batch may be: rows of images are large, so fewer of them come at once."""


@dataclass(frozen=True)
class Address:
    """Where a row is.

    Attributes:
        file: The path.
        number: Which row of the file, from 0.
    """

    file: Path
    number: int


@dataclass(frozen=True)
class PoolFile:
    """A Parquet file as it was when the pool was opened.

    Attributes:
        path: Where it is.
        rows: How many it has.
        bytes, modified: Its size, and when it was written, in nanoseconds.
        footer: A hash of its metadata, in which Parquet has the place and the size of everything.
        groups: The rows of each of its row groups.
    """

    path: Path
    rows: int
    bytes: int
    modified: int
    footer: str
    groups: tuple[int, ...]

    def check(self, *, footer: bool = False) -> None:
        """Raise a FileError if the file is not what it was; the footer is read again only if asked."""
        try:
            now = self.path.stat()
            same = (now.st_size, now.st_mtime_ns) == (self.bytes, self.modified)
            same = same and (not footer or _footer(self.path) == self.footer)
        except OSError as error:
            raise FileError(f"{self.path} cannot be read any more ({error})", next=f"ls -l {self.path}") from None
        if not same:
            raise FileError(
                f"{self.path} has changed since the pool was opened",
                right="a pool stays as it is while it is read, or its rows would get other numbers",
                next="open the pool again, once nothing writes to it",
            )


@dataclass(frozen=True)
class PoolFiles:
    """The rows of some files, numbered from 0 in the order of the files' paths; see `open_pool`.

    Attributes:
        files: By path.
        columns: The names of the columns, those of every file.
        at_once: The most rows of a batch.
    """

    files: tuple[PoolFile, ...]
    columns: tuple[str, ...]
    at_once: int

    @property
    def size(self) -> int:
        """How many rows there are."""
        return sum(file.rows for file in self.files)

    @property
    def fingerprint(self) -> str:
        """Another one whenever a file is another, changed, added or gone: 32 hexadecimal digits."""
        parts = [f"{f.path}\0{f.rows}\0{f.bytes}\0{f.modified}\0{f.footer}" for f in self.files]
        return hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    def addresses(self, rows: ArrayLike) -> list[Address]:
        """Where rows are.

        Raises:
            OptionError: A row is none of the pool.
        """
        file, number = self._places(rows)
        return [Address(self.files[f].path, n) for f, n in zip(file.tolist(), number.tolist(), strict=True)]

    def numbers(self, addresses: Sequence[Address]) -> NDArray[np.int64]:
        """(n,) the rows at those addresses.

        Raises:
            OptionError: There is no such file in the pool, or no such row in the file.
        """
        known = {file.path: (start, file.rows) for file, start in zip(self.files, self._starts().tolist(), strict=True)}
        for address in addresses:
            if not 0 <= address.number < known.get(address.file, (0, 0))[1]:
                raise OptionError(
                    f"row {address.number:,} of {address.file} is none of the pool",
                    right=f"it has {len(known):,} files and {self.size:,} rows",
                    next="pool.addresses([0])",
                )
        return np.array([known[a.file][0] + a.number for a in addresses], np.int64)

    def batches(self, columns: Sequence[str] | None = None, *, start: int = 0) -> Iterator[dict[str, list[Any]]]:
        """All rows from `start` on, in order: each batch is Python values by column, and no more than a batch is in memory.

        Each file is looked at before and after it is read, and between batches.

        Arguments:
            columns: Which; all by default.
            start: The first row. Files and row groups before it are not read.

        Raises:
            FileError: A file has changed, is gone or damaged.
            OptionError: There is no such column.
        """
        wanted = self._columns(columns)
        for file, first in zip(self.files, self._starts().tolist(), strict=True):
            if first + file.rows > start:
                yield from self._file(file, wanted, max(start - first, 0))

    def read(self, rows: ArrayLike, columns: Sequence[str] | None = None) -> dict[str, list[Any]]:
        """Single rows, in the order in which they are asked for; only the row groups that they are in are read, in batches.

        Arguments:
            rows: Numbers of rows.
            columns: Which; all by default.

        Raises:
            FileError: A file has changed, is gone or damaged.
            OptionError: A row is none of the pool, or there is no such column.
        """
        wanted = self._columns(columns)
        file, number = self._places(rows)
        found: dict[str, list[Any]] = {name: [None] * len(number) for name in wanted}
        for f in np.unique(file).tolist():
            mine = np.flatnonzero(file == f)
            for at, values in _some(self.files[f], wanted, number[mine], self.at_once):
                for name in wanted:
                    for i, value in zip(mine[at].tolist(), values[name], strict=True):
                        found[name][i] = value
        return found

    def _file(self, file: PoolFile, wanted: list[str], start: int) -> Iterator[dict[str, list[Any]]]:
        ends = np.cumsum(file.groups)
        group = int(np.searchsorted(ends, start, side="right"))
        skipped = start - int(ends[group] - file.groups[group])
        for part in _batches(file, range(group, len(file.groups)), wanted, self.at_once):
            if skipped < part.num_rows:
                yield part.slice(skipped).to_pydict()
            skipped = max(skipped - part.num_rows, 0)

    def _starts(self) -> NDArray[np.int64]:
        return np.cumsum([0, *(file.rows for file in self.files)])[:-1]

    def _places(self, rows: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which file each row is in, and its number there."""
        asked = np.asarray(rows, np.int64).ravel()
        wrong = asked[(asked < 0) | (asked >= self.size)]
        if len(wrong):
            raise OptionError(
                f"row {wrong[0]:,} is none of the pool", right=f"rows are 0 to {self.size - 1:,}", next="pool.read([0])"
            )
        starts = self._starts()
        file = np.searchsorted(starts, asked, side="right") - 1
        return file, asked - starts[file]

    def _columns(self, columns: Sequence[str] | None) -> list[str]:
        for name in columns or ():
            if name not in self.columns:
                raise OptionError(
                    f"the pool has no column {quote(name)}",
                    right=f"its columns are {', '.join(self.columns)}",
                    next=f'columns=["{nearest(name, self.columns) or self.columns[0]}"]',
                )
        return list(self.columns if columns is None else columns)


def open_pool(where: str | os.PathLike[str]) -> PoolFiles:
    """Open Parquet files as a pool. Their footers are read, and no rows.

    Arguments:
        where: A file; a folder, of which all Parquet files count, also those of folders in it; or a pattern such as
            "data/part-*.parquet". Files without rows are left out.

    Raises:
        FileError: There is none, or one is no Parquet file.
        ColumnError: Files have different columns, or two columns one name.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    given = Path(where)
    if given.is_dir():
        paths = sorted(p for p in given.rglob("*.parquet") if p.is_file())
    elif given.is_file():
        paths = [given]
    else:
        paths = sorted(Path(p) for p in glob.glob(str(where), recursive=True) if Path(p).is_file())
    files: list[PoolFile] = []
    columns: dict[tuple[str, ...], Path] = {}
    total = 0
    for path in (p.absolute() for p in paths):
        try:
            found = path.stat()
            with pq.ParquetFile(path) as file:
                meta, names = file.metadata, check_names(file.schema_arrow.names, path.name)
            footer = _footer(path)
        except (pa.ArrowException, OSError) as error:
            raise _damaged(path, error) from None
        groups = tuple(meta.row_group(i).num_rows for i in range(meta.num_row_groups))
        total += sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
        if meta.num_rows:
            files.append(PoolFile(path, meta.num_rows, found.st_size, found.st_mtime_ns, footer, groups))
            columns.setdefault(names, path)
    if len(columns) > 1:
        (one, first), (two, second) = list(columns.items())[:2]
        apart = sorted(set(one) ^ set(two))
        raise ColumnError(
            f"{first.name} and {second.name} have different columns"
            + (f": only one has {', '.join(apart[:5])}" if apart else ""),
            right="the files of a pool have the same columns in the same order",
            next=f"open_pool({str(first)!r})",
        )
    if not files:
        raise FileError(
            f"there are no rows of Parquet files at {quote(str(where))}",
            right="it is a file, a folder or a pattern of such files",
            next=f"ls {given if given.is_dir() else given.parent}",
        )
    rows = sum(file.rows for file in files)
    return PoolFiles(tuple(files), next(iter(columns)), max(1, min(AT_ONCE, _BATCH_BYTES * rows // max(total, 1))))


def _some(
    file: PoolFile, wanted: list[str], numbers: NDArray[np.int64], at_once: int
) -> Iterator[tuple[NDArray[np.int64], dict[str, list[Any]]]]:
    """Rows of a file: positions in `numbers`, and their values."""
    order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(file.groups)
    for group in np.unique(np.searchsorted(ends, numbers, side="right")).tolist():
        first = int(ends[group] - file.groups[group])
        last = int(numbers[numbers < ends[group]].max())
        for part in _batches(file, [group], wanted, at_once):
            lower, upper = np.searchsorted(numbers[order], [first, first + part.num_rows])
            at = order[lower:upper]
            if len(at):
                yield at, part.take(numbers[at] - first).to_pydict()
            first += part.num_rows
            if first > last:
                break


def _batches(file: PoolFile, groups: Sequence[int], wanted: list[str], at_once: int) -> Iterator[Any]:
    """Record batches of some row groups of a file that stays what it was."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file.check(footer=True)
    row = sum(file.groups[: groups[0]])
    try:
        with pq.ParquetFile(file.path, buffer_size=1 << 20) as opened:
            for part in opened.iter_batches(at_once, row_groups=list(groups), columns=wanted, use_threads=False):
                file.check()
                row += part.num_rows
                yield part
    except (pa.ArrowException, OSError) as error:
        file.check(footer=True)
        raise _damaged(file.path, error, f" behind row {row:,}") from None
    file.check()


def _footer(path: Path) -> str:
    """A hash of the metadata at the end of a Parquet file: its length is in the four bytes before the last four."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 8, 0))
        length = int.from_bytes(file.read(8)[:4], "little")
        file.seek(max(size - 8 - length, 0))
        return hashlib.blake2b(file.read(length), digest_size=16).hexdigest()


def _damaged(path: Path, error: Exception, behind: str = "") -> FileError:
    said = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return FileError(f"{path} is cut off, damaged or no Parquet file{behind} ({said})", next=f"ls -l {path}")
