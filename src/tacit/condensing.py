"""The verb coreset: which labeled examples are enough to learn from."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit import selection
from tacit.arguments import checked, seeded
from tacit.condensers import METHODS, OF_CLASSES, Look
from tacit.datasets import examples_of, slices_of, training_set
from tacit.errors import NotLearnable, OptionError, SelectionError, TooFewLabels, nearest, quote
from tacit.learners import Data
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.selections import Selection
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["coreset"]

_HALF = 0.4
"""From this share on the rows that are forgotten most are kept; of fewer, some of each difficulty: the hardest alone teach little."""


@checked
def coreset(
    task: Task[..., Any] | str, keep: float, *, method: str = "auto", proxy: str = "auto", quota: str | None = None, seed: int = 0
) -> Selection:
    """Choose labeled examples that are enough: a model of them is to be nearly as good as one of all. Nothing is changed or deleted.

    Arguments:
        task: A task or its name.
        keep: How many, or which share of them, below 1.
        method: One of `tacit.condensers.METHODS`, or "auto": "forgetting" from four in ten on, below "coverage-centric"; of numbers "lightweight".
        proxy: The learner whose training tells which rows are hard, for the methods that ask that: one that sees rows again and
            again, "mlp", "convnet-small", "convnet" or "encoder-finetune". By "auto" a small one, "convnet-small" for images and
            "mlp" for all else, for texts over points of them. Methods of features see texts and images as the proxy does.
        quota: "class" or the name of a slice: its share stays what it is.
        seed: For draws and the proxy.

    Returns:
        A selection for `train(on=)`, with weights, and what it does to each class and slice.

    Raises:
        OptionError: The method, the proxy or the quota is unknown, or does not fit.
        SelectionError: There are fewer labeled examples.
        TooFewLabels: There are none.
        NotLearnable: The method does not fit the task's return type.
    """
    began, seed = time.monotonic(), seeded(seed)
    project = current()
    task = project.task(task)
    rows = training_set(project, task)
    rows = rows.take(np.flatnonzero(rows.is_gold))
    n = rows.data.n
    if not n:
        raise TooFewLabels(
            f"{task.name} has no labels", right="a core-set is chosen among them", next=f"tacit select {task.name} 20"
        )
    wanted = _wanted(keep, n, task.name)
    name = _method(method, wanted / n, task)
    slices = _slices(project, task, rows.ids, rows.data)
    report(Progress(f"choosing a core-set of {task.name}", 0))
    look = Look(rows.data, proxy, seed)
    if quota is None:
        kept = METHODS[name](look, np.arange(n), wanted)
    else:
        groups = _groups(quota, slices, rows.data, task.name)
        kept = selection.by_quota(lambda some, share: METHODS[name](look, some, share), groups, wanted, n=n)
    ids = [rows.ids[i] for i in kept.rows.tolist()]
    return Selection(
        task.name,
        tuple(examples_of(project, task, ids)),
        tuple(kept.scores.tolist()),
        tuple(kept.probabilities.tolist()),
        tuple((kept.weights / kept.weights.mean()).tolist()),
        time.monotonic() - began,
        name + look.told,
        selection.slice_shares(kept, slices),
    )


def _wanted(keep: float, n: int, task: str) -> int:
    whole = max(1, round(keep * n)) if 0 < keep < 1 else keep
    if whole != int(whole) or whole < 1:
        raise OptionError(
            f"keep is {quote(keep)}",
            right="it is a whole number of examples, or a share between 0 and 1",
            next=f"tacit coreset {task} 0.5",
        )
    if whole > n:
        raise SelectionError(
            f"{int(whole):,} cannot be kept of the {n:,} labeled examples of {task}",
            right=f"keep 1 to {n:,}",
            next=f"tacit coreset {task} 0.5",
        )
    return int(whole)


def _method(name: str, share: float, task: Task[..., Any]) -> str:
    output = task.signature.output
    if name == "auto":
        return "lightweight" if not isinstance(output, Category) else "forgetting" if share >= _HALF else "coverage-centric"
    if name not in METHODS:
        raise OptionError(
            f'there is no core-set "{name}"',
            right=f"it is auto, {', '.join(list(METHODS)[:-1])} or {list(METHODS)[-1]}",
            next=f"tacit coreset {task.name} 0.5 --method {nearest(name, METHODS) or 'auto'}",
        )
    if name in OF_CLASSES and not isinstance(output, Category):
        raise NotLearnable(
            f'{task.name} returns {output}; "{name}" is for categories',
            next=f"tacit coreset {task.name} 0.5 --method lightweight",
        )
    return name


def _slices(project: Project, task: Task[..., Any], ids: tuple[str, ...], data: Data) -> dict[str, NDArray[np.bool_]]:
    """Name -> (n,) bool: the classes, and the slices of the task."""
    found: dict[str, NDArray[np.bool_]] = {}
    if isinstance(data.output, Category):
        likeliest = data.target.argmax(axis=1)
        found = {name: likeliest == i for i, name in enumerate(data.output.names)}
    found |= {f"slice {name}": inside for name, inside in slices_of(project, task, ids).items()}
    return found or {"all": np.ones(len(ids), dtype=np.bool_)}


def _groups(quota: str, slices: Mapping[str, NDArray[np.bool_]], data: Data, task: str) -> NDArray[np.int64]:
    """(n,) the group of each row whose share is to stay."""
    known = [name.removeprefix("slice ") for name in slices if name.startswith("slice ")]
    if quota == "class" and isinstance(data.output, Category):
        return np.asarray(data.target.argmax(axis=1), np.int64)
    if quota in known:
        return slices[f"slice {quota}"].astype(np.int64)
    offered = [*(["class"] if isinstance(data.output, Category) else []), *known]
    raise OptionError(
        f"quota is {quote(quota)}",
        right=f"it is {' or '.join(offered)}" if offered else f"{task} has neither classes nor slices",
        next=f"--quota {nearest(quota, offered) or offered[0]}" if offered else "leave --quota out",
    )
