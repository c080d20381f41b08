"""Choosing by the name of a strategy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tacit.selection.drawing import Pick
from tacit.selection.pools import Pool
from tacit.selection.registry import get
from tacit.selection.uncertainties import KINDS

__all__ = ["STRATEGIES", "pick"]

STRATEGIES = ("random", *KINDS)
"""Names of the strategies that need no more than a model's probabilities; `names()` has all."""


def pick(
    strategy: str,
    n: int,
    *,
    pool: Pool | int,
    probabilities: ArrayLike | None = None,
    seed: int = 0,
    temperature: float = 0.0,
) -> Pick:
    """Choose `n` rows of a pool.

    Arguments:
        strategy: One of `names()`, or several with "+" between.
        n: How many, from 1 to the size of the pool.
        pool: What there is to look at, or how many rows there are.
        probabilities: (size, n_classes) of a model, for a pool that is given by its size.
        seed: For draws.
        temperature: 0 for the best rows, above for a draw in which better ones are likelier.

    Raises:
        OptionError: The strategy is unknown, or needs what the pool lacks.
        SelectionError: The pool has fewer than `n` rows.
    """
    chooser = get(strategy)
    if not isinstance(pool, Pool):
        pool = Pool(pool, probabilities=None if probabilities is None else np.asarray(probabilities))
    return chooser.pick(pool, n, seed, temperature=temperature)
