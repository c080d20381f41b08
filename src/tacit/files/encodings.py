"""Text files, plain or gzipped, checked whole before the first row is taken: none is left half read."""

from __future__ import annotations

import codecs
import gzip
import zlib
from pathlib import Path
from typing import IO

from tacit.errors import FileError

__all__ = ["MAX_LINE", "check_text", "open_bytes"]

MAX_LINE = 16 * 1024 * 1024
"""The longest line that is read, in bytes."""

_WIDE = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked where its name ends with .gz."""
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def check_text(path: Path) -> None:
    """Raise `FileError` unless the file is UTF-8 with lines of a length that can be read, and not empty."""
    number, filled = 0, False
    try:
        with open_bytes(path) as file:
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if number == 1 and (wide := _WIDE.get(line[:2])):
                    raise _not_utf8(path, f"it starts like {wide}", wide)
                if len(line) > MAX_LINE:
                    raise FileError(
                        f"line {number:,} of {path.name} is longer than {MAX_LINE / 2**20:.0f} MiB",
                        right="such a line is most often a missing line break or an unclosed quote",
                        next=f"sed -n {number}p {path} | head -c 300",
                    )
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError as error:
                    byte = line[error.start]
                    seems = f"line {number:,} holds the byte 0x{byte:02X}, which in Latin-1 is {chr(byte)!r}"
                    raise _not_utf8(path, seems, "latin1") from None
                filled = filled or bool(line.removeprefix(codecs.BOM_UTF8).strip())
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(
            f"{path.name} is cut off or damaged after line {number:,} ({error})", next=f"gzip --test {path}"
        ) from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror})", next=f"ls -l {path}") from None
    if not filled:
        raise FileError(f"{path.name} is empty", next=f"ls -l {path}")


def _not_utf8(path: Path, seems: str, encoding: str) -> FileError:
    plain = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    source = f"gunzip -c {path} | iconv -f {encoding} -t utf-8" if plain != path else f"iconv -f {encoding} -t utf-8 {path}"
    return FileError(
        f"{path.name} is not UTF-8: {seems}", next=f"{source} > {plain.with_name(f'{plain.stem}-utf8{plain.suffix}')}"
    )
