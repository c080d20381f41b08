"""The nearest rows of a pool that may be larger than memory: exact, by matrix products over blocks of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError
from tacit.selection.blocks import pieces

__all__ = ["Exact", "Index", "Neighbors", "checked_points", "exact", "squares"]

_CELLS = 1 << 22
"""Numbers in a block and in its distances: 16 MB of float32."""

_QUERIES = 1024
"""Points that go through the pool together."""

_MANY = 8
"""Times k: of more rows that may be near, the likeliest k are looked at first, to know what is too far."""

_SMALL, _LARGE = 1e-12, 1e15
"""Features of other sizes are compared in float64: their squares leave the range of float32."""

Array = NDArray[Any]
Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Neighbors:
    """Rows near some points.

    Attributes:
        rows: (q, k) int64, the nearest first, of equally near ones the first row; -1 where there are fewer than k.
        distances: (q, k) float64, Euclidean; infinite there.
    """

    rows: Rows
    distances: Floats


class Index(Protocol):
    """What finds neighbors in one pool. Its rows never change their numbers, whatever is labeled."""

    @property
    def size(self) -> int:
        """Rows of the pool."""

    def points(self, rows: Rows) -> Array:
        """(q, d) the features of rows."""

    def near(self, points: ArrayLike, k: int) -> Neighbors:
        """The k rows nearest to each of (q, d) points."""


@dataclass(frozen=True)
class Exact:
    """An index that compares with every row; see `exact`.

    Attributes:
        features: (n, d), in memory or mapped into it.
        center: (d,) their mean.
        largest: The largest of their absolute values.
    """

    features: Array
    center: Array
    largest: float

    @property
    def size(self) -> int:
        return len(self.features)

    def points(self, rows: Rows) -> Array:
        return np.asarray(self.features[rows])

    def near(self, points: ArrayLike, k: int) -> Neighbors:
        """The k nearest rows of each point, those of plain float64 arithmetic.

        Blocks of the pool are multiplied with the points in float32. With e = 2.5 (d + 16) 2^-24, a bound on all its rounding errors
        (Higham 2002, section 3.1), |x|^2 (1 - e) + |q|^2 (1 - e) - 2 x.q is no more than the squared distance. Rows for which that
        is within the k-th distance so far are computed again, as the sum of (x - q)^2 in float64, and only that decides. One pass
        over the pool serves 1,024 points; a block, its distances and the q k neighbors are all that is in memory.

        Arguments:
            points: (q, d) finite.
            k: 1 or more.

        Raises:
            OptionError: The points are not finite, or not as wide as the features; or k is less than 1.
        """
        given = checked_points(points, self.features.shape[1], k)
        rows = np.full((len(given), k), -1, np.int64)
        square = np.full((len(given), k), np.inf)
        for part in pieces(len(given), 1, _QUERIES):
            self._pass(given[part], rows[part], square[part])
        return Neighbors(rows, np.sqrt(square))

    def _pass(self, points: Array, rows: Rows, square: Floats) -> None:
        """Fill (q, k) rows and squared distances in one pass over the pool."""
        (q, d), k = points.shape, rows.shape[1]
        largest = max(self.largest, float(np.abs(points).max(initial=0)))
        kind: type[Any] = np.float32 if _SMALL < largest < _LARGE else np.float64
        less = 1 - 2.5 * (d + 16) * float(np.finfo(kind).eps) / 2
        around = (points - self.center).astype(kind)
        turned = np.concatenate([-2 * around, np.ones((q, 1), kind)], axis=1)
        own = (around.astype(np.float64) ** 2).sum(axis=1) * less - (d + 1) * float(np.finfo(kind).tiny)

        def bound() -> Array:
            """What the least possible distances have to stay within, |q|^2 taken off; nothing comes before k rows at distance 0."""
            furthest = np.where(square[:, -1] > 0, square[:, -1] - own, -np.inf)
            return np.asarray(np.nextafter(furthest.astype(kind), kind(np.inf))[:, None])

        for part in pieces(len(self.features), max(q, d + 1), _CELLS):
            table = self.features[part]
            block = np.empty((len(table), d + 1), kind)
            np.subtract(table, self.center, out=block[:, :-1], casting="same_kind")
            block[:, -1] = np.einsum("ij,ij->i", block[:, :-1], block[:, :-1]) * less
            least = turned @ block.T
            hits = least <= bound()
            if np.count_nonzero(hits) > _MANY * k * q:
                likeliest = np.argpartition(least, min(k, len(table)) - 1, axis=1)[:, :k]
                np.put_along_axis(least, likeliest, np.nan, axis=1)  # they count once
                at = np.repeat(np.arange(q), likeliest.shape[1])
                _merge(rows, square, at, likeliest.ravel(), squares(table, points, likeliest.ravel(), at), part.start)
                hits = least <= bound()
            at, found = np.nonzero(hits)
            if len(at):
                _merge(rows, square, at, found, squares(table, points, found, at), part.start)


def exact(features: ArrayLike) -> Exact:
    """Make an index of rows that compares with each of them, and needs no memory for it.

    Distances are Euclidean, as in `k_center`: features that mix columns have lengths that mean something, and for rows of length 1,
    as encoders make them, the order is that of the cosine. Whoever wants cosines of other features scales them to length 1.

    Arguments:
        features: (n, d) finite numbers, such as a `numpy.memmap`; they are read once, a block at a time.

    Raises:
        OptionError: They are no table, or not finite.
    """
    table = features if isinstance(features, np.ndarray) else np.asarray(features)
    if table.ndim != 2 or table.dtype.kind not in "fiub" or not table.shape[1]:
        raise OptionError(
            f"features are an array of {table.dtype} with shape {table.shape}",
            right="they are numbers of shape (rows, width)",
            next="exact([[0.0, 1.0], [2.0, 3.0]])",
        )
    total, largest = np.zeros(table.shape[1]), 0.0
    for part in pieces(len(table), table.shape[1], _CELLS):
        most = float(np.abs(table[part]).max())
        if not np.isfinite(most):
            raise _missing("features", table[part], part.start)
        total += table[part].sum(axis=0, dtype=np.float64)
        largest = max(largest, most)
    center = total / max(len(table), 1)
    return Exact(table, center if table.dtype == np.float64 or table.dtype.kind != "f" else center.astype(np.float32), largest)


def checked_points(points: ArrayLike, width: int, k: int) -> Array:
    """(q, width) points. Raises an OptionError unless they are finite and so wide, and k is 1 or more."""
    given = np.asarray(points)
    if given.ndim != 2 or given.shape[1] != width or given.dtype.kind not in "fiub" or k < 1:
        raise OptionError(
            f"{k} neighbors are asked of points of shape {given.shape}"
            if k < 1
            else f"points are an array of shape {given.shape}",
            right=f"points have the shape (q, {width}), and k is 1 or more",
            next="index.near(features[:5], 100)",
        )
    if not np.isfinite(given).all():
        raise _missing("points", given, 0)
    return given


def squares(table: Array, points: Array, rows: Array, at: Array) -> Floats:
    """(m,) float64 squared distances of pairs: `table[rows]` and `points[at]`."""
    found = np.empty(len(rows))
    for part in pieces(len(rows), table.shape[1], _CELLS // 4):
        apart = table[rows[part]].astype(np.float64) - points[at[part]]
        found[part] = (apart**2).sum(axis=1)
    return found


def _merge(rows: Rows, square: Floats, at: Array, found: Array, far: Floats, start: int) -> None:
    """Let rows of a block join the nearest of their points; `at` says whose they are."""
    touched, place = np.unique(at, return_inverse=True)
    k = rows.shape[1]
    group = np.concatenate([np.repeat(np.arange(len(touched)), k), place])
    joined = np.concatenate([rows[touched].ravel(), found + start])
    apart = np.concatenate([square[touched].ravel(), far])
    order = np.lexsort((joined, apart, group))
    first = np.searchsorted(group[order], np.arange(len(touched)))
    kept = order[first[:, None] + np.arange(k)]
    rows[touched], square[touched] = joined[kept], apart[kept]


def _missing(what: str, block: Array, start: int) -> OptionError:
    row = start + int(np.argmax(~np.isfinite(block).all(axis=1)))
    return OptionError(
        f"row {row:,} of the {what} is missing or infinite",
        right="features are finite numbers",
        next="numpy.nan_to_num(features), or leave those rows out",
    )
