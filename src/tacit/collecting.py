"""The verbs add and label, on a store: rows and labels come in, what does not fit is set aside with its reason."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tacit.aside import SetAside
from tacit.errors import OptionError, OutsideType, RowsError, nearest, quote
from tacit.examples import Label, content_id
from tacit.files import Batch, read
from tacit.freezing import as_json, freeze, freeze_label
from tacit.matching import Matching, check_column, did_you_mean, match, parse_cell, parsed, pieces
from tacit.progress import Progress, report
from tacit.tasks import Task
from tacit.types import Kind, Unfit

if TYPE_CHECKING:
    from tacit.store import Row, Store

__all__ = ["Added", "add_label", "add_rows", "parsed_label", "translation"]

_SPLITS = ("train", "test")


@dataclass(frozen=True)
class Added:
    """What came in.

    Attributes:
        n: New examples.
        labels: New labels.
        duplicates: Rows whose example, and label if they have one, were there already.
        kept: Rows whose example was there already, and keeps another split than was asked for now.
        rejected: Rows that do not fit the task.
        problems: Why, of the first five.
        set_aside: The file with all rejected rows and their reasons, or None.
        rows: Rows that were read.
        source: What was read: the name of the file, or "rows".
        task: The task, as `sentiment(review: Text)`.
    """

    n: int
    labels: int
    duplicates: int
    kept: int
    rejected: int
    problems: tuple[str, ...]
    set_aside: Path | None
    rows: int
    source: str
    task: str

    def __str__(self) -> str:
        said = f"{self.source}: {self.n:,} new examples, {self.labels:,} new labels, {self.duplicates:,} duplicates"
        if self.kept:
            said += f"\n{self.source}: {self.kept:,} rows were there already, and keep the split that they came in with"
        if not self.rejected:
            return said
        return (
            f"{said}\n{self.source}: {self.rejected:,} of {self.rows:,} rows do not fit {self.task}.  "
            f"{_told(self.problems, self.rejected)}  next: see {self.set_aside}"
        )

    def to_dict(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "n": self.n,
            "labels": self.labels,
            "duplicates": self.duplicates,
            "kept": self.kept,
            "rejected": self.rejected,
            "problems": list(self.problems),
            "set_aside": None if self.set_aside is None else str(self.set_aside),
        }


def add_rows(
    store: Store,
    task: Task[..., Any],
    rows: Any,
    *,
    label: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[Any, Any] | None = None,
    keep: Sequence[str] = (),
    split: str | None = None,
    source: str = "import",
    set_aside: Path,
) -> Added:
    """Store rows as examples of a task, batch by batch: each batch is there whole or not at all.

    Adding the same rows again adds nothing. A text that comes twice is one example; it may have several labels.

    Arguments:
        store: Where to.
        task: What they are examples of.
        rows: What `tacit.files.read` takes.
        label: The column of labels; a row whose label is missing is unlabeled.
        columns: Their column -> our parameter, where the names differ.
        values: Their label -> ours (None: unlabeled). Keys that are text also stand for numbers written so.
        keep: Columns that are no inputs, stored as `extra`: None, numbers, text, and lists and dicts of these.
        split: "train", "test" or None. An example that is there already keeps the split that it came in with.
        source: Who the labels are from.
        set_aside: The folder for the file of rows that do not fit; files of earlier times stay.

    Raises:
        DataError: A file cannot be read, a column is missing, or no row fits.
        OptionError: `split`, `keep` or `values` cannot be used.
        StoreUnavailable: The disk is full, or the store locked, read-only or damaged.
    """
    if split not in (None, "train", "test"):
        raise OptionError(
            f"split is {quote(split)}",
            right='it is "train", "test" or None',
            next=f"--split {nearest(str(split), _SPLITS) or 'test'}",
        )
    if isinstance(keep, str):
        raise OptionError(f"keep is {quote(keep)}", right="it is a list of columns", next=f'keep=["{keep}"]')
    translate = translation(task, values or {})
    given = read(rows)
    matching = match(task, given, columns)
    for name, option in [(label, "label"), *((k, "keep") for k in keep)]:
        if name is not None:
            check_column(given, name, option)
    wanted = matching.wanted | set(keep) | ({label} if label is not None else set())
    said = f"{task.name}({', '.join(f'{n}: {k}' for n, k in task.signature.inputs.items())})"
    n = labels = duplicates = kept = count = 0
    with SetAside(Path(set_aside) / f"{given.stem}.csv") as aside:
        for whole in given.batches(wanted):
            for batch in pieces(matching, whole):
                fitting = _rows(matching, batch, label, translate, keep, split, aside)
                tally = store.add(task.name, fitting, source=source)
                n, labels = n + tally.examples, labels + tally.labels
                duplicates, kept = duplicates + tally.duplicates, kept + tally.kept
            count += len(whole.numbers) + len(whole.unreadable)
            report(Progress(f"adding {given.name}", count))
    if count and aside.count == count:
        raise RowsError(
            f"none of the {count:,} rows of {given.name} fits {said}: {_told(aside.first, aside.count)}",
            next=f"see {aside.path}",
        )
    path = aside.path if aside.count else None
    return Added(n, labels, duplicates, kept, aside.count, tuple(aside.first), path, count, given.name, said)


def add_label(store: Store, task: Task[..., Any], example_id: str, value: Any, *, by: str, source: str = "human") -> Label:
    """Store what one person says of an example; it counts instead of what that person said before.

    Arguments:
        store: Where to.
        task: Whose example it is.
        example_id: The id, or as much of its beginning as no other id has.
        value: Of the task's return type, or as text or JSON.
        by: The person.
        source: What kind of label it is.

    Raises:
        UnknownExample: There is no such example, or more than one.
        OutsideType: The value is not of the return type.
        OptionError: `by` is empty.
    """
    if not isinstance(by, str) or not by.strip():
        raise OptionError(f"by is {quote(by)}", right="a label has a person who gave it", next='by="ann"')
    example = store.find(task.name, example_id)
    line = f"tacit label {task.name} {example.id[:8]} {{}} --by {by}"
    parsed_value = parsed_label(task, value, line=line)
    at = time.time()
    store.add_label(task.name, example.id, freeze_label(task.signature.output, parsed_value), source=source, by=by, at=at)
    return Label(example.id, parsed_value, source, by, at)


def parsed_label(task: Task[..., Any], value: Any, *, line: str = "write {}") -> Any:
    """A value as a label of a task; text may be JSON.

    Arguments:
        task: Whose label it is.
        value: Of the task's return type, or as text or JSON.
        line: What to type next if it is not; `{}` stands for the value that was perhaps meant.

    Raises:
        OutsideType: It is missing, or not of the return type.
    """
    kind = task.signature.output
    try:
        if kind.missing(value):
            raise Unfit("is missing")  # to decline is an answer, never a label
        return parse_cell(kind, value)
    except Unfit as error:
        raise OutsideType(
            f"the label {error.reason}",
            right=did_you_mean(error)[2:] or f"{task.name} returns {kind}",
            next=line.replace("{}", "VALUE" if error.near is None else error.near),
        ) from None


def _rows(
    matching: Matching,
    batch: Batch,
    label: str | None,
    translate: Callable[[Any], Any],
    keep: Sequence[str],
    split: str | None,
    aside: SetAside,
) -> list[Row]:
    """The rows of a batch that fit; the others go to `aside`."""
    from tacit.store import Row

    signature = matching.task.signature
    fit = parsed(matching, batch)
    nothing = [None] * len(batch.numbers)
    said = _labels(signature.output, batch.columns.get(label, nothing), translate, fit.problems) if label is not None else nothing
    kept = {name: batch.columns.get(name, nothing) for name in keep}
    aside.put(batch, fit.problems)
    rows = []
    for i in range(len(batch.numbers)):
        if i not in fit.problems:
            inputs, blobs = freeze(signature, {name: cells[i] for name, cells in fit.columns.items()})
            extra = {name: as_json(cells[i]) for name, cells in kept.items()}
            stored = json.dumps(extra) if any(value is not None for value in extra.values()) else None
            rows.append(Row(content_id(inputs), inputs, stored, split, said[i], blobs))
    return rows


def _labels(
    kind: Kind, cells: Sequence[Any], translate: Callable[[Any], Any], problems: dict[int, list[str]]
) -> list[str | None]:
    """The JSON of each label, None where it is missing."""
    labels: list[str | None] = [None] * len(cells)
    for i, cell in enumerate(cells):
        cell = translate(cell)
        if kind.missing(cell):
            continue
        try:
            labels[i] = freeze_label(kind, parse_cell(kind, cell))
        except Unfit as error:
            problems.setdefault(i, []).append(f"label {error.reason}" + did_you_mean(error, problems))
    return labels


def translation(task: Task[..., Any], values: Mapping[Any, Any]) -> Callable[[Any], Any]:
    """What turns their labels into ours, checked before anything is read."""
    kind = task.signature.output
    for their, our in values.items():
        try:
            if our is not None:
                parse_cell(kind, [our] if kind.role == "categories" and isinstance(our, str) else our)
        except Unfit as error:
            raise OptionError(
                f"values makes {quote(their)} the label {quote(our)}, which {error.reason}",
                right=did_you_mean(error)[2:] or None,
                next=f"--values {their}={error.near if error.near is not None else 'VALUE'}",
            ) from None
    if not values:
        return lambda cell: cell
    by_text = {str(their): our for their, our in values.items()}

    def translate(cell: Any) -> Any:
        if isinstance(cell, list | tuple | set | frozenset):
            return [translate(member) for member in cell]
        if isinstance(cell, float) and cell.is_integer() and str(cell) not in by_text:
            cell = int(cell)  # a column of integers with gaps arrives as floats
        return by_text.get(str(cell), cell)

    return translate


def _told(problems: Sequence[str], count: int) -> str:
    more = count - len(problems)
    return "; ".join(problems) + (f"; and {more:,} more" if more else "")
