"""How far each person who labels is to be trusted, and what their answers come to: everybody is measured against the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Heard", "heard"]

Floats = NDArray[np.float64]

_TURNS = 20
_SUREST = 0.99


@dataclass(frozen=True)
class Heard:
    """What the answers come to.

    Attributes:
        probabilities: (n, n_classes) float64, rows sum to 1; equal shares for rows without an answer.
        reliabilities: (n_people,) float64, how often each is right.
        met: (n_people,) int, how many answers of each were to rows that somebody else answered too.
    """

    probabilities: Floats
    reliabilities: Floats
    met: NDArray[np.int64]


def heard(
    rows: NDArray[np.int64],
    people: NDArray[np.int64],
    answers: NDArray[np.int64],
    n_classes: int,
    usual: Floats,
    worth: Floats | float = 10.0,
) -> Heard:
    """One reliability for each person, by expectation and maximization.

    A person is right with one probability, and if not, says each other class alike (the one-coin model of Dawid and Skene; Zhang
    et al., "Spectral methods meet EM", JMLR 2016). Reliability is (right + worth usual) / (told + worth): an answer is right as far as the
    others on its row say so, beyond what they would say by chance, and counts as much as they are sure. Whoever is right less often than a guess has no say, and is not turned round.

    Arguments:
        rows, people: (n_answers,) int from 0: who answered what.
        answers: (n_answers,) int, classes from 0.
        n_classes: At least 2.
        usual: (n_people,) float64, how often such people are right.
        worth: (n_people,) float64, for how many answers that others gave too the usual counts; infinite if nothing is to change it.
    """
    n, m, k = int(rows.max(initial=-1)) + 1, len(usual), n_classes
    met = np.bincount(rows, minlength=n)[rows] > 1
    # Only rows with several answers tell anything of who gave them; there may be few of them among many.
    some, at = np.unique(rows[met], return_inverse=True)
    who, said = people[met], answers[met]
    each = np.arange(len(who))
    reliabilities, worth = np.asarray(usual, float), np.clip(np.broadcast_to(worth, m), 1e-9, 1e12)
    for _ in range(_TURNS if len(who) else 0):
        weight = _weight(reliabilities, k)[who]
        scores = np.stack([np.bincount(at, weight * (said == c), len(some)) for c in range(k)], axis=1, dtype=float)[at]
        scores[each, said] -= weight
        others = _shares(scores)
        # If others are right as often as they say, one who is right with a agrees with them in a q + (1 - a) (1 - q) / (k - 1).
        known = (others**2).sum(axis=1)
        chance = (1 - known) / (k - 1)
        right = np.bincount(who, others[each, said] - chance, m)
        told = np.bincount(who, known - chance, m)
        before, reliabilities = reliabilities, np.clip((right + worth * usual) / (told + worth), 0.0, 1.0)
        if np.abs(reliabilities - before).max() < 1e-4:
            break
    weight = _weight(reliabilities, k)[people]
    whole = np.stack([np.bincount(rows, weight * (answers == c), n) for c in range(k)], axis=1, dtype=float)
    return Heard(_shares(whole), reliabilities, np.bincount(who, minlength=m))


def _weight(reliabilities: Floats, k: int) -> Floats:
    """The log odds of an answer; nothing below a guess."""
    sure = np.clip(reliabilities, 1 / k, _SUREST)
    return np.asarray(np.log(sure * (k - 1) / (1 - sure)))


def _shares(scores: Floats) -> Floats:
    likely = np.exp(scores - scores.max(axis=1, keepdims=True, initial=0.0))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))
