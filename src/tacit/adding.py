"""The verbs add and label: rows and labels come into the open project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tacit.arguments import checked
from tacit.collecting import Added, add_label, add_rows
from tacit.examples import Label
from tacit.project import current
from tacit.tasks import Task

__all__ = ["add", "label"]


@checked
def add(
    task: Task[..., Any] | str,
    rows: Any,
    *,
    label: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[Any, Any] | None = None,
    keep: Sequence[str] = (),
    split: str | None = None,
    source: str = "import",
) -> Added:
    """Add rows to a task, with labels or without; rows that do not fit are set aside with their reasons.

    Rows are stored batch by batch, each whole or not at all. Adding the same rows again adds nothing.

    Arguments:
        task: A task or its name.
        rows: A CSV, TSV, JSONL or Parquet file, a folder of images, a pandas or polars frame, anything with
            `__arrow_c_stream__`, or an iterable of dicts, records or plain values.
        label: The column of labels; a row whose label is missing is unlabeled.
        columns: Their column -> our parameter, where the names differ.
        values: Their label -> ours.
        keep: Columns that are no inputs, kept as `example.extra`.
        split: "train" or "test"; test rows are never trained on. An example that is there already keeps the split that it
            came in with; `Added.kept` counts such rows.
        source: Who the labels are from.

    Raises:
        DataError: A file cannot be read, a column is missing, or no row fits.
        OptionError: An option cannot be used.
        StoreError: The disk is full, or the store locked, read-only or damaged.
    """
    project = current()
    task = project.task(task)
    project.store.remember(task.name, task.signature.describe())
    return add_rows(
        project.store,
        task,
        rows,
        label=label,
        columns=columns,
        values=values,
        keep=keep,
        split=split,
        source=source,
        set_aside=project.hidden / "set-aside",
    )


@checked
def label(task: Task[..., Any] | str, example_id: str, value: Any, *, by: str) -> Label:
    """Store what one person says of an example. It is on disk when this returns.

    Arguments:
        task: A task or its name.
        example_id: The id, or as much of its beginning as no other id has.
        value: Of the task's return type.
        by: Who says so; the newest label of a person counts.

    Raises:
        UnknownExample: There is no such example, or more than one.
        OutsideType: The value is not of the return type.
    """
    project = current()
    return add_label(project.store, project.task(task), example_id, value, by=by)
