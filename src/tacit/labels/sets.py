"""Several classes may be right at once: each is a question of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError
from tacit.labels.aggregation import aggregate

__all__ = ["SetAggregate", "aggregate_sets"]


@dataclass(frozen=True)
class SetAggregate:
    """What the votes say of each class.

    Attributes:
        probabilities: (n, n_classes) float64, each from 0 to 1: that the class is one of the row's.
        accuracies: (n_functions, n_classes) float64, how often a function is right of a class where it votes; NaN where nothing tells.
        suspects: (function, class) where a function looks worse than chance.
        methods: The one that was used for each class.
    """

    probabilities: NDArray[np.float64]
    accuracies: NDArray[np.float64]
    suspects: tuple[tuple[int, int], ...]
    methods: tuple[str, ...]


def aggregate_sets(votes: ArrayLike, *, gold: ArrayLike | None = None, method: str = "auto") -> SetAggregate:
    """`aggregate` for functions that say of each class whether it is there.

    A function may know one class well and another badly, so that nothing is shared between classes.

    Arguments:
        votes: (n, n_functions, n_classes) int: 1 it is there, 0 it is not, -1 abstains.
        gold: (n, n_classes) int, likewise; -1 unknown.
        method: As for `aggregate`, for each class.

    Raises:
        OptionError: A shape, a value or the method is wrong.

    Example:
        >>> aggregate_sets([[[1, 0], [1, -1]]], method="majority").probabilities.tolist()
        [[1.0, 0.0]]
    """
    given = np.asarray(votes)
    if given.ndim != 3:
        raise OptionError(
            f"votes have shape {given.shape}",
            right="they are of shape (rows, functions, classes): 1 yes, 0 no, -1 abstains",
            next="aggregate_sets([[[1, 0], [1, -1]]])",
        )
    known = None if gold is None else np.asarray(gold)
    if known is not None and known.shape != (len(given), given.shape[2]):
        raise OptionError(
            f"gold has shape {known.shape}",
            right=f"it is of shape ({len(given)}, {given.shape[2]}): 1 yes, 0 no, -1 unknown",
            next="write -1 where a class is not known",
        )
    each = [
        aggregate(given[:, :, c], 2, gold=None if known is None else known[:, c], method=method) for c in range(given.shape[2])
    ]
    empty = np.zeros((given.shape[2], 0, 2))
    return SetAggregate(
        np.array([said.probabilities for said in each] or empty)[:, :, 1].T.reshape(len(given), given.shape[2]),
        np.array([said.accuracies for said in each]).T.reshape(given.shape[1], given.shape[2]),
        tuple(sorted((j, c) for c, said in enumerate(each) for j in said.suspects)),
        tuple(said.method for said in each),
    )
