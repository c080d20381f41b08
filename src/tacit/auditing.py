"""The verb audit: whom a model fails, and which cues it leans on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from tacit.arguments import checked, seeded
from tacit.cues import associations, with_examples
from tacit.datasets import training_set
from tacit.errors import NotLearnable, OptionError, TooFewLabels, quote
from tacit.findings import Audit
from tacit.labeled import labeled_data
from tacit.learners import Data
from tacit.learners.roles import settle
from tacit.predicting import model_of
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["audit"]


@checked
def audit(
    task: Task[..., Any] | str,
    rows: Any = None,
    *,
    label: str | None = None,
    model: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[Any, Any] | None = None,
    seed: int = 0,
) -> Audit:
    """Find the cues that a model leans on.

    Arguments:
        task: A task or its name.
        rows: Whatever `add` takes, with labels; nothing of it is stored. By default what the store has to learn from: with the labels
            that people gave, or where nobody gave any with what the labeling functions say.
        label: The column of labels in `rows`.
        model: The id of a model; the live release by default.
        columns, values: Their column -> our parameter, their label -> ours, as in `add`.
        seed: For the samples of rows.

    Raises:
        NoModel: There is no such model.
        NotLearnable: The task does not give a single category.
        TooFewLabels: There is nothing with a label.
        DataError: A file cannot be read, a column is missing, or a row does not fit.
    """
    began, seed = time.monotonic(), seeded(seed)
    project = current()
    task = project.task(task)
    output = task.signature.output
    if not isinstance(output, Category):
        raise NotLearnable(f"{task.name} returns {output}; audits are of categories", next=f"tacit evaluate {task.name}")
    predictor, release = model_of(project, task, model)
    data, ids, notes = _rows(project, task) if rows is None else _given(project, task, rows, label, columns, values)
    data = settle(data)
    report(Progress(f"looking for what {task.name} leans on", 0))
    classes = data.target.argmax(axis=1)
    found = associations(data.columns, data.kinds, classes, output.names, predictor.predict, seed=seed)
    found = with_examples(found, data.columns, data.kinds, classes, output.names, seed=seed)
    return Audit(
        task.name,
        model or f"release {release}",
        data.n,
        tuple(found),
        tuple(ids),
        time.monotonic() - began,
        tuple(notes),
    )


def _rows(project: Project, task: Task[..., Any]) -> tuple[Data, list[str], list[str]]:
    """What there is to learn from: what people labeled, else what the votes say."""
    rows = training_set(project, task)
    if not rows.is_gold.any():
        said = "nobody has labeled anything: the classes are those that the labeling functions vote for, so what they share is found too"
        return rows.data, list(rows.ids), [said]
    kept = rows.take(np.flatnonzero(rows.is_gold))
    return kept.data, list(kept.ids), []


def _given(
    project: Project,
    task: Task[..., Any],
    rows: Any,
    label: str | None,
    columns: Mapping[str, str] | None,
    values: Mapping[Any, Any] | None,
) -> tuple[Data, list[str], list[str]]:
    if label is None:
        raise OptionError(
            "the rows have labels in some column", right="label names it", next=f"tacit audit {task.name} FILE --label COLUMN"
        )
    found = labeled_data(project, task, rows, label=label, columns=columns, values=values)
    if not found.ids:
        raise TooFewLabels(f"no row has a label in {quote(label)}", next=f"tacit audit {task.name} FILE --label COLUMN")
    return found.data, found.ids, list(found.notes)
