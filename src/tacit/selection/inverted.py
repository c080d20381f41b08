"""An approximate index, by faiss: what a query costs hardly grows with the pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import MissingExtra, OptionError
from tacit.selection.blocks import pieces
from tacit.selection.neighbors import Exact, Neighbors, checked_points, exact, squares

__all__ = ["Inverted", "inverted"]

_CELLS = 1 << 22
_EXAMPLES = 64
"""Rows for each cell, from which the cells are learned."""

_MORE = 2
"""Times k: so many rows that faiss finds near are compared exactly."""

Array = NDArray[Any]


@dataclass(frozen=True)
class Inverted:
    """An index of cells; see `inverted`.

    Attributes:
        whole: The features, as an exact index has them.
        found: The index of faiss.
        probes: Cells that are looked through for each point.
    """

    whole: Exact
    found: Any
    probes: int

    @property
    def size(self) -> int:
        return self.whole.size

    def points(self, rows: NDArray[np.int64]) -> Array:
        return self.whole.points(rows)

    def near(self, points: ArrayLike, k: int) -> Neighbors:
        """Nearly the k nearest rows: the nearest of those in the cells that are looked through. Distances are exact.

        Arguments and errors are those of `Exact.near`.
        """
        given = checked_points(points, self.whole.features.shape[1], k)
        self.found.nprobe = self.probes
        around = np.ascontiguousarray(given - self.whole.center, np.float32)
        rows = self.found.search(around, min(_MORE * k, max(self.size, 1)))[1].astype(np.int64)
        square = np.full(rows.shape, np.inf)
        at, place = np.nonzero(rows >= 0)
        used, where = np.unique(rows[at, place], return_inverse=True)
        # The rows that are compared are read in the order of the file, each once.
        square[at, place] = squares(self.points(used), given, where, at)
        order = np.lexsort((rows, square), axis=1)[:, :k]
        short = ((0, 0), (0, k - order.shape[1]))
        best = np.take_along_axis(rows, order, axis=1), np.sqrt(np.take_along_axis(square, order, axis=1))
        return Neighbors(np.pad(best[0], short, constant_values=-1), np.pad(best[1], short, constant_values=np.inf))


def inverted(features: ArrayLike, *, cells: int | None = None, probes: int = 32, seed: int = 0) -> Inverted:
    """Make an approximate index: rows in the cells of a k-means, of which a query looks through the nearest few (Sivic & Zisserman
    2003; Jegou, Douze & Schmid 2011). faiss holds one byte of each number; what it finds is compared again by the features.

    Arguments:
        features: (n, d) finite numbers, such as a `numpy.memmap`.
        cells: How many; 4 sqrt(n) by default, at least 39 rows in each.
        probes: Cells that are looked through: more find more of the true neighbors, and take longer.
        seed: For the sample from which the cells are learned.

    Raises:
        MissingExtra: faiss is not installed.
        OptionError: The features are no table or not finite, or a number is less than 1.
    """
    try:
        import faiss
    except ModuleNotFoundError:
        raise MissingExtra("approximate neighbors need faiss", next='pip install "tacit[ann]"') from None
    whole = exact(features)
    n, d = whole.features.shape
    wanted = int(4 * np.sqrt(n)) if cells is None else cells
    if wanted < (cells is not None) or probes < 1:
        raise OptionError(
            f"{probes} of {wanted} cells are looked through", right="both are 1 or more", next="inverted(features, probes=32)"
        )
    wanted = max(1, min(wanted, n // 39))
    index: Any = faiss.index_factory(d, f"IVF{wanted},SQ8")
    sample = np.sort(np.random.default_rng(seed).choice(n, min(n, max(_EXAMPLES * wanted, 256)), replace=False))
    if n:
        index.cp.seed = seed
        index.train(np.ascontiguousarray(whole.points(sample) - whole.center, np.float32))
    for part in pieces(n, d, _CELLS):
        index.add(np.ascontiguousarray(whole.features[part] - whole.center, np.float32))
    return Inverted(whole, index, probes)
