"""Groups of rows that are each to be answered well: what each weighs, and the score of the one that a model is worst at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit import metrics
from tacit.learners import Floats
from tacit.metrics import Metric, higher_is_better

__all__ = ["Codes", "Strata", "Worst", "balanced", "measured", "scored", "worst"]

_PRIOR = 10
"""Of each group so many rows more are imagined that score as all rows do."""

_MOST = 20.0
"""A group weighs at most so many times as much for each row as the mean row: fewer rows are learned by heart."""

Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Strata:
    """Groups of rows, no two of which share a row.

    Attributes:
        names: Of the groups.
        codes: (n,) the position of each row's group.
    """

    names: tuple[str, ...]
    codes: Codes

    def take(self, rows: NDArray[np.intp]) -> Strata:
        """Those of some rows, in this order."""
        return replace(self, codes=self.codes[rows])


@dataclass(frozen=True)
class Worst:
    """The group that a model is worst at.

    Attributes:
        group: Its position.
        n: Its rows.
        measured: Its score, drawn towards that of all rows.
        whole: The score of all rows.
    """

    group: int
    n: int
    measured: Metric
    whole: float


def worst(metric: str, predicted: Floats, target: NDArray[Any], codes: Codes, *, seed: int = 0) -> Worst:
    """The group with the worst score, where each is drawn towards the score of all rows, so that a handful of rows decides little.

    A group of n rows with the score s counts as (n s + 10 S) / (n + 10), S being the score of all: the m-estimate of Cestnik (1990) with
    m = 10. The ends of its interval are drawn likewise. The lowest of several scores is lower than that group's true one by chance, so
    this errs on the careful side.

    Arguments:
        metric: See `tacit.metrics.score`.
        predicted: (n, k) probabilities, or (n,) numbers.
        target: As there.
        codes: (n,) the group of each row.
        seed: Of the bootstrap.
    """
    whole = metrics.score(metric, predicted, target)
    values = _values(metric, predicted, target, codes, whole)
    group = (min if higher_is_better(metric) else max)(values, key=lambda code: values[code])
    rows = np.flatnonzero(codes == group)
    own = metrics.measure(metric, predicted[rows], target[rows], seed=seed)
    low, high = (_drawn(end, len(rows), whole) for end in own.interval)
    return Worst(group, len(rows), Metric(metric, values[group], (low, high)), whole)


def measured(metric: str, predicted: Floats, target: NDArray[Any], codes: Codes | None, *, seed: int = 0) -> Metric:
    """The metric of all rows; with groups that of the worst one."""
    if codes is None:
        return metrics.measure(metric, predicted, target, seed=seed)
    return worst(metric, predicted, target, codes, seed=seed).measured


def scored(metric: str, predicted: Floats, target: NDArray[Any], codes: Codes | None) -> float:
    """The value of `measured`."""
    whole = metrics.score(metric, predicted, target)
    if codes is None:
        return whole
    return (min if higher_is_better(metric) else max)(_values(metric, predicted, target, codes, whole).values())


def balanced(inside: NDArray[np.integer], sizes: NDArray[np.integer]) -> NDArray[np.float64]:
    """(n,) weights of mean 1 by which each group counts the same, but for the smallest, whose rows count 20 times at most.

    Arguments:
        inside: (n,) the group of each row, from 0.
        sizes: Rows of each group.

    Example:
        >>> balanced(np.array([0, 0, 0, 1]), np.array([3, 1])).round(3).tolist()
        [0.667, 0.667, 0.667, 2.0]
    """
    weight = np.minimum(len(inside) / (np.count_nonzero(sizes) * sizes[inside]), _MOST)
    return np.asarray(weight / weight.mean())


def _values(metric: str, predicted: Floats, target: NDArray[Any], codes: Codes, whole: float) -> dict[int, float]:
    """Each group that has rows, and its score, drawn towards that of all."""
    found = {}
    for code in np.unique(codes).tolist():
        rows = np.flatnonzero(codes == code)
        found[code] = _drawn(metrics.score(metric, predicted[rows], target[rows]), len(rows), whole)
    return found


def _drawn(value: float, n: int, whole: float) -> float:
    return (n * value + _PRIOR * whole) / (n + _PRIOR)
