"""The ledger: one line for each run of a project, only ever appended to, which a team keeps in git.

Each checkout writes under a name of its own and numbers its runs, so that lines of several people can be merged, and each line
has a hash of one that the same writer wrote before. What was changed, taken out, or never written because the run was killed shows.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tacit.benchmarking.records import Record
from tacit.errors import FileError
from tacit.project import Project

__all__ = ["FILE", "Ledger", "ledger_of"]

FILE = Path("bench") / "ledger.jsonl"
"""Where it lies in a project."""


class Ledger:
    """The ledger of a project.

    Arguments:
        file: Where it lies; it need not be there yet.
        hidden: A folder that git does not see, where this checkout keeps its name, and a folder for each of its runs.
    """

    def __init__(self, file: Path, hidden: Path) -> None:
        self.file, self._hidden = file, hidden

    def number(self) -> str:
        """The id of the next run: taken before it begins, so that a run that leaves no line leaves a gap."""
        writer = self._writer()
        taken = [int(folder.name) for folder in self._hidden.iterdir() if folder.name.isdecimal()]
        n = max(taken, default=0) + 1
        while True:
            try:
                (self._hidden / str(n)).mkdir()
            except FileExistsError:  # another benchmark took it meanwhile
                n += 1
            else:
                return f"{writer}-{n}"

    def folder(self, id: str) -> Path:
        """Where a run of this checkout keeps what is too large for a line; it need not be there for a run of others."""
        writer, _, n = id.partition("-")
        return self._hidden / (n if writer == self._writer() else id)

    def append(self, record: Record) -> Record:
        """Write a run, which is on disk when this returns; the record comes back with the hash of a line before."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        merged = self.file.parent / ".gitattributes"
        if not merged.exists():
            merged.write_text(f"{self.file.name} merge=union\n", encoding="utf-8")
        lines = self.file.read_text(encoding="utf-8", errors="replace").split("\n") if self.file.exists() else [""]
        writer = record.id.partition("-")[0]
        record = replace(record, after=next((_hash(line) for line in reversed(lines) if f'"id":"{writer}-' in line), ""))
        with open(self.file, "ab") as out:
            # Half a line, left by a kill, stays where it is, and is told of.
            out.write(("\n" if lines[-1] else "").encode() + record.line().encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())
        return record

    def read(self) -> tuple[list[Record], list[str]]:
        """All runs in the order of the file, and what is odd about it, a line for each.

        Raises:
            FileError: A line is no run, though it is whole.
        """
        lines = self.file.read_text(encoding="utf-8", errors="replace").split("\n") if self.file.exists() else []
        records, hashes, odd = [], [], []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            if not line.rstrip().endswith("}"):
                odd.append(f"line {number} of {self.file.name} is cut off: the run was killed while it was written")
                continue
            try:
                given = json.loads(line)
                if not isinstance(given, dict):
                    raise ValueError("it is no object")
                records.append(Record.from_dict(given))
            except (ValueError, TypeError, RecursionError) as error:
                raise FileError(
                    f"line {number} of {self.file} is no run ({error})",
                    right="the ledger is only appended to",
                    next=f"git checkout {self.file.parent.name}/{self.file.name}, or restore that line",
                ) from None
            hashes.append(_hash(line))
        return records, odd + _oddities(records, hashes)

    def _writer(self) -> str:
        self._hidden.mkdir(parents=True, exist_ok=True)
        file = self._hidden / "writer"
        if not file.exists():
            partial = file.with_suffix(f".{secrets.token_hex(4)}")
            partial.write_text(secrets.token_hex(4), encoding="ascii")
            with contextlib.suppress(FileExistsError):
                os.link(partial, file)  # whole or not at all, and the first one stays
            partial.unlink()
        return file.read_text(encoding="ascii").strip()


def ledger_of(project: Project) -> Ledger:
    """The ledger of a project."""
    return Ledger(project.root / FILE, project.hidden / "bench")


def _hash(line: str) -> str:
    return hashlib.blake2b(line.strip().encode(), digest_size=8).hexdigest()


def _oddities(records: Iterable[Record], hashes: Iterable[str]) -> list[str]:
    """What the numbers and the hashes of the lines tell: a line for each writer whose runs are not all there, as they were written."""
    numbers: dict[str, list[int]] = {}
    written: dict[str, set[str]] = {}
    changed: dict[str, list[int]] = {}
    for record, line in zip(records, hashes, strict=True):
        writer, _, number = record.id.partition("-")
        numbers.setdefault(writer, []).append(int(number) if number.isdecimal() else 0)
        if record.after and record.after not in written.setdefault(writer, set()):
            changed.setdefault(writer, []).append(numbers[writer][-1])
        written.setdefault(writer, set()).add(line)
    odd = []
    for writer, found in numbers.items():
        gone = sorted(set(range(1, max(found) + 1)) - set(found))
        twice = sorted({n for n in found if found.count(n) > 1})
        if gone:
            odd.append(f"{_runs(gone)} of {writer} left no line: killed, still under way, or taken out")
        if twice:
            odd.append(f"{_runs(twice)} of {writer} stand there twice: one was copied")
        if writer in changed:
            odd.append(f"a line before {_runs(changed[writer])} of {writer} was changed or taken out")
    return odd


def _runs(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:5])) + (f" and {len(numbers) - 5} more" if len(numbers) > 5 else "")
    return f"run{'s' * (len(numbers) > 1)} {shown}"
