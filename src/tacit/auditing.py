"""The verb audit: whom a model fails, which cues it leans on, and which labels are doubtful."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tacit import metrics
from tacit.arguments import checked, seeded
from tacit.audits import Fairness, by_group, crossings, one_vs_rest
from tacit.candidates import lasting
from tacit.cues import Association, associations, with_examples
from tacit.datasets import training_set
from tacit.doubting import doubts
from tacit.errors import NotLearnable, OptionError, TooFewLabels, quote
from tacit.findings import Audit, Groups
from tacit.grouped import Asked, given_rows, parts, stored_rows
from tacit.labeled import labeled_data, learned_from, no_measurement
from tacit.leaking import leaks, repeats
from tacit.learners import Data, Model
from tacit.learners.roles import settle
from tacit.predicting import model_of
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.tasks import Task
from tacit.types import Category, Number

__all__ = ["audit", "leaned_on"]


@checked
def audit(
    task: Task[..., Any] | str,
    rows: Any = None,
    *,
    label: str | None = None,
    groups: Sequence[str] = (),
    model: str | None = None,
    metric: str | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[Any, Any] | None = None,
    seed: int = 0,
) -> Audit:
    """Find whom a model fails, which cues it leans on, and which labels are doubtful.

    Groups are measured on the test rows, or else on rows that training kept apart; cues and labels are looked for in what the store
    has to learn from. Where rows are given all three are about those. Of a number to predict groups and repeated rows are told alone.

    Arguments:
        task: A task or its name.
        rows: Whatever `add` takes, with labels; nothing of it is stored. By default those of the store: with the labels
            that people gave, or where nobody gave any with what the labeling functions say.
        label: The column of labels in `rows`.
        groups: Columns whose values are groups: parameters, fields, columns that `add(keep=...)` kept, or other columns of `rows`; and
            crossings of two, as in "sex*race". The slices of the task are groups always.
        model: The id of a model; the live release by default.
        metric: "accuracy" for categories and "r2" for numbers by default; see `tacit.metrics`.
        columns, values: Their column -> our parameter, their label -> ours, as in `add`.
        seed: For the samples of rows.

    Raises:
        NoModel: There is no such model.
        NotLearnable: The task gives neither a single category nor a number.
        TooFewLabels: There is nothing with a label.
        OptionError: There is no column of groups as named, or the metric does not fit.
        DataError: A file cannot be read, a column is missing, or a row does not fit.
    """
    began, seed = time.monotonic(), seeded(seed)
    project = current()
    task = project.task(task)
    output = task.signature.output
    if not isinstance(output, Category | Number):
        raise NotLearnable(
            f"{task.name} returns {output}; audits are of categories and numbers", next=f"tacit evaluate {task.name}"
        )
    metric = metrics.check(metric or metrics.default(output), output)
    predictor, release = model_of(project, task, model)
    live = project.store.live(task.name)
    id = model or (live.model if live is not None else "")
    slices = {s.name for s in task.slices}.difference(task.signature.columns)
    groups = [name for name in groups if name.strip() not in slices]  # they are groups without being named
    named = list(parts(groups))
    if rows is None:
        asked = stored_rows(project, task, predictor, id, named, metric)
        data, ids, notes = _rows(project, task)
    else:
        rows = lasting(rows)
        data, ids, notes = _given(project, task, rows, label, columns, values)
        asked = given_rows(task, rows, label or "", predictor, named, renamed=columns, values=values)
    data = settle(data)
    classes = isinstance(output, Category)
    found = _leaned_on(task, data, predictor, seed) if classes else ()
    doubtful, said = doubts(data, ids, task.name, seed) if classes and (rows is not None or not notes) else ((), ())
    again = leaks(project, task, data, ids) if rows is None else repeats(data.columns, data, ids, len(ids))
    measured = _measured(asked, groups, output, metric, seed) if asked is not None else None
    return Audit(
        task=task.name,
        model=model or f"release {release}",
        n=data.n,
        measured=measured,
        associations=found,
        label_errors=doubtful,
        leaks=again.leaks,
        repeated=again.clusters,
        ids=tuple(ids),
        seconds=time.monotonic() - began,
        notes=(*notes, *said, *again.notes),
    )


def leaned_on(task: Task[..., Any] | str, *, model: str | None = None, seed: int = 0) -> tuple[Association, ...]:
    """The associations that `audit` finds in the rows of the store, and nothing else of it. Arguments and errors are those of `audit`."""
    project = current()
    task = project.task(task)
    _output(task)
    predictor, _ = model_of(project, task, model)
    data, _, _ = _rows(project, task)
    return _leaned_on(task, settle(data), predictor, seeded(seed))


def _leaned_on(task: Task[..., Any], data: Data, predictor: Model, seed: int) -> tuple[Association, ...]:
    """The cues in settled rows on which a model leans, with rows to look at."""
    report(Progress(f"looking for what {task.name} leans on", 0))
    classes, names = data.target.argmax(axis=1), _output(task).names
    found = associations(data.columns, data.kinds, classes, names, predictor.predict, seed=seed)
    return tuple(with_examples(found, data.columns, data.kinds, classes, names, seed=seed))


def _output(task: Task[..., Any]) -> Category:
    """What a task gives, if cues can be told of it. Raises `NotLearnable`."""
    output = task.signature.output
    if not isinstance(output, Category):
        raise NotLearnable(f"{task.name} returns {output}; cues are told of categories", next=f"tacit evaluate {task.name}")
    return output


def _measured(asked: Asked, groups: Sequence[str], output: Category | Number, metric: str, seed: int) -> Groups:
    """The metric of all rows and of each group, and how differently groups are treated."""
    groupings = (
        crossings(asked.values, [name for name in groups if "*" in name], asked.slices) if asked.values or asked.slices else ()
    )
    scored = by_group(metric, asked.prediction, asked.truth, groupings, seed=seed)
    treated: list[Fairness] = []
    names = tuple(output.names) if isinstance(output, Category) else ()
    if asked.exact and names:
        for grouping in (g for g in groupings if g.sizes.any()):
            each = one_vs_rest(asked.prediction, asked.truth, grouping, seed=seed)
            treated += each[1:] if len(names) == 2 else each
    return Groups(scored, tuple(treated), names, asked.told)


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
    notes, learned = list(found.notes), learned_from(project, task)
    if known := sum(id in learned for id in found.ids):
        notes.insert(0, no_measurement(known, len(found.ids)))
    return found.data, found.ids, notes
