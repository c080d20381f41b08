"""Rows that are there twice or nearly so; and test rows that are repeated among those to learn from: a score on them is no measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tacit.audits import Repeated, fingerprints, repeated_features, repeated_texts
from tacit.errors import OptionError
from tacit.freezing import thaw_columns
from tacit.learners import Columns, Data
from tacit.learners.roles import TEXTS, as_text, columns_of
from tacit.project import Project
from tacit.tasks import Task

__all__ = ["Repeats", "leaks", "repeats"]

_USUAL = 0.2
"""Where more than this share of the rows are like another one, as coarse numbers are, to be alike says nothing."""

_SHOWN = 50

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Repeats:
    """Rows that are one.

    Attributes:
        leaks: The id of a test row, and that of the row to learn from that is most like it.
        clusters: The ids of rows that are alike, test rows among them; the largest first, at most 50.
        notes: Why nothing is named, where likeness says nothing; how many sets there are, where not all are.
    """

    leaks: Pairs
    clusters: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def leaks(project: Project, task: Task[..., Any], learned: Data, ids: list[str]) -> Repeats:
    """What is repeated in the rows to learn from and the test rows of the store, each with the other.

    Arguments:
        project, task: Whose test rows.
        learned: The rows to learn from, settled.
        ids: Their ids.
    """
    tests = [e for batch in project.store.examples(task.name, split="test") for e in batch]
    columns = learned.columns
    if tests:
        others = thaw_columns(task.signature, tests, project.store)
        columns = {name: [*columns[name], *others[name]] for name in columns}
    return repeats(columns, learned, [*ids, *(e.id for e in tests)], len(ids))


def repeats(columns: Columns, data: Data, ids: Sequence[str], learned: int) -> Repeats:
    """What is repeated in rows of which the first so many are learned from, and the others test.

    Of texts alone, rows that share most of their runs of characters (`repeated_texts`). With numbers or images: whose texts and categories
    are equal, whose numbers are within a hundredth of a standard deviation, and whose images look the same (`fingerprints`).

    Arguments:
        columns: All rows.
        data: Whose kinds they are, settled.
        ids: Of all rows.
        learned: How many of them are learned from.
    """
    if len(ids) < 2:
        return Repeats((), ())
    test = np.arange(len(ids)) >= learned
    points = fingerprints(columns, data.kinds)
    texts = columns_of(data.kinds, TEXTS)
    if points is None and not texts:
        return Repeats((), ())  # equal rows are one example
    try:
        found = _by_texts(columns, texts, test) if points is None else repeated_features(points, 1.0, test=test)
    except OptionError:  # so many rows are alike that it says nothing
        return Repeats((), (), (_usual(1.0),))
    share = sum(map(len, found.clusters)) / len(ids)
    if points is not None and share > _USUAL:
        return Repeats((), (), (_usual(share),))
    many = len(found.clusters)
    notes = (f"{many:,} sets of rows are repeated, of which the {_SHOWN} largest are named",) if many > _SHOWN else ()
    pairs = tuple((ids[one], ids[other]) for one, other in found.leaks.tolist())
    return Repeats(pairs, tuple(tuple(ids[i] for i in rows.tolist()) for rows in found.clusters[:_SHOWN]), notes)


def _by_texts(columns: Columns, texts: Sequence[str], test: np.ndarray[Any, Any]) -> Repeated:
    whole = ["\n".join(as_text(columns[name][i]) for name in texts) for i in range(len(test))]
    return repeated_texts(whole, test=test)


def _usual(share: float) -> str:
    return f"{'most' if share >= 1 else f'{share:.0%}'} of the rows are like another one, so that repeated rows cannot be told"
