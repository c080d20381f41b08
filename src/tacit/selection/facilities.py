"""Facility location: rows that stand for all others."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.selection.drawing import checked_number
from tacit.selection.pools import table_of

__all__ = ["facility_location"]

_WHOLE = 4000
"""Rows up to which all similarities are kept: 128 MB."""

_FIRST, _MOST = 16, 512
"""Rows whose gains are computed together: at first, and at most."""

_BLOCK = 2048
_ALIKE, _NOISE = 1e-9, 1e-13

Floats = NDArray[np.float64]


def facility_location(features: ArrayLike, n: int) -> NDArray[np.int64]:
    """Choose rows so that every row has a chosen one that is like it, by lazy greedy maximization.

    The sum over all rows of the similarity to the most similar chosen row, with the similarity (1 + cosine) / 2, is submodular, so that
    the greedy choice is worth at least 1 - 1/e of the best (Nemhauser, Wolsey & Fisher 1978), and a gain that is out of date is an
    upper bound (Minoux 1978). Rows and order are those of the plain greedy; gains that differ by less than one in a billion are
    equal, and the first row counts.

    Above 4,000 rows similarities are computed where they are needed, by matrix products: the memory beside the features is that of
    one float64 copy of them. The first gains cost O(N d), those of the second choice O(N^2 d).

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
    """Upper bounds on the gain of each row, and how many rows were chosen when each was computed."""

    def __init__(self, table: Floats) -> None:
        lengths = np.sqrt(np.einsum("ij,ij->i", table, table))
        self.units = table / np.where(lengths > 0, lengths, 1)[:, None]
        self.whole = (1 + self.units @ self.units.T) / 2 if len(table) <= _WHOLE else None
        self.covered = np.zeros(len(table))
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
            self.gains[hopeful] = self._gains(hopeful)
            self.asof[hopeful] = self.chosen
            many = min(2 * many, _MOST)
        row = int(np.argmax(self.gains >= self._nearly(best)))
        np.maximum(self.covered, self._similar(np.array([row]), slice(None))[0], out=self.covered)
        self.gains[row] = -np.inf
        self.asof[row] = len(self.gains)  # never again out of date
        self.chosen += 1
        return row

    def _nearly(self, best: float) -> float:
        """From which gain on a row ties with the best: a sum of N terms up to 1 has some rounding error even where it is 0."""
        return best - _ALIKE * abs(best) - _NOISE * len(self.gains)

    def _similar(self, rows: NDArray[np.int64], others: slice) -> Floats:
        if self.whole is not None:
            return np.asarray(self.whole[rows, others])
        return np.asarray((1 + self.units[rows] @ self.units[others].T) / 2)

    def _gains(self, rows: NDArray[np.int64]) -> Floats:
        total = np.zeros(len(rows))
        for start in range(0, len(self.units), _BLOCK):
            part = slice(start, start + _BLOCK)
            more = self._similar(rows, part)
            more -= self.covered[part]
            total += np.maximum(more, 0, out=more).sum(axis=1)
        return total
