"""Scores -> a choice, and the probability that each row had of being chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError, SelectionError

__all__ = ["Pick", "checked_number", "checked_temperature", "draw"]

Floats = NDArray[np.float64]

_COLD = 1e-9
"""The least temperature above 0 that is kept apart from others: nothing overflows."""


@dataclass(frozen=True)
class Pick:
    """What was chosen.

    Attributes:
        rows: (n,) positions, first to be labeled first.
        scores: (n,) float64, higher is more wanted.
        probabilities: (n,) float64, above 0 and at most 1, the probability that the row had of being chosen; see `draw`. The sum of
            x / probability over the rows is an unbiased estimate of the sum of x over the pool wherever every row of the pool could
            be chosen: at a temperature above 0, and for "random".
    """

    rows: NDArray[np.int64]
    scores: Floats
    probabilities: Floats


def draw(scores: Floats, n: int, rng: np.random.Generator, *, temperature: float = 0.0) -> Pick:
    """The `n` rows of the highest scores, or rows drawn so that higher scores are likelier.

    At temperature 0 the top rows are chosen and equal scores are settled by a draw, not by the order of the rows, which may be that
    of a file. Probabilities are exact: 1 above the last score, and the share of the chosen among rows that tie at it.

    Above 0, each score is divided by the temperature and by the standard deviation of all scores, Gumbel noise is added, and the top
    rows are chosen: that is sampling without replacement in proportion to exp(score / temperature) (Gumbel top-k; Kool, van Hoof &
    Welling 2019, Stochastic beams). Probabilities are exact where they have a closed form: n / N for equal scores, 1 for n = N, the
    softmax for n = 1. Otherwise they are conditional on the noise of the other rows, P(score + G > tau) = 1 - exp(-exp(score - tau))
    with tau the (n+1)-th largest perturbed score: of the chosen rows, tau does not depend on their own noise, so weights
    1 / probability are unbiased (rank conditioning; Cohen & Kaplan 2007, Duffield, Lund & Thorup 2007).

    Arguments:
        scores: (N,) finite.
        n: From 1 to N.
        rng: For ties and noise.
        temperature: 0 or more; 1 makes a row that is one standard deviation better e times as likely at each draw.
    """
    if temperature == 0:
        return _top(scores, n, rng)
    spread = float(scores.std())
    alike = spread <= 1e-12 * float(np.abs(scores).max())
    level = scores * 0.0 if alike else (scores - scores.max()) / (max(temperature, _COLD) * spread)
    noisy = level + rng.gumbel(size=len(level))
    size = len(level)
    kept = np.argpartition(-noisy, min(n, size - 1))[: n + 1]
    kept = kept[np.argsort(-noisy[kept], kind="stable")]
    chosen = kept[:n]
    if n == size or not level.any():
        likely = np.full(n, n / size)
    elif n == 1:
        likely = np.exp(level[chosen]) / np.exp(level).sum()
    else:
        likely = -np.expm1(-np.exp(np.minimum(level[chosen] - noisy[kept[n]], 700)))
    return Pick(chosen, scores[chosen], np.maximum(likely, np.finfo(float).tiny))


def checked_number(n: int, size: int) -> None:
    """Raise a SelectionError unless `n` of `size` rows can be chosen."""
    if not 1 <= n <= size:
        raise SelectionError(
            f"{n:,} cannot be chosen from {size:,}", right=f"choose 1 to {size:,}", next=f"select {max(1, min(n, size))}"
        )


def checked_temperature(temperature: float) -> None:
    """Raise an OptionError unless the temperature is 0 or more, and finite."""
    if not 0 <= temperature < np.inf:
        raise OptionError(
            f"the temperature is {temperature}", right="it is 0 for the best, or above 0 for a draw", next="temperature=1.0"
        )


def _top(scores: Floats, n: int, rng: np.random.Generator) -> Pick:
    # Partial sort: only those that can be among the first n are put in order.
    kept = np.argpartition(-scores, n - 1)[:n]
    edge = scores[kept].min()
    kept = np.flatnonzero(scores >= edge)
    chosen = kept[np.lexsort((rng.random(len(kept)), -scores[kept]))][:n]
    tied = scores[chosen] == edge
    drawn_from = np.sum(scores == edge)
    return Pick(chosen, scores[chosen], np.where(tied, tied.sum() / drawn_from, 1.0))
