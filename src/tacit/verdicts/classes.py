"""Votes on categories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.labels import Aggregate, Answers, FunctionSummary, summarize, weigh
from tacit.verdicts.contract import Floats, Said

__all__ = ["Classes", "on_classes"]


@dataclass(frozen=True)
class Classes:
    """The verdict on a category; see `Verdict`.

    Attributes:
        matrix: (n, n_functions) int, classes from 0; -1 abstains. Of a soft vote the likeliest class, -1 if several are.
        known: (n,) int, the class that labels tell, -1 where they do not or it is a test row.
    """

    functions: tuple[FunctionSummary, ...]
    matrix: NDArray[np.int64]
    probabilities: Floats
    known: NDArray[np.int64]
    answers: Answers
    values = None
    columns = ("estimated", "measured")

    @property
    def covered(self) -> NDArray[np.bool_]:
        return np.asarray(np.diff(self.answers.strengths.indptr) > 0)

    @property
    def target(self) -> Floats:
        return self.probabilities

    def learned(self, hidden: NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
        target = self.probabilities
        if hidden is not None:
            target = weigh(self.answers, np.where(hidden, -1, self.known)).probabilities
        k = target.shape[1]
        return target, np.asarray((target.max(axis=1) - 1 / k) / (1 - 1 / k))


def on_classes(said: Said, n_classes: int, truth: NDArray[np.int64], tests: NDArray[np.bool_]) -> Classes:
    """The verdict.

    Arguments:
        truth: (n,) int, what labels say, -1 unknown.
        tests: (n,) bool, rows whose labels measure functions but do not mend them.
    """
    answers = _softened(Answers.of_matrix(np.maximum(said.codes, -1), n_classes), said)
    matrix = answers.matrix
    known = np.where(tests, -1, truth)
    found = weigh(answers, known)
    bare = weigh(answers) if np.any(known >= 0) else found
    return Classes(_summaries(said, matrix, answers, found, bare, truth), matrix, found.probabilities, known, answers)


def _softened(answers: Answers, said: Said) -> Answers:
    for j, more in enumerate(said.more):
        if more is not None:
            rows = np.flatnonzero(said.there[:, j] & np.isfinite(more[:, 0]))
            answers = answers.soft(rows, np.full(len(rows), j), more[rows].astype(np.float64))
    return answers


def _summaries(
    said: Said, matrix: NDArray[np.int64], answers: Answers, found: Aggregate, bare: Aggregate, truth: NDArray[np.int64]
) -> tuple[FunctionSummary, ...]:
    counts = answers.counts()
    others = counts.sum(1, keepdims=True) - 1
    alike = np.take_along_axis(counts, np.maximum(matrix, 0), axis=1) - 1
    met = (matrix >= 0) & (truth[:, None] >= 0)
    right = (met & (matrix == truth[:, None])).sum(0)
    with np.errstate(invalid="ignore"):
        measured = right / np.where(met.any(0), met.sum(0), np.nan)
    return summarize(said.names, said.there, others > alike, said.failed, bare.accuracies, measured, found.suspects)
