"""Rows on which labeling functions differ, from each other or from the model."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError
from tacit.selection.contract import Scored
from tacit.selection.pools import Pool

__all__ = ["DISAGREEMENT", "disagreement"]


def disagreement(votes: ArrayLike, probabilities: ArrayLike | None = None) -> NDArray[np.float64]:
    """How likely two are to differ who say what a row is.

    Among the votes: the probability that two different votes, drawn at random, differ; 0 where fewer than two functions vote. Between
    model and votes: the probability that a class drawn from the model differs from a vote, 1 - sum over classes of share times
    probability; 0 where no function votes. With a model the score is the mean of the two.

    Arguments:
        votes: (n, n_functions) int, classes from 0, -1 abstains.
        probabilities: (n, n_classes) of a model that has not learned from these votes alone.

    Returns:
        (n,) float64 from 0 to 1.

    Raises:
        OptionError: The arrays do not fit each other.

    Example:
        >>> disagreement([[0, 0, 1], [1, 1, -1]], [[0.5, 0.5], [1.0, 0.0]]).round(3).tolist()
        [0.583, 0.5]
    """
    said = np.asarray(votes)
    whole = said.ndim == 2 and (not said.size or (said.dtype.kind in "iu" and said.min() >= -1))
    p = None if probabilities is None else np.asarray(probabilities, float)
    largest = int(said.max(initial=-1)) if whole else -1
    if not whole or (p is not None and (p.ndim != 2 or len(p) != len(said) or p.shape[1] <= largest or not (p >= 0).all())):
        raise OptionError(
            f"votes are an array of {said.dtype} with shape {said.shape}"
            + (f", up to class {largest}, beside probabilities of shape {p.shape}" if p is not None else ""),
            right="votes are whole numbers of shape (rows, functions), -1 abstains, and each class has a probability of 0 or more",
            next="disagreement([[0, 1, -1]], [[0.5, 0.5]])",
        )
    classes = largest + 1 if p is None else p.shape[1]
    counts = np.stack([(said == c).sum(axis=1) for c in range(classes)], axis=1) if classes else np.zeros((len(said), 1))
    heard = counts.sum(axis=1)
    same = (counts * (counts - 1)).sum(axis=1)
    among = np.where(heard > 1, 1 - same / np.maximum(heard * (heard - 1), 1), 0.0)
    if p is None:
        return among
    between = np.where(heard > 0, 1 - (counts * p).sum(axis=1) / np.maximum(heard, 1), 0.0)
    return np.asarray((among + np.clip(between, 0, 1)) / 2)


def _score(pool: Pool) -> NDArray[np.float64]:
    votes = pool.need("votes", "disagreement")
    told = pool.probabilities is not None and pool.kind == "classes"
    return disagreement(votes, pool.need("probabilities", "disagreement") if told else None)


DISAGREEMENT = Scored("disagreement", ("votes",), _score)
"""Without probabilities, where the votes differ among themselves."""
