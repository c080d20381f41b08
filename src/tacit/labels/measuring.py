"""What gold says of each vote, added to what the votes say of each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tacit.labels.answers import Answers, posterior

__all__ = ["measured", "met_gold"]

Floats = NDArray[np.float64]

_WORTH = 10.0  # rows of gold for which gold and the estimate without it count the same


def met_gold(answers: Answers, gold: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Two (n_functions, n_classes): how often each function was right when it said each class, and how often that was seen."""
    truth = np.zeros((answers.n, answers.n_classes))
    known = np.flatnonzero(gold >= 0)
    truth[known, gold[known]] = 1.0
    found = answers.expected(truth)
    return np.einsum("jcc->jc", found), found.sum(2)


def measured(
    answers: Answers,
    usual: Floats,
    group: NDArray[np.int64],
    evidence: Callable[[NDArray[np.int64], Floats], Floats],
    balance: Floats,
    gold: NDArray[np.int64] | None,
) -> tuple[Floats, Floats]:
    """Probabilities from accuracies of events, which gold mends where there is some.

    The accuracy of an event is (right + 10 usual) / (seen + 10).

    Arguments:
        usual: (n_events,) accuracies without gold.
        group: (n_events,) events that are measured together bear one number.
        evidence: Events and their accuracies -> (len(events), n_classes) log likelihoods.
        gold: (n,) int, -1 unknown.

    Returns:
        (n, n_classes) probabilities, and the same where no gold row is among those that measure the functions on it, so that
        methods may be compared there.
    """
    events = np.arange(len(usual))
    if gold is None or not np.any(gold >= 0):
        shares = posterior(answers, evidence(events, usual), balance)
        return shares, shares
    hits, seen = (np.bincount(group, part.ravel(), len(usual))[group] for part in met_gold(answers, gold))
    shares = posterior(answers, evidence(events, (hits + _WORTH * usual) / (seen + _WORTH)), balance)
    apart = shares.copy()
    voted, said = answers.table, answers.strengths
    for row in np.flatnonzero(gold >= 0):
        here = said.indices[said.indptr[row] : said.indptr[row + 1]]
        own = np.isin(here, voted.indices[voted.indptr[row] : voted.indptr[row + 1]])
        right = hits[here] - (own & (here % answers.n_classes == gold[row]))
        told = evidence(here, (right + _WORTH * usual[here]) / (seen[here] - own + _WORTH))
        scores = said.data[said.indptr[row] : said.indptr[row + 1]] @ told + np.log(balance)
        scores = np.exp(scores - scores.max())
        apart[row] = scores / scores.sum()
    return shares, apart
