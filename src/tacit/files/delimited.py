"""CSV and TSV, read by Arrow block by block. Every cell is text or None: the types of the task say what it means."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from tacit.errors import FileError
from tacit.files.batches import AT_ONCE, Batch, Rows, Unreadable, check_names
from tacit.files.encodings import MAX_LINE, check_text, open_bytes

__all__ = ["read_delimited"]


def read_delimited(path: Path, delimiter: str) -> Rows:
    """A file whose first line names the columns. An empty cell is None.

    Raises:
        FileError: It cannot be read, is not UTF-8, or has no rows.
        ColumnError: Two columns have one name.
    """
    check_text(path)
    header = _header(path, delimiter)
    if delimiter == "," and len(header) == 1 and ";" in header[0]:
        delimiter = ";"  # where the comma stands in numbers, spreadsheets write CSV so
        header = _header(path, delimiter)
    names = check_names(header, path.name)
    return Rows(path.name, names, lambda only: _batches(path, delimiter, names, only))


def _header(path: Path, delimiter: str) -> list[str]:
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
        try:
            return next(row for row in csv.reader(lines, delimiter=delimiter) if row)
        except csv.Error as error:
            raise FileError(f"the first line of {path.name} cannot be read ({error})", next=f"head -n 2 {path}") from None


def _batches(path: Path, delimiter: str, names: tuple[str, ...], only: Collection[str] | None) -> Iterator[Batch]:
    import pyarrow as pa
    import pyarrow.csv as pc

    wanted = [name for name in names if only is None or name in only]
    torn: deque[Unreadable] = deque()

    def tear(row: Any) -> str:
        number = row.number - 1  # Arrow counts the header
        reason = f"has {row.actual_columns} fields where the header has {row.expected_columns}"
        if lines := row.text.count("\n"):
            reason += f"; it goes over {lines + 1:,} lines, so perhaps a quote is not closed"
        torn.append(Unreadable(number, reason, row.text))
        return "skip"

    number = 1
    try:
        with open_bytes(path) as file:
            reader = pc.open_csv(
                file,
                # One thread: with more, Arrow does not tell which rows it skipped.
                read_options=pc.ReadOptions(use_threads=False, block_size=MAX_LINE),
                parse_options=pc.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=tear),
                convert_options=pc.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=wanted,
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
            for block in reader:
                for start in range(0, block.num_rows, AT_ONCE):
                    part = block.slice(start, AT_ONCE)
                    numbers, unreadable = _count(number, part.num_rows, torn)
                    number = numbers[-1] + 1
                    yield Batch(part.to_pydict(), numbers, unreadable)
    except (pa.ArrowInvalid, OSError) as error:
        if "Empty CSV" not in str(error):
            raise FileError(
                f"{path.name} cannot be read behind row {number - 1:,} ({_plainly(error)})",
                next=f"sed -n {number + 1}p {path} | head -c 300",
            ) from None
    if torn:
        yield Batch({name: [] for name in wanted}, range(0), list(torn))
    elif number == 1:
        raise FileError(f"{path.name} has a header but no rows", next=f"head {path}")


def _count(first: int, n: int, torn: deque[Unreadable]) -> tuple[list[int] | range, list[Unreadable]]:
    """The numbers of the next `n` rows, and the rows between them that were skipped."""
    if not torn or torn[0].number >= first + n:
        return range(first, first + n), []
    numbers: list[int] = []
    skipped: list[Unreadable] = []
    while len(numbers) < n:
        if torn and torn[0].number == first:
            skipped.append(torn.popleft())
        else:
            numbers.append(first)
        first += 1
    return numbers, skipped


def _plainly(error: Exception) -> str:
    if "straddl" in str(error):
        return f"a row is larger than {MAX_LINE / 2**20:.0f} MiB; most often a quote is not closed"
    return str(error).splitlines()[0][:200]
