"""What a training is to be good at: all rows on the mean, or the group that it is worst at."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.cues import cue_of
from tacit.datasets import Dataset, slices_of
from tacit.errors import NotLearnable, OptionError, nearest, quote
from tacit.project import Project
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["OBJECTIVES", "aimed"]

OBJECTIVES = ("average", "worst-group")

_MOST = 20.0
"""A group weighs at most so many times as much for each row as the mean row: fewer rows are learned by heart."""


def aimed(objective: str, project: Project, task: Task[..., Any], rows: Dataset) -> tuple[Dataset, str | None]:
    """The rows with the weights of an objective, and what there is to say of it.

    "worst-group" lets each group of rows count the same (Sagawa et al., "An investigation of why overparameterization exacerbates
    spurious correlations", ICML 2020; Idrissi et al., "Simple data balancing achieves competitive worst-group-accuracy", CLeaR 2022).
    Groups are the classes, crossed with each cue that was said to be false, and with each slice of the task.

    Raises:
        OptionError: There is no such objective.
        NotLearnable: The task gives no categories.
    """
    if objective not in OBJECTIVES:
        raise OptionError(
            f"objective is {quote(objective)}",
            right=f"it is {' or '.join(OBJECTIVES)}",
            next=f"--objective {nearest(objective, OBJECTIVES) or OBJECTIVES[0]}",
        )
    if objective == "average":
        return rows, None
    if not isinstance(task.signature.output, Category):
        raise NotLearnable(
            f'{task.name} returns {task.signature.output}; "worst-group" is for categories', next="--objective average"
        )
    false = [cue_of(judged.cue) for judged in project.store.cues(task.name) if judged.verdict == "false"]
    apart = [cue.carried(rows.data.columns) for cue in false] + list(slices_of(project, task, rows.ids).values())
    table = np.column_stack([rows.data.target.argmax(axis=1), *apart]).astype(np.int64)
    groups, inside, sizes = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    weight = balanced(inside.ravel(), sizes)
    what = [f'"{cue}"' for cue in false] + [f"slice {piece.name}" for piece in task.slices]
    crossed = f" crossed with {' and '.join(what)}" if what else " alone"
    told = f"worst-group: {len(groups)} groups, the classes{crossed}, count the same; the smallest has {int(sizes.min()):,} rows"
    if not what:
        told += "; tacit audit finds the cues that a model leans on, and tacit counterexamples says that one is false"
    data = dataclasses.replace(rows.data, weight=rows.data.weight * weight)
    return dataclasses.replace(rows, data=data), told


def balanced(inside: NDArray[np.integer], sizes: NDArray[np.integer]) -> NDArray[np.float64]:
    """(n,) weights of mean 1 by which each group counts the same, but for the smallest, whose rows count 20 times at most.

    Arguments:
        inside: (n,) the group of each row, from 0.
        sizes: Rows of each group.

    Example:
        >>> balanced(np.array([0, 0, 0, 1]), np.array([3, 1])).round(3).tolist()
        [0.667, 0.667, 0.667, 2.0]
    """
    weight = np.minimum(len(inside) / (len(sizes) * sizes[inside]), _MOST)
    return np.asarray(weight / weight.mean())
