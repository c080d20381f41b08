"""Rows whose mean follows the mean of their class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from tacit.selection.coresets.checks import checked_keep, checked_matrix
from tacit.selection.coresets.contract import Coreset, Floats, Ints
from tacit.selection.coresets.quotas import by_quota

__all__ = ["herding"]


def herding(features: ArrayLike, classes: ArrayLike, keep: int, *, quota: str = "proportional") -> Coreset:
    """Within each class, take the row that brings the mean of those taken nearest to the mean of all; then again.

    Welling, Herding Dynamical Weights to Learn (ICML 2009), in the form of Rebuffi et al., iCaRL (CVPR 2017), algorithm 4: no row
    twice. Of m rows the mean is off by about 1 / m, where that of random ones is off by m^-1/2. O(m n d).

    Arguments:
        features: (n, d).
        classes: (n,) or (n, g), as `groups` of `by_quota`; all alike for a single class.
        keep: How many, at least one for each class.
        quota: As for `by_quota`.

    Returns:
        Exactly `keep` rows; `scores` are minus the distance of the mean of the class once the row is taken. Each weighs as many
        rows of its class as there are for one that was kept.

    Raises:
        OptionError: Features are not finite numbers, or classes or the quota are not understood.
        SelectionError: There are fewer rows than `keep`, or more classes.
    """
    x = checked_matrix(features)
    keep = checked_keep(keep, len(x))

    def follow(rows: Ints, some: int) -> Coreset:
        return _herd(x[rows], some)

    return replace(by_quota(follow, classes, keep, quota=quota, n=len(x)), method="herding")


def _herd(x: Floats, keep: int) -> Coreset:
    """The rows of one class."""
    x = x - x.mean(axis=0)  # so that the mean to follow is 0
    squares = (x**2).sum(axis=1)
    total, rows, scores = np.zeros(x.shape[1]), np.empty(keep, np.int64), np.empty(keep)
    for taken in range(keep):
        # |total + x|^2 but for |total|^2, which all share.
        row = int(np.argmin(squares + 2 * (x @ total)))
        total = total + x[row]
        rows[taken], scores[taken] = row, -np.sqrt(total @ total) / (taken + 1)
        squares[row] = np.inf
    return Coreset(rows, np.full(keep, len(x) / keep), scores, np.ones(keep), "herding")
