"""The plain label models: each vote counts the same, or by how often its function is right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tacit.labels.answers import Answers

__all__ = ["log_odds", "majority", "usual_accuracies"]

Floats = NDArray[np.float64]

_SHRUNK = 10.0  # rows for which what was seen of a function and what is usual count the same


def majority(answers: Answers) -> Floats:
    """(n, n_classes): the share of the votes that each class has, soft ones shared out; equal shares for rows without a vote."""
    k = answers.n_classes
    counts = answers.strengths @ np.tile(np.eye(k), (answers.n_functions, 1))
    heard = answers.counts().sum(1, keepdims=True)
    # What a soft vote does not say beyond all classes it says of each alike.
    counts += (heard - counts.sum(1, keepdims=True)) / k
    return np.where(heard > 0, counts / np.maximum(heard, 1), 1 / k)


def usual_accuracies(right: Floats, judged: Floats, chance: Floats, n_classes: int) -> Floats:
    """(n_functions,): accuracies as agreement tells them.

    What a function agrees with the others beyond chance, as a share of what it could (Cohen 1960), is taken for its skill, drawn to
    what all have on the whole. Agreement itself would not do: rules for the class with fewer votes agree less, however good.
    """
    beyond = right - judged * chance
    could = judged * (1 - chance)
    whole = (max(float(beyond.sum()), 0.0) + 2.5) / (float(could.sum()) + 5)
    skill = (beyond + _SHRUNK * whole) / (could + _SHRUNK)
    return np.asarray((1 + skill * (n_classes - 1)) / n_classes, float)


def log_odds(events: NDArray[np.int64], accuracy: Floats, voices: Floats, n_classes: int) -> Floats:
    """(len(events), n_classes): log(a / (1 - a)) + log(n_classes - 1) for the class that is said; nothing below a guess.

    The best weights if functions err independently and evenly (Nitzan and Paroush, International Economic Review 1982).
    """
    sure = np.clip(accuracy, 1 / n_classes, 0.98)
    table = np.zeros((len(events), n_classes))
    weight = np.log(sure / (1 - sure)) + np.log(n_classes - 1)
    table[np.arange(len(events)), events % n_classes] = weight * voices[events // n_classes]
    return table
