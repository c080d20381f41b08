"""What each labeling function does: how much it covers, and how it gets on with the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
        estimated: How often it is right where it votes, judged by the other functions; None if none else votes there. Of numbers
            the standard deviation of its errors.
        measured: The same, judged by labels; None where no labeled example has its vote. Of numbers the mean absolute error.
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
    voted: NDArray[np.bool_],
    differs: NDArray[np.bool_],
    failed: Sequence[int],
    estimated: NDArray[np.float64],
    measured: NDArray[np.float64],
    suspects: Sequence[int],
) -> tuple[FunctionSummary, ...]:
    """Describe each function.

    Arguments:
        voted: (n, n_functions) bool, whether it votes.
        differs: (n, n_functions) bool, whether another one says something else there; it need not be False where it abstains.
        failed: Failures by function.
        estimated: (n_functions,) what the votes alone tell of each, NaN where nothing does.
        measured: (n_functions,) the same by labels.
        suspects: Those that look worse than chance.
    """
    rows = max(len(voted), 1)
    overlap = voted & (voted.sum(1, keepdims=True) > 1)
    return tuple(
        FunctionSummary(
            name,
            float(voted[:, j].sum()) / rows,
            float(overlap[:, j].sum()) / rows,
            float((overlap[:, j] & differs[:, j]).sum()) / rows,
            failed[j],
            None if np.isnan(estimated[j]) else float(estimated[j]),
            None if np.isnan(measured[j]) else float(measured[j]),
            j in suspects,
        )
        for j, name in enumerate(names)
    )
