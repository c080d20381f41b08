"""How far early predictions are from the answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError
from tacit.selection.coresets.checks import checked_keep
from tacit.selection.coresets.contract import Coreset, Floats
from tacit.selection.coresets.rankings import highest

__all__ = ["el2n", "el2n_scores"]


def el2n_scores(probabilities: ArrayLike, targets: ArrayLike) -> Floats:
    """The mean over runs of |p - y|, the error L2 norm.

    Paul et al., Deep Learning on a Data Diet (NeurIPS 2021), definition 2.2. They take it from some ten runs, after a tenth of the
    training (epoch 20 of 200); its sister GraNd at initialization did not reproduce (Kirsch, 2023) and is not here.

    Arguments:
        probabilities: (runs, n, k) of models early in training, rows sum to 1.
        targets: (n,) int, the classes from 0; or (n, k), probabilities of the classes.

    Returns:
        (n,) float64, 0 to the square root of 2.

    Raises:
        OptionError: A shape or a value is wrong.

    Example:
        >>> el2n_scores([[[1.0, 0.0], [0.5, 0.5]]], [0, 0]).round(3).tolist()
        [0.0, 0.707]
    """
    p, y = np.asarray(probabilities), np.asarray(targets)
    if p.ndim != 3 or not p.size or p.dtype.kind not in "iuf" or not np.all(np.isfinite(p) & (p >= 0) & (p <= 1)):
        raise OptionError(
            f"probabilities are an array of {p.dtype} with shape {p.shape}",
            right="they are 0 to 1, of shape (runs, rows, classes), at least one of each",
            next="write probabilities[None] for those of one run",
        )
    n, k = p.shape[1:]
    classes = y.shape == (n,) and y.dtype.kind in "iu" and y.min() >= 0 and y.max() < k
    shares = y.shape == (n, k) and y.dtype.kind in "iuf" and bool(np.all((y >= 0) & (y <= 1)))
    if not classes and not shares:
        raise OptionError(
            f"targets are an array of {y.dtype} with shape {y.shape}",
            right=f"they are {n:,} classes from 0 to {k - 1}, or probabilities of shape ({n}, {k})",
            next="pass the class of each row as a whole number",
        )
    truth = np.eye(k)[y] if classes else y.astype(np.float64)
    # One run at a time: all at once would hold two more arrays of (runs, n, k).
    return np.asarray(np.mean([np.sqrt(((run - truth) ** 2).sum(axis=1)) for run in p], axis=0))


def el2n(probabilities: ArrayLike, targets: ArrayLike, keep: int, *, seed: int = 0) -> Coreset:
    """Keep the rows whose early predictions are the furthest from the answer.

    Labels that are wrong are among them, so at a small `keep` it falls below a random choice; see `coverage_centric`.

    Arguments:
        probabilities, targets: As for `el2n_scores`.
        keep: How many, from 1 to n.
        seed: Settles ties.

    Returns:
        Exactly `keep` rows; `scores` are those of `el2n_scores`. Each weighs n / keep.

    Raises:
        OptionError: A shape or a value is wrong.
        SelectionError: There are fewer rows than `keep`.
    """
    scores = el2n_scores(probabilities, targets)
    return highest(scores, checked_keep(keep, len(scores)), "el2n", seed)
