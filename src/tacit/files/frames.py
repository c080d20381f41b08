"""Data frames and Arrow tables in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from tacit.errors import OptionError
from tacit.files.batches import AT_ONCE, Batch, Rows, check_names

__all__ = ["read_arrow", "read_pandas"]


def read_pandas(frame: Any) -> Rows:
    """A `pandas.DataFrame`, cell by cell: its object columns hold what Arrow has no type for, such as images."""
    names = check_names([str(name) for name in frame.columns], "the data frame")
    return Rows("rows", names, lambda only: _from_pandas(frame, names, only))


def _from_pandas(frame: Any, names: tuple[str, ...], only: Collection[str] | None) -> Iterator[Batch]:
    wanted = [(i, name) for i, name in enumerate(names) if only is None or name in only]
    for start in range(0, len(frame), AT_ONCE):
        part = frame.iloc[start : start + AT_ONCE]
        yield Batch({name: part.iloc[:, i].tolist() for i, name in wanted}, range(start + 1, start + len(part) + 1))


def read_arrow(table: Any) -> Rows | None:
    """A polars frame, a pyarrow table, or anything else with `__arrow_c_stream__`; None if it has no columns.

    Raises:
        OptionError: It holds something that Arrow has no type for.
        ColumnError: Two columns have one name.
    """
    import pyarrow as pa

    try:
        streams = hasattr(table, "__arrow_c_stream__")
        reader = pa.RecordBatchReader.from_stream(table) if streams else pa.table(table).to_reader()
    except (pa.ArrowException, TypeError, ValueError) as error:
        if not hasattr(table, "columns"):
            return None  # one column, such as a polars Series
        raise OptionError(
            f"the rows cannot be read as Arrow ({str(error).splitlines()[0]})", next="pass rows.to_dicts() instead"
        ) from None
    names = check_names(reader.schema.names, "the table")
    return Rows("rows", names, lambda only: _from_arrow(reader, names, only))


def _from_arrow(reader: Any, names: tuple[str, ...], only: Collection[str] | None) -> Iterator[Batch]:
    wanted = [name for name in names if only is None or name in only]
    number = 1
    for block in reader:
        for start in range(0, block.num_rows, AT_ONCE):
            part = block.slice(start, AT_ONCE).select(wanted)
            yield Batch(part.to_pydict(), range(number, number + part.num_rows))
            number += part.num_rows
