"""Facility location: rows that stand for all others."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.selection.drawing import checked_number
from tacit.selection.pools import table_of

__all__ = ["facility_location"]

_FIRST, _MOST = 16, 512
"""Rows whose gains are computed together: at first, and at most."""

_CELLS = 1 << 16
"""Similarities in a block, which stays in the second-level cache while it is summed."""

_WIDE = 1024

_ROUNDING = 2.0**-24
"""Of float32."""

_ALIKE, _NOISE = 1e-9, 1e-13

Floats = NDArray[np.float64]


def facility_location(features: ArrayLike, n: int) -> NDArray[np.int64]:
    """Choose rows so that every row has a chosen one that is like it, by lazy greedy maximization.

    The sum over all rows of the similarity to the most similar chosen row, with the similarity (1 + cosine) / 2, is submodular, so that
    the greedy choice is worth at least 1 - 1/e of the best (Nemhauser, Wolsey & Fisher 1978), and a gain that is out of date is an
    upper bound (Minoux 1978). Rows and order are those of the plain greedy; gains that differ by less than one in a billion are
    equal, and the first row counts.

    No gain is computed anew for a choice: all lose what the rows do that are now covered better, which are about one in m at the m-th.
    That is done in float32, with what rounding may hide on the safe side, so that gains are upper bounds; rows that may be the
    best by them are computed in float64. Similarities are never kept: the memory beside the features is that of a float64 and a
    float32 copy of them. The first gains cost O(N d), all others O(N^2 d log n).

    Arguments:
        features: (N, d) finite numbers. A row of zeros has the cosine 0 with all others.
        n: How many, from 1 to N.

    Returns:
        (n,) int64 rows, in the order of choice.

    Raises:
        OptionError: The features are not a finite table.
        SelectionError: There are fewer than `n` rows.

    Example:
        >>> facility_location([[1, 0], [1, 0.1], [1, -0.1], [0, 1]], 2).tolist()
        [1, 3]
    """
    table = table_of(features)
    checked_number(n, len(table))
    greedy = _Greedy(table.astype(np.float64))
    return np.array([greedy.choose() for _ in range(n)], np.int64)


class _Greedy:
    """Upper bounds on the gain of each row, and how many rows were chosen when it was computed exactly.

    Covered is what the most similar chosen row is to each, as a cosine, at first -1: the gain of row i is half the sum over all j of
    max(cosine of i and j, covered of j) - covered of j.
    """

    def __init__(self, table: Floats) -> None:
        lengths = np.sqrt(np.einsum("ij,ij->i", table, table))
        self.units = table / np.where(lengths > 0, lengths, 1)[:, None]
        self.rough = self.units.astype(np.float32)
        # What rounding hides in a product of d terms, whose factors are rounded too, and of a term in the pairwise sum of a block
        # (Higham 2002, sections 3.1 and 4.2).
        self.hidden, self.summed = np.float32((table.shape[1] + 8) * _ROUNDING), 32 * _ROUNDING
        self.covered = np.full(len(table), -1.0)
        self.gains = (len(table) + self.units @ self.units.sum(axis=0)) / 2
        self.asof = np.zeros(len(table), np.int64)
        self.chosen = 0

    def choose(self) -> int:
        many = _FIRST
        while True:
            best = float(self.gains[self.asof == self.chosen].max(initial=-np.inf))
            hopeful = np.flatnonzero((self.gains >= self._nearly(best)) & (self.asof < self.chosen))
            if not len(hopeful):
                break
            if len(hopeful) > many:
                hopeful = hopeful[np.argpartition(-self.gains[hopeful], many)[:many]]
            self.gains[hopeful] = self._exact(hopeful)
            self.asof[hopeful] = self.chosen
            many = min(2 * many, _MOST)
        row = int(np.argmax(self.gains >= self._nearly(best)))
        self._cover(row)
        return row

    def _nearly(self, best: float) -> float:
        """From which gain on a row ties with the best: a sum of N terms up to 1 has some rounding error even where it is 0."""
        return best - _ALIKE * abs(best) - _NOISE * len(self.gains)

    def _exact(self, rows: NDArray[np.int64]) -> Floats:
        total, mine, step = np.zeros(len(rows)), self.units[rows], max(1, _CELLS // len(rows))
        for start in range(0, len(self.units), step):
            near = mine @ self.units[start : start + step].T
            total += np.maximum(near, self.covered[start : start + step], out=near).sum(axis=1)
        return np.asarray((total - self.covered.sum()) / 2)

    def _cover(self, row: int) -> None:
        """Count a row as chosen, and take from all gains at least what they lose by it."""
        near = self.units @ self.units[row]
        better = np.flatnonzero(near > self.covered)
        before, self.covered[better] = self.covered[better], near[better]
        # What is lost is the cosine, but at least what covered before and at most what does now, less what covered before. Both ends are
        # raised by what rounding may hide in the cosine, so that a cosine that is too large does not make the loss so.
        low, high = (bound.astype(np.float32) + self.hidden for bound in (before, near[better]))
        step = max(64, _CELLS // max(1, min(len(better), _WIDE)))
        for left in range(0, len(better), _WIDE):
            some = slice(left, left + _WIDE)
            others, already = self.rough[better[some]].T, float(low[some].sum(dtype=np.float64)) + self.summed * len(low[some])
            for start in range(0, len(self.gains), step):
                block = self.rough[start : start + step] @ others
                np.maximum(block, low[some], out=block)
                lost = np.minimum(block, high[some], out=block).sum(axis=1) - already
                self.gains[start : start + step] -= np.maximum(lost, 0) / 2
        self.gains[row] = -np.inf
        self.asof[row] = len(self.gains)  # never again out of date
        self.chosen += 1
