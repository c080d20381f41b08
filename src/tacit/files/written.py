"""Rows that are written: CSV, TSV, JSON lines or Parquet, by the ending of the file."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tacit.errors import FileError, quote

__all__ = ["ENDINGS", "check_target", "write"]

ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet")
"""The endings of files that are written."""


def check_target(path: Path) -> None:
    """Raise `FileError` unless rows can be written to a file of this ending in a folder that is there."""
    folder = path.absolute().parent
    if path.suffix.lower() not in ENDINGS:
        raise FileError(
            f"{path} is of a kind that is not written",
            right=f"files end in {', '.join(ENDINGS)}",
            next=f"{path.stem or 'rows'}.jsonl",
        )
    if not folder.is_dir():
        raise FileError(f"there is no folder {folder}", next=f"mkdir -p {folder}")


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows; what was in the file is replaced. `read` reads them back: values of JSON and Parquet as they are, of CSV as text.

    Arguments:
        path: Ends in one of `ENDINGS`.
        rows: Column -> value. Columns stand in the order in which they first occur; where a row has none the cell is empty.

    Raises:
        FileError: It is of another ending, cannot be written, or cannot hold such values.
    """
    check_target(path)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    kind = path.suffix.lower()
    try:
        if kind == ".parquet":
            _parquet(path, columns, rows)
        elif kind == ".jsonl":
            lines = [json.dumps(dict(row), ensure_ascii=False, default=_spelled) for row in rows]
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                out = csv.writer(file, delimiter="\t" if kind == ".tsv" else ",", lineterminator="\n")
                out.writerow(columns)
                out.writerows([row.get(name) for name in columns] for row in rows)
    except OSError as error:
        raise FileError(f"{path} cannot be written ({error.strerror})", next=f"ls -ld {path.absolute().parent}") from None
    except (TypeError, ValueError) as error:  # pyarrow's own errors are of these
        instead = ".jsonl" if kind == ".parquet" else ".parquet"
        raise FileError(
            f"{path} cannot hold such rows ({quote(str(error).splitlines()[0])})", next=f"{path.stem}{instead}"
        ) from None


def _parquet(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({name: pa.array([row.get(name) for row in rows]) for name in columns})
    pq.write_table(table, path)


def _spelled(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"JSON has no {type(value).__name__}")
