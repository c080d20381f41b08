"""Votes -> probable labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError, nearest

__all__ = ["METHODS", "Aggregate", "aggregate"]

METHODS = ("auto", "majority")


@dataclass(frozen=True)
class Aggregate:
    """What the votes say.

    Attributes:
        probabilities: (n, n_classes) float64, rows sum to 1.
        accuracies: (n_functions,) float64, how often each function is right where it votes; NaN where nothing tells.
        suspects: Columns of functions that look worse than chance.
        method: The one that was used.
    """

    probabilities: NDArray[np.float64]
    accuracies: NDArray[np.float64]
    suspects: tuple[int, ...]
    method: str


def aggregate(
    votes: ArrayLike,
    n_classes: int,
    *,
    gold: ArrayLike | None = None,
    balance: ArrayLike | None = None,
    method: str = "auto",
    seed: int = 0,
) -> Aggregate:
    """Turn votes into a probability of each class for each row.

    Arguments:
        votes: (n, n_functions) int, classes from 0; -1 abstains.
        n_classes: How many classes there are, at least 2.
        gold: (n,) int, -1 unknown: labels that the functions are measured against.
        balance: (n_classes,) share of each class, used for rows without a vote; equal shares by default.
        method: "majority": each vote counts the same. "auto" chooses.
        seed: For methods that draw; the majority vote does not.

    Raises:
        OptionError: A shape, a class or the method is wrong.

    Example:
        >>> aggregate([[0, 0, 1], [-1, 1, -1]], 2).probabilities.round(2).tolist()
        [[0.67, 0.33], [0.0, 1.0]]
    """
    matrix = _checked(votes, n_classes)
    if method not in METHODS:
        raise OptionError(
            f'there is no label model "{method}"',
            right=f"it is {' or '.join(METHODS)}",
            next=f'write method="{nearest(method, METHODS) or "auto"}"',
        )
    prior = _prior(balance, n_classes)
    counts = class_counts(matrix, n_classes)
    total = counts.sum(1, keepdims=True)
    probabilities = np.where(total > 0, counts / np.maximum(total, 1), prior)
    known = None if gold is None else _gold(gold, len(matrix), n_classes)
    right, judged = _agreement(matrix, counts, known)
    with np.errstate(invalid="ignore"):
        accuracies = np.where(judged > 0, right / judged, np.nan)
    return Aggregate(probabilities, accuracies, _suspects(right, judged, n_classes), "majority")


def class_counts(votes: NDArray[np.int64], n_classes: int) -> NDArray[np.float64]:
    """(n, n_classes): how many functions voted for each class."""
    counts = np.zeros((len(votes), n_classes))
    for column in votes.T:
        voted = np.flatnonzero(column >= 0)
        counts[voted, column[voted]] += 1
    return counts


def _checked(votes: ArrayLike, n_classes: int) -> NDArray[np.int64]:
    given = np.asarray(votes)
    if given.ndim != 2 or (given.size and given.dtype.kind not in "iub"):
        raise OptionError(
            f"votes are an array of {given.dtype} with shape {given.shape}",
            right="they are whole numbers of shape (rows, functions), -1 where a function abstains",
            next="pass votes as a 2-dimensional integer array",
        )
    matrix = given.astype(np.int64)
    if n_classes < 2 or (matrix.size and (matrix.max() >= n_classes or matrix.min() < -1)):
        low, high = (matrix.min(), matrix.max()) if matrix.size else (0, 0)
        raise OptionError(
            f"votes go from {low} to {high} for {n_classes} classes",
            right=f"classes are 0 to {max(n_classes, 2) - 1}, and -1 abstains",
            next=f"aggregate(votes, n_classes={max(high + 1, 2)})",
        )
    return matrix


def _gold(gold: ArrayLike, n: int, n_classes: int) -> NDArray[np.int64]:
    given = np.asarray(gold)
    fits = given.shape == (n,) and (not n or given.dtype.kind in "iub")
    if not fits or (n and (given.max() >= n_classes or given.min() < -1)):
        held = f" from {given.min()} to {given.max()}" if given.size and given.dtype.kind in "iuf" else ""
        raise OptionError(
            f"gold is an array of {given.dtype} with shape {given.shape}{held}",
            right=f"it is {n:,} whole numbers, 0 to {n_classes - 1}, and -1 where the class is not known",
            next="write -1 for each row that has no label",
        )
    return given.astype(np.int64)


def _prior(balance: ArrayLike | None, n_classes: int) -> NDArray[np.float64]:
    if balance is None:
        return np.full(n_classes, 1 / n_classes)
    prior = np.asarray(balance, float)
    if prior.shape != (n_classes,) or not np.all(prior >= 0) or not 0 < prior.sum() < np.inf:
        raise OptionError(
            f"balance is {prior.tolist()}",
            right=f"it is {n_classes} shares of 0 or more",
            next=f"balance=[{', '.join(['1'] * n_classes)}]",
        )
    share: NDArray[np.float64] = prior / prior.sum()
    return share


def _agreement(votes: NDArray[Any], counts: NDArray[Any], gold: NDArray[np.int64] | None) -> tuple[NDArray[Any], NDArray[Any]]:
    """How often each function was right, and on how many rows that was judged: against gold, else the other functions' majority."""
    right, judged = np.zeros(votes.shape[1]), np.zeros(votes.shape[1])
    for j, column in enumerate(votes.T):
        voted = np.flatnonzero(column >= 0)
        if gold is not None and np.any(gold[voted] >= 0):
            told = voted[gold[voted] >= 0]
            right[j], judged[j] = np.sum(column[told] == gold[told]), len(told)
            continue
        others = counts[voted].copy()
        others[np.arange(len(voted)), column[voted]] -= 1  # a function is no witness for itself
        top = others.max(1, keepdims=True) if len(voted) else others
        leaders = (others == top) & (top > 0)
        told = leaders.any(1)
        # A tie is worth its share: no tie-break rule is favored.
        right[j] = (leaders[np.arange(len(voted)), column[voted]] / np.maximum(leaders.sum(1), 1))[told].sum()
        judged[j] = told.sum()
    return right, judged


def _suspects(right: NDArray[Any], judged: NDArray[Any], n_classes: int) -> tuple[int, ...]:
    """Functions that agree less often than a uniform guess would, beyond 2.6 standard deviations (one-sided p < 0.005)."""
    chance = 1 / n_classes
    spread = np.sqrt(judged * chance * (1 - chance))
    return tuple(int(j) for j in np.flatnonzero((judged >= 5) & (right < judged * chance - 2.6 * spread)))
