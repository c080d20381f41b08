"""Features of a pool as a file that is mapped into memory: written in blocks, and after a kill from the block that is missing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tacit.errors import FileError, OptionError
from tacit.progress import Progress, report

__all__ = ["FeatureFile", "feature_file", "kept_features"]

_KINDS = ("float32", "float16", "uint8")

Array = NDArray[Any]


@dataclass(frozen=True)
class FeatureFile:
    """Where features are, and how many of them.

    The folder holds `features`, the numbers row by row; `blocks`, a line for each block that is wholly on the disk, with the row
    behind it; and `about.json`. A line is written after its block has reached the disk, so that whatever ends the process, each line
    is true; a line that is cut off counts as none.

    Attributes:
        folder: Where.
        size, width: Rows, and numbers in each.
        dtype: "float32", "float16" or "uint8".
    """

    folder: Path
    size: int
    width: int
    dtype: str

    @property
    def done(self) -> int:
        """How many rows are on the disk."""
        try:
            lines = (self.folder / "blocks").read_bytes().split(b"\n")[:-1]
            there = (self.folder / "features").stat().st_size // (self.width * np.dtype(self.dtype).itemsize)
        except (FileNotFoundError, NotADirectoryError):
            return 0
        ends = [int(line) for line in lines if line.isdigit()]
        return min(max(ends, default=0), there, self.size)

    def write(self, blocks: Callable[[int], Iterator[Array]]) -> None:
        """Write the rows that are missing, one block after the other.

        Two processes may do so at the same time: they write the same numbers to the same places.

        Arguments:
            blocks: The first row that is missing -> (m, width) finite features of the rows from there on, in order.

        Raises:
            OptionError: A block is not as wide, has a feature that is missing, infinite, or too large for the dtype; or there are
                more or fewer rows than `size`.
            FileError: The disk is full, or does not let it be written.
        """
        done = self.done
        if done == self.size:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            about = {"size": self.size, "width": self.width, "dtype": self.dtype}
            (self.folder / "about.json").write_text(json.dumps(about) + "\n", encoding="utf-8")
            with _opened(self.folder / "features") as numbers, _opened(self.folder / "blocks") as journal:
                _end_line(journal)
                for block in blocks(done):
                    made = self._checked(block, done)
                    numbers.seek(done * made.dtype.itemsize * self.width)
                    numbers.write(made.tobytes())
                    _to_disk(numbers)
                    done += len(made)
                    journal.write(f"{done}\n".encode())
                    _to_disk(journal)
                    report(Progress("features of the pool", done, self.size))
        except OSError as error:
            raise FileError(
                f"features cannot be written ({error})", where=str(self.folder), next=f"df -h {self.folder}"
            ) from None
        if done < self.size:
            raise OptionError(
                f"features of {done:,} rows were given for {self.size:,}",
                right="there are as many as the pool has rows",
                next="feature_file(folder, pool.size, width, of=...)",
            )

    def mapped(self) -> np.memmap[Any, Any]:
        """(size, width) features, which stay on the disk until they are looked at, and cannot be written.

        Raises:
            FileError: They are not all there.
        """
        if self.done < self.size:
            raise FileError(
                f"features of {self.done:,} of {self.size:,} rows are there",
                where=str(self.folder),
                next="write(blocks) goes on where it ended",
            )
        return np.memmap(self.folder / "features", self.dtype, "r", shape=(self.size, self.width))

    def _checked(self, block: Array, first: int) -> Array:
        given = np.asarray(block)
        if given.ndim != 2 or given.shape[1] != self.width or first + len(given) > self.size:
            raise OptionError(
                f"a block of shape {given.shape} begins at row {first:,}",
                right=f"features have the shape (rows, {self.width}), of {self.size:,} rows in all",
                next="feature_file(folder, pool.size, width, of=...)",
            )
        with np.errstate(over="ignore"):
            made = np.ascontiguousarray(given, self.dtype)
        bad = ~np.isfinite(made).all(axis=1)
        if bad.any():
            raise OptionError(
                f"row {first + int(np.argmax(bad)):,} has a feature that is missing, infinite or too large for {self.dtype}",
                right="features are finite numbers",
                next='dtype="float32", or numpy.nan_to_num(block)',
            )
        return made


def feature_file(home: Path, size: int, width: int, *, of: str, dtype: str = "float32") -> FeatureFile:
    """The file of some features, whether it is there or not.

    Arguments:
        home: The folder of all such, `.tacit/features` of a project.
        size, width: Rows, and numbers in each.
        of: What the features are of and how they are made, such as the fingerprint of the pool with the name and the digest of the
            encoder: others have another folder.
        dtype: "float32", "float16" for half of the space, or "uint8" for bytes.

    Raises:
        OptionError: The dtype is no such, or the size or the width less than 1.
    """
    if dtype not in _KINDS or width < 1 or size < 1:
        raise OptionError(
            f"features of shape ({size:,}, {width}) are kept as {dtype}",
            right=f"it is {', '.join(_KINDS[:-1])} or {_KINDS[-1]}, and there are 1 or more rows and numbers in each",
            next='dtype="float32"',
        )
    name = hashlib.blake2b(json.dumps([of, size, width, dtype]).encode(), digest_size=16).hexdigest()
    return FeatureFile(Path(home) / "pools" / name, size, width, dtype)


def kept_features(
    home: Path, size: int, width: int, blocks: Callable[[int], Iterator[Array]], *, of: str, dtype: str = "float32"
) -> np.memmap[Any, Any]:
    """Features that are made once: those on the disk, after what is missing was written.

    Arguments:
        home, size, width, of, dtype: As for `feature_file`.
        blocks: As for `FeatureFile.write`.

    Raises:
        OptionError: As for `feature_file` and `FeatureFile.write`.
        FileError: They cannot be written.
    """
    file = feature_file(home, size, width, of=of, dtype=dtype)
    file.write(blocks)
    return file.mapped()


def _opened(path: Path) -> BinaryIO:
    """For reading and writing, without losing what is there."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644), "r+b")


def _end_line(journal: BinaryIO) -> None:
    """Go to the end, and let a line that was cut off be one that says nothing."""
    end = journal.seek(0, os.SEEK_END)
    if end:
        journal.seek(end - 1)
        if journal.read(1) != b"\n":
            journal.write(b"?\n")


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
