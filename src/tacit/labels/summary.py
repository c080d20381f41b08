"""What each labeling function does: how much it covers, and how it gets on with the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.labels.aggregation import Aggregate, class_counts

__all__ = ["FunctionSummary", "summarize"]


@dataclass(frozen=True)
class FunctionSummary:
    """One line of the table of labeling functions; shares are of all examples, from 0 to 1.

    Attributes:
        name: The function's.
        coverage: Share on which it votes.
        overlap: Share on which it and another one vote.
        conflict: Share on which it and another one vote differently.
        failed: Number of examples on which it failed: raised, took too long, or gave no class.
        estimated: How often it is right where it votes, judged by the other functions; None if none else votes there.
        measured: The same, judged by labels; None where no labeled example has its vote.
        suspect: Whether it looks worse than chance.
        tokens: What a language model read and wrote for its votes; 0 where none was asked.
        cost: USD for these; None where no price is known, or none was asked.
    """

    name: str
    coverage: float
    overlap: float
    conflict: float
    failed: int
    estimated: float | None
    measured: float | None
    suspect: bool
    tokens: int = 0
    cost: float | None = None


def summarize(
    names: Sequence[str],
    votes: NDArray[Any],
    failed: Sequence[int],
    said: Aggregate,
    estimated: NDArray[np.float64],
    known: NDArray[np.int64],
    n_classes: int,
) -> list[FunctionSummary]:
    """Describe each function.

    Arguments:
        votes: (n, n_functions) int, -1 abstains.
        failed: Exceptions by function.
        said: What `aggregate` made of the votes, and of labels where there are some.
        estimated: (n_functions,) accuracies that it tells from the votes alone, NaN where nothing does.
        known: (n,) int, what labels say, -1 unknown.
    """
    counts = class_counts(votes, n_classes)
    total = counts.sum(1)
    rows = max(len(votes), 1)
    summaries = []
    for j, name in enumerate(names):
        voted = np.flatnonzero(votes[:, j] >= 0)
        met = voted[known[voted] >= 0]
        others = total[voted] - 1
        alike = counts[voted, votes[voted, j]] - 1
        summaries.append(
            FunctionSummary(
                name,
                len(voted) / rows,
                float(np.sum(others > 0)) / rows,
                float(np.sum(others > alike)) / rows,
                failed[j],
                None if np.isnan(estimated[j]) else float(estimated[j]),
                float((votes[met, j] == known[met]).mean()) if len(met) else None,
                j in said.suspects,
            )
        )
    return summaries
