"""Which rows train and which validate: decided by the content of the examples, in quotas for each class.

Every row has a place between 0 and 1 in its class: its rank in the order of a hash of its id. Parts are ranges of places, so
they are as large as asked for in every class, and a row changes its part only where a boundary passes it as rows are added.
Rows with the same id are one: they always share a part. So do rows of one group, where groups are to stay whole; and where
time counts, the newest rows validate.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["FOLDS", "HOLDOUT", "LARGE", "Bounds", "Part", "folds", "holdout", "parts", "sample"]

FOLDS = 5
"""Folds of cross-validation, where rows are few."""

LARGE = 5_000
"""From so many rows on, one holdout is precise enough, and five fits would be slow."""

HOLDOUT = 0.2
_MOST = 10_000

_GOLDEN, _SILVER = (5**0.5 - 1) / 2, 2**0.5 - 1
"""Whose multiples, without their whole parts, lie evenly between 0 and 1."""

Index = npt.NDArray[np.intp]
Labels = npt.NDArray[Any]


@dataclass(frozen=True)
class Part:
    """Positions of rows: those that train and those that validate. They have no example, and no group, in common."""

    train: Index
    validate: Index


@dataclass(frozen=True)
class Bounds:
    """What no part may cut through.

    Attributes:
        groups: The group of each row; no group both trains and validates. None is a row that belongs to nobody else.
        times: (n,) float64; what validates is newer than all that trains. NaN is not known: such a row only trains.
    """

    groups: Sequence[str | None] | None = None
    times: npt.NDArray[np.float64] | None = None

    def take(self, rows: Index) -> Bounds:
        """Those of some rows, in this order."""
        groups = None if self.groups is None else [self.groups[i] for i in rows.tolist()]
        return Bounds(groups, None if self.times is None else self.times[rows])


def parts(
    ids: Sequence[str],
    classes: Labels | None,
    *,
    validated: npt.NDArray[np.bool_] | None = None,
    bounds: Bounds | None = None,
    seed: int = 0,
) -> tuple[Part, ...]:
    """Five-fold cross-validation of few rows, one holdout of 20 % (at most 10,000 rows) of many.

    With groups the same, of whole groups. With times one part: the newest 20 % validate, and whoever is among them is left
    out of what trains. No part at all where that cannot be, as with a single group.

    Arguments:
        ids: The id of each row.
        classes: (n,) the class of each row as an integer; None for numbers.
        validated: (n,) the rows that may validate; the others always train, within the bounds. None is all.
        bounds: What no part may cut through.
        seed: Another seed is another order.
    """
    n = len(ids)
    may = np.arange(n) if validated is None else np.flatnonzero(validated)
    if bounds is not None:
        return _bounded(ids, classes, may, bounds, seed)
    some = [ids[i] for i in may.tolist()]
    of = None if classes is None else classes[may]
    if len(set(some)) >= LARGE:
        chosen = holdout(some, of, min(HOLDOUT, _MOST / len(may)), seed=seed)
        masks = [chosen]
    else:
        fold = folds(some, of, min(FOLDS, len(set(some))), seed=seed)
        masks = [fold == f for f in range(int(fold.max(initial=-1)) + 1)]
    return tuple(Part(np.setdiff1d(np.arange(n), may[m]), may[m]) for m in masks if 0 < m.sum() < n)


def folds(ids: Sequence[str], classes: Labels | None, k: int, *, seed: int = 0) -> npt.NDArray[np.intp]:
    """(n,) the fold of each row, 0 to k - 1, with equal shares of each class as far as it has members."""
    first, inverse = _distinct(ids)
    of = _classes(classes, first)
    rank, size = _ranks([ids[i] for i in first.tolist()], of, seed)
    # Each class starts at another fold, so that small classes do not all fill the first one.
    fold = (rank * k // size + np.unique(of, return_inverse=True)[1]) % k
    return np.asarray(fold[inverse])


def holdout(ids: Sequence[str], classes: Labels | None, share: float, *, seed: int = 0) -> npt.NDArray[np.bool_]:
    """(n,) whether a row is held out: this share of each class, and of all rows, however few a class has.

    What a quota has beyond whole rows is rounded up or down by a sequence that fills 0 to 1 evenly from class to class, the
    multiples of the golden ratio (Weyl, 1916). So the shares of rare classes add up, and no class moves when another grows.
    """
    first, inverse = _distinct(ids)
    of = _classes(classes, first)
    rank, size = _ranks([ids[i] for i in first.tolist()], of, seed)
    rounding = (0.5 + of * _GOLDEN + seed * _SILVER) % 1
    return np.asarray((rank < np.floor(size * share + rounding))[inverse])


def _bounded(ids: Sequence[str], classes: Labels | None, may: Index, bounds: Bounds, seed: int) -> tuple[Part, ...]:
    """The parts of rows that may not be told apart one by one."""
    names = [i if g is None else f"group {g}" for i, g in zip(ids, bounds.groups or [None] * len(ids), strict=True)]
    position: dict[str, int] = {}
    group = np.array([position.setdefault(name, len(position)) for name in names], dtype=np.intp)
    earlier = np.ones(len(ids), dtype=np.bool_)
    share = min(HOLDOUT, _MOST / max(1, len(may)))
    if bounds.times is not None:
        first = _newest(bounds.times[may], share)
        earlier = ~(bounds.times >= first)
        held = [may[bounds.times[may] >= first]]
    else:
        of = np.zeros(len(may), dtype=np.intp) if classes is None else np.asarray(classes)[may]
        many = len(may) >= LARGE
        k = min(FOLDS, len(np.unique(group[may])))
        place = _shared_out([names[i] for i in may.tolist()], of, [share, 1 - share] if many else [1 / max(1, k)] * k, seed)
        held = [may[place == f] for f in range(1 if many else k)]
    found = [Part(np.flatnonzero(earlier & ~np.isin(group, group[rows])), rows) for rows in held]
    return tuple(part for part in found if len(part.train) and len(part.validate))


def _newest(times: npt.NDArray[np.float64], share: float) -> float:
    """The time from which on rows are nearest to this share of all whose time is known; infinite where all are of one time."""
    known = times[~np.isnan(times)]
    distinct, count = np.unique(known, return_counts=True)
    if len(distinct) < 2:
        return np.inf
    as_new = len(known) - count.cumsum()[:-1]
    return float(distinct[1:][np.abs(as_new - share * len(known)).argmin()])


def _shared_out(names: Sequence[str], classes: Labels, shares: Sequence[float], seed: int) -> Index:
    """(n,) the place of each row, where rows of one name stay together and each place gets its share of each class.

    Each name has a home, by its hash, and stays there unless that place would overflow more than another; large ones come
    first (by powers of two, so that one more row seldom changes the order), for the small ones to fill what is left.
    """
    members: dict[str, Counter[int]] = defaultdict(Counter)
    for name, c in zip(names, classes.tolist(), strict=True):
        members[name][c] += 1
    total = Counter(classes.tolist())
    hashes = {m: hashlib.blake2b(f"{seed}:{m}".encode(), digest_size=8).digest() for m in members}
    ends = np.cumsum(shares)
    filled: list[Counter[int]] = [Counter() for _ in shares]
    place: dict[str, int] = {}
    for name in sorted(members, key=lambda m: (-members[m].total().bit_length(), hashes[m][4:])):
        home = int(np.searchsorted(ends[:-1], int.from_bytes(hashes[name][:4]) / 2**32, side="right"))
        over = [
            round(sum(max(0.0, full[c] + m - share * total[c]) / total[c] for c, m in members[name].items()), 9)
            for full, share in zip(filled, shares, strict=True)
        ]
        place[name] = home if over[home] == min(over) else over.index(min(over))
        filled[place[name]].update(members[name])
    for empty in {*range(len(shares))} - {*place.values()} if len(place) >= len(shares) else ():
        # Few groups, some of them large: a small one that shares its place can make up for it.
        shared = Counter(place.values())
        place[next(m for m in reversed(place) if shared[place[m]] > 1)] = empty
    return np.array([place[name] for name in names], dtype=np.intp)


def sample(ids: Sequence[str], classes: Labels | None, size: int, *, seed: int = 0) -> Index:
    """Positions of `size` rows with the classes in proportion, each class first in turn; a larger sample holds the smaller."""
    rank, members = _ranks(ids, _classes(classes, np.arange(len(ids))), seed)
    return np.sort(np.lexsort((rank, rank / members))[:size])


def _distinct(ids: Sequence[str]) -> tuple[Index, Index]:
    """The first row of each id, and for each row the position of its id among those."""
    position: dict[str, int] = {}
    inverse = np.array([position.setdefault(i, len(position)) for i in ids], dtype=np.intp)
    first = np.unique(inverse, return_index=True)[1] if len(inverse) else inverse
    return first, inverse


def _classes(classes: Labels | None, rows: Index) -> Labels:
    return np.zeros(len(rows), dtype=np.intp) if classes is None else np.asarray(classes)[rows]


def _ranks(ids: Sequence[str], classes: Labels, seed: int) -> tuple[Index, Index]:
    """(n,) each row's rank in its class, from 0, and the size of its class."""
    salt = f"{seed}:".encode()
    hashes = np.array([int.from_bytes(hashlib.blake2b(salt + i.encode(), digest_size=8).digest()) for i in ids], dtype=np.uint64)
    order = np.lexsort((hashes, classes))
    _, start, inverse, size = np.unique(classes[order], return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(order), dtype=np.intp)
    members = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order)) - start[inverse]
    members[order] = size[inverse]
    return rank, members
