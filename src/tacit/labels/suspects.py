"""Functions that look worse than chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tacit.labels.answers import Answers
from tacit.labels.measuring import met_gold

__all__ = ["agreement", "suspects"]

_JUDGED = 5  # rows below which nothing is said of a function
_SPREAD = 2.6  # standard deviations: one-sided p < 0.005


def agreement(
    answers: Answers, worth: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """How often each function agrees with the others, on how many rows that was judged, and how often it would by chance.

    A row counts as the share of its votes that are not the function's own; a vote agrees with the share of the other votes that
    say the same. By chance means: said the same classes as often as it does, on rows drawn anew.

    Arguments:
        worth: (n_functions,) 1, or 0 for a function that is no witness.

    Returns:
        Three (n_functions,) float64: agreeing rows, judged rows, and the share that would agree by chance.
    """
    k, totals = answers.n_classes, answers.totals
    counts = answers.counts(worth)
    heard = counts.sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(heard[:, None] > 0, counts / heard[:, None], 0.0)
        each = np.where(heard > 0, 1 / heard, 0.0)
    own = (answers.table.T @ each).reshape(-1, k).sum(1) * worth
    right = np.einsum("jcc->j", answers.expected(shares)) - own
    judged = np.asarray(answers.table.T @ (heard > 0).astype(float)).reshape(-1, k).sum(1) - own
    others = (totals * worth[:, None]).sum(0) - totals * worth[:, None]
    shares_of_own = totals / np.maximum(totals.sum(1, keepdims=True), 1)
    chance = (shares_of_own * others).sum(1) / np.maximum(others.sum(1), 1)
    return np.maximum(right, 0.0), np.maximum(judged, 0.0), chance


def suspects(
    answers: Answers, gold: NDArray[np.int64] | None = None
) -> tuple[tuple[int, ...], tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    """Functions that agree with the others, or with gold where they meet it, less often than chance would.

    The worst is named first and is no witness against the rest; then the next is looked for. A function is never held against chance
    of more than a half: who is right more often than not is no suspect, however common the class.

    Arguments:
        gold: (n,) int, -1 unknown.

    Returns:
        Their numbers, sorted; and `agreement` with those that are left.
    """
    worth = np.ones(answers.n_functions)
    by_gold = None if gold is None else _by_gold(answers, gold)
    while True:
        agreed, met, usual = agreement(answers, worth)
        right, judged, chance = agreed, met, usual
        if by_gold is not None:
            told = by_gold[1] >= _JUDGED
            right, judged, chance = (np.where(told, g, a) for g, a in zip(by_gold, (agreed, met, usual), strict=True))
        chance = np.minimum(chance, 0.5)
        spread = np.sqrt(np.maximum(judged * chance * (1 - chance), 1e-12))
        below = np.where((worth > 0) & (judged >= _JUDGED), (right - judged * chance) / spread, 0.0)
        if not len(below) or below.min() >= -_SPREAD:
            return tuple(int(j) for j in np.flatnonzero(worth == 0)), (agreed, met, usual)
        worth[below <= below.min() * (1 - 1e-9)] = 0.0  # equal ones fall together: the order of functions decides nothing


def _by_gold(answers: Answers, gold: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    hits, seen = met_gold(answers, gold)
    judged = seen.sum(1)
    often = np.bincount(gold[gold >= 0], minlength=answers.n_classes) / max(int((gold >= 0).sum()), 1)
    chance = (seen / np.maximum(judged, 1)[:, None] * often).sum(1)
    return hits.sum(1), judged, chance
