"""Which column is which parameter, and which rows fit a task."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any

from tacit.errors import ColumnError, nearest, quote
from tacit.files import PLAIN, Batch, Rows
from tacit.tasks import Task
from tacit.types import ImageKind, Kind, Maybe, Record, Unfit, is_missing

__all__ = ["Matching", "Parsed", "check_column", "did_you_mean", "match", "parse_cell", "parsed", "pieces"]

_IMAGES_AT_ONCE = 64
_SUGGESTED = 20  # problems of one batch that come with the value that was perhaps meant


@dataclass(frozen=True)
class Matching:
    """Where the values of a task's columns are found.

    Attributes:
        task: The task.
        theirs: Column of the signature -> column of the rows; those of `Maybe` kinds may be absent.
        whole: Parameter -> column of the rows that holds whole records of it.
    """

    task: Task[..., Any]
    theirs: Mapping[str, str]
    whole: Mapping[str, str]

    @property
    def wanted(self) -> frozenset[str]:
        """The columns of the rows that are read."""
        return frozenset([*self.theirs.values(), *self.whole.values()])


@dataclass(frozen=True)
class Parsed:
    """Rows of one batch, checked.

    Attributes:
        columns: Column of the signature -> the parsed value of each row; None where it is missing or does not fit.
        problems: Position of a row that does not fit -> why not, as in "review is missing".
    """

    columns: dict[str, list[Any]]
    problems: dict[int, list[str]]


def match(task: Task[..., Any], rows: Rows, columns: Mapping[str, str] | None = None) -> Matching:
    """Find the columns of a task in rows: by name, or as `columns` says (theirs -> ours). Nothing is guessed.

    A column of a `T | None` may be absent; then its value is None everywhere. A record's fields may come as columns of their
    own or, under the name of the parameter, as records.

    Raises:
        ColumnError: A column is missing, or `columns` names one that does not exist.
    """
    signature = task.signature
    ours = signature.columns
    theirs = _renamed(task, rows, columns or {})
    if rows.images and "image" not in (columns or {}):
        pictures = [name for name, kind in ours.items() if isinstance(_bare(kind), ImageKind)]
        if len(pictures) == 1:
            theirs.setdefault(pictures[0], "image")
    if rows.plain and len(ours) == 1:
        theirs = {next(iter(ours)): PLAIN}
    known = set(rows.columns)
    taken = set(columns or {})  # renamed: no longer a column of its own name
    theirs |= {name: name for name in ours if name not in theirs and name in known - taken}
    whole = {
        name: name
        for name, kind in signature.inputs.items()
        if isinstance(kind, Record) and name in known - taken and not any(c in theirs for c in _columns_of(task, name, kind))
    }
    given = {
        c
        for name, kind in signature.inputs.items()
        if isinstance(kind, Record) and name in whole
        for c in _columns_of(task, name, kind)
    }
    anything = bool(theirs or whole)  # a file with none of the columns is the wrong file, even if all may be absent
    for name, kind in ours.items():
        may_be_absent = isinstance(kind, Maybe) and anything
        if name not in theirs and name not in given and not may_be_absent and rows.columns:
            raise _missing(task, rows, name, [c for c in rows.columns if c not in theirs.values()])
    return Matching(task, theirs, whole)


def check_column(rows: Rows, name: str, option: str) -> None:
    """Raise `ColumnError` unless the rows have the column that an option names."""
    if rows.columns and name not in rows.columns:
        raise ColumnError(
            f"{_called(rows)} {_lacks(rows)} no column {quote(name)}",
            right=_has(rows, name),
            next=f"--{option} {nearest(name, rows.columns) or 'COLUMN'}" if rows.name != "rows" else f"pass another {option}=",
        )


def parsed(matching: Matching, batch: Batch) -> Parsed:
    """Check the rows of a batch; all problems of a row are gathered."""
    signature, n = matching.task.signature, len(batch.numbers)
    nothing: list[Any] = [None] * n
    raw = {name: batch.columns.get(matching.theirs.get(name, name), nothing) for name in signature.columns}
    for name, column in matching.whole.items():
        kind = signature.inputs[name]
        if isinstance(kind, Record):
            records = batch.columns.get(column, nothing)
            for inner, (field, _) in zip(_columns_of(matching.task, name, kind), kind.fields, strict=True):
                raw[inner] = [_field(record, field) for record in records]
    problems: dict[int, list[str]] = {}
    columns = {name: _parse_column(name, kind, raw[name], problems) for name, kind in signature.columns.items()}
    for name, kind in signature.inputs.items():
        if isinstance(kind, Record):
            _build(kind, name, _columns_of(matching.task, name, kind), columns, problems)
    return Parsed(columns, problems)


def parse_cell(kind: Kind, cell: Any) -> Any:
    """`kind.parse`; lists and records may be JSON, since the cells of a CSV are text. Raises `Unfit`."""
    if kind.role in ("categories", "record", "spans", "vector") and isinstance(cell, str) and cell.lstrip()[:1] in ("[", "{"):
        try:
            cell = json.loads(cell)
        except (ValueError, RecursionError) as error:
            raise Unfit(f"is {quote(cell)}, which is not JSON ({error})") from None
    return kind.parse(cell)


def pieces(matching: Matching, batch: Batch) -> Iterator[Batch]:
    """The batch in pieces whose images fit in memory: a batch of paths is small until they are read."""
    if not any(isinstance(_bare(kind), ImageKind) for kind in matching.task.signature.columns.values()):
        yield batch
        return
    n = len(batch.numbers)
    for start in range(0, max(n, 1), _IMAGES_AT_ONCE):
        part = slice(start, start + _IMAGES_AT_ONCE)
        columns = {name: cells[part] for name, cells in batch.columns.items()}
        yield Batch(columns, batch.numbers[part], batch.unreadable if start == 0 else ())


def _parse_column(name: str, kind: Kind, cells: Sequence[Any], problems: dict[int, list[str]]) -> list[Any]:
    values = []
    for i, cell in enumerate(cells):
        try:
            values.append(parse_cell(kind, cell))
        except Unfit as error:
            values.append(None)
            problems.setdefault(i, []).append(f"{name} {error.reason}" + did_you_mean(error, problems))
    return values


def did_you_mean(error: Unfit, problems: Sized = ()) -> str:
    """The nearest value that would fit, as a message goes on; "" after the first 20 problems, since each takes a millisecond."""
    near = error.near if len(problems) <= _SUGGESTED else None
    return f"; did you mean {quote(near)}?" if near is not None else ""


def _build(
    record: Record, name: str, inner: Sequence[str], columns: dict[str, list[Any]], problems: dict[int, list[str]]
) -> None:
    """Let the user's class have its say: it may refuse values, or change them, and then what it made of them is kept."""
    for i in range(len(columns[inner[0]])):
        if i in problems:
            continue
        fields = {field: columns[c][i] for c, (field, _) in zip(inner, record.fields, strict=True)}
        try:
            made = record.build(fields)
            for c, (field, kind) in zip(inner, record.fields, strict=True):
                value = record.get(made, field)
                if value is not fields[field]:
                    columns[c][i] = kind.parse(value)
        except Unfit as error:
            problems[i] = [f"{name} {error.reason}"]


