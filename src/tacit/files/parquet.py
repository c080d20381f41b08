"""Parquet, read page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from tacit.errors import FileError
from tacit.files.batches import AT_ONCE, Batch, Rows, check_names

__all__ = ["read_parquet"]

_BATCH_BYTES = 32 * 1024 * 1024


def read_parquet(path: Path) -> Rows:
    """A Parquet file.

    Raises:
        FileError: It cannot be read, is cut off, or has no rows.
        ColumnError: Two columns have one name.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            names, meta = check_names(file.schema_arrow.names, path.name), file.metadata
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from None
    if meta.num_rows == 0:
        raise FileError(f"{path.name} has columns but no rows", next=f"ls -l {path}")
    size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    # Rows of images are large: fewer of them at once.
    at_once = max(1, min(AT_ONCE, _BATCH_BYTES * meta.num_rows // max(size, 1)))
    return Rows(path.name, names, lambda only: _batches(path, names, only, at_once))


def _batches(path: Path, names: tuple[str, ...], only: Collection[str] | None, at_once: int) -> Iterator[Batch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = [name for name in names if only is None or name in only]
    number = 1
    try:
        with pq.ParquetFile(path, buffer_size=1 << 20) as file:
            for part in file.iter_batches(at_once, columns=wanted, use_threads=False):
                yield Batch(part.to_pydict(), range(number, number + part.num_rows))
                number += part.num_rows
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error, f" behind row {number - 1:,}") from None


def _damaged(path: Path, error: Exception, where: str = "") -> FileError:
    return FileError(
        f"{path.name} is cut off, damaged or no Parquet file{where} ({str(error).splitlines()[0][:200]})", next=f"ls -l {path}"
    )
