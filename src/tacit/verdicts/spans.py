"""Votes on spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import NotLearnable
from tacit.labels import FunctionSummary, Mark, SpanAggregate, aggregate_spans, summarize
from tacit.types import SpanList
from tacit.verdicts.contract import Floats, Said

__all__ = ["Spans", "marks_of", "on_spans"]


@dataclass(frozen=True)
class Spans:
    """The verdict on spans; see `Verdict`.

    Attributes:
        matrix: (n, n_functions) int: 0 where a function was heard, -1 where it abstains.
        said: The marks that are kept, with their probabilities.
    """

    functions: tuple[FunctionSummary, ...]
    matrix: NDArray[np.int64]
    said: SpanAggregate
    target = None
    columns = ("estimated", "measured")

    @property
    def probabilities(self) -> Floats:
        return np.zeros((len(self.matrix), 0))

    @property
    def values(self) -> Sequence[tuple[Mark, ...]]:
        return self.said.spans

    @property
    def covered(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.any(self.matrix >= 0, axis=1)
        return found

    def learned(self, hidden: NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
        raise NotLearnable("no learner takes spans yet", next="tacit votes TASK shows what the votes come to")


def on_spans(said: Said, output: SpanList, truth: Sequence[frozenset[Mark] | None], tests: NDArray[np.bool_]) -> Spans:
    """The verdict.

    Arguments:
        truth: Of each row the marks that labels say; None unknown.
        tests: (n,) bool, rows whose labels measure functions but do not mend them.
    """
    n, m = said.codes.shape
    marks: list[list[frozenset[Mark] | None]] = [[None] * m for _ in range(n)]
    for j, more in enumerate(said.more):
        if more is not None:
            for i in np.flatnonzero(said.there[:, j]).tolist():
                marks[i][j] = marks_of(more[i], output)
    known = [None if test else right for right, test in zip(truth, tests.tolist(), strict=True)]
    found, bare = aggregate_spans(marks, gold=known), aggregate_spans(marks)
    differs = np.zeros((n, m), dtype=np.bool_)
    met, right = np.zeros(m), np.zeros(m)
    for i, row in enumerate(marks):
        differs[i] = len({made for made in row if made is not None}) > 1
        for j, made in enumerate(row):
            if made is not None and (told := truth[i]) is not None:
                met[j] += len(made)
                right[j] += len(made & told)
    measured = right / np.where(met > 0, met, np.nan)
    estimated = bare.accuracies if n else np.full(m, np.nan)
    functions = summarize(said.names, said.there, differs, said.failed, estimated, measured, found.suspects)
    return Spans(functions, np.maximum(said.codes, -1), found)


def marks_of(written: Any, output: SpanList) -> frozenset[Mark]:
    """Spans as JSON -> marks."""
    return frozenset((s.start, s.end, output.label.index(s.label)) for s in output.from_json(written))
