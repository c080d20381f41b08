"""Rows that a model is measured on by group, with what says in which groups each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.asking import members
from tacit.bounds import column_of
from tacit.datasets import slices_of
from tacit.errors import ArtifactError
from tacit.freezing import thaw_columns
from tacit.gold import gold
from tacit.labeled import labeled_rows
from tacit.learners import Model
from tacit.project import Project
from tacit.store import StoredExample
from tacit.tasks import Task
from tacit.validation import Validation

__all__ = ["Asked", "given_rows", "parts", "stored_rows"]

_AT_ONCE = 5000


@dataclass(frozen=True)
class Asked:
    """Rows with labels, and what a model says of them.

    Attributes:
        prediction: (n, k) probabilities; where `exact` is False (n, 2), 1 in the second column where it was right.
        truth: (n,) positions in them.
        values: Name of each column that makes groups -> the value of each row, None where it is missing.
        slices: Name of each slice of the task -> (n,) bool.
        exact: Whether the prediction is what the model answers.
        told: Which rows these are.
    """

    prediction: NDArray[np.float64]
    truth: NDArray[np.int64]
    values: Mapping[str, list[Any]]
    slices: Mapping[str, NDArray[np.bool_]]
    exact: bool
    told: str


def stored_rows(project: Project, task: Task[..., Any], predictor: Model, model: str, columns: Sequence[str]) -> Asked | None:
    """The test rows of the store, or else the rows that the training of the model kept apart; None where there are neither.

    Raises:
        OptionError: The examples have no such column.
    """
    truth = gold(project, task).trusted
    tests = [e for batch in project.store.examples(task.name, split="test") for e in batch if e.id in truth]
    if tests:
        said = [
            predictor.predict(thaw_columns(task.signature, tests[i : i + _AT_ONCE], project.store))
            for i in range(0, len(tests), _AT_ONCE)
        ]
        right = np.array([truth[e.id] for e in tests]).argmax(axis=1)
        return _asked(project, task, tests, np.concatenate(said), right, columns, exact=True, told="the test rows")
    try:
        kept = Validation.read(project.hidden, model)
    except ArtifactError:
        return None
    scores = dict(zip(kept.ids, kept.scores["right"].tolist(), strict=True))
    rows = [e for batch in project.store.examples(task.name, ids=sorted(scores)) for e in batch]
    if not rows:
        return None
    hits = np.array([scores[e.id] for e in rows])
    ones = np.ones(len(hits), np.int64)
    told = "rows that training kept apart, by which the model was also chosen, since there are no test rows"
    return _asked(project, task, rows, np.column_stack([1 - hits, hits]), ones, columns, exact=False, told=told)


def given_rows(
    task: Task[..., Any],
    rows: Any,
    label: str,
    predictor: Model,
    columns: Sequence[str],
    *,
    renamed: Mapping[str, str] | None,
    values: Mapping[Any, Any] | None,
) -> Asked:
    """Rows from elsewhere, read a batch at a time. Raises what `labeled_rows` raises."""
    inputs = [name for name in columns if name in task.signature.columns]
    others = [name for name in columns if name not in inputs]
    found: dict[str, list[Any]] = {name: [] for name in columns}
    inside: dict[str, list[NDArray[np.bool_]]] = {piece.name: [] for piece in task.slices}
    said, truth = [], []
    for some in labeled_rows(task, rows, label, columns=renamed, values=values, keep=others):
        if not some.ids:
            continue
        said.append(predictor.predict(some.columns))
        truth.append(some.target.argmax(axis=1))
        for name in columns:
            found[name] += some.columns[name] if name in inputs else some.kept[name]
        for piece in task.slices:
            inside[piece.name].append(members(piece, some.inputs(task.signature), some.ids)[0])
    slices = {name: np.concatenate(parts) for name, parts in inside.items() if parts}
    empty = not said
    return Asked(
        np.zeros((0, 1)) if empty else np.concatenate(said),
        np.zeros(0, np.int64) if empty else np.concatenate(truth),
        found,
        slices,
        True,
        "the rows that were given",
    )


def _asked(
    project: Project,
    task: Task[..., Any],
    rows: Sequence[StoredExample],
    prediction: NDArray[Any],
    truth: NDArray[Any],
    columns: Sequence[str],
    *,
    exact: bool,
    told: str,
) -> Asked:
    named = {name: column_of(task, rows, name, "groups") for name in columns}
    return Asked(prediction, truth.astype(np.int64), named, slices_of(project, task, [e.id for e in rows]), exact, told)


def parts(groups: Sequence[str]) -> Iterator[str]:
    """The columns that groups and crossings name, each once."""
    yield from dict.fromkeys(part.strip() for name in groups for part in name.split("*"))
