"""How unsure a model is of each row."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError, nearest

__all__ = ["KINDS", "uncertainty"]

KINDS = ("least-confidence", "margin", "entropy")


def uncertainty(probabilities: ArrayLike, kind: str) -> NDArray[np.float64]:
    """Score rows by how unsure the model is; higher is less sure.

    The three classical scores of Settles, Active Learning Literature Survey (2009), section 3.1: one minus the largest
    probability; one minus the distance of the two largest; the entropy, in nats, with 0 log 0 = 0.

    Arguments:
        probabilities: (n, n_classes), rows sum to 1, at least two classes.
        kind: "least-confidence", "margin" or "entropy".

    Returns:
        (n,) float64.

    Raises:
        OptionError: The kind is unknown, or the array is none of probabilities.

    Example:
        >>> uncertainty([[0.5, 0.5], [0.9, 0.1]], "margin").round(2).tolist()
        [1.0, 0.2]
    """
    p = np.asarray(probabilities, float)
    if p.ndim != 2 or p.shape[1] < 2 or not np.all(np.isfinite(p)) or np.any(p < 0):
        raise OptionError(
            f"probabilities are an array of shape {p.shape}"
            + (
                ", with values that are negative or not finite"
                if p.size and not (np.all(np.isfinite(p)) and np.all(p >= 0))
                else ""
            ),
            right="they are finite, 0 or more, of shape (rows, 2 or more classes)",
            next='uncertainty([[0.5, 0.5]], "margin")',
        )
    if kind == "least-confidence":
        return np.asarray(1 - p.max(1))
    if kind == "margin":
        two = np.partition(p, -2, axis=1)[:, -2:]
        return np.asarray(1 - (two[:, 1] - two[:, 0]))
    if kind == "entropy":
        logs = np.log(p, out=np.zeros_like(p), where=p > 0)
        return np.asarray(-np.einsum("ij,ij->i", p, logs))
    raise OptionError(
        f'there is no uncertainty "{kind}"',
        right=f"it is {', '.join(KINDS[:-1])} or {KINDS[-1]}",
        next=f'write "{nearest(kind, KINDS) or "margin"}"',
    )
