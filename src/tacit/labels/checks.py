"""What `aggregate` is given, checked: it says what is wrong, what would be right, and a line to type."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError

__all__ = ["checked_balance", "checked_gold", "checked_shares", "checked_votes"]

_NEARLY = 1e-2
"""How far from 1 the shares of a soft vote may be together: people round."""


def checked_votes(votes: ArrayLike, n_classes: int) -> NDArray[np.int64]:
    """(n, n_functions) int64.

    Raises:
        OptionError: They are not whole numbers of two dimensions, or not classes.
    """
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


def checked_shares(votes: NDArray[np.float64], n_classes: int) -> NDArray[np.float64]:
    """(n, n_functions, n_classes) float64: soft votes, of which each row sums to 1 or is NaN.

    Raises:
        OptionError: They are of another shape, negative, or do not sum to 1.
    """
    if votes.ndim != 3 or votes.shape[2] != n_classes or n_classes < 2:
        raise OptionError(
            f"soft votes have shape {votes.shape} for {n_classes} classes",
            right=f"they are of shape (rows, functions, {max(n_classes, 2)})",
            next=f"aggregate(votes, n_classes={votes.shape[2] if votes.ndim == 3 and votes.shape[2] > 1 else 2})",
        )
    silent = np.isnan(votes).all(2)
    wrong = ~silent & ~((np.abs(votes.sum(2) - 1) <= _NEARLY) & (np.where(np.isnan(votes), -1, votes) >= 0).all(2))
    if wrong.any():
        row, function = (int(i[0]) for i in np.nonzero(wrong))
        raise OptionError(
            f"the soft vote of function {function} on row {row} is {votes[row, function].tolist()}",
            right="a soft vote is a share for each class, 0 or more and together 1; all NaN where a function abstains",
            next="votes / votes.sum(axis=2, keepdims=True)",
        )
    return votes


def checked_gold(gold: ArrayLike, n: int, n_classes: int) -> NDArray[np.int64]:
    """(n,) int64, -1 unknown.

    Raises:
        OptionError: They are not n whole numbers, or not classes.
    """
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


def checked_balance(balance: ArrayLike | None, n_classes: int) -> NDArray[np.float64] | None:
    """(n_classes,) shares that sum to 1, each at least one in a million; None stays None.

    Raises:
        OptionError: They are not n_classes shares.
    """
    if balance is None:
        return None
    prior = np.asarray(balance, float)
    if prior.shape != (n_classes,) or not np.all(prior >= 0) or not 0 < prior.sum() < np.inf:
        raise OptionError(
            f"balance is {prior.tolist()}",
            right=f"it is {n_classes} shares of 0 or more",
            next=f"balance=[{', '.join(['1'] * n_classes)}]",
        )
    share: NDArray[np.float64] = np.maximum(prior / prior.sum(), 1e-6)
    return np.asarray(share / share.sum(), float)
