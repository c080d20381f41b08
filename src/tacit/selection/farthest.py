"""Farthest-first traversal: each row in turn is the farthest from all that were chosen before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError
from tacit.selection.drawing import checked_number

__all__ = ["Cover", "cover"]

_BLOCK = 1024
"""Rows that are searched at a time."""

_LEAST, _CHUNK = 8, 256
"""Centers whose distances are computed at a time, at least and at most."""

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Cover:
    """Rows chosen by `cover`.

    Attributes:
        rows: (n,) in the order of choice.
        radii: (n,) float64, how far each was from those before it; infinite for the first of all. They never increase.
        distances: (N,) float64, from each row to the nearest chosen one: exact if `whole` was asked for, else at least so much.
        evaluated: How many distances were computed; plain greedy computes N for each chosen row.
    """

    rows: Rows
    radii: Floats
    distances: Floats
    evaluated: int


def cover(
    features: NDArray[Any], n: int, *, labeled: NDArray[Any] | None = None, taken: Rows | None = None, whole: bool = False
) -> Cover:
    """Farthest-first traversal, exact, without computing most of the distances.

    The distance from a row to the nearest center never grows, so one that is out of date is an upper bound. Only the rows of the
    largest bounds are brought up to date, by matrix products with the centers that they have not met, and the search goes on among
    them while the best of them is beyond every bound outside. A pair is seldom computed twice, so that it is about
    as much work as the plain loop at worst, and the memory beside the features is O(N + n d).

    Squared distances are |x|^2 + |c|^2 - 2 x.c in float64 of centered rows. Where two rows are closer than the rounding error of
    that, both are computed again as sum (x - c)^2, and if they are equal then too, the first row counts.

    Arguments:
        features: (N, d) finite.
        n: How many.
        labeled: (l, d) centers that are no rows of `features`.
        taken: Rows that are centers already.
        whole: Whether `Cover.distances` has to be exact for the rows that are not chosen.
    """
    before = np.zeros(0, np.int64) if taken is None else taken
    checked_number(n, len(features) - len(before))
    search = _Search(features, n, labeled, before)
    while len(search.rows) < n:
        if not search.among_the_farthest(n):
            search.one_of_many(n)
    if whole:
        search.refresh_all()
    distances = np.sqrt(np.maximum(search.bound, 0))
    return Cover(np.array(search.rows, np.int64), np.sqrt(np.array(search.radii)), distances, search.evaluated)


class _Search:
    """Bounds of all rows, and how many centers each has met."""

    def __init__(self, features: NDArray[Any], n: int, labeled: NDArray[Any] | None, taken: Rows) -> None:
        self.features = features
        self.mean = features.mean(axis=0, dtype=np.float64)
        self.square = np.empty(len(features))
        for start in range(0, len(features), _BLOCK):
            block = features[start : start + _BLOCK] - self.mean
            self.square[start : start + _BLOCK] = np.einsum("ij,ij->i", block, block)
        if not np.isfinite(self.square).all():
            raise OptionError(
                "features are so large that their squares are infinite",
                right="they are below 1e150",
                next="divide them by their largest",
            )
        given = [features[taken]] if labeled is None else [np.asarray(labeled), features[taken]]
        before = np.concatenate(given) if sum(map(len, given)) else features[:0]
        width = features.shape[1]
        self.centers = np.empty((len(before) + n, width + 1))
        """-2 c and |c|^2: the product with x and 1 is the squared distance less |x|^2."""
        self.originals = np.empty((len(before) + n, width), np.result_type(features.dtype, before.dtype))
        self.met = 0
        for center in before:
            self._center(center)
        self.bound = np.full(len(features), np.inf)
        self.applied = np.zeros(len(features), np.int32)
        self.rows: list[int] = []
        self.radii: list[float] = []
        self.gone = np.zeros(len(features), bool)
        self.gone[taken] = True
        self.bound[taken] = -np.inf
        self.evaluated = 0
        largest = max(float(self.square.max(initial=0)), float(self.centers[: self.met, -1].max(initial=0)))
        # Twice the bound on the rounding error of a product of d terms (Higham 2002, section 3.1), for each of two distances.
        self.slack = 16 * (width + 8) * 2.0**-53 * largest
        self.sure: tuple[Floats, NDArray[np.int32]] | None = None
        if not self.met:
            self._pick(self._middle(), np.inf)
        self._meet_first()

    def among_the_farthest(self, n: int) -> bool:
        """Choose what can be chosen among the rows of the largest bounds; False if that is nothing."""
        size = len(self.bound)
        if size > _BLOCK:
            order = np.argpartition(self.bound, size - _BLOCK - 1)
            rows, outside = order[size - _BLOCK :], float(self.bound[order[size - _BLOCK - 1]])
        else:
            rows, outside = np.arange(size), -np.inf
        rows = np.sort(rows[~self.gone[rows]])
        late = bool((self.applied[rows] < self.met).any())
        block = self._refreshed(rows)
        near, square, found = self.bound[rows], self.square[rows], False
        while len(self.rows) < n and len(rows):
            best = float(near.max())
            if best - self.slack <= outside or best <= self.slack:
                break
            tied = np.flatnonzero(near >= best - self.slack)
            at = int(tied[0] if len(tied) == 1 else tied[np.argmax(self._exact(rows[tied]))])
            self._pick(int(rows[at]), float(near[at]))
            found = True
            np.minimum(near, np.maximum(block @ self.centers[self.met - 1] + square, 0), out=near)
            near[at] = -np.inf
            self.evaluated += len(rows)
            hopeful = near > outside
            if 2 * int(hopeful.sum()) < len(rows):
                # The others cannot be chosen here any more; what is left is half as large, and twice as fast.
                self._keep(rows, near)
                rows, block, near, square = rows[hopeful], block[hopeful], near[hopeful], square[hopeful]
        self._keep(rows, near)
        return found or late

    def one_of_many(self, n: int) -> None:
        """Choose one row where more rows tie than fit a block."""
        best = float(self.bound.max())
        while True:
            rows = np.flatnonzero(self.bound >= best - self.slack)
            stale = rows[self.applied[rows] < self.met]
            for start in range(0, len(stale), _BLOCK):
                self._refreshed(stale[start : start + _BLOCK])
            best = float(self.bound.max())
            if not len(stale):
                break
        exact = self._exact(rows)
        at = int(np.argmax(exact))
        if exact[at] == 0:
            # All that is left repeats what was chosen.
            for row in np.flatnonzero(~self.gone)[: n - len(self.rows)].tolist():
                self._pick(row, 0.0)
        else:
            self._pick(int(rows[at]), max(float(self.bound[rows[at]]), 0.0))

    def refresh_all(self) -> None:
        rows = np.flatnonzero(~self.gone & (self.applied < self.met))
        for start in range(0, len(rows), _BLOCK):
            self._refreshed(rows[start : start + _BLOCK])

    def _pick(self, row: int, radius: float) -> None:
        self.rows.append(row)
        self.radii.append(radius)
        self.gone[row] = True
        self.bound[row] = -np.inf
        self._center(self.features[row])

    def _center(self, center: NDArray[Any]) -> None:
        self.originals[self.met] = center
        around = center - self.mean
        self.centers[self.met, :-1] = -2 * around
        self.centers[self.met, -1] = around @ around
        self.met += 1

    def _middle(self) -> int:
        """The row nearest to the mean, of equals the first."""
        near = np.flatnonzero(self.square <= self.square.min() + self.slack)
        apart = self.features[near] - self.mean
        return int(near[np.argmin((apart**2).sum(axis=1))])

    def _meet_first(self) -> None:
        """A first bound for all rows."""
        for start in range(0, len(self.bound), _BLOCK):
            part = slice(start, start + _BLOCK)
            block = self.features[part] - self.mean
            self.bound[part] = np.maximum(block @ self.centers[0, :-1] + self.centers[0, -1] + self.square[part], 0)
        self.bound[self.gone] = -np.inf
        self.applied[:] = 1
        self.evaluated += len(self.bound)

    def _refreshed(self, rows: Rows) -> Floats:
        """(len(rows), d + 1) centered features and a 1, after their bounds were brought up to date."""
        block = np.empty((len(rows), self.centers.shape[1]))
        np.subtract(self.features[rows], self.mean, out=block[:, :-1])
        block[:, -1] = 1
        late = np.argsort(self.applied[rows], kind="stable")
        since = self.applied[rows[late]]
        first = int(since[0]) if len(since) else self.met
        turned = block if bool((np.diff(late) == 1).all()) else block[late]
        start = first
        while start < self.met:
            # A chunk ends where more rows join, if it has enough centers by then, so that few pairs are computed twice.
            joins = int(since[min(int(np.searchsorted(since, start + _LEAST)), len(since) - 1)])
            stop = min(start + _CHUNK, self.met, joins if joins >= start + _LEAST else self.met)
            some = int(np.searchsorted(since, stop))
            found = (turned[:some] @ self.centers[start:stop].T).min(axis=1) + self.square[rows[late[:some]]]
            at = rows[late[:some]]
            self.bound[at] = np.minimum(self.bound[at], np.maximum(found, 0))
            self.evaluated += some * (stop - start)
            start = stop
        self.applied[rows] = self.met
        return block

    def _keep(self, rows: Rows, near: Floats) -> None:
        self.bound[rows] = near
        self.applied[rows] = self.met

    def _exact(self, rows: Rows) -> Floats:
        """Squared distances to the nearest center as sums of squared differences; each row remembers how far it came."""
        if self.sure is None:
            self.sure = np.full(len(self.bound), np.inf), np.zeros(len(self.bound), np.int32)
        value, upto = self.sure
        first = int(upto[rows].min())
        for part in range(0, len(rows), _BLOCK):
            some = rows[part : part + _BLOCK]
            block = np.empty((len(some), self.centers.shape[1]))
            np.subtract(self.features[some], self.mean, out=block[:, :-1])
            block[:, -1] = 1
            near = np.full(len(some), np.inf)
            for again in (False, True):
                for start in range(first, self.met, _CHUNK):
                    stop = min(start + _CHUNK, self.met)
                    found = block @ self.centers[start:stop].T + self.square[some][:, None]
                    if not again:
                        near = np.minimum(near, found.min(axis=1))
                        continue
                    mine, theirs = np.nonzero(found <= near[:, None] + self.slack)
                    for few in range(0, len(mine), _BLOCK):
                        i, c = mine[few : few + _BLOCK], theirs[few : few + _BLOCK] + start
                        apart = self.features[some[i]].astype(float) - self.originals[c]
                        np.minimum.at(value, some[i], (apart**2).sum(axis=1))
            upto[some] = self.met
        return value[rows]
