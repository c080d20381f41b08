"""The verb evaluate: a model against labels that it was not trained on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.arguments import checked
from tacit.asking import Failure, members
from tacit.errors import OptionError, TooFewLabels
from tacit.freezing import thaw_columns, thaw_inputs
from tacit.gold import gold
from tacit.labeled import labeled_rows, learned_from, no_measurement
from tacit.predicting import model_of
from tacit.project import Project, current
from tacit.reports import Report, report_on
from tacit.tasks import Task
from tacit.voting import first_of_each

__all__ = ["Batch", "evaluate", "stored_tests"]


@checked
def evaluate(
    task: Task[..., Any] | str,
    rows: Any = None,
    *,
    label: str | None = None,
    model: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[Any, Any] | None = None,
) -> Report:
    """Measure a model, whole and by slice.

    Arguments:
        task: A task or its name.
        rows: Whatever `add` takes, with labels; nothing of it is stored. By default the test rows of the store.
        label: The column of labels in `rows`; rows without one are left out.
        model: The id of a model; the live release by default.
        columns, values: Their column -> our parameter, their label -> ours, as in `add`.

    Raises:
        NoModel: There is no such model.
        TooFewLabels: There are no test rows, or no row has a label.
        OutsideType: A label is not of the return type.
        DataError: A file cannot be read, a column is missing, or a row does not fit.
    """
    project = current()
    task = project.task(task)
    predictor, release = model_of(project, task, model)
    if rows is not None and label is None:
        raise OptionError(
            "the rows have labels in some column", right="label names it", next=f"tacit evaluate {task.name} FILE --label COLUMN"
        )
    batches = stored_tests(project, task) if rows is None else _given(task, rows, label or "", columns or {}, values or {})
    predicted, targets, inside = [], [], []
    failures: list[Failure] = []
    learned = learned_from(project, task) if rows is not None else frozenset()
    unlabeled = known = 0
    for cells, inputs, ids, target, without in batches:
        unlabeled += without
        if not ids:
            continue
        known += sum(i in learned for i in ids)
        predicted.append(predictor.predict(cells))
        targets.append(target)
        found = [members(s, inputs, ids) for s in task.slices]
        inside.append([rows for rows, _ in found])
        failures += [failure for _, failed in found for failure in failed]
    if not targets:
        raise TooFewLabels(
            f"{task.name} has no rows with labels to be measured on",
            next=f"tacit evaluate {task.name} FILE --label COLUMN, or add some with --split test",
        )
    slices = {s.name: np.concatenate([batch[i] for batch in inside]) for i, s in enumerate(task.slices)}
    notes = [str(failure) for failure in first_of_each(failures)]
    if unlabeled:
        notes.append(f"{unlabeled:,} row{'s' * (unlabeled != 1)} without a label {'were' if unlabeled != 1 else 'was'} left out")
    if known:
        notes.insert(0, no_measurement(known, sum(map(len, targets))))
    name = model or f"of release {release}"
    return report_on(
        task.name, name, task.signature.output, np.concatenate(predicted), np.concatenate(targets), slices, tuple(notes)
    )


Batch = tuple[Mapping[str, Sequence[Any]], list[dict[str, Any]], list[str], NDArray[np.float64], int]
"""Columns, inputs, ids and targets of rows with labels, and how many had none."""


def stored_tests(project: Project, task: Task[..., Any]) -> Iterator[Batch]:
    """The test rows of the store that have labels that count, some at a time."""
    truth = gold(project, task).trusted
    for batch in project.store.examples(task.name, split="test"):
        kept = [e for e in batch if e.id in truth]
        target = np.array([truth[e.id] for e in kept])
        columns, inputs = thaw_columns(task.signature, kept, project.store), thaw_inputs(task.signature, kept, project.store)
        yield columns, inputs, [e.id for e in kept], target, len(batch) - len(kept)


def _given(task: Task[..., Any], rows: Any, label: str, renamed: Mapping[str, str], values: Mapping[Any, Any]) -> Iterator[Batch]:
    for some in labeled_rows(task, rows, label, columns=renamed, values=values):
        yield some.columns, some.inputs(task.signature), some.ids, some.target, some.without
