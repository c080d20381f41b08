"""Test rows that are repeated among those to learn from: a score on them is no measurement."""

from __future__ import annotations

from typing import Any

from tacit.audits import repeated_texts
from tacit.freezing import thaw_columns
from tacit.learners import Data
from tacit.learners.roles import TEXTS, as_text
from tacit.project import Project
from tacit.tasks import Task

__all__ = ["leaks"]


def leaks(project: Project, task: Task[..., Any], learned: Data, ids: list[str]) -> tuple[tuple[str, str], ...]:
    """The ids of test rows of the store, each with that of the row that is nearly the same in all its texts.

    Arguments:
        project, task: Whose test rows.
        learned: The rows to learn from, settled.
        ids: Their ids.
    """
    texts = [name for name, kind in learned.kinds.items() if kind.role in TEXTS]
    tests = [e for batch in project.store.examples(task.name, split="test") for e in batch]
    if not texts or not tests:
        return ()
    columns = thaw_columns(task.signature, tests, project.store)
    whole = [
        "\n".join(as_text(side[name][i]) for name in texts)
        for side, n in ((learned.columns, len(ids)), (columns, len(tests)))
        for i in range(n)
    ]
    names = [*ids, *(e.id for e in tests)]
    found = repeated_texts(whole, test=[i >= len(ids) for i in range(len(whole))])
    return tuple((names[test], names[train]) for test, train in found.leaks.tolist())
