"""Strategies: scores -> a choice, with the probability that each row had of being chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError, SelectionError, nearest
from tacit.selection.uncertainties import KINDS, uncertainty

__all__ = ["STRATEGIES", "Pick", "pick"]

STRATEGIES = ("random", *KINDS)
"""Names of the strategies. All but "random" need a model's probabilities."""


@dataclass(frozen=True)
class Pick:
    """What was chosen.

    Attributes:
        rows: (n,) positions, first to be labeled first.
        scores: (n,) float64, higher is more wanted.
        probabilities: (n,) float64, the probability that the row had of being chosen: 1 above the last score, less among
            rows that tie at it.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]


def pick(strategy: str, n: int, *, pool: int, probabilities: ArrayLike | None = None, seed: int = 0) -> Pick:
    """Choose `n` of `pool` rows.

    Equal scores are settled by a draw, not by the order of the rows, which may be that of a file.

    Arguments:
        strategy: One of `STRATEGIES`.
        n: How many, from 1 to `pool`.
        pool: How many rows there are.
        probabilities: (pool, n_classes) of a model; not needed for "random".
        seed: For draws.

    Raises:
        OptionError: The strategy is unknown, or needs probabilities.
        SelectionError: The pool has fewer than `n` rows.
    """
    if strategy not in STRATEGIES:
        raise OptionError(
            f'there is no strategy "{strategy}"',
            right=f"it is auto, {', '.join(STRATEGIES[:-1])} or {STRATEGIES[-1]}",
            next=f'write strategy="{nearest(strategy, STRATEGIES) or "margin"}"',
        )
    if not 1 <= n <= pool:
        raise SelectionError(
            f"{n:,} cannot be chosen from {pool:,}", right=f"choose 1 to {pool:,}", next=f"select {max(1, min(n, pool))}"
        )
    rng = np.random.default_rng(seed)
    if strategy == "random":
        drawn = rng.permutation(pool)[:n]
        return Pick(drawn, np.zeros(n), np.full(n, n / pool))
    if probabilities is None:
        raise OptionError(f'"{strategy}" needs the probabilities of a model', next='write strategy="random"')
    scores = uncertainty(probabilities, strategy)
    # Partial sort: only those that can be among the first n are put in order.
    kept = np.argpartition(-scores, n - 1)[:n]
    edge = scores[kept].min()
    kept = np.flatnonzero(scores >= edge)
    chosen = kept[np.lexsort((rng.random(len(kept)), -scores[kept]))][:n]
    tied = scores[chosen] == edge
    drawn_from = np.sum(scores == edge)
    return Pick(chosen, scores[chosen], np.where(tied, tied.sum() / drawn_from, 1.0))
