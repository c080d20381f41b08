"""The votes as one sparse table: what the label models calculate with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Answers", "posterior"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """Who said what of which row. An **event** is "function j says class c"; its number is j * n_classes + c.

    Attributes:
        table: (n, n_functions * n_classes) scipy CSR, float64, 1 where a row has the event.
        n_functions, n_classes: How many of each.
    """

    table: Any
    n_functions: int
    n_classes: int

    @property
    def n(self) -> int:
        """How many rows there are."""
        return int(self.table.shape[0])

    @property
    def said(self) -> NDArray[np.int64]:
        """(n_events,): the class of each event."""
        return np.tile(np.arange(self.n_classes), self.n_functions)

    @cached_property
    def totals(self) -> Floats:
        """(n_functions, n_classes): how often each function said each class."""
        counted = np.bincount(self.table.indices, minlength=self.table.shape[1]).astype(float)
        return counted.reshape(self.n_functions, self.n_classes)

    def counts(self, weights: Floats | None = None) -> Floats:
        """(n, n_classes): the votes for each class, each worth its function's weight, (n_functions,), 1 by default."""
        worth = np.ones(self.n_functions) if weights is None else weights
        total: Floats = self.table @ np.kron(worth[:, None], np.eye(self.n_classes))
        return total

    def expected(self, shares: Floats) -> Floats:
        """(n_functions, n_classes said, n_classes true): how often, if each row is of each class to its (n, n_classes) share."""
        found: Floats = self.table.T @ shares
        return found.reshape(self.n_functions, self.n_classes, self.n_classes)

    def together(self, events: NDArray[np.int64]) -> Floats:
        """(len(events), len(events)): on how many rows two events are both there. Columns are packed as bits and counted."""
        words = -(-self.n // 64)
        packed = np.zeros((len(events), words * 8), np.uint8)
        starts, rows = self._columns
        here = np.zeros(words * 64, bool)
        for i, event in enumerate(events):
            voted = rows[starts[event] : starts[event + 1]]
            here[voted] = True
            packed[i] = np.packbits(here)
            here[voted] = False
        bits = packed.view(np.uint64)
        return np.array([np.bitwise_count(bits & one).sum(1) for one in bits], float).reshape(len(events), len(events))

    @cached_property
    def _columns(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The rows of each event, one event after the other, and where each starts."""
        turned = self.table.tocsc()
        return turned.indptr, turned.indices

    @classmethod
    def of_matrix(cls, votes: NDArray[Any], n_classes: int) -> Answers:
        """From (n, n_functions) int, -1 where a function abstains."""
        from scipy.sparse import csr_matrix

        n, m = votes.shape
        voted = votes >= 0
        starts = np.zeros(n + 1, np.int32)
        np.cumsum(voted.sum(1), out=starts[1:])
        events = np.add(votes, np.arange(m) * n_classes, dtype=np.int32, casting="unsafe")
        events = events.ravel() if starts[-1] == votes.size else events[voted]
        return cls(csr_matrix((np.ones(len(events)), events, starts), (n, m * n_classes)), m, n_classes)

    @classmethod
    def of_list(
        cls, rows: NDArray[np.int64], functions: NDArray[np.int64], classes: NDArray[np.int64], shape: tuple[int, int, int]
    ) -> Answers:
        """From a list of votes; `shape` is (rows, functions, classes). Of two votes of one function on one row each is half a vote."""
        from scipy.sparse import csr_matrix

        n, m, k = shape
        table = csr_matrix((np.ones(len(rows)), (rows, functions * k + classes)), (n, m * k))
        table.sum_duplicates()
        table.data[:] = 1.0
        return cls(table, m, k)


def posterior(answers: Answers, evidence: Floats, balance: Floats) -> Floats:
    """(n, n_classes) shares that sum to 1: the balance times what each vote says, by Bayes' rule.

    Arguments:
        evidence: (n_events, n_classes) log likelihood of each event in each class, up to a constant for each event.
        balance: (n_classes,) share of each class before the votes.
    """
    scores = answers.table @ evidence
    scores += np.log(np.maximum(balance, 1e-300))
    scores -= scores.max(1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(1, keepdims=True)
    return np.asarray(scores, float)
