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

    Arguments:
        upto: Only labels given until then, as the store numbers them.
    """
    said: dict[str, list[Any]] = {}
    for label in project.store.labels(task.name, upto=upto):
        said.setdefault(label.example_id, []).append(label.value)
    return consensus(said, task.signature.output, task=task.name)
