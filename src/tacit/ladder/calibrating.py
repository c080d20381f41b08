"""How sure answers should be: one temperature, fitted on answers to rows that the fits did not have."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.learners import Floats

__all__ = ["temperature_of"]

_STEADY = 50
"""So many rows more would be needed to believe a temperature in full."""

_WIDEST = math.log(4)
_SAME = 0.05
"""A logarithm this close to 0 changes nothing that anybody would notice."""

_ROUNDS = 16
_GOLDEN = (5**0.5 - 1) / 2


def temperature_of(predicted: Floats, target: NDArray[Any]) -> float:
    """The temperature with the lowest log loss (Guo et al., 2017), drawn towards 1 where rows are few.

    Arguments:
        predicted: (n, k) probabilities that were given to rows which the fits did not have.
        target: (n, k) shares that sum to 1.

    Returns:
        1 / 4 to 4; 1 where it would hardly change anything.
    """
    if len(target) == 0:
        return 1.0

    scores = np.log(np.maximum(predicted, 1e-15))
    behind = scores - scores.max(axis=1, keepdims=True)
    of_true = (behind * target).sum(axis=1)

    def loss(log: float) -> float:
        by = math.exp(-log)
        return float((np.log(np.exp(behind * by).sum(axis=1)) - of_true * by).mean())

    # The loss has one valley in 1 / T: a golden-section search (Kiefer, 1953) finds its bottom.
    low, high = -_WIDEST, _WIDEST
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    for _ in range(_ROUNDS):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = loss(right)
    found = (low + high) / 2 * len(target) / (len(target) + _STEADY)
    return 1.0 if abs(found) < _SAME else round(math.exp(found), 4)
