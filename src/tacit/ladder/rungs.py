"""What is tried, on how many rows, and in which order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tacit.ladder.holding import Best, alike, far_worse
from tacit.ladder.trials import Candidate
from tacit.ladder.weighing import FEW
from tacit.learners import Data, Learner, names
from tacit.metrics import higher_is_better

__all__ = ["outclassed", "overlooked", "portfolio", "rungs", "survivors", "trusted", "worthwhile"]

_AS_LONG = 2.0
"""Times as long as another: that is about as long."""

_FIRST = 2_000
_STEP = 4
_A_CLASS = 20
"""The first rung has at most 2,000 rows, but 20 for each class; each rung has four times the rows of the one below."""


def portfolio(data: Data, learners: Sequence[Learner]) -> list[Candidate]:
    """All candidates: the first of each learner, the second of each, and so on.

    Of few texts or images only the first, which its learner trusts most: scores could not tell them apart.
    """
    most = 1 if data.n < FEW and trusted(data) else None
    each = [[Candidate(learner, s) for s in learner.portfolio(data)[:most]] for learner in learners]
    return [mine[i] for i in range(max(map(len, each))) for mine in each if i < len(mine)]


def rungs(most: int, classes: int) -> list[int]:
    """Numbers of rows to try on, the last one all."""
    sizes = [most]
    while sizes[0] > _FIRST and sizes[0] // _STEP >= _A_CLASS * classes:
        sizes.insert(0, sizes[0] // _STEP)
    return sizes


def survivors(going: Sequence[Candidate], scores: dict[str, float]) -> list[Candidate]:
    """The better half, best first, and the best of each learner: some need many rows to show what they can do."""
    ranked = sorted((c for c in going if c.key in scores), key=lambda c: -scores[c.key])
    half = -(-len(ranked) // 2)
    named: set[str] = set()
    kept = []
    for place, candidate in enumerate(ranked):
        if place < half or candidate.learner.name not in named:
            kept.append(candidate)
        named.add(candidate.learner.name)
    return kept


def outclassed(learner: Learner, found: Sequence[Best]) -> bool:
    """Whether a learner did far worse than the best on this rung already: its other settings will not make up for that."""
    if not any(one.candidate.learner is learner for one in found):
        return False
    up = 1 if higher_is_better(found[0].measured.name) else -1
    best = max(found, key=lambda one: up * one.measured.value)
    return all(far_worse(one.measured, best.measured) for one in found if one.candidate.learner is learner)


def trusted(data: Data) -> dict[str, int]:
    """Name of a learner -> how much it knows before it sees any row: of texts and images the dearer ones know more.

    Empty where there are none, since of records no learner knows anything.
    """
    known = any(kind.role in ("text", "words", "image") for kind in data.kinds.values())
    return {name: i for i, name in enumerate(names())} if known else {}


def worthwhile(candidates: Sequence[Candidate], needed: Mapping[str, float], data: Data, most: float) -> list[Candidate]:
    """Candidates without those of learners that take about as long as one that knows more.

    Arguments:
        candidates: All of them.
        needed: Key of a candidate -> seconds of a fit of all rows; of each learner the first one counts.
        data: What they are to learn.
        most: Seconds that one which knows more may take.
    """
    order = trusted(data)
    first: dict[str, float] = {}
    for c in candidates:
        first.setdefault(c.learner.name, needed[c.key])
    beaten = {
        one
        for one in first
        for other in first
        if order.get(other, -1) > order.get(one, math.inf) and 0 < first[other] <= min(most, _AS_LONG * first[one])
    }
    return [c for c in candidates if c.learner.name not in beaten]


def overlooked(found: Sequence[Best], most: int) -> list[Candidate]:
    """Candidates that were dropped before they had all rows, though they did about as well as the best on as many rows."""
    up = 1 if found and higher_is_better(found[0].measured.name) else -1
    last = {one.candidate.key: one for one in found}
    best: dict[int, Best] = {}
    for one in found:
        held = best.setdefault(one.trial.rows, one)
        if up * (one.measured.value - held.measured.value) > 0:
            best[one.trial.rows] = one
    dropped = [one for one in last.values() if one.trial.rows < most and alike(one.measured, best[one.trial.rows].measured)]
    return [one.candidate for one in sorted(dropped, key=lambda one: -up * one.measured.value)]
