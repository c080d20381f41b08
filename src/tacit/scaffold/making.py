"""The verb new: what a data file is like, and the project that is made of it."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tacit.errors import ColumnError, FileError, OptionError, TooFewLabels, nearest, quote
from tacit.files import Rows, read
from tacit.scaffold.headers import check_header, is_delimited, looks_doubled, no_header
from tacit.scaffold.naming import file_name, task_name
from tacit.scaffold.placing import place, write
from tacit.scaffold.plans import Content, Plan, commands, proposal_table
from tacit.scaffold.profiles import Table, profile
from tacit.scaffold.proposing import Proposal, label_kind, likely_labels, propose
from tacit.scaffold.starter import COMMANDS, TASK, starter
from tacit.scaffold.writing import project_files

__all__ = ["MOST_COPIED", "Made", "candidates", "new"]

MOST_COPIED = 200_000_000
"""Data of more bytes than this stays where it is, and the project refers to it."""

_LOOKED, _CELLS = 20_000, 2_000_000  # rows, or cells, that are read to ask which column is the label
_FEW = 50  # rows below which the types are guesses


@dataclass(frozen=True)
class Made:
    """A new project.

    Attributes:
        folder: Where it is, or would be.
        task: The name of its task.
        files: Its files, relative to the folder.
        columns: What became of each column of the data; empty without `like`.
        source: The text of the task file.
        next: What to type.
        notes: What to look at.
        pretended: Whether nothing was written.
    """

    folder: Path
    task: str
    files: tuple[str, ...]
    columns: tuple[Proposal, ...]
    source: str
    next: tuple[str, ...]
    notes: tuple[str, ...] = ()
    pretended: bool = False

    def __str__(self) -> str:
        parts = [proposal_table(self.columns)] if self.columns else []
        if self.pretended:
            parts.append(
                f"tasks/{self.task}.py\n\n" + "".join(f"    {line}".rstrip() + "\n" for line in self.source.splitlines())
            )
        said = "nothing was written; without --pretend this makes" if self.pretended else "made"
        parts.append(f"{said} {self.folder.name}/\n" + "\n".join(f"    {line}" for line in _listed(self.files)))
        parts += [f"note: {note}" for note in self.notes]
        parts.append("next:\n" + "\n".join(f"    {line}" for line in self.next))
        return "\n\n".join(part.rstrip() for part in parts)

    def to_dict(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "folder": str(self.folder),
            "task": self.task,
            "files": list(self.files),
            "columns": [p.to_dict() for p in self.columns],
            "next": list(self.next),
            "notes": list(self.notes),
            "pretended": self.pretended,
        }


def new(name: str, *, like: str | os.PathLike[str] | None = None, label: str | None = None, pretend: bool = False) -> Made:
    """Make a project in a folder of that name: a task, its test, data and a README that says what to type.

    Without `like` it is a small example that runs as it is. With it, the task's types are read off a data file, every cell of
    which is looked at once. The folder is there whole or not at all.

    Arguments:
        name: Of the folder, which is made in the current one: letters, digits, - and _.
        like: A CSV, TSV, JSONL or Parquet file, or a folder of images whose sub-folders are the labels.
        label: The column of `like` that holds labels.
        pretend: Write nothing; the result says what would be written.

    Raises:
        OptionError: The name cannot be used, the place is taken or inside a project, or it is not said what the label is.
        FileError: The file cannot be read, has no header, or the project cannot be written.
        ColumnError: There is no such label, it is neither a category nor a number, or nothing is left to learn from.
        TooFewLabels: All labels are the same.
    """
    target = place(name)
    if like is None:
        if label is not None:
            raise OptionError(
                f"label is {quote(label)}, of no file", next=f"tacit new {name} --like FILE --label {_shell(label)}"
            )
        files: dict[str, Content] = {**starter(name)}
        task, typed = TASK, list(COMMANDS)
        columns: tuple[Proposal, ...] = ()
        notes: list[str] = []
    elif not isinstance(like, str | os.PathLike):
        raise OptionError(
            f"like is {quote(like)}, a {type(like).__name__}", right="it is a path", next=f"tacit new {name} --like FILE"
        )
    else:
        plan, data, notes = _planned(name, Path(like), label)
        files = {**project_files(plan), **data}
        task, columns, typed = plan.task, plan.columns, commands(plan)
    if not pretend:
        write(target, files)
    source = str(files[f"tasks/{task}.py"])
    return Made(target, task, tuple(sorted(files)), columns, source, (f"cd {name}", *typed), tuple(notes), pretend)


def candidates(like: str | os.PathLike[str]) -> list[str]:
    """The columns of a file that can be the label, most likely first, judged by at most 20,000 of its rows.

    Raises:
        FileError: The file cannot be read.
        ColumnError: Two columns have one name.
    """
    path = Path(like)
    rows = _read(path)
    return likely_labels(_profile(path, rows, most=min(_LOOKED, max(1_000, _CELLS // max(1, len(rows.columns))))))


def _shell(text: str) -> str:
    return shlex.quote(text) if text.isprintable() else quote(text)


def _read(path: Path) -> Rows:
    try:
        return read(path.resolve() if path.is_dir() else path)
    except ColumnError:
        if is_delimited(path) and (cells := looks_doubled(path)) is not None:
            raise no_header(path, cells) from None
        raise


def _profile(path: Path, rows: Rows, *, most: int | None = None) -> Table:
    known = profile(rows, path.parent, most=most)
    if rows.images:
        known.columns[0].pictures = True  # whatever their folders are called, and however many are damaged
    if is_delimited(path):
        check_header(path, known)
    return known


def _planned(name: str, path: Path, label: str | None) -> tuple[Plan, dict[str, Content], list[str]]:
    """What is to be written for a data file: the plan, the data, and notes."""
    rows = _read(path)
    known = _profile(path, rows)
    chosen = _label(name, path, rows, known, label)
    columns = propose(known, chosen)
    inputs = [p.field for p in columns if p.role == "input"]
    if not inputs:
        raise ColumnError(
            f"{rows.name} has no column besides {quote(chosen)} to learn from",
            right="; ".join(f"{quote(p.column)} {p.why}" for p in columns if p.role != "label")[:300] or None,
            next=f"head {_shell(str(path))}",
        )
    task = task_name(chosen, rows.stem, name, inputs)
    data = _images(rows, path.resolve()) if rows.images else _copies(path, rows, known, columns)
    home = f"data/{_called(path)}"
    notes = []
    if home not in data and not (rows.images and data):
        home = str(path.resolve())
        notes.append(
            f"{rows.name} is larger than {MOST_COPIED // 10**6} MB: it stays where it is, and the commands name it there"
        )
    if known.rows < _FEW:
        notes.append(f"{known.rows} rows show little: look at the types in tasks/{task}.py")
    sample = known.sample
    if rows.images and data:
        inside = {str(content): file for file, content in data.items()}
        sample = tuple({**row, "image": inside[row["image"]]} for row in sample)
    return Plan(name, task, home, _called(path), columns, known.rows, sample), data, notes


def _called(path: Path) -> str:
    """The name of the data in the project, where examples have names of their own."""
    name = file_name(path.resolve().name)
    return f"rows_{name}" if name.startswith("example") else name


def _label(name: str, path: Path, rows: Rows, known: Table, label: str | None) -> str:
    """The column of labels. Raises an error that offers the most likely ones."""
    line = f"tacit new {name} --like {_shell(str(path))} --label"
    likely = likely_labels(known)
    if label is None and rows.images:
        label = "folder"
    if label is None:
        raise OptionError(
            f"it is not said which column of {rows.name} is the label",
            right=f"most likely one of {', '.join(map(quote, likely[:5]))}" if likely else "none of its columns looks like one",
            next=f"{line} {_shell(likely[0]) if likely else 'COLUMN'}",
        )
    column = next((p for p in known.columns if p.name == label), None)
    if column is None:
        near = nearest(label, rows.columns)
        shown = ", ".join(map(quote, rows.columns[:30])) + (", ..." if len(rows.columns) > 30 else "")
        raise ColumnError(
            f"{rows.name} has no column {quote(label)}",
            right=f"did you mean {quote(near)}?" if near else f"its columns are {shown}",
            next=f"{line} {_shell(near or next(iter(likely), 'COLUMN'))}",
        )
    kind, why = label_kind(column)
    if kind is None:
        others = [other for other in likely if other != label]
        if rows.images and label == "folder":
            raise TooFewLabels(
                f"the images of {rows.name} lie in one folder",
                right="each label has a sub-folder, at least two",
                next=f"ls -d {_shell(str(path))}/*/",
            )
        error = TooFewLabels if "nothing to learn" in why else ColumnError
        raise error(f"the label {quote(label)} {why}", next=f"{line} {_shell(others[0]) if others else 'COLUMN'}")
    return label


def _images(rows: Rows, folder: Path) -> dict[str, Content]:
    """The images of a folder, to be copied; none if they are too large."""
    found = [Path(p) for batch in rows.batches(None) for p in batch.columns["image"]]
    if sum(p.stat().st_size for p in found) > MOST_COPIED:
        return {}
    return {f"data/{_called(folder)}/{p.relative_to(folder).as_posix()}": p for p in found}


def _copies(path: Path, rows: Rows, known: Table, columns: tuple[Proposal, ...]) -> dict[str, Content]:
    """The file, to be copied unless it is too large, and images that it names by relative paths."""
    used = {p.column for p in columns if p.role == "input"}
    pictures = {n: p for c in known.columns if c.images and c.name in used for n, p in c.paths.items()}
    if sum(p.stat().st_size for p in pictures.values()) > MOST_COPIED:
        raise FileError(
            f"the images that {rows.name} names by relative paths have more than {MOST_COPIED // 10**6} MB together",
            right="so many are not copied into the project; absolute paths are taken as they are",
            next=f"write absolute paths in {path.name}",
        )
    copies: dict[str, Content] = {Path(n).as_posix(): p for n, p in pictures.items()}
    if path.stat().st_size <= MOST_COPIED:
        copies[f"data/{_called(path)}"] = path.resolve()
    return copies


def _listed(files: tuple[str, ...]) -> list[str]:
    """Files as a listing shows them; many in one folder are one line."""
    folders = Counter(name.rpartition("/")[0] for name in files)
    lines = [name for name in files if folders[name.rpartition("/")[0]] <= 10 or "/" not in name]
    return lines + [f"{folder}/  ({n:,} files)" for folder, n in folders.items() if folder and n > 10]
