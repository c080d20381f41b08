"""Rows that do not fit, set aside in a file with their reasons."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from tacit.errors import FileError
from tacit.files import Batch
from tacit.freezing import as_json

__all__ = ["SetAside"]

_SHOWN = 5  # problems that a message tells; the others are in the file
_LONGEST = 10_000  # characters of a text in the file


class SetAside:
    """The file of rows that do not fit; there is none while all fit.

    Attributes:
        path: Where it is, if there is one.
        count: How many rows it has.
        first: The problems of the first five.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.first: list[str] = []
        self._file: IO[str] | None = None

    def __enter__(self) -> SetAside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
        elif kind is None:
            with contextlib.suppress(OSError):  # all rows are stored: a file of the last time is no reason to fail now
                self.path.unlink()

    def put(self, batch: Batch, problems: Mapping[int, Sequence[str]]) -> None:
        """Write the unreadable rows of a batch, and those with problems, in their order."""
        bad = [(u.number, u.reason, u.text[:_LONGEST]) for u in batch.unreadable]
        for i, reasons in problems.items():
            row = {name: as_json(cells[i], longest=_LONGEST) for name, cells in batch.columns.items()}
            bad.append((batch.numbers[i], "; ".join(reasons), json.dumps(row, ensure_ascii=False)))
        for number, reason, text in sorted(bad):
            self.count += 1
            if len(self.first) < _SHOWN:
                self.first.append(f"row {number:,} {reason}")
            self._write([number, reason, text])

    def _write(self, cells: Sequence[Any]) -> None:
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                # Half of a surrogate pair may be the very problem.
                self._file = self.path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
                csv.writer(self._file).writerow(["row", "problem", "content"])
            csv.writer(self._file).writerow(cells)
        except OSError as error:
            raise FileError(
                f"the rows that do not fit cannot be set aside in {self.path} ({error.strerror})",
                next=f"df -h {self.path.parent}  # make room, then run it again",
            ) from None
