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
from tacit.errors import ArtifactError, OptionError
from tacit.freezing import thaw_columns
from tacit.gold import gold
from tacit.labeled import labeled_rows
from tacit.learners import Model
from tacit.project import Project
from tacit.store import StoredExample
from tacit.tasks import Task
from tacit.types import Category, Kind, Number
from tacit.validation import Validation

__all__ = ["Asked", "given_rows", "parts", "stored_rows"]

_AT_ONCE = 5000


@dataclass(frozen=True)
class Asked:
    """Rows with labels, and what a model says of them.

    Attributes:
        prediction: (n, k) probabilities, or (n,) numbers; where `exact` is False only such as give the metric that was asked for.
        truth: (n,) positions in them, or (n,) numbers.
        values: Name of each column that makes groups -> the value of each row, None where it is missing.
        slices: Name of each slice of the task -> (n,) bool.
        exact: Whether the prediction is what the model answers.
        told: Which rows these are.
    """

    prediction: NDArray[np.float64]
    truth: NDArray[Any]
    values: Mapping[str, list[Any]]
    slices: Mapping[str, NDArray[np.bool_]]
    exact: bool
    told: str


def stored_rows(
    project: Project, task: Task[..., Any], predictor: Model, model: str, columns: Sequence[str], metric: str
) -> Asked | None:
    """The test rows of the store, or else the rows that the training of the model kept apart; None where there are neither.

    Raises:
        OptionError: The examples have no such column, or what was kept apart does not give the metric.
    """
    output = task.signature.output
    truth = gold(project, task).trusted
    tests = [e for batch in project.store.examples(task.name, split="test") for e in batch if e.id in truth]
    if tests:
        said = [
            predictor.predict(thaw_columns(task.signature, tests[i : i + _AT_ONCE], project.store))
            for i in range(0, len(tests), _AT_ONCE)
        ]
        right = _truth(output, np.array([truth[e.id] for e in tests]))
        return _asked(project, task, tests, _answers(output, said), right, columns, exact=True, told="the test rows")
    try:
        kept = Validation.read(project.hidden, model)
    except ArtifactError:
        return None
    place = {id: i for i, id in enumerate(kept.ids) if isinstance(output, Category) or id in truth}
    rows = [e for batch in project.store.examples(task.name, ids=sorted(place)) for e in batch]
    if not rows:
        return None
    at = np.array([place[e.id] for e in rows])
    some = Validation(tuple(e.id for e in rows), kept.truth[at], {name: score[at] for name, score in kept.scores.items()})
    if isinstance(output, Category):
        like, right = _like(metric, some, len(output.names), task.name)
    else:
        right = np.array([truth[id] for id in some.ids])
        like = right + np.sqrt(-some.scores["square"])  # on which side it errs does not matter
    told = "rows that training kept apart, by which the model was also chosen, since there are no test rows"
    return _asked(project, task, rows, like, right, columns, exact=False, told=told)


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
        truth.append(_truth(task.signature.output, some.target))
        for name in columns:
            found[name] += some.columns[name] if name in inputs else some.kept[name]
        for piece in task.slices:
            inside[piece.name].append(members(piece, some.inputs(task.signature), some.ids)[0])
    slices = {name: np.concatenate(parts) for name, parts in inside.items() if parts}
    empty = not said
    return Asked(
        np.zeros((0, 1)) if empty else _answers(task.signature.output, said),
        np.zeros(0, np.int64) if empty else np.concatenate(truth),
        found,
        slices,
        True,
        "the rows that were given",
    )


def _truth(output: Kind, target: NDArray[Any]) -> NDArray[Any]:
    return target.argmax(axis=1) if isinstance(output, Category) else target


def _answers(output: Kind, said: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """What a model said, numbers within their range."""
    whole = np.concatenate(said)
    return np.clip(whole, output.low, output.high) if isinstance(output, Number) else whole


def _like(metric: str, kept: Validation, k: int, task: str) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Probabilities and classes that have the score of what was said of rows, which itself was not kept.

    Raises:
        OptionError: The metric asks which wrong class was said.
    """
    ones = np.ones(len(kept.ids), np.int64)
    if metric in ("log_loss", "brier"):  # of two classes: -ln p, and 2 (1 - p)^2
        p = np.exp(kept.scores["log"]) if metric == "log_loss" else 1 - np.sqrt(np.maximum(-kept.scores["brier"], 0) / 2)
        return np.column_stack([1 - p, p]), ones
    if metric == "macro_f1" and k > 2:
        raise OptionError(
            f"macro_f1 of {task} cannot be told without test rows: of the rows that training kept apart only right and wrong is known",
            right="accuracy, balanced, log_loss and brier can",
            next=f"tacit audit {task} --metric balanced",
        )
    said = np.where(kept.scores["right"] > 0, kept.truth, (kept.truth + 1) % k)
    return np.eye(k)[said], kept.truth


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
    return Asked(prediction, truth, named, slices_of(project, task, [e.id for e in rows]), exact, told)


def parts(groups: Sequence[str]) -> Iterator[str]:
    """The columns that groups and crossings name, each once."""
    yield from dict.fromkeys(part.strip() for name in groups for part in name.split("*"))
