"""What the labeling functions said last, read from the store; nothing is run."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np

from tacit.asking import UNASKED, voter
from tacit.errors import NotLearnable
from tacit.functions import LabelingFunction
from tacit.project import Project
from tacit.tasks import Task
from tacit.types import Category, Kind

__all__ = ["Tally", "tallies"]

_LARGEST = 20_000_000


@dataclass(frozen=True)
class Tally:
    """One labeling function.

    Attributes:
        name: Its name.
        asked: How many examples it was asked about.
        coverage, overlap, conflict: Shares of those, from 0 to 1; None where it was never asked. Conflict is told of categories only.
        current: Whether these are the votes of the code as it is now, on all examples.
    """

    name: str
    asked: int
    coverage: float | None
    overlap: float | None
    conflict: float | None
    current: bool


def tallies(project: Project, task: Task[..., Any], last: int) -> list[Tally]:
    """A line for each labeling function of a task, in order.

    Arguments:
        last: The number of the task's newest example.
    """
    output = task.signature.output
    stored = project.store.votes(task.name)
    columns: dict[str, np.ndarray[Any, np.dtype[np.int16]]] = {}
    for name, votes in stored.items():
        if len(votes.data) <= _LARGEST:
            try:
                columns[name] = np.load(io.BytesIO(votes.data), allow_pickle=False)["votes"]
            except (ValueError, KeyError, OSError, zipfile.BadZipFile):
                continue  # as if it was never asked: the next `tacit votes` writes it anew
    longest = max((len(c) for c in columns.values()), default=0)
    names = [f.name for f in task.labeling_functions]
    matrix = np.full((longest, len(names)), -1, np.int16)
    for j, name in enumerate(names):
        if name in columns:
            matrix[: len(columns[name]), j] = columns[name]
    said = matrix >= 0
    found = []
    for j, function in enumerate(task.labeling_functions):
        asked = int((columns[function.name] != UNASKED).sum()) if function.name in columns else 0
        if not asked:
            found.append(Tally(function.name, 0, None, None, None, False))
            continue
        mine = said[:, [j]]
        others = np.delete(said, j, 1) & mine
        differs = others & (np.delete(matrix, j, 1) != matrix[:, [j]])
        now = stored[function.name]
        current = now.upto_seq >= last and _fingerprint(function, output) == now.fingerprint
        found.append(
            Tally(
                function.name,
                asked,
                float(mine.sum()) / asked,
                float(others.any(1).sum()) / asked,
                float(differs.any(1).sum()) / asked if isinstance(output, Category) else None,
                current,
            )
        )
    return found


def _fingerprint(function: LabelingFunction, output: Kind) -> str:
    """Of the code as it is now; none where it cannot be asked for such an answer."""
    try:
        return voter(function, output).fingerprint
    except NotLearnable:
        return ""
