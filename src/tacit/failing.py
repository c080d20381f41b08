"""Which labeled rows a model fails, of those that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.datasets import Dataset
from tacit.errors import ArtifactError, OptionError, TooFewLabels
from tacit.learners import Cache, Learner
from tacit.project import Project
from tacit.proxies import suited
from tacit.splits import parts
from tacit.validation import Validation

__all__ = ["Failures", "cross_fitted", "kept_apart"]


@dataclass(frozen=True)
class Failures:
    """What labels say of whom a model fails.

    Attributes:
        ids: Labeled examples that the model was not trained on.
        wrong: (n,) from 0 to 1, whether it erred.
        classes: (n,) positions of their classes.
    """

    ids: tuple[str, ...]
    wrong: NDArray[np.float64]
    classes: NDArray[np.int64]


def kept_apart(project: Project, task: str, model: str) -> Failures:
    """The failures of a model on the rows that its training kept apart.

    Raises:
        OptionError: Nothing is kept of them, as of a model that came from elsewhere.
    """
    try:
        kept = Validation.read(project.hidden, model)
    except ArtifactError:
        raise OptionError(
            f"nothing is known of whom the live release of {task} fails: the rows that its training kept apart are gone",
            right="a training tells it, or a proxy that is fitted for the choice",
            next=f"tacit train {task}, or --proxy LEARNER",
        ) from None
    return Failures(kept.ids, 1 - kept.scores["right"], kept.truth)


def cross_fitted(learner: Learner, rows: Dataset, seed: int, cache: Cache) -> Failures:
    """The failures of a learner on each fifth of the labels, fitted on the other four.

    Raises:
        TooFewLabels: There are too few to keep some apart.
    """
    data = rows.data
    classes = data.target.argmax(axis=1).astype(np.int64)
    folds = parts(rows.ids, classes, validated=rows.is_gold if rows.is_gold.any() else None, seed=seed)
    if not folds:
        raise TooFewLabels(
            f"{data.n:,} labels do not tell whom a model fails", right="it takes two or more", next="--strategy random"
        )
    settings, wrong = suited(learner, data, seed, cache), np.zeros(data.n)
    for fold in folds:
        model = learner.fit(data.take(fold.train), settings, seed=seed, cache=cache)
        some = {name: [cells[i] for i in fold.validate.tolist()] for name, cells in data.columns.items()}
        wrong[fold.validate] = model.predict(some).argmax(axis=1) != classes[fold.validate]
    scored = np.sort(np.concatenate([fold.validate for fold in folds]))
    return Failures(tuple(rows.ids[i] for i in scored.tolist()), wrong[scored], classes[scored])
