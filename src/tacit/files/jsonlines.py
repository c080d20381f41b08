"""JSONL: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tacit.files.batches import Rows, Unreadable
from tacit.files.encodings import check_text, open_bytes
from tacit.files.records import rows_of

__all__ = ["read_jsonlines"]


def read_jsonlines(path: Path) -> Rows:
    """A file with a JSON object on each line; a line that is none is set aside.

    Raises:
        FileError: It cannot be read, is not UTF-8, or is empty.
    """
    check_text(path)
    return rows_of(_lines(path), path.name)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | Unreadable]]:
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            text = line.decode("utf-8-sig").strip()
            if not text:
                continue
            try:
                row = json.loads(text)
            except (ValueError, RecursionError) as error:
                yield number, Unreadable(number, f"is not JSON ({error})", text)
                continue
            if isinstance(row, dict):
                yield number, row
            else:
                yield number, Unreadable(number, "is JSON, but no object with the columns by name", text)
