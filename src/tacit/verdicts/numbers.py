"""Votes on numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.labels import FunctionSummary, NumberAggregate, aggregate_numbers, spread, summarize
from tacit.verdicts.contract import Floats, Said

__all__ = ["Numbers", "on_numbers"]

_APART = 2.0
"""Two numbers differ if they are further apart than so many standard deviations of their noises."""


@dataclass(frozen=True)
class Numbers:
    """The verdict on a number; see `Verdict`.

    Attributes:
        matrix: (n, n_functions) float64, NaN where a function abstains.
        known: (n,) float64, the number that labels tell, NaN where they do not or it is a test row.
        said: The weighted medians, with their spreads.
    """

    functions: tuple[FunctionSummary, ...]
    matrix: Floats
    known: Floats
    said: NumberAggregate
    columns = ("noise", "off by")

    @property
    def probabilities(self) -> Floats:
        return np.zeros((len(self.matrix), 0))

    @property
    def covered(self) -> NDArray[np.bool_]:
        return np.isfinite(self.said.values)

    @property
    def target(self) -> Floats:
        return self.said.values

    @property
    def values(self) -> list[float]:
        return [float(value) for value in self.said.values]

    def learned(self, hidden: NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
        said = self.said if hidden is None else aggregate_numbers(self.matrix, gold=np.where(hidden, np.nan, self.known))
        # As the share of the variance of the answer that is not noise: numbers that tell nothing weigh nothing.
        heard = np.isfinite(said.values)
        whole = spread(said.values[heard] - np.median(said.values[heard])) if heard.any() else 0.0
        noisy = np.where(heard, said.spreads, np.inf) / max(whole, 1e-300)
        return said.values, np.clip(1 - noisy**2, 0.0, 1.0)


def on_numbers(said: Said, truth: Floats, tests: NDArray[np.bool_]) -> Numbers:
    """The verdict.

    Arguments:
        truth: (n,) what labels say, NaN unknown.
        tests: (n,) bool, rows whose labels measure functions but do not mend them.
    """
    matrix = np.full(said.codes.shape, np.nan)
    for j, more in enumerate(said.more):
        if more is not None:
            matrix[:, j] = np.where(said.there[:, j], more, np.nan)
    known = np.where(tests, np.nan, truth)
    found, bare = aggregate_numbers(matrix, gold=known), aggregate_numbers(matrix)
    off = np.abs(matrix - truth[:, None])
    met = np.isfinite(off)
    measured = np.where(met, off, 0.0).sum(0) / np.where(met.any(0), met.sum(0), np.nan)
    functions = summarize(
        said.names, said.there, _differs(matrix, found.noise), said.failed, bare.noise, measured, found.suspects
    )
    return Numbers(functions, matrix, known, found)


def _differs(matrix: Floats, noise: Floats) -> NDArray[np.bool_]:
    """(n, n_functions) whether another function says a number that noise does not explain."""
    found = np.zeros(matrix.shape, dtype=np.bool_)
    variance = np.where(np.isnan(noise), 0.0, noise) ** 2
    for j in range(matrix.shape[1]):
        for other in range(j + 1, matrix.shape[1]):
            apart = np.abs(matrix[:, j] - matrix[:, other]) > _APART * np.sqrt(variance[j] + variance[other]) + 1e-12
            found[:, j] |= apart
            found[:, other] |= apart
    return found
