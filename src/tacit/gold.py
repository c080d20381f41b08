"""What people said of the examples of a task, brought to one target each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.labels.consensus import consensus
from tacit.project import Project
from tacit.tasks import Task

__all__ = ["gold"]


def gold(project: Project, task: Task[..., Any], *, upto: int | None = None) -> tuple[list[str], NDArray[np.float64]]:
    """Ids of the labeled examples, and what their labels come to.

    What people say of an example (labels with a `by`, by hand or as feedback) overrules labels of nobody in particular, as
    imported ones are. Several people vote, one vote each.

    Arguments:
        upto: Only labels given until then, as the store numbers them.
    """
    imported: dict[str, list[Any]] = {}
    people: dict[str, list[Any]] = {}
    for label in project.store.labels(task.name, upto=upto):
        (people if label.by else imported).setdefault(label.example_id, []).append(label.value)
    return consensus(imported | people, task.signature.output, task=task.name)
