"""Which rows train and which validate: decided by the content of the examples, in quotas for each class.

Every row has a place between 0 and 1 in its class: its rank in the order of a hash of its id. Parts are ranges of places, so
they are as large as asked for in every class, and a row changes its part only where a boundary passes it as rows are added.
Rows with the same id are one: they always share a part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["FOLDS", "HOLDOUT", "LARGE", "Part", "folds", "holdout", "parts", "sample"]

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
    """Positions of rows: those that train and those that validate. They have no example in common."""

    train: Index
    validate: Index


def parts(
    ids: Sequence[str], classes: Labels | None, *, validated: npt.NDArray[np.bool_] | None = None, seed: int = 0
) -> tuple[Part, ...]:
    """Five-fold cross-validation of few rows, one holdout of 20 % (at most 10,000 rows) of many.

    Arguments:
        ids: The id of each row.
        classes: (n,) the class of each row as an integer; None for numbers.
        validated: (n,) the rows that may validate; the others always train. None is all.
        seed: Another seed is another order.
    """
    n = len(ids)
    may = np.arange(n) if validated is None else np.flatnonzero(validated)
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
