"""Cues that tell a class, of many that were looked at: tested by labels, and corrected for how many there were."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.metrics import wilson
from tacit.mining.conditions import Condition, Range
from tacit.mining.finding import Cues

__all__ = ["Mined", "mine"]

_BY_CHANCE = 0.1
"""Of what passes the test, this share at most is expected to be chance."""

_OUTSIDE = 0.05
"""Of the intervals of what passes, this share at most is expected to miss."""

_REPEATS = 0.25
"""Where less of its examples is new, a cue repeats what was said."""

_MANY = 2_000
"""With more labels than this the binomial tail is as good as the hypergeometric one, and hundreds of times as fast."""

_PRIOR = 2.0
"""A cue counts as seen on so many labels more, of which the usual share was right."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mined:
    """A cue and the class it tells.

    Attributes:
        cue: In the form whose code finds `rows`.
        label: The class, from 0.
        rows: The examples that it holds on, ascending.
        new: On how many of these neither a function nor a cue before it says this class.
        right, judged: On how many labels it is right, and how many there are where it holds.
        at_least: The lower end of the 95 % interval of right / judged (Wilson, 1927), widened for all that were looked at.
    """

    cue: Condition
    label: int
    rows: NDArray[np.int64]
    new: int
    right: int
    judged: int
    at_least: float


def mine(found: Cues, gold: NDArray[Any], said: NDArray[np.bool_], *, most: int = 10) -> tuple[Mined, ...]:
    """Cues that tell a class, chosen one by one: the next one is that which says most that is new.

    A cue has to hold more often on labels of its class than if labels were dealt, by Fisher's exact test. So many cues are tested
    that the best of them look good by chance: the false discovery rate is held at 0.1 (Benjamini and Hochberg, 1995)
    over all that labels could have confirmed at all (Tarone, 1990; Gilbert, 2005), cues that hold on the same labels being one.
    Intervals are widened accordingly (Benjamini and Yekutieli, 2005).

    To tell a class of share b is worth something from a precision of (1 + b) / 2 on, which is to make half of the errors of
    always saying it. An example on which a cue says something new counts by how far the precision, drawn to b by two labels, is
    beyond that.

    Arguments:
        found: The cues of n examples.
        gold: (n,) int, the class of each; -1 unknown.
        said: (n, n_classes) bool, True where a function says that class already.
        most: Of cues.
    """
    labeled = np.flatnonzero(gold >= 0)
    if not found.cues or not len(labeled):
        return ()
    held = found.holds.tocsr()[labeled]
    right: Floats = np.asarray(held.T @ np.eye(said.shape[1], dtype=np.float32)[gold[labeled]], float)
    of_class = np.bincount(gold[labeled], minlength=said.shape[1])
    passes, chance = _beyond_chance(held, right, of_class)
    judged = right.sum(1)
    base = of_class / len(labeled)
    needed = (1 + base) / 2
    drawn = (right + _PRIOR * base) / (judged[:, None] + _PRIOR)
    worth = np.where(passes & (right >= needed * judged[:, None]), (drawn - needed) / np.maximum(1 - needed, 1e-9), 0.0)
    level = NormalDist().inv_cdf(1 - chance / 2)
    mined = []
    for cue, place, label, rows, new in _choose(found, np.where(worth > 1e-9, worth, 0.0), said.copy(), most):
        hits, seen = int(right[place, label]), int(judged[place])
        mined.append(Mined(cue, label, rows, new, hits, seen, wilson(hits / seen, seen, level)[0]))
    return tuple(mined)


