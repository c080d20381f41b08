"""Rows that are there twice or nearly so, and those of them that leak from train into test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.audits.inputs import same_length
from tacit.audits.shingles import close_pairs, shingles
from tacit.errors import OptionError
from tacit.selection import exact
from tacit.selection.neighbors import squares

__all__ = ["Repeated", "repeated_features", "repeated_texts"]

_BLOCK = 2048
_PAIRS = 100
_TURNS = 10

Pairs = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Repeated:
    """Rows that are alike.

    Attributes:
        pairs: (m, 2) int64 the smaller row first, the most alike pairs first. Equal rows are paired with the first of them only, and of
            these alone the pairs with others are listed.
        alike: (m,) of texts the Jaccard similarity, 1 for equal ones; of features the distance.
        clusters: Rows that pairs connect, the largest cluster first; rows rise.
        leaks: (l, 2) int64 a test row, and the train row that is most like it.
    """

    pairs: Pairs
    alike: Floats
    clusters: tuple[Pairs, ...]
    leaks: Pairs


def repeated_texts(texts: Sequence[str], *, alike: float = 0.8, test: ArrayLike | None = None, seed: int = 0) -> Repeated:
    """Find texts that are equal but for case and spaces, or share most of their runs of five characters.

    Texts are alike from a Jaccard similarity of such runs on: shared ones over all (Broder 1997). Candidates come from MinHash in 25 bands
    of 5 (Leskovec et al. 2020, section 3.4), and are compared exactly: none is wrong, and of pairs with similarity s a share of
    (1 - s^5)^25 is missed: .00005 at .8, .01 at .7, .13 at .6. Of texts that fall into one of 50 or more in a band, each is compared with the first
    and the next only: time and memory grow with the number of texts, not with its square.

    Arguments:
        texts: One or more.
        alike: Above 0.5, up to 1; 1 is equal texts only.
        test: (n,) bool, the rows that test; None of them leak by default.
        seed: Of the hash functions.

    Raises:
        OptionError: Something is not a text, `alike` is out of range, or lengths differ.
    """
    if not all(isinstance(text, str) for text in texts) or not 0.5 < alike <= 1:
        raise OptionError(
            f"alike is {alike}, of values some of which may be no texts",
            right="texts are str, and alike is above 0.5 and at most 1",
            next='repeated_texts(["one", "One"], alike=0.8)',
        )
    position: dict[str, int] = {}
    item = np.array([position.setdefault(" ".join(t.casefold().split()), len(position)) for t in texts], dtype=np.int64)
    pairs, jaccard = _none() if alike == 1 else close_pairs(shingles(list(position)), alike, seed)
    return _repeated(item, pairs, jaccard, 1.0, _tested(test, len(item)))


def repeated_features(features: ArrayLike, within: float, *, test: ArrayLike | None = None) -> Repeated:
    """Find rows of features that are equal, or no further apart than `within`.

    All pairs are found, by exact distances. Rows are ordered along about the direction of their largest variance, where two are no further
    apart than they are: only blocks that come as near are compared, by matrix products in float32. With e = 2.5 (d + 16) 2^-24, a bound
    on their rounding errors (Higham 2002, section 3.1), pairs for which |x|^2 (1 - e) + |y|^2 (1 - e) - 2 x.y is within the distance are
    computed again in float64. That is at most n^2 d / 2 multiplications, for a small `within` far fewer.

    Arguments:
        features: (n, d) finite.
        within: The largest Euclidean distance, 0 or more; 0 is equal rows only.
        test: As in `repeated_texts`.

    Raises:
        OptionError: Features are no table or not finite, `within` is negative or so large that there are a hundred pairs for each row,
            or lengths differ.
    """
    table = np.asarray(features)
    exact(table)  # says what is wrong with them
    if not within >= 0:
        raise OptionError(f"within is {within}", right="it is a distance, 0 or more", next="repeated_features(features, 0.1)")
    tested = _tested(test, len(table))
    distinct, item = np.unique(table, axis=0, return_inverse=True)
    pairs, distance = _within(distinct, within) if within > 0 else _none()
    found = _repeated(item.reshape(-1).astype(np.int64), pairs, -distance, 0.0, tested)
    return replace(found, alike=np.abs(found.alike))


def _within(table: NDArray[Any], within: float) -> tuple[Pairs, Floats]:
    """(m, 2) rows no further apart than that, the smaller first, and (m,) their distances."""
    center = table.mean(axis=0, dtype=np.float64)
    unit = float(max(np.abs(table - center).max(), 1e-300))
    points = (table - center) / unit
    along = points[np.einsum("ij,ij->i", points, points).argmax()]
    for _ in range(_TURNS):  # the power method; any direction is right, this one leaves few pairs
        along = points.T @ (points @ along)
        along /= np.linalg.norm(along) or 1.0
    place: Floats = points @ along
    order = np.argsort(place, kind="stable")
    place, around = place[order], points[order].astype(np.float32)
    square = (points[order] ** 2).sum(axis=1) * (1 - 2.5 * (table.shape[1] + 16) * 2.0**-24)
    reach = min(within / unit, 1e9)
    most = reach**2 + 1e-12
    found, many = [], 0
    for start in range(0, len(order), _BLOCK):
        block = slice(start, start + _BLOCK)
        end = int(np.searchsorted(place, float(place[block][-1]) + reach + 1e-9, side="right"))
        for later in range(start, end, _BLOCK):
            other = slice(later, min(later + _BLOCK, end))
            least = around[block] @ (-2 * around[other]).T
            least += square[other].astype(np.float32)
            a, b = np.nonzero(least <= (most - square[block]).astype(np.float32)[:, None] + 1e-6)
            a, b = a + start, b + later
            a, b = order[a[a < b]], order[b[a < b]]
            distance = np.sqrt(squares(table, table, a, b))
            near = distance <= within
            found.append((np.sort(np.column_stack([a, b])[near], axis=1), distance[near]))
            many += int(near.sum())
            if many > _PAIRS * len(order):
                raise OptionError(
                    f"more than {_PAIRS} pairs for each row are within {within}",
                    right="rows that are repeated are much nearer than others",
                    next=f"repeated_features(features, {within / 10:g})",
                )
    return np.concatenate([p for p, _ in found]).astype(np.int64), np.concatenate([d for _, d in found])


def _tested(test: ArrayLike | None, n: int) -> NDArray[np.bool_] | None:
    rows = None if test is None else np.asarray(test)
    same_length(n, test=n if rows is None else len(rows))
    if rows is not None and rows.dtype != np.bool_:
        raise OptionError(
            f"test is an array of {rows.dtype}", right="it says True or False of each row", next='test=split == "test"'
        )
    return rows


def _none() -> tuple[Pairs, Floats]:
    return np.empty((0, 2), np.int64), np.empty(0)


def _repeated(item: Pairs, pairs: Pairs, likeness: Floats, equal: float, test: NDArray[np.bool_] | None) -> Repeated:
    """Of rows, from what they have in common: `item` (n,), and pairs of items that are alike."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    items = int(item.max(initial=-1)) + 1
    first = np.full(items, len(item))
    np.minimum.at(first, item, np.arange(len(item)))
    later = np.flatnonzero(first[item] != np.arange(len(item)))
    rows = np.concatenate([np.column_stack([first[item[later]], later]), np.sort(first[pairs], axis=1)])
    values = np.concatenate([np.full(len(later), equal), likeness])
    order = np.lexsort((rows[:, 1], rows[:, 0], -values))
    graph = coo_matrix((np.ones(len(rows)), (rows[:, 0], rows[:, 1])), shape=(len(item), len(item)))
    cluster = connected_components(graph, directed=False)[1]
    by_cluster = np.argsort(cluster, kind="stable")
    parts = np.split(by_cluster, np.cumsum(np.bincount(cluster))[:-1])
    clusters = sorted((part for part in parts if len(part) > 1), key=lambda part: -len(part))
    leaks = np.empty((0, 2), np.int64) if test is None else _leaks(item, pairs, likeness, test)
    return Repeated(rows[order], values[order], tuple(clusters), leaks)


def _leaks(item: Pairs, pairs: Pairs, likeness: Floats, test: NDArray[np.bool_]) -> Pairs:
    """Each test row of an item that train rows have too, or that is like such an item; with the first such row of the most like."""
    items = int(item.max(initial=-1)) + 1
    train = np.full(items, len(item))
    np.minimum.at(train, item[~test], np.flatnonzero(~test))
    both: NDArray[Any] = np.concatenate([pairs, pairs[:, ::-1]])
    order = np.argsort(np.concatenate([likeness, likeness]), kind="stable")  # the most alike is written last
    order = order[train[both[order, 1]] < len(item)]
    source = np.full(items, len(item))
    source[both[order, 0]] = train[both[order, 1]]
    source = np.where(train < len(item), train, source)
    tests = np.flatnonzero(test)
    found = np.column_stack([tests, source[item[tests]]])
    return found[found[:, 1] < len(item)]
