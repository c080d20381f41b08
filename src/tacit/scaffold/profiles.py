"""What is known of a file's columns after each cell was seen once, in memory that does not grow with the file."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tacit.errors import FileError
from tacit.files import Rows
from tacit.files.images import SUFFIXES
from tacit.progress import Progress, report
from tacit.types import Category, ImageKind, Kind, Moment, Number, TextKind, Unfit, VectorKind, is_missing

__all__ = ["Profile", "Table", "fits", "profile"]

_MOST = 1_000  # values of a column that are counted
_SHORT = 200  # characters of a text that is counted
_REMEMBERED = 4_000_000  # values, over all columns, by which repetitions are found
_DECODED = 20  # images of a column that are decoded; the others have to be there
_SAMPLE = 20

_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)")
_CODE = re.compile(r"\s*0[0-9]+\s*")
_BOOL = Category((False, True), "bool")


@dataclass
class Profile:
    """One column.

    Attributes:
        name: What the file calls it.
        folder: Where paths of images may start, besides the current folder.
        remembered: How many values are kept to find repetitions by.
        rows, gaps: How many cells it has, and how many of them are empty.
        holes: Those of `kinds` for which a cell that is not empty stands for nothing, such as "?" for a number.
        counts: How often each short value comes, of the first thousand.
        more: Whether there are values that are not in `counts`.
        repeated: Whether a value came twice.
        types: The Python types of the cells.
        looked, words, longest: Different texts, and the words and most characters that they have.
        low, high: The range of whole numbers.
        pictures: Whether every cell is bytes, or the path of an image by its ending.
        paths: Paths of images that are relative -> the files.
    """

    name: str
    folder: Path
    remembered: int = 100_000
    rows: int = 0
    gaps: int = 0
    holes: set[str] = field(default_factory=set)
    counts: Counter[Any] = field(default_factory=Counter)
    more: bool = False
    repeated: bool = False
    types: set[type] = field(default_factory=set)
    looked: int = 0
    words: int = 0
    longest: int = 0
    low: int = 2**63
    high: int = -(2**63)
    pictures: bool = True
    paths: dict[str, Path] = field(default_factory=dict)
    _left: dict[str, Kind] = field(default_factory=dict, repr=False)
    _taken: set[str] = field(default_factory=set, repr=False)
    _known: set[Hashable] = field(default_factory=set, repr=False)
    _tried: int = 0
    _decoded: int = 0

    def __post_init__(self) -> None:
        self._left = {
            "bool": _BOOL,
            "date": Moment(),
            "datetime": Moment(has_time=True),
            "int": Number(whole=True),
            "float": Number(),
            "text": TextKind("str"),
        }

    @property
    def present(self) -> int:
        """How many cells are not empty."""
        return self.rows - self.gaps

    @property
    def kinds(self) -> dict[str, Kind]:
        """What every cell fits or is a hole of, and one at least fits: "bool", "int", "float", "date", "datetime", "vector", "text"."""
        return {name: kind for name, kind in self._left.items() if name in self._taken}

    @property
    def images(self) -> bool:
        """Whether it is a column of images, some of which may be damaged."""
        return self.pictures and 2 * self._decoded > self._tried

    def see(self, cells: Sequence[Any]) -> None:
        """Take in the cells of one batch."""
        self.rows += len(cells)
        types = set(map(type, cells)) - {type(None)}
        self.types |= types
        if not types <= {str, int, float, bytes} or (bool in self.types and len(self.types) > 1):
            cells = [_counted(cell, bool in types and len(self.types) > 1) for cell in cells]
        for value, n in Counter(cells).items():
            text = type(value) is str
            if value is None or value in ("", b"") or (not text and is_missing(value)):
                self.gaps += n
                continue
            short = len(value) <= _SHORT if text else not isinstance(value, bytes | tuple)
            key = value if short else hash(value)
            new = key not in self._known
            self.repeated = self.repeated or n > 1 or not new
            if new and len(self._known) < self.remembered:
                self._known.add(key)
            if short and (len(self.counts) < _MOST or value in self.counts):
                self.counts[value] += n
            else:
                self.more = True
            if new:
                self._look(value)

    def _look(self, value: Any) -> None:
        if isinstance(value, tuple) and value and self.looked == 0:
            self._left["vector"] = VectorKind(len(value))
        self.looked += 1
        text = type(value) is str
        if text:
            self.words += value.count(" ") + 1
            self.longest = max(self.longest, len(value))
        for name, kind in [*self._left.items()]:
            if not (text and _surely_fits(name, value)):
                if kind.missing(value):
                    self.holes.add(name)
                    continue
                if not fits(name, kind, value):
                    del self._left[name]
                    continue
            self._taken.add(name)
            if name == "int":
                self.low, self.high = min(self.low, int(value)), max(self.high, int(value))
        if self.pictures:
            self.pictures = self._is_picture(value)

    def _is_picture(self, value: Any) -> bool:
        if isinstance(value, str):
            path = Path(value)
            if path.suffix.lower() not in SUFFIXES or len(value) > 1000 or "\0" in value:
                return False
            if not path.is_absolute():
                if ".." in path.parts or "\\" in value:
                    return False  # a copy of it would lie outside the project
                path = next((base / path for base in (self.folder, Path.cwd()) if (base / path).is_file()), path)
                if path.is_file():
                    self.paths[value] = path.resolve()
            value = path
        elif not isinstance(value, bytes):
            return False
        if self._tried < _DECODED:
            self._tried += 1
            self._decoded += fits("image", ImageKind(), value)
        return True


def _surely_fits(name: str, text: str) -> bool:
    """What `fits` says of most cells, sooner; False where it has to look closer."""
    if name == "text":
        return len(text) <= _SHORT and text.isascii() and not text.isspace()
    if name == "float" and (text[0] in "123456789-" or text.startswith("0.")) and "_" not in text:
        try:
            return math.isfinite(float(text))
        except ValueError:
            return False
    return False


def fits(name: str, kind: Kind, value: Any) -> bool:
    """Whether a kind would be proposed for a column with this value: stricter than what it can be read as."""
    text = value.strip() if isinstance(value, str) else None
    if name == "bool" and not isinstance(value, bool) and (text or "").lower() not in ("true", "false"):
        return False  # "yes" and "1" stay what the file has
    if name in ("int", "float") and (isinstance(value, bool) or (text is not None and _CODE.fullmatch(text))):
        return False  # 007 is not 7
    if name == "int" and (not isinstance(value, int | str) or (text is not None and not _WHOLE.fullmatch(text))):
        return False  # 22.0 has no digits behind the point only so far
    if name in ("date", "datetime") and text is not None and text[:4].isdigit() and not "1900" <= text[:4] <= "2100":
        return False  # eight digits are a date in ISO 8601, and may be any number
    if name == "date" and isinstance(value, dt.datetime):
        return False
    if name == "text" and isinstance(value, tuple):
        return False  # a list of characters can be read as text, and of words cannot
    try:
        kind.parse(value)
    except Unfit:
        return False
    return True


class _Nested:
    """Stands for a record in a cell, which no input is made of."""

    def __repr__(self) -> str:
        return "{...}"


_NESTED = _Nested()


def _counted(cell: Any, mixed: bool) -> Any:
    """A cell as something that can be counted; bools apart from numbers, which in Python are equal to them."""
    if mixed and isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, list | tuple):
        return tuple(_counted(c, mixed) for c in cell)
    if isinstance(cell, dict):  # the image column of Hugging Face's Parquet files, or a record
        return (cell["bytes"] or cell.get("path")) if "bytes" in cell else _NESTED
    return cell


@dataclass(frozen=True)
class Table:
    """All columns.

    Attributes:
        columns: In the order of the file.
        rows: How many rows could be read.
        sample: The first few rows, column -> cell.
    """

    columns: tuple[Profile, ...]
    rows: int
    sample: tuple[dict[str, Any], ...]


def profile(given: Rows, folder: Path, *, most: int | None = None) -> Table:
    """See every cell of a file once.

    All rows are read, since a type has to fit the last row too, or `tacit add` would set it aside.

    Arguments:
        given: The file.
        folder: Where paths of images may start, besides the current folder.
        most: Stop after so many rows.

    Raises:
        FileError: It cannot be read, or has no rows.
    """
    each = max(1_000, _REMEMBERED // max(1, len(given.columns)))
    columns = [Profile(name, folder, each) for name in given.columns]
    sample: list[dict[str, Any]] = []
    rows = 0
    for batch in given.batches(None):
        n = len(batch.numbers) if most is None else min(len(batch.numbers), most - rows)
        sample += [{name: cells[i] for name, cells in batch.columns.items()} for i in range(min(n, _SAMPLE - len(sample)))]
        for column in columns:
            column.see(batch.columns.get(column.name, [None] * n)[:n])
        rows += n
        report(Progress(f"reading {given.name}", rows))
        if most is not None and rows >= most:
            break
    if not rows or not columns:
        raise FileError(f"{given.name} has no rows that can be read", next=f"head {given.name}")
    return Table(tuple(columns), rows, tuple(sample))
