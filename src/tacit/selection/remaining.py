"""How many rows of a class are left where nobody looked, told by the rows that were drawn from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError
from tacit.selection.frontier import Frontier

__all__ = ["Remaining", "remaining"]


@dataclass(frozen=True)
class Remaining:
    """Rows of a class that are neither labeled nor in the frontier.

    Attributes:
        estimate: How many, about; what became part of the frontier since it was drawn from counts too, so it is rather too high.
        most: At most so many, with the confidence.
        outside: How many rows there are, of any class.
        drawn: Labels that tell.
        positive: How many of them are of the class.
        confidence: Of the bound.
    """

    estimate: float
    most: int
    outside: int
    drawn: int
    positive: int
    confidence: float

    def __str__(self) -> str:
        return (
            f"{self.positive:,} of {self.drawn:,} rows drawn from outside are of the class: about {self.estimate:,.0f}, and with a "
            f"confidence of {self.confidence:.0%} at most {self.most:,}, of {self.outside:,} rows that nobody looked at"
        )


def remaining(state: Frontier, positive: ArrayLike, *, confidence: float = 0.95) -> Remaining:
    """Estimate how many rows of a class are left outside the frontier, and bound it.

    A row outside had the probability 1 / N_j of being the j-th drawn, where N_j is how many rows there were outside. The estimate is
    that of Hansen & Hurwitz 1943, sum of positive / (sum of 1 / N_j); for a single round it is that of Horvitz & Thompson 1952.
    The bound is one-sided, of Clopper & Pearson 1934: N p with N = m / sum(1 / N_j), the harmonic mean, and p the share at which so few
    positives have the probability 1 - confidence.

    It holds although the frontier grows by what is drawn: where K rows of the class are left at the end, at least K were there at each
    draw, so that each found one with a probability of K / N_j or more, whatever was found before; and the number found by
    independent draws of unequal probabilities is less often so small than that of equal ones (Hoeffding 1956). Drawing without
    replacement within a round and what was absorbed by the frontier make it wider than it would have to be, not narrower. That K
    itself depends on what was drawn is beyond this argument; simulated rounds, whose frontier grows by every draw, cover K more often
    than promised (`tests/selection/test_remaining.py`). It is a bound for one time of asking, not for the best of many.

    Arguments:
        state: The frontier.
        positive: (m,) bool, for each of `state.drawn`, whether it is of the class.
        confidence: Above 0.75 and below 1.

    Raises:
        OptionError: There is not one answer for each row that was drawn, or the confidence is no such number.
    """
    from scipy.stats import beta

    said = np.asarray(positive)
    m = len(state.drawn)
    if said.shape != (m,) or not np.isin(said, (0, 1)).all():
        raise OptionError(
            f"there are {said.size:,} answers for {m:,} rows that were drawn",
            right="positive says True or False of each, in the order of frontier.drawn",
            next="remaining(frontier, labels[frontier.drawn] == 1)",
        )
    if not 0.75 < confidence < 1:
        raise OptionError(f"the confidence is {confidence}", right="it is above 0.75 and below 1", next="confidence=0.95")
    found = int(said.sum())
    if not m:
        return Remaining(float("nan"), state.rest, state.rest, 0, 0, confidence)
    usual = m / float((1 / state.outside).sum())
    share = 1.0 if found == m else float(beta.ppf(confidence, found + 1, m - found))
    most = min(int(usual * share), state.rest)
    return Remaining(min(usual * found / m, float(state.rest)), most, state.rest, m, found, confidence)
