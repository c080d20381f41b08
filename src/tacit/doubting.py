"""Doubtful labels: what models that did not see a row, and the rows around it, say of its label."""

from __future__ import annotations

import numpy as np

from tacit.audits import mislabeled
from tacit.errors import TacitError
from tacit.findings import Doubt
from tacit.ladder import climb
from tacit.learners import Data, choices
from tacit.learners.points import features_of
from tacit.progress import Progress, report
from tacit.types import Category

__all__ = ["doubts"]

_SECONDS = 15.0
"""For the models that did not see a row."""

_MOST = 4000
"""So many rows are looked at, drawn at random from more."""

_SHOWN = 50


def doubts(data: Data, ids: list[str], task: str, seed: int) -> tuple[tuple[Doubt, ...], tuple[str, ...]]:
    """The most doubtful labels, and what there is to say of that.

    The cheapest learner is cross-validated; neighbors are those of `tacit.learners.points`. See `tacit.audits.mislabeled`.

    Arguments:
        data: Rows with labels.
        ids: Their ids.
        task: The name of the task, for messages.
        seed: Of splits and draws.
    """
    assert isinstance(data.output, Category)
    rows = np.sort(np.random.default_rng(seed).permutation(data.n)[:_MOST])
    some, names = data.take(rows), [ids[i] for i in rows]
    report(Progress(f"looking for wrong labels of {task}", 0))
    try:
        cheap = choices(data.kinds, data.output)[:1]
        climbed = climb(some, names, task=task, budget_s=_SECONDS, learners=cheap, seed=seed)
    except TacitError as error:
        return (), (f"labels were not doubted, since {error.what}",)
    classes = some.target.argmax(axis=1)
    points = features_of(some.columns, some.kinds)[climbed.rows]
    found = mislabeled(climbed.predicted, classes[climbed.rows], points)
    classified = data.output.names
    made = tuple(
        Doubt(
            names[climbed.rows[row]],
            classified[classes[climbed.rows[row]]],
            classified[to],
            float(margin),
            str(kind),
            float(share),
        )
        for row, to, margin, kind, share in zip(found.rows, found.suggested, found.margin, found.kind, found.share, strict=True)
    )
    wrong = [one for one in made if one.kind == "mislabeled"]
    said = [
        f"{len(wrong):,} of {len(climbed.rows):,} labels are doubtful, {len(made) - len(wrong):,} more rows only hard",
        *found.notes,
    ]
    return tuple(wrong[:_SHOWN]), tuple(said if wrong else found.notes)
