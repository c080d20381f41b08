"""How often two votes meet, beside how often they would if they had nothing to do with each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.labels.answers import Answers

__all__ = ["Pairs", "accuracies", "evidence", "pairs"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Pairs of events of different functions.

    Let v be the **skill** of an event, its accuracy freed of chance: v = (a - p) / (1 - p), where a is the share of its votes that
    are right and p the share of its class; its wrong votes fall on the other classes by their shares. If functions err
    independently, two events meet on E * L * (1 + K v v') rows: E as if they had nothing to do with each other, L a common
    factor (functions vote more often on long texts), and K = (1 - p) / p for two events of one class, -1 for two classes. This is
    the generalized agreement matrix of Ratner et al. 2019 (MeTaL) with abstentions left out of it: what a function says counts,
    that it is silent does not.

    Attributes:
        events: (e,) int, those that occur, of functions that have a voice.
        met, expected, sign: (e, e) float64: O, E and K.
        counted: (e, e) float64 in [0, 1]: how much a pair counts; 0 for two events of one function or of copies.
        shares: (e,) float64, p of each event's class.
    """

    events: NDArray[np.int64]
    met: Floats
    expected: Floats
    sign: Floats
    counted: Floats
    shares: Floats


def pairs(answers: Answers, balance: Floats, copied: Floats, ignored: tuple[int, ...] = ()) -> Pairs:
    """Count the pairs.

    Arguments:
        balance: (n_classes,) share of each class.
        copied: (n_functions, n_functions) how much of a copy each is of each, 0 to 1.
        ignored: Functions that are left out.
    """
    k = answers.n_classes
    often = answers.totals
    often[list(ignored)] = 0
    events = np.flatnonzero(often.ravel() > 0)
    function, said, often = events // k, events % k, often.ravel()[events]
    met = answers.together(events)
    expected = np.outer(often, often) / max(answers.n, 1)
    shares = balance[said]
    sign = np.where(said[:, None] == said, ((1 - shares) / shares)[:, None], -1.0)
    counted = np.where(function[:, None] == function, 0.0, 1 - copied[np.ix_(function, function)])
    return Pairs(events, met, expected, sign, counted, shares)


def accuracies(found: Pairs, skill: Floats, balance: Floats, n_functions: int) -> Floats:
    """(n_events,): p + v (1 - p); that of a guess for events that are in no pair."""
    accuracy = np.tile(balance, n_functions)
    accuracy[found.events] += skill * (1 - found.shares)
    return accuracy


def evidence(events: NDArray[np.int64], accuracy: Floats, voices: Floats, balance: Floats) -> Floats:
    """(len(events), n_classes): log of P(class | event) / P(class), times the function's voice; 0 for events below a guess."""
    k = len(balance)
    said, share = events % k, balance[events % k]
    skill = np.clip((accuracy - share) / (1 - share), 0.0, 0.98)
    table = np.repeat(np.log(1 - skill)[:, None], k, 1)
    table[np.arange(len(events)), said] = np.log(1 + skill * (1 - share) / share)
    return np.asarray(table * voices[events // k][:, None], float)
