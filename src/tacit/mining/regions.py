"""Regions: what the examples that no function votes on have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.mining.conditions import Condition, Range, Says
from tacit.mining.finding import Cues

__all__ = ["Region", "regions"]

_BROAD = 0.4
"""A cue that holds on a larger share of all examples says little of any of them."""


@dataclass(frozen=True)
class Region:
    """Uncovered examples that share a cue.

    Attributes:
        cue: The cue, as people read it.
        n: How many uncovered examples it holds on.
        new: How many of these are in no region before it.
        classes: Class -> how many of them have that label, where there are labels.
        examples: Ids, at most three of `new`.
    """

    cue: str
    n: int
    new: int
    classes: Mapping[str, int]
    examples: tuple[str, ...]


def regions(
    found: Cues,
    uncovered: NDArray[np.bool_],
    gold: NDArray[Any],
    classes: Sequence[str],
    ids: Sequence[str],
    *,
    most: int = 10,
    shown: int = 3,
) -> tuple[Region, ...]:
    """Regions that together hold many uncovered examples, chosen one by one.

    The next one has the largest x log(1 / s)^2, of x uncovered examples that are in no region yet and the share s of all examples
    that the cue holds on: a word of one example in seven tells more than one that nearly all have. Cues on which functions vote
    more often than on the whole, and common English words, are passed over.

    Arguments:
        found: The cues of n examples.
        uncovered: (n,) bool, True where no function votes.
        gold: (n,) int, -1 unknown.
        classes: The classes as text.
        ids: The example of each row.
        most: Of regions.
        shown: Of examples for each region.
    """
    total = np.asarray(found.holds.sum(0)).ravel()
    left = uncovered.astype(np.float32)
    bare = found.holds.T @ left
    share = total / max(found.n, 1)
    telling = (share <= _BROAD) & (bare >= uncovered.mean() * total - 1e-6) & (bare > 0) if found.n else bare > 0
    weight = np.where(telling, np.log(1 / np.maximum(share, 1e-9)) ** 2, 0.0)
    weight[[i for i in np.flatnonzero(weight).tolist() if _is_common(found.cues[i])]] = 0.0
    least = 2 if found.n >= 10 else 1
    made: list[Region] = []
    while len(made) < most and len(weight):
        new = found.holds.T @ left
        best = int(np.argmax(weight * (new >= least) * new))
        if weight[best] <= 0 or new[best] < least:
            break
        weight[best] = 0.0
        rows = found.rows(best)
        rows = rows[uncovered[rows]]
        fresh = rows[left[rows] > 0]
        left[rows] = 0.0
        mix = np.bincount(gold[rows][gold[rows] >= 0], minlength=len(classes)).tolist()
        said = {name: count for name, count in zip(classes, mix, strict=True) if count}
        made.append(Region(str(found.cues[best]), len(rows), len(fresh), said, tuple(ids[i] for i in fresh[:shown].tolist())))
    return tuple(made)


def _is_common(cue: Condition) -> bool:
    """Words that any English text has; open ranges, but of lengths, of which only the ends are a region."""
    if isinstance(cue, Range):
        return cue.of != "length" and (cue.low is None or cue.high is None)
    if not isinstance(cue, Says) or cue.first:
        return False
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return all(word in ENGLISH_STOP_WORDS or not word.isalnum() or len(word) == 1 for word in cue.tokens)
