"""Votes on sets of classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.errors import NotLearnable
from tacit.labels import FunctionSummary, SetAggregate, aggregate_sets, summarize
from tacit.verdicts.contract import Floats, Said

__all__ = ["Sets", "on_sets"]


@dataclass(frozen=True)
class Sets:
    """The verdict on a set; see `Verdict`.

    Attributes:
        matrix: (n, n_functions, n_classes) int8: 1 the class is there, 0 it is not, -1 nothing is said of it.
        probabilities: (n, n_classes) float64, each from 0 to 1.
    """

    functions: tuple[FunctionSummary, ...]
    matrix: NDArray[np.int8]
    probabilities: Floats
    values = None
    target = None
    columns = ("estimated", "measured")

    @property
    def covered(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.any(self.matrix >= 0, axis=(1, 2))
        return found

    def learned(self, hidden: NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
        raise NotLearnable("no learner takes sets yet", next="tacit votes TASK shows what the votes come to")


def on_sets(said: Said, n_classes: int, truth: NDArray[np.int8], tests: NDArray[np.bool_]) -> Sets:
    """The verdict.

    Arguments:
        truth: (n, n_classes) int8, 1 yes, 0 no, -1 unknown.
        tests: (n,) bool, rows whose labels measure functions but do not mend them.
    """
    matrix = np.full((*said.codes.shape, n_classes), -1, np.int8)
    for j, more in enumerate(said.more):
        if more is not None:
            matrix[:, j] = np.where(said.there[:, [j]], more, -1)
    known = np.where(tests[:, None], -1, truth)
    found, bare = aggregate_sets(matrix, gold=known), aggregate_sets(matrix)
    yes, no = ((matrix == answer).sum(1, keepdims=True) for answer in (1, 0))
    differs = (((matrix == 1) & (no > 0)) | ((matrix == 0) & (yes > 0))).any(2)
    met = (matrix >= 0) & (truth[:, None] >= 0)
    right = met & (matrix == truth[:, None])
    measured = right.sum((0, 2)) / np.where(met.any((0, 2)), met.sum((0, 2)), np.nan)
    doubted = tuple(sorted({j for j, _ in found.suspects}))
    functions = summarize(said.names, said.there, differs, said.failed, _accuracies(bare, matrix), measured, doubted)
    return Sets(functions, matrix, found.probabilities)


def _accuracies(found: SetAggregate, matrix: NDArray[np.int8]) -> Floats:
    """(n_functions,): those of the classes, each by how often it is voted on."""
    often = np.where(np.isnan(found.accuracies), 0, (matrix >= 0).sum(0))
    total = np.where(often.sum(1) > 0, often.sum(1), np.nan)
    return np.asarray((often * np.nan_to_num(found.accuracies)).sum(1) / total)
