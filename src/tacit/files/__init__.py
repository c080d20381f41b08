"""Everything that `add` takes, as batches of Python columns: files, folders, frames, and rows in memory.

Each format has a module; they are imported when they are needed.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tacit.errors import FileError, OptionError, nearest, quote
from tacit.files.batches import PLAIN, Batch, Rows, Unreadable

__all__ = ["PLAIN", "SUFFIXES", "Batch", "Rows", "Unreadable", "read"]

SUFFIXES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".parquet")
"""The endings of files that are read."""


def read(rows: Any) -> Rows:
    """Make rows ready to be read. Nothing is ever held whole that is not whole in memory already.

    Arguments:
        rows: A path of a CSV, TSV, JSONL or Parquet file, of a folder of images or of Parquet files, or a pattern of those such
            as "part-*.parquet"; a pandas or polars frame; anything with `__arrow_c_stream__`; an iterable of dicts, records or
            plain values.

    Example:
        >>> [batch.columns for batch in read([{"review": "Loved it"}]).batches(None)]
        [{'review': ['Loved it']}]

    Raises:
        FileError: The file is missing, of an unknown kind, empty, damaged, or not UTF-8.
        ColumnError: Two columns have one name.
        OptionError: It is nothing that rows can be read from.
    """
    if isinstance(rows, str | os.PathLike):
        return _read_path(Path(rows), rows)
    if hasattr(rows, "iloc") and hasattr(rows, "columns"):
        from tacit.files.frames import read_pandas

        return read_pandas(rows)
    if hasattr(rows, "__arrow_c_stream__") or hasattr(rows, "__arrow_c_array__"):
        from tacit.files.frames import read_arrow

        if (table := read_arrow(rows)) is not None:
            return table
    if isinstance(rows, Mapping | bytes | bytearray) or not isinstance(rows, Iterable):
        right = "rows are a path, a data frame, or a list of dicts or values"
        raise OptionError(f"rows is {quote(rows)}, a {type(rows).__name__}", right=right, next="pass a list: [row, ...]")
    from tacit.files.records import read_records

    return read_records(rows.to_pylist() if hasattr(rows, "to_pylist") else rows)


def _read_path(path: Path, given: str | os.PathLike[str]) -> Rows:
    name = path.name.lower()
    known = name.endswith(SUFFIXES)
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except (OSError, ValueError):  # a text given in place of a list of texts may be too long for a path
        is_folder = is_there = False
    if is_folder:
        from tacit.files.images import read_images
        from tacit.files.parquet import has_parquet, read_parquet

        return read_parquet(path) if has_parquet(path) else read_images(path)
    if not is_there:
        if name.endswith(".parquet") and glob.has_magic(str(given)):
            from tacit.files.parquet import read_parquet

            return read_parquet(given)
        if not known:
            raise FileError(
                f"there is no file {quote(str(given))}",
                right="one text in place of a file is a list with one text",
                next="pass a path, or [text]",
            )
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        near = nearest(path.name, beside)
        raise FileError(f"there is no file {path}", right=f"did you mean {near}?" if near else None, next=f"ls {path.parent}")
    if name.endswith((".csv", ".csv.gz", ".tsv", ".tsv.gz")):
        from tacit.files.delimited import read_delimited

        return read_delimited(path, "\t" if ".tsv" in name[-7:] else ",")
    if name.endswith((".jsonl", ".jsonl.gz", ".ndjson")):
        from tacit.files.jsonlines import read_jsonlines

        return read_jsonlines(path)
    if name.endswith(".parquet"):
        from tacit.files.parquet import read_parquet

        return read_parquet(path)
    raise FileError(
        f"{path} is of a kind that is not read",
        right=f"files end in {', '.join(SUFFIXES)}",
        next=f"jq -c '.[]' {path} > {path.stem}.jsonl" if name.endswith(".json") else f"convert it to {path.stem}.csv",
    )
