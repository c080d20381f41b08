"""The ledger: one JSON object a line, one line a command, only ever appended to.

A line is on disk before the next command begins, so a runner that is killed loses the command it was in and nothing else.
A command that failed, or that was killed, is there with its reason.
"""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

Row = dict[str, Any]

INTERRUPTED = "interrupted"


class Key(NamedTuple):
    """What makes two commands the same, whatever the commit."""

    work: str
    arm: str
    seed: int
    budget: float


class Summary(NamedTuple):
    """`n` scores of one arm: mean, standard deviation (None for n = 1), mean seconds, and the largest peak of memory."""

    n: int
    mean: float
    sd: float | None
    seconds: float
    train_s: float
    peak_mb: float


def key(row: Row) -> Key:
    return Key(row["work"], row["arm"], int(row["seed"]), float(row["budget"]))


def read(file: Path) -> list[Row]:
    """Every row, oldest first.

    A last line without its end, which a kill in the middle of a write leaves, is not a row; any other line that is not JSON
    is an error that names its number.
    """
    if not file.exists():
        return []
    *whole, _ = file.read_bytes().split(b"\n")
    rows = []
    for number, line in enumerate(whole, 1):
        if not line.strip():
            continue
        try:
            rows.append(json.loads(line))
        except ValueError:
            raise SystemExit(
                f"line {number} of {file.name} is not JSON; the ledger is only appended to: restore that line"
            ) from None
    return rows


def append(file: Path, row: Row) -> None:
    """One more row, on disk when this returns. Half a line left by a kill is ended first, and stays out of the rows."""
    key(row)
    line = json.dumps(row, sort_keys=True, allow_nan=False)
    with open(file, "a+b") as out:
        end = out.seek(0, os.SEEK_END)
        if end:
            out.seek(-1, os.SEEK_END)
            if out.read(1) != b"\n":
                _cut(out, end)
        out.write(line.encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


def _cut(out: Any, end: int) -> None:
    out.seek(0)
    kept = out.read(end).rfind(b"\n") + 1
    out.truncate(kept)
    out.seek(0, os.SEEK_END)


def finished(row: Row) -> bool:
    return row.get("returncode") == 0 and isinstance(row.get("score"), int | float)


def latest(rows: Iterable[Row]) -> dict[Key, Row]:
    """Of each command its last finished row."""
    return {key(row): row for row in rows if finished(row)}


def failed(rows: Iterable[Row]) -> dict[Key, Row]:
    """Of each command that never finished its last row, which says why."""
    rows = list(rows)
    done = latest(rows)
    return {key(row): row for row in rows if key(row) not in done}


def repeated(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    """The commands that finished more than once: whether the machine was as fast as before can be seen by them."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        if finished(row):
            found.setdefault(key(row), []).append(row)
    return {k: v for k, v in found.items() if len(v) > 1}


def summary(rows: Iterable[Row]) -> Summary | None:
    rows = list(rows)
    if not rows:
        return None
    scores = [float(r["score"]) for r in rows]
    return Summary(
        len(rows),
        statistics.fmean(scores),
        statistics.stdev(scores) if len(scores) > 1 else None,
        statistics.fmean(float(r["seconds"]) for r in rows),
        statistics.fmean(float(r.get("train_s") or r["seconds"]) for r in rows),
        max(float(r["peak_rss_mb"]) for r in rows),
    )
