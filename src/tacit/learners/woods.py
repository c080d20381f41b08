"""The model of `forest`: random forests (Breiman, 2001) and extremely randomized trees (Geurts et al., 2006), as arrays.

scikit-learn grows the trees (`tacit.learners.growing`); what predicts, and what is stored, are our own arrays, so that nothing
is pickled and a model does not depend on the version that grew it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from tacit.learners.artifacts import read_parts, write_parts
from tacit.learners.contract import Columns, Floats, Model, Settings
from tacit.learners.features import Encoder, length, pack, unpack
from tacit.learners.matrix import ENCODERS, encode

__all__ = ["Grove", "Woods", "narrow"]

_BLOCK = 1 << 20
"""Rows times trees that are walked at once; more would fall out of the processor's cache."""

_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class Grove:
    """Trees as arrays, the nodes of all one after the other; a node with a negative column is a leaf.

    Attributes:
        roots: (trees,) int32, the first node of each tree.
        column: (nodes,) int32, the column that a node looks at; in a leaf -1 - its place among all leaves.
        threshold: (nodes,) float32; a row goes left where its value is at most that.
        children: (nodes, 2) int32, left and right.
        missing_left: (nodes,) bool, whether a missing value goes left.
    """

    roots: npt.NDArray[np.int32]
    column: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float32]
    children: npt.NDArray[np.int32]
    missing_left: npt.NDArray[np.bool_]

    def leaves(self, values: Floats) -> npt.NDArray[np.int32]:
        """(n, trees) the leaf of each row in each tree. All trees are walked at once, level by level."""
        n, trees = len(values), len(self.roots)
        flat, width = values.ravel(), values.shape[1]
        gaps = bool(np.isnan(values).any())
        found = np.empty(n * trees, dtype=np.int32)
        children = self.children.ravel()
        node, walking = np.tile(self.roots, n), np.arange(n * trees)
        start = np.repeat(np.arange(n) * width, trees)
        while True:
            column = self.column[node]
            ended = column < 0
            if ended.any():
                found[walking[ended]] = -1 - column[ended]
                on = ~ended
                node, walking, start, column = node[on], walking[on], start[on], column[on]
            if not len(node):
                return found.reshape(n, trees)
            value = flat[start + column]
            right = ~(value <= self.threshold[node])
            if gaps:
                right &= ~(np.isnan(value) & self.missing_left[node])
            node = children[2 * node + right]


@dataclass(frozen=True, eq=False)
class Woods(Model):
    """Columns -> one number each -> a leaf in each tree -> the mean of what these leaves hold.

    Attributes:
        learner, settings: As in `Model`.
        encoders: What turns columns into numbers.
        grove: The trees.
        held: (leaves, k) in CSR, the share of each class among the rows of each leaf; for numbers (leaves, 1), their mean.
        prior: (k,) what is predicted where leaves hold nothing.
        scale: Mean and deviation of a number that is predicted; None for classes.
    """

    learner: str
    settings: Settings
    encoders: tuple[Encoder, ...]
    grove: Grove
    held: Any
    prior: Floats
    scale: tuple[float, float] | None

    def predict(self, columns: Columns) -> Floats:
        n, trees = length(columns), len(self.grove.roots)
        values = narrow(encode(self.encoders, columns)) if n else np.empty((0, 1), np.float32)
        found = np.empty((n, len(self.prior)))
        step = max(1, _BLOCK // trees)
        for at in range(0, n, step):
            leaves = self.grove.leaves(values[at : at + step])
            ends = np.arange(0, leaves.size + 1, trees)
            ones = np.ones(leaves.size)
            pick = scipy.sparse.csr_matrix((ones, leaves.ravel(), ends), shape=(len(leaves), self.held.shape[0]))
            found[at : at + step] = (pick @ self.held).toarray()
        if self.scale is not None:
            mean, deviation = self.scale
            return np.asarray(mean + deviation * found[:, 0] / trees)
        total = found.sum(axis=1, keepdims=True)
        return np.where(total > 0, found / np.where(total > 0, total, 1), self.prior)

    def save(self, folder: Path) -> None:
        described, arrays = pack(self.encoders)
        arrays |= {f"grove.{name}": getattr(self.grove, name) for name in Grove.__annotations__}
        held = {"data": self.held.data.astype(np.float32), "indices": self.held.indices, "indptr": self.held.indptr}
        arrays |= {f"held.{name}": array for name, array in held.items()} | {"prior": self.prior}
        write_parts(folder, {"settings": dict(self.settings), "encoders": described, "scale": self.scale}, arrays)

    @classmethod
    def load(cls, folder: Path, learner: str) -> Woods:
        """The model that `save` wrote."""
        plain, arrays = read_parts(folder)
        scale = None if plain["scale"] is None else (plain["scale"][0], plain["scale"][1])
        grove = Grove(**{name: arrays.pop(f"grove.{name}") for name in Grove.__annotations__})
        data, indices, ends = (arrays.pop(f"held.{name}") for name in ("data", "indices", "indptr"))
        prior = arrays.pop("prior")
        held = scipy.sparse.csr_matrix((data.astype(np.float64), indices, ends), shape=(len(ends) - 1, len(prior)))
        return cls(learner, plain["settings"], unpack(plain["encoders"], arrays, ENCODERS), grove, held, prior, scale)


def narrow(values: Floats) -> npt.NDArray[np.float32]:
    """As float32, which the trees compare; nothing becomes infinite."""
    return np.clip(values, -_LARGEST, _LARGEST).astype(np.float32)
