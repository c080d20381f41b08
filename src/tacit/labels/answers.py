"""The votes as one sparse table: what the label models calculate with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Answers", "posterior"]

Floats = NDArray[np.float64]

_EQUAL = 1e-9


@dataclass(frozen=True)
class Answers:
    """Who said what of which row. An **event** is "function j says class c"; its number is j * n_classes + c.

    Attributes:
        table: (n, n_functions * n_classes) scipy CSR, float64, 1 where a row has the event.
        n_functions, n_classes: How many of each.
        softened: The same table where votes are soft, else None. A soft vote says of each class what it says of it beyond the class
            that it believes least, 0 to 1: equal shares say nothing, a share of 1 is a vote like any other. How functions get on
            with each other is counted in `table`, where it is a vote for the class with the largest share, and none if several have
            it: "not this" is no vote for a class.
    """

    table: Any
    n_functions: int
    n_classes: int
    softened: Any | None = None

    @property
    def strengths(self) -> Any:
        """(n, n_events) CSR, float64, 0 to 1: how strongly each event is said."""
        return self.table if self.softened is None else self.softened

    @property
    def n(self) -> int:
        """How many rows there are."""
        return int(self.table.shape[0])

    @property
    def said(self) -> NDArray[np.int64]:
        """(n_events,): the class of each event."""
        return np.tile(np.arange(self.n_classes), self.n_functions)

    @property
    def matrix(self) -> NDArray[np.int64]:
        """(n, n_functions) the class that each function says, -1 where it says none."""
        found = np.full((self.n, self.n_functions), -1)
        rows = np.repeat(np.arange(self.n), np.diff(self.table.indptr))
        found[rows, self.table.indices // self.n_classes] = self.table.indices % self.n_classes
        return found

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

    def soft(self, rows: NDArray[np.int64], functions: NDArray[np.int64], shares: Floats) -> Answers:
        """The same, of which some votes are soft.

        Arguments:
            rows, functions: (s,) int, which votes; each has an event in the table.
            shares: (s, n_classes), what they say of each class.
        """
        from scipy.sparse import csr_matrix

        k = self.n_classes
        beyond = shares - shares.min(axis=1, keepdims=True)
        events = functions[:, None] * k + np.arange(k)
        said = csr_matrix((beyond.ravel(), (np.repeat(rows, k), events.ravel())), self.table.shape)
        best = functions * k + shares.argmax(axis=1)
        tied = (shares >= shares.max(axis=1, keepdims=True) - _EQUAL).sum(axis=1) > 1
        whole, unsure = (csr_matrix((np.ones(w.sum()), (rows[w], best[w])), self.table.shape) for w in (tied | ~tied, tied))
        table, softened = self.table - unsure, self.strengths - whole + said
        for one in (table, softened):
            one.eliminate_zeros()
        return Answers(table, self.n_functions, k, softened)

    @classmethod
    def of_shares(cls, shares: Floats) -> Answers:
        """From (n, n_functions, n_classes) float64, rows of shares that sum to 1; NaN where a function abstains, as equal shares do."""
        votes = np.full(shares.shape[:2], -1)
        there: NDArray[np.bool_] = np.all(np.isfinite(shares), axis=2)
        there[there] = np.ptp(shares[there], axis=1) > _EQUAL
        votes[there] = shares[there].argmax(1)
        rows, functions = np.nonzero(there & (np.where(there[:, :, None], shares, 1.0).max(2) < 1))
        hard = cls.of_matrix(votes, shares.shape[2])
        return hard.soft(rows, functions, shares[rows, functions]) if len(rows) else hard

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
    scores = answers.strengths @ evidence
    scores += np.log(np.maximum(balance, 1e-300))
    scores -= scores.max(1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(1, keepdims=True)
    return np.asarray(scores, float)
