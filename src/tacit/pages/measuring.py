"""Reports for pages: measured on a bounded sample."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from tacit.asking import Failure, members
from tacit.browsing import sample
from tacit.errors import ArtifactError
from tacit.freezing import thaw_columns, thaw_inputs
from tacit.gold import gold
from tacit.metrics import Metric, measure
from tacit.predicting import model_of
from tacit.project import Project
from tacit.reports import Group, Report, report_on
from tacit.store import StoredExample
from tacit.tasks import Task
from tacit.types import Category
from tacit.validation import Validation

__all__ = ["measured"]

MOST = 2_000
"""The most rows of a report on a page."""

SECONDS = 15.0
"""After how many seconds a measurement stops, with the rows it has."""

_AT_ONCE = 200


def measured(project: Project, task: Task[..., Any]) -> Report:
    """How good the live release is, whole and by slice: on test rows, or else on the rows that training kept apart.

    At most 2,000 rows are measured, for at most 15 s; the report's notes say where that left some out.

    Raises:
        NoModel: There is no live release.
        ArtifactError: Neither kind of rows is there.
    """
    ids, total = sample(project.store, task.name, "test", MOST)
    return _on_test_rows(project, task, ids, total) if ids else _as_validated(project, task)


def _on_test_rows(project: Project, task: Task[..., Any], ids: list[str], total: int) -> Report:
    predictor, release = model_of(project, task, None)
    truth = gold(project, task).trusted
    end = time.monotonic() + SECONDS
    predicted, targets, inside, failures = [], [], [], []
    for batch in project.store.examples(task.name, ids=[i for i in ids if i in truth], batch=_AT_ONCE):
        predicted.append(predictor.predict(thaw_columns(task.signature, batch, project.store)))
        targets.append(np.array([truth[e.id] for e in batch]))
        rows, failed = _slices(project, task, batch)
        inside.append(rows)
        failures += failed
        if time.monotonic() > end:
            break
    target = np.concatenate(targets)
    notes = [str(f) for f in failures[:3]]
    if len(target) < total:
        notes.append(f"measured on {len(target):,} of {total:,} test rows; all of them: tacit evaluate {task.name}")
    slices = {s.name: np.concatenate([rows[i] for rows in inside]) for i, s in enumerate(task.slices)}
    return report_on(
        task.name, f"release {release}", task.signature.output, np.concatenate(predicted), target, slices, tuple(notes)
    )


def _as_validated(project: Project, task: Task[..., Any]) -> Report:
    """From the scores of single rows that training kept: right or wrong, or squared errors."""
    live = project.store.live(task.name)
    kept = Validation.read(project.hidden, live.model if live else "")
    name = "right" if isinstance(task.signature.output, Category) else "square"
    scores = dict(zip(kept.ids, kept.scores[name].tolist(), strict=True))
    ids = sorted(scores)[:MOST]
    found, inside, failures = [], [], []
    for batch in project.store.examples(task.name, ids=ids, batch=_AT_ONCE):
        found += [scores[e.id] for e in batch]
        rows, failed = _slices(project, task, batch)
        inside.append(rows)
        failures += failed
    if not found:
        raise ArtifactError(
            f"{task.name} has no rows to be measured on", next=f"tacit add {task.name} FILE --label COLUMN --split test"
        )
    each = np.array(found)

    def group(rows: np.ndarray[Any, np.dtype[np.bool_]]) -> Group:
        return Group(int(rows.sum()), (_of_rows(task, each[rows]),) if rows.any() else ())

    slices = {s.name: group(np.concatenate([rows[i] for rows in inside])) for i, s in enumerate(task.slices)}
    notes = [
        "There are no test rows: this is on rows that training kept apart, by which the model was also chosen.",
        *map(str, failures[:3]),
    ]
    whole = group(np.ones(len(each), bool))
    return Report(task.name, f"release {live.version if live else ''}", whole, slices, None, tuple(notes))


def _of_rows(task: Task[..., Any], scores: np.ndarray[Any, np.dtype[np.float64]]) -> Metric:
    if isinstance(task.signature.output, Category):
        return measure("accuracy", np.stack([1 - scores, scores], 1), np.ones(len(scores), np.intp))
    return measure("rmse", np.sqrt(-scores), np.zeros(len(scores)))


def _slices(
    project: Project, task: Task[..., Any], batch: list[StoredExample]
) -> tuple[list[np.ndarray[Any, np.dtype[np.bool_]]], list[Failure]]:
    inputs = thaw_inputs(task.signature, batch, project.store) if task.slices else []
    found = [members(s, inputs, [e.id for e in batch]) for s in task.slices]
    return [rows for rows, _ in found], [failure for _, failed in found for failure in failed]