def _beyond_chance(held: Any, right: Floats, of_class: NDArray[np.int64]) -> tuple[NDArray[np.bool_], float]:
    """Which cues hold on a class more often than if labels were dealt; and how often an interval of such a one may miss.

    Arguments:
        held: (n_labels, n_cues) sparse, 1 where a cue holds.
        right: (n_cues, n_classes) how often it holds on each class.
        of_class: (n_classes,) how many labels each class has.
    """
    n, judged = int(of_class.sum()), right.sum(1)
    # The smallest tail that so many labels can have: all of them right, as far as the class has that many.
    sizes, size = np.unique(judged, return_inverse=True)
    met, of = np.repeat(sizes, len(of_class)), np.tile(of_class, len(sizes))
    best = _tail(np.minimum(met, of), met, of, n).reshape(len(sizes), -1)[size]
    # Cues that hold on the same labels are one: a sum of random numbers tells them apart.
    marks = held.T @ np.random.default_rng(0).random(n)
    first = np.zeros(len(marks), bool)
    first[np.unique(np.round(marks, 9), return_index=True)[1]] = True
    possible = np.sort(best[first].ravel())
    counts = np.arange(1, len(possible) + 1)
    # Tarone: the fewest tests k such that no more than k could reach chance / k.
    could = np.searchsorted(possible, _BY_CHANCE / counts, side="right")
    tests = int(counts[np.argmax(could <= counts)])
    able = best <= _BY_CHANCE / tests
    # Only what is seen more often than usual, and more than once, can pass.
    tail = np.ones(right.shape)
    place, label = np.nonzero(able & (right * n > judged[:, None] * of_class) & (right > 1))
    tail[place, label] = _tail(right[place, label], judged[place], of_class[label], n)
    ranked = np.sort(tail[first[:, None] & able])
    met = np.flatnonzero(ranked <= _BY_CHANCE * np.arange(1, len(ranked) + 1) / max(len(ranked), 1))
    if not len(met):
        return np.zeros(right.shape, bool), _OUTSIDE
    return able & (tail <= ranked[met[-1]]), _OUTSIDE * (int(met[-1]) + 1) / len(ranked)


def _tail(right: NDArray[Any], judged: NDArray[Any], of_class: NDArray[Any], n: int) -> Floats:
    """How likely so many right ones or more are among those judged, if n labels are dealt; of many labels, if they are drawn."""
    from scipy.stats import binom, hypergeom

    cases, place = np.unique(np.stack([right, judged, of_class]).astype(np.int64), axis=1, return_inverse=True)
    hits, seen, of = cases
    found = hypergeom.sf(hits - 1, n, of, seen) if n <= _MANY else binom.sf(hits - 1, seen, of / n)
    return np.asarray(found, float)[place.ravel()]


def _choose(
    found: Cues, worth: Floats, said: NDArray[np.bool_], most: int
) -> list[tuple[Condition, int, int, NDArray[np.int64], int]]:
    """One by one the cue that says most that is new: (cue, place, class, rows, how many are new) of each."""
    places = np.flatnonzero(worth.max(1))
    holds, worth = found.holds[:, places], worth[places]
    total = np.asarray(holds.sum(0)).ravel()
    new: Floats = np.asarray(holds.T @ (~said).astype(np.float32), float)
    least = 2 if found.n >= 10 else 1
    chosen: list[tuple[Condition, int, int, NDArray[np.int64], int]] = []
    ends: set[tuple[str, str, bool, int]] = set()
    while len(chosen) < most and len(places):
        fits = (new >= least) & (new >= _REPEATS * total[:, None])
        i, label = divmod(int(np.argmax(worth * new * fits)), worth.shape[1])
        if worth[i, label] <= 0 or not fits[i, label]:
            break
        cue, rows = found.settled(int(places[i])), found.rows(int(places[i]))
        worth[i] = 0.0
        if cue is None or (isinstance(cue, Range) and (end := (cue.column, cue.of, cue.low is None, label)) in ends):
            continue  # no code finds it, or a bound on the same side was chosen before
        if isinstance(cue, Range):
            ends.add(end)
        fresh = np.zeros(found.n, np.float32)
        fresh[rows[~said[rows, label]]] = 1.0
        chosen.append((cue, int(places[i]), label, rows, int(fresh.sum())))
        said[rows, label] = True
        new[:, label] -= holds.T @ fresh
    return chosen
