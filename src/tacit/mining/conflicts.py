"""Pairs of labeling functions that say different things, and who was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Conflict", "conflicts"]


@dataclass(frozen=True)
class Conflict:
    """Two functions that vote differently on some examples.

    Attributes:
        functions: Their names, in the order of the functions.
        n: On how many examples.
        says: (what the first says, what the second says, on how many examples), most often first.
        judged: On how many of the examples there is a label.
        right: How often each was right there; neither need be.
        examples: Ids, at most three; labeled ones first.
    """

    functions: tuple[str, str]
    n: int
    says: tuple[tuple[str, str, int], ...]
    judged: int
    right: tuple[int, int]
    examples: tuple[str, ...]


def conflicts(
    names: Sequence[str],
    votes: NDArray[Any],
    gold: NDArray[Any],
    classes: Sequence[str],
    ids: Sequence[str],
    *,
    most: int = 10,
    shown: int = 3,
) -> tuple[Conflict, ...]:
    """The pairs that vote differently, on the most examples first.

    Arguments:
        names: The functions, in the order of the columns of `votes`.
        votes: (n, n_functions) int, classes from 0; -1 abstains.
        gold: (n,) int, -1 unknown.
        classes: The classes as text.
        ids: The example of each row.
        most: Of pairs.
        shown: Of examples for each pair.
    """
    voted = (votes >= 0).astype(np.float32)
    alike = sum(((votes == c).astype(np.float32).T @ (votes == c).astype(np.float32) for c in range(len(classes))), 0.0)
    apart = np.triu(np.rint(voted.T @ voted - alike).astype(np.int64), 1)
    firsts, seconds = np.nonzero(apart)
    ranked = np.lexsort((seconds, firsts, -apart[firsts, seconds]))[:most]
    return tuple(_conflict(int(firsts[i]), int(seconds[i]), names, votes, gold, classes, ids, shown) for i in ranked)


def _conflict(
    a: int,
    b: int,
    names: Sequence[str],
    votes: NDArray[Any],
    gold: NDArray[Any],
    classes: Sequence[str],
    ids: Sequence[str],
    shown: int,
) -> Conflict:
    rows = np.flatnonzero((votes[:, a] >= 0) & (votes[:, b] >= 0) & (votes[:, a] != votes[:, b]))
    first, second, known = votes[rows, a], votes[rows, b], gold[rows]
    both, often = np.unique(first.astype(np.int64) * len(classes) + second, return_counts=True)
    ranked = np.argsort(-often, kind="stable")
    said = tuple((classes[both[i] // len(classes)], classes[both[i] % len(classes)], int(often[i])) for i in ranked)
    judged = known >= 0
    right = (int((first[judged] == known[judged]).sum()), int((second[judged] == known[judged]).sum()))
    examples = rows[np.argsort(~judged, kind="stable")][:shown]
    return Conflict((names[a], names[b]), len(rows), said, int(judged.sum()), right, tuple(ids[i] for i in examples.tolist()))
