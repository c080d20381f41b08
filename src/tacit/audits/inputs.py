"""What audits are given: predictions and labels that fit together, checked once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError

__all__ = ["class_probabilities", "classes_of", "predictions", "same_length"]

Array = NDArray[Any]


def predictions(prediction: ArrayLike, truth: ArrayLike) -> tuple[Array, Array]:
    """Predictions and truth as arrays that `tacit.metrics` takes, truth without the probabilities of classes.

    Arguments:
        prediction: (n, k) probabilities, or (n,) numbers; at least one row.
        truth: (n,) positions of classes below k, or (n, k) probabilities, of which the largest counts; of numbers (n,).

    Raises:
        OptionError: Lengths differ, there is no row, a value is missing or infinite, or a class is outside 0 to k - 1.
    """
    said, true = np.asarray(prediction), np.asarray(truth)
    same_length(len(said), truth=len(true))
    for what, values in (("predictions", said), ("truth", true)):
        if values.dtype.kind not in "fiub" or not np.isfinite(values).all():
            raise OptionError(
                f"the {what} have values that are missing, infinite or no numbers",
                right="predictions and truth are finite numbers",
                next="leave out the rows without a prediction or a label",
            )
    if said.ndim == 2:
        true = classes_of(true, said.shape[1])
    return said, true


def class_probabilities(prediction: ArrayLike, truth: ArrayLike) -> tuple[Array, Array]:
    """What `predictions` gives, of classes only.

    Raises:
        OptionError: As for `predictions`; or the predictions are not of shape (n, k).
    """
    said, true = predictions(prediction, truth)
    if said.ndim != 2:
        raise OptionError(
            f"predictions are an array of shape {said.shape}",
            right="they are probabilities of classes, of shape (rows, classes)",
            next="np.eye(n_classes)[predicted], for predicted classes",
        )
    return said, true


def classes_of(given: ArrayLike, k: int) -> NDArray[np.intp]:
    """(n,) positions of classes, given as such or as (n, k) probabilities, of which the largest counts.

    Raises:
        OptionError: They are neither, or a class is outside 0 to k - 1.
    """
    values = np.asarray(given)
    if values.ndim == 2 and values.shape[1] == k:
        return np.asarray(values.argmax(axis=1))
    if values.ndim != 1 or (values != np.floor(values)).any() or values.min(initial=0) < 0 or values.max(initial=0) >= k:
        raise OptionError(
            f"classes are an array of shape {values.shape}, some of which are not among the {k}",
            right=f"they are whole numbers from 0 to {k - 1}, or probabilities of shape (rows, {k})",
            next="np.unique(labels, return_inverse=True)[1]",
        )
    return values.astype(np.intp)


def same_length(n: int, /, **given: int) -> None:
    """Raise an OptionError unless there is a row, and everything given by name has `n` of them."""
    for name, length in given.items():
        if length != n or not n:
            raise OptionError(
                f"{name} is of {length:,} rows, the others of {n:,}" if n else "there are no rows",
                right="all are of the same rows, at least one",
                next="pass arrays of one length",
            )
