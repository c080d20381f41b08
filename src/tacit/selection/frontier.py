"""The rows next to what is labeled: the only ones that SEALS looks at, in a state that grows with the labels."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import FileError, OptionError
from tacit.selection.neighbors import Index

__all__ = ["Frontier", "frontier", "load_frontier"]

_ARRAYS = ("labeled", "near", "rows", "drawn", "outside", "barred")

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Frontier:
    """What is labeled, and the unlabeled rows next to it. Numbers of rows are those of the pool as it was, always.

    Attributes:
        size: Rows of the pool.
        k: Neighbors of each labeled row.
        labeled: (l,) int64 in the order in which they were labeled; -1 for what is no row of the pool.
        near: (l, k) int64, the neighbors of each, the nearest first; -1 where the pool has fewer.
        rows: (c,) int64 ascending, the frontier: every row that is near one that is labeled, without those that are.
        drawn: (m,) int64, rows that were chosen at random from all others, in order.
        outside: (m,) int64, how many others there were when each was drawn.
        barred: (b,) int64 ascending, rows that are never chosen and reach nothing, such as those of a test set.
        pool: The fingerprint of the pool, or "".
    """

    size: int
    k: int
    labeled: Rows
    near: Rows
    rows: Rows
    drawn: Rows
    outside: Rows
    barred: Rows
    pool: str = ""

    @property
    def rest(self) -> int:
        """How many rows are neither labeled nor in the frontier nor barred."""
        return self.size - len(self._taken())

    def grow(self, index: Index, rows: Sequence[int] | Rows = (), *, points: ArrayLike | None = None) -> Frontier:
        """The frontier after more was labeled: only the neighbors of that are looked for.

        Arguments:
            index: Of this pool.
            rows: Rows that are labeled now.
            points: (q, d) what is labeled and no row of the pool.

        Raises:
            OptionError: A row is none of the pool or was labeled before, or the index has another size.
        """
        if index.size != self.size:
            raise OptionError(
                f"the index has {index.size:,} rows and the frontier {self.size:,}",
                right="a frontier stays with the pool that it began with",
                next="frontier(index.size)",
            )
        new = np.asarray(rows, np.int64).ravel()
        self._check(new)
        near = [self.near]
        if len(new):
            # A row is its own nearest neighbor: one more is asked for.
            near.append(_others(index.near(index.points(new), self.k + 1).rows, new))
        beyond = 0 if points is None else len(np.asarray(points))
        if points is not None and beyond:
            near.append(index.near(points, self.k).rows)
        labeled = np.concatenate([self.labeled, new, np.full(beyond, -1)])
        reached = np.unique(np.concatenate([part.ravel() for part in near[1:]])) if near[1:] else self.rows
        rows = np.setdiff1d(np.union1d(self.rows, reached[reached >= 0]), np.union1d(labeled, self.barred))
        return replace(self, labeled=labeled, near=np.concatenate(near), rows=rows)

    def bar(self, rows: Sequence[int] | Rows) -> Frontier:
        """The frontier without those rows, from now on. Those that were labeled stay so.

        Raises:
            OptionError: A row is none of the pool.
        """
        new = np.asarray(rows, np.int64).ravel()
        wrong = new[(new < 0) | (new >= self.size)]
        if len(wrong):
            raise OptionError(
                f"row {wrong[0]:,} is barred, of {self.size:,} rows", right=f"rows are 0 to {self.size - 1:,}", next="bar([0])"
            )
        return replace(self, barred=np.union1d(self.barred, new), rows=np.setdiff1d(self.rows, new))

    def _taken(self) -> Rows:
        """Rows that are labeled, in the frontier or barred, ascending."""
        return np.union1d(np.union1d(self.rows, self.labeled[self.labeled >= 0]), self.barred)

    def draw(self, n: int, rng: np.random.Generator) -> tuple[Rows, Frontier]:
        """Rows that are neither labeled nor in the frontier nor barred, each as likely, and the frontier that remembers them.

        They are labeled next: `remaining` counts on the labels of all of them. No list of the others is made, unless it is short.

        Arguments:
            n: At most `rest`.
            rng: For the draw.
        """
        taken = self._taken()
        rest = self.size - len(taken)
        if n > rest:
            raise OptionError(f"{n:,} rows are drawn from {rest:,}", right=f"it is at most {rest:,}", next=f"draw({rest}, rng)")
        if 2 * rest < self.size or 2 * n > rest:
            found = rng.choice(np.setdiff1d(np.arange(self.size), taken, assume_unique=True), n, replace=False)
        else:
            found = np.zeros(0, np.int64)
            while len(found) < n:
                more = rng.integers(0, self.size, 4 * n)
                more = np.concatenate([found, more[~np.isin(more, taken)]])
                found = more[np.sort(np.unique(more, return_index=True)[1])][:n]
        grown = replace(self, drawn=np.concatenate([self.drawn, found]), outside=np.concatenate([self.outside, np.full(n, rest)]))
        return found.astype(np.int64), grown

    def components(self, of: Sequence[int] | Rows | None = None) -> Rows:
        """Which part of the pool each labeled row is in: two are in one if a chain of shared or direct neighbors leads from one to the
        other. A part in which nothing is labeled cannot be reached, except by a draw (Coleman et al. 2022, section 5).

        Arguments:
            of: Rows that are labeled, such as those of one class; chains lead over these alone. All by default, also what is no row of
                the pool.

        Returns:
            (len(of),) numbers from 0, in the order in which they appear; so many more than the last are reached.

        Raises:
            OptionError: A row is not labeled.
        """
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        at = np.arange(len(self.labeled)) if of is None else self._places(np.asarray(of, np.int64).ravel())
        if not len(at):
            return np.zeros(0, np.int64)
        ends = np.concatenate([self.labeled[at, None], self.near[at]], axis=1)
        there = ends >= 0
        seen, end = np.unique(ends[there], return_inverse=True)
        start = np.repeat(np.arange(len(at)), there.sum(axis=1))
        nodes = len(at) + len(seen)
        graph = coo_matrix((np.ones(len(start), np.int8), (start, len(at) + end)), shape=(nodes, nodes))
        part = connected_components(graph, directed=False)[1][: len(at)]
        _, first, place = np.unique(part, return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[place].astype(np.int64)

    def save(self, path: Path) -> None:
        """Write it to a file, whole or not at all: arrays, and one of them JSON."""
        about = json.dumps({"format": 1, "size": self.size, "k": self.k, "pool": self.pool}).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with temporary.open("wb") as file:
                arrays: dict[str, Any] = {name: getattr(self, name) for name in _ARRAYS}
                np.savez(file, about=np.frombuffer(about, np.uint8), **arrays)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    def _check(self, new: Rows) -> None:
        wrong = new[(new < 0) | (new >= self.size)]
        again = np.concatenate([new[np.isin(new, self.labeled)], np.delete(new, np.unique(new, return_index=True)[1])])
        if len(wrong) or len(again):
            raise OptionError(
                f"row {wrong[0]:,} is labeled, of {self.size:,} rows" if len(wrong) else f"row {again[0]:,} is labeled twice",
                right=f"rows are 0 to {self.size - 1:,}, each labeled once",
                next="frontier.grow(index, pick.rows)",
            )

    def _places(self, rows: Rows) -> Rows:
        order = np.argsort(self.labeled, kind="stable")
        at = np.searchsorted(self.labeled[order], rows)
        known = (rows >= 0) & (at < len(order))
        known[known] = self.labeled[order[at[known]]] == rows[known]
        if not known.all():
            raise OptionError(
                f"row {rows[~known][0]:,} is not labeled",
                right="components are those of labeled rows",
                next="frontier.components()",
            )
        return np.asarray(order[at], np.int64)


def frontier(size: int, *, k: int = 100, pool: str = "") -> Frontier:
    """The frontier of a pool in which nothing is labeled yet: it has no rows.

    Arguments:
        size: Rows of the pool.
        k: Neighbors of each labeled row; 100 is that of Coleman et al. 2022.
        pool: The fingerprint of the pool, kept with the frontier.

    Raises:
        OptionError: k is less than 1, or the size negative.
    """
    if k < 1 or size < 0:
        raise OptionError(
            f"a frontier of {size:,} rows has {k} neighbors of each", right="k is 1 or more", next="frontier(1_000_000, k=100)"
        )
    none = np.zeros(0, np.int64)
    return Frontier(size, k, none, np.zeros((0, k), np.int64), none, none, none, none, pool)


def load_frontier(path: Path, *, pool: str | None = None) -> Frontier:
    """The frontier that `save` wrote.

    Arguments:
        path: The file.
        pool: The fingerprint that it has to have; None does not ask.

    Raises:
        FileError: It is not there, damaged, or of another pool.
    """
    try:
        # NumPy does not close what it cannot read.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            about = json.loads(stored["about"].tobytes())
            arrays = {name: stored[name].astype(np.int64) for name in _ARRAYS}
            found = Frontier(size=int(about["size"]), k=int(about["k"]), pool=str(about["pool"]), **arrays)
        if about["format"] != 1 or found.near.shape != (len(found.labeled), found.k) or len(found.drawn) != len(found.outside):
            raise ValueError("its arrays do not fit each other")
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise FileError(f"the frontier cannot be read ({error})", where=str(path), next=f"ls -l {path}") from None
    if pool is not None and found.pool != pool:
        raise FileError(
            "the frontier is that of another pool, or the pool has changed",
            where=str(path),
            next="begin again: frontier(pool.size, pool=pool.fingerprint)",
        )
    return found


def _others(found: Rows, own: Rows) -> Rows:
    """(q, k) of (q, k + 1) neighbors: without the row itself, which may be missing among many that are equal to it."""
    order = np.argsort(found == own[:, None], axis=1, kind="stable")
    return np.asarray(np.take_along_axis(found, order, axis=1)[:, :-1])
