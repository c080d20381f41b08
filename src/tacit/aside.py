"""Rows that do not fit, set aside in a file with their reasons."""

from __future__ import annotations

import csv
import filecmp
import itertools
import json
import secrets
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

    No file of an earlier time is touched: `x.csv` that holds other rows stays, and these go to `x-2.csv`, `x-3.csv` ...

    Attributes:
        path: Where it is, if there is one, once all is written.
        count: How many rows it has.
        first: The problems of the first five.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{secrets.token_hex(8)}.part")
        self.count = 0
        self.first: list[str] = []
        self._file: IO[str] | None = None

    def __enter__(self) -> SetAside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            try:
                self._file.close()
                self._settle()
            except OSError as failed:
                if kind is None:
                    raise self._unwritten(failed) from None

    def _settle(self) -> None:
        """Give the file the first name that is free, or is that of the same rows already."""
        for n in itertools.count(1):
            path = self.path if n == 1 else self.path.with_stem(f"{self.path.stem}-{n}")
            try:
                path.open("x").close()
            except FileExistsError:
                if not path.is_file() or not filecmp.cmp(path, self._part, shallow=False):
                    continue
            self._part.replace(path)
            self.path = path
            return

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
                self._file = self._part.open("x", encoding="utf-8", errors="backslashreplace", newline="")
                csv.writer(self._file).writerow(["row", "problem", "content"])
            csv.writer(self._file).writerow(cells)
        except OSError as error:
            raise self._unwritten(error) from None

    def _unwritten(self, error: OSError) -> FileError:
        return FileError(
            f"the rows that do not fit cannot be set aside in {self.path} ({error.strerror})",
            next=f"df -h {self.path.parent}  # make room, then run it again",
        )
