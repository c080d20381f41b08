"""Who mistakes what for what: confusion matrices by expectation and maximization."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.labels.answers import Answers, posterior

__all__ = ["Confusions", "confusions", "many_sided"]

Floats = NDArray[np.float64]

_TURNS, _STILL = 60, 3e-4
_STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0)
_USUAL = 4  # the place of the usual strength
_ENOUGH = 1000  # votes for each cell of the matrices, from which on the prior decides nothing
_MOST = 2_000_000  # votes times classes, above which the prior is not chosen: there are other things to do
_SHRUNK = 10.0  # votes for which a function's own accuracy and that of all count the same


@dataclass(frozen=True)
class Confusions:
    """What the fit found.

    Attributes:
        probabilities: (n, n_classes) float64, rows sum to 1.
        accuracies: (n_functions,) float64, expected share of a function's votes that are right.
        strength: How many votes the prior of each row of a matrix is worth.
    """

    probabilities: Floats
    accuracies: Floats
    strength: float


def many_sided(answers: Answers) -> NDArray[np.bool_]:
    """(n_functions,): whether a function says a second class on a fiftieth of its votes or more.

    One that only ever says "spam" says it whether the row is spam or not: the share of its votes by true class tells nothing, only
    where it speaks does. The model of Dawid and Skene is for those who answer whatever they are asked.
    """
    return np.asarray(answers.totals.max(1) < 0.98 * answers.totals.sum(1))


def confusions(
    answers: Answers, voices: Floats, balance: Floats | None = None, gold: NDArray[np.int64] | None = None
) -> Confusions:
    """Fit P(said | true) of each function, the balance and the classes of the rows, in turns, from the majority vote on.

    A row of a matrix has a Dirichlet prior about "right as often as this function is, else as the votes fall". Its strength is
    the greatest under which votes are foretold from the other votes on their row as well as under any, within two standard
    errors (leave-one-out predictive likelihood).

    A function that says one class only has a matrix too. To measure where it speaks instead, P(true | said) / P(true), would let it
    witness for itself: rows on which somebody always says "ham" are then more often ham, because of that vote, which then counts more,
    turn by turn. By its matrix, which soon says "ham" of every class, such a vote comes to tell nothing.

    Arguments:
        voices: (n_functions,) float64: 1, less for copies, 0 for suspects.
        balance: (n_classes,) share of each class; estimated by default.
        gold: (n,) int, -1 unknown: rows whose class the matrices are measured on. Their own probabilities stay what the votes say.

    Source: Dawid and Skene, "Maximum likelihood estimation of observer error-rates using the EM algorithm", Applied Statistics 1979.
    """
    votes, k = len(answers.table.data), answers.n_classes
    if votes >= _ENOUGH * answers.n_functions * k**2 or votes * k > _MOST:
        return _fit(answers, voices, balance, gold, _STRENGTHS[_USUAL])[0]
    return _strongest(lambda place: _fit(answers, voices, balance, gold, _STRENGTHS[place], scored=True))


def _strongest(fit: Callable[[int], tuple[Confusions, Floats]]) -> Confusions:
    """Walk from the usual strength to where votes are foretold best, then on to stronger ones as long as they do as well."""
    fits: dict[int, tuple[Confusions, Floats]] = {}

    def foretold(place: int) -> Floats:
        if place not in fits:
            fits[place] = fit(place)
        return fits[place][1]

    def mean(place: int) -> float:
        each = foretold(place)
        return round(float(each.mean()), 9) if len(each) else 0.0  # the order of sums decides nothing

    best, last = _USUAL, len(_STRENGTHS) - 1
    while best > 0 and mean(best - 1) > mean(best):
        best -= 1
    while best < last and mean(best + 1) >= mean(best):
        best += 1
    chosen = best
    while chosen < last:
        lost = foretold(best) - foretold(chosen + 1)
        if len(lost) and float(lost.mean()) > 2 * float(lost.std()) / np.sqrt(len(lost)) + 1e-12:
            break
        chosen += 1
    foretold(chosen)
    return fits[chosen][0]


def _fit(
    answers: Answers,
    voices: Floats,
    balance: Floats | None,
    gold: NDArray[np.int64] | None,
    strength: float,
    *,
    scored: bool = False,
) -> tuple[Confusions, Floats]:
    m, k = answers.n_functions, answers.n_classes
    counts = answers.counts(voices)
    heard = counts.sum(1, keepdims=True)
    voted = heard[:, 0] > 0
    shares = np.where(heard > 0, counts / np.where(heard > 0, heard, 1), 1 / k if balance is None else balance)
    often = (shares[voted].sum(0) + 1) / (voted.sum() + k)
    prior = likelihood = np.empty(0)
    for _ in range(_TURNS):
        share = (shares[voted].sum(0) + 1) / (voted.sum() + k) if balance is None else balance
        found = answers.expected(shares if gold is None else _set(shares, gold))
        prior = _prior(found, voices, often)
        moved = np.maximum((found + strength * prior) / (found.sum(1, keepdims=True) + strength), 1e-9)
        shares = posterior(answers, np.log(moved).reshape(m * k, k) * np.repeat(voices, k)[:, None], share)
        still = likelihood.size and float(np.abs(moved - likelihood).max()) < _STILL
        likelihood = moved
        if still:
            break
    right = np.einsum("jcc->j", found)
    said = found.sum((1, 2))
    usual = float((right * voices).sum() + 0.7) / float((said * voices).sum() + 1)
    accuracies = np.where(said > 0, (right + usual) / (said + 1), np.nan)
    foretold = _foretold(answers, found, prior, strength, likelihood, shares, voices) if scored else np.empty(0)
    return Confusions(shares, accuracies, strength), foretold


def _set(shares: Floats, gold: NDArray[np.int64]) -> Floats:
    return np.where(gold[:, None] >= 0, gold[:, None] == np.arange(shares.shape[1]), shares)


def _prior(found: Floats, voices: Floats, often: Floats) -> Floats:
    """(n_functions, said, true): right as often as the function is elsewhere, wrong as votes fall."""
    k = len(often)
    right, said = np.einsum("jcc->j", found), found.sum((1, 2))
    usual = (float((right * voices).sum()) + 0.7) / (float((said * voices).sum()) + 1)
    accuracy = np.clip((right + _SHRUNK * usual) / (said + _SHRUNK), 1e-3, 1 - 1e-3)
    wrong = often[:, None] * (1 - np.eye(k))
    wrong /= wrong.sum(0)
    prior: Floats = accuracy[:, None, None] * np.eye(k) + (1 - accuracy)[:, None, None] * wrong
    return prior


def _foretold(
    answers: Answers, found: Floats, prior: Floats, strength: float, likelihood: Floats, shares: Floats, voices: Floats
) -> Floats:
    """(n_votes,) log probability of each vote, given the others on its row and the function's votes on other rows."""
    k = answers.n_classes
    rows = np.repeat(np.arange(answers.n), np.diff(answers.table.indptr))
    events = answers.table.indices
    function, said = events // k, events % k
    voiced = voices[function] > 0
    rows, events, function, said = rows[voiced], events[voiced], function[voiced], said[voiced]
    own = shares[rows]
    strength_of = np.ones(len(rows)) if answers.softened is None else np.asarray(answers.softened[rows, events]).ravel()
    others = own / np.maximum(likelihood.reshape(-1, k)[events] ** (voices[function] * strength_of)[:, None], 1e-300)
    others /= np.maximum(others.sum(1, keepdims=True), 1e-300)
    told = found[function, said] - own + strength * prior[function, said]
    each = np.maximum(told, 1e-9) / np.maximum(found.sum(1)[function] - own + strength, 1e-9)
    chance = np.maximum((others * each).sum(1), 1e-12)
    return np.asarray(np.log(chance), float)