def _columns_of(task: Task[..., Any], name: str, record: Record) -> list[str]:
    return [field if task.signature.record else f"{name}.{field}" for field, _ in record.fields]


def _field(record: Any, field: str) -> Any:
    if is_missing(record):
        return None
    return record.get(field) if isinstance(record, Mapping) else getattr(record, field, None)


def _bare(kind: Kind) -> Kind:
    return kind.kind if isinstance(kind, Maybe) else kind


def _renamed(task: Task[..., Any], rows: Rows, columns: Mapping[str, str]) -> dict[str, str]:
    """`columns` the other way round, checked: ours -> theirs."""
    ours = [*task.signature.columns, *task.signature.inputs]
    theirs: dict[str, str] = {}
    for their, our in columns.items():
        if their not in rows.columns and their in ours and our in rows.columns:
            raise ColumnError(
                f"columns has {quote(their)} and {quote(our)} the wrong way round",
                right="theirs comes first, ours second",
                next=_rename(rows, our, their),
            )
        check_column(rows, their, "columns")
        if our not in ours:
            raise ColumnError(
                f"{task.name}{task.signature} has no parameter {quote(our)}",
                right=f"its columns are {', '.join(task.signature.columns)}",
                next=_rename(rows, their, nearest(our, ours) or ours[0]),
            )
        if our in theirs:
            raise ColumnError(
                f"two columns, {quote(theirs[our])} and {quote(their)}, are to be {our}",
                right="each parameter has one column",
                next=_rename(rows, their, our),
            )
        theirs[our] = their
    return theirs


def _missing(task: Task[..., Any], rows: Rows, name: str, unused: Sequence[str]) -> ColumnError:
    if rows.plain:
        return ColumnError(
            f"the rows are plain values, but {task.name}{task.signature} has {len(task.signature.columns)} columns",
            right=f"each row has {', '.join(task.signature.columns)}",
            next="pass dicts: [{" + ", ".join(f'"{c}": ...' for c in task.signature.columns) + "}]",
        )
    near = nearest(name, unused) or (unused[0] if len(unused) == 1 else "THEIRS")
    return ColumnError(
        f"{_called(rows)} {_lacks(rows)} no column {quote(name)} for {task.name}{task.signature}",
        right=_has(rows, name),
        next=_rename(rows, near, name),
    )


def _rename(rows: Rows, their: str, our: str) -> str:
    """What to add to the command, or to the call."""
    return f'columns={{"{their}": "{our}"}}' if rows.name == "rows" else f"--columns {shlex.quote(f'{their}={our}')}"


def _lacks(rows: Rows) -> str:
    return "have" if rows.name == "rows" else "has"


def _called(rows: Rows) -> str:
    return "the rows" if rows.name == "rows" else rows.name


def _has(rows: Rows, name: str) -> str:
    if rows.plain:
        return "the rows are plain values, which have no columns"
    near = nearest(name, rows.columns)
    return f"its columns are {', '.join(rows.columns)}" + (f"; did you mean {quote(near)}?" if near else "")
