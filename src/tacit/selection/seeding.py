"""k-means++: rows drawn one after the other, in proportion to their squared distance from those drawn before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["seeds"]

_TRIES = 16
"""Rows proposed at a time."""

_PATIENCE = 64
"""Proposals turned down for one row, after which all rows are brought up to date."""

_BLOCK = 2048

Floats = NDArray[np.float64]


def seeds(
    factors: Sequence[NDArray[Any]], n: int, rng: np.random.Generator, *, first: int, whole: bool = False
) -> tuple[NDArray[np.int64], Floats]:
    """D^2 sampling (Arthur & Vassilvitskii 2007), exact, without computing most of the distances.

    A row's squared distance never grows, so one that is out of date is an upper bound: a row is proposed in proportion to the bounds,
    brought up to date, and accepted with the probability true / bound. What is accepted has the distribution of the plain algorithm.

    Arguments:
        factors: (N, d) arrays. Row i is the tensor product of the rows i of all of them, whose inner products are the products of
            the factors': neither the tensor products nor their distances are stored.
        n: How many, from 1 to N.
        rng: For draws.
        first: The row to begin with.
        whole: Whether the distances of rows that are not drawn have to be up to date.

    Returns:
        (n,) rows in the order of the draw, each once, and (N,) squared distances: of the rows drawn as of their turn (the first: its
        squared length), of the others as of the end. Where all that is left repeats what was drawn, rows are drawn evenly.
    """
    walk = _Walk(factors, rng)
    rows, squares = [first], [float(walk.lengths[first])]
    walk.add(first)
    while len(rows) < n:
        row, square = walk.next()
        rows.append(row)
        squares.append(square)
        walk.add(row)
    if whole:
        walk.refresh(np.flatnonzero(~walk.gone))
    found = walk.bounds[: walk.size].copy()
    found[rows] = squares
    return np.array(rows, np.int64), found


class _Walk:
    """Bounds of all rows, kept in a square with the sums of its lines, so that a draw costs two lines of it."""

    def __init__(self, factors: Sequence[NDArray[Any]], rng: np.random.Generator) -> None:
        self.factors, self.rng, self.size = factors, rng, len(factors[0])
        squares = [np.einsum("ij,ij->i", f, f, dtype=np.float64) for f in factors]
        self.lengths: Floats = reduce(np.multiply, squares)
        self.side = max(1, int(np.ceil(np.sqrt(self.size))))
        self.bounds = np.zeros(self.side * self.side)
        self.sums = np.zeros(self.side)
        self.met = np.zeros(self.size, np.int64)
        self.gone = np.zeros(self.size, bool)
        self.centers: list[int] = []

    def add(self, row: int) -> None:
        self.centers.append(row)
        self.gone[row] = True
        if len(self.centers) == 1:
            self.refresh(np.arange(self.size))
        self._set(np.array([row]), np.zeros(1))

    def next(self) -> tuple[int, float]:
        refused = 0
        while (total := float(self.sums.sum())) > 0:
            asked = self._proposals(total)
            before = self.bounds[asked]
            self.refresh(np.unique(asked))
            true = self.bounds[asked]
            accepted = self.rng.random(len(asked)) * before < true
            if accepted.any():
                at = int(accepted.argmax())
                return int(asked[at]), float(true[at])
            refused += len(asked)
            if refused >= _PATIENCE:
                self.refresh(np.flatnonzero(~self.gone))
                refused = 0
        left = np.flatnonzero(~self.gone)
        return int(self.rng.choice(left)), 0.0

    def refresh(self, rows: NDArray[np.int64]) -> None:
        """Bring bounds up to date by matrix products with the centers that the rows have not met."""
        rows = rows[self.met[rows] < len(self.centers)]
        rows = rows[np.argsort(self.met[rows], kind="stable")]
        for start in range(0, len(rows), _BLOCK):
            some = rows[start : start + _BLOCK]
            since = int(self.met[some[0]])
            near = np.where(self.met[some] == 0, np.inf, self.bounds[some])
            for part in range(since, len(self.centers), _BLOCK):
                centers = np.array(self.centers[part : part + _BLOCK])
                inner: Floats = reduce(np.multiply, [f[some].astype(float) @ f[centers].astype(float).T for f in self.factors])
                longest = self.lengths[some][:, None] + self.lengths[centers]
                square = longest - 2 * inner
                # What is left of equal rows after rounding is nothing.
                square[square < 1e-12 * longest] = 0
                near = np.minimum(near, square.min(axis=1))
            self._set(some, near)
        self.met[rows] = len(self.centers)

    def _set(self, rows: NDArray[np.int64], values: Floats) -> None:
        self.bounds[rows] = values
        lines = np.unique(rows // self.side)
        self.sums[lines] = self.bounds.reshape(self.side, self.side)[lines].sum(axis=1)

    def _proposals(self, total: float) -> NDArray[np.int64]:
        cumulated = np.cumsum(self.sums)
        at = self.rng.random(_TRIES) * min(total, float(cumulated[-1]))
        line = np.minimum(np.searchsorted(cumulated, at, side="right"), self.side - 1)
        rest = at - (cumulated[line] - self.sums[line])
        within = np.cumsum(self.bounds.reshape(self.side, self.side)[line], axis=1)
        column = np.minimum((within <= rest[:, None]).sum(axis=1), self.side - 1)
        return np.asarray(np.minimum(line * self.side + column, self.size - 1), np.int64)
