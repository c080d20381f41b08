"""Whether a proxy may choose in a target's stead: do the two rank the same rows alike, everywhere?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError

__all__ = ["Agreement", "agreement"]

Floats = NDArray[np.float64]

_DRAWS = 200
_BOUND = 0.05
"""The bound is what so small a share of the draws lies below."""

_FEWEST = 20
"""Rows of a group below which nothing is said of it."""


@dataclass(frozen=True)
class Agreement:
    """How far two scores rank the same rows alike.

    Attributes:
        correlation: Spearman's rank correlation over all rows, -1 to 1.
        correlation_bound: Its lower 95 % bound, one-sided, by bootstrap over the rows.
        overlap: The share of the target's top rows that are among the proxy's, 0 to 1; by chance it is `share`.
        overlap_bound: Its lower bound.
        share: Which share of the rows are the top.
        groups: Group -> (correlation, its lower bound, rows), of those with at least 20 rows.
        worst: The group with the lowest bound; None without groups.
    """

    correlation: float
    correlation_bound: float
    overlap: float
    overlap_bound: float
    share: float
    groups: Mapping[str, tuple[float, float, int]]
    worst: str | None

    def holds(self, least: float = 0.5) -> bool:
        """Whether the proxy may choose: its ranking agrees by more than `least`, and in no group by less than half of that.

        In a group of few rows the bound is wide; that a proxy could not be shown to fail there is not enough.
        """
        chance = self.share + least * (1 - self.share) / 2
        within = all(bound >= least / 2 for _, bound, _ in self.groups.values())
        return self.correlation_bound >= least and self.overlap_bound >= chance and within

    def __str__(self) -> str:
        said = (
            f"rank correlation {self.correlation:.2f} (at least {self.correlation_bound:.2f}), "
            f"{self.overlap:.0%} of the top {self.share:.0%} in common (at least {self.overlap_bound:.0%})"
        )
        if self.worst is None:
            return said
        found, bound, rows = self.groups[self.worst]
        return f"{said}; lowest in {self.worst}: {found:.2f} (at least {bound:.2f}, {rows:,} rows)"


def agreement(
    proxy: ArrayLike, target: ArrayLike, *, top: int, groups: Mapping[str, ArrayLike] | None = None, seed: int = 0
) -> Agreement:
    """Compare what a proxy and a target want of the same rows (Coleman et al., "Selection via proxy", ICLR 2020, section 4).

    A high correlation over all rows may hide a class or a slice in which the two disagree, and from which a proxy would choose
    badly; so it is taken within each.

    Arguments:
        proxy, target: (n,) scores of the same rows, higher is more wanted.
        top: How many rows would be chosen, from 1 to n.
        groups: Name -> (n,) bool, classes and slices.
        seed: Of the bootstrap.

    Raises:
        OptionError: The scores are of different lengths or not finite, or top is not among 1 to n.
    """
    from scipy.stats import rankdata  # it takes longer to import than most selections

    ours, theirs = np.asarray(proxy, float), np.asarray(target, float)
    if ours.ndim != 1 or ours.shape != theirs.shape or not (np.isfinite(ours).all() and np.isfinite(theirs).all()):
        raise OptionError(
            f"scores have shapes {ours.shape} and {theirs.shape}",
            right="they are finite numbers, one for each of the same rows",
            next="agreement(proxy, target, top=100)",
        )
    n = len(ours)
    if not 1 <= top <= n:
        raise OptionError(f"top is {top} of {n:,} rows", right=f"it is 1 to {n:,}", next=f"top={max(1, min(top, n))}")
    rng = np.random.default_rng(seed)
    a, b = rankdata(ours), rankdata(theirs)
    share = top / n
    drawn = rng.integers(0, n, (_DRAWS, n))
    # Ranks within the drawn rows: those of all rows are in the same order.
    correlations = [_correlation(a[rows], b[rows]) for rows in drawn]
    chosen, wanted = _top(a, top, rng), _top(b, top, rng)
    overlaps = [float(chosen[rows][wanted[rows]].mean()) if wanted[rows].any() else 0.0 for rows in drawn]
    found = {}
    for name, inside in (groups or {}).items():
        rows = np.flatnonzero(np.asarray(inside, bool))
        if len(rows) >= _FEWEST:
            again = [_correlation(a[some], b[some]) for some in rows[rng.integers(0, len(rows), (_DRAWS, len(rows)))]]
            found[name] = (_correlation(a[rows], b[rows]), float(np.quantile(again, _BOUND)), len(rows))
    return Agreement(
        _correlation(a, b),
        float(np.quantile(correlations, _BOUND)),
        float(chosen[wanted].mean()),
        float(np.quantile(overlaps, _BOUND)),
        share,
        found,
        min(found, key=lambda name: found[name][1], default=None),
    )


def _correlation(a: Floats, b: Floats) -> float:
    """Of ranks; 0 where one side ranks nothing."""
    spread = float(a.std() * b.std())
    return float(np.mean((a - a.mean()) * (b - b.mean()))) / spread if spread > 0 else 0.0


def _top(ranks: Floats, n: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """(n_rows,) which are the top; equal ones are settled by a draw."""
    found = np.zeros(len(ranks), dtype=np.bool_)
    found[np.lexsort((rng.random(len(ranks)), -ranks))[:n]] = True
    return found
