"""Examples that training learns and loses again."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError
from tacit.selection.coresets.checks import checked_keep
from tacit.selection.coresets.contract import Coreset, Floats
from tacit.selection.coresets.rankings import highest

__all__ = ["forgetting", "forgetting_counts"]


def forgetting_counts(right: ArrayLike) -> Floats:
    """How often each row was right in one epoch and wrong in the next.

    Toneva et al., An Empirical Study of Example Forgetting (ICLR 2019), algorithm 1. A row that was never right counts as
    infinitely often forgotten, as in the code of Coleman et al., Selection via Proxy (ICLR 2020); counting it as 0 would throw
    the hardest rows away first.

    Arguments:
        right: (epochs, n) bool, or 0 and 1: whether the row's prediction was right when the epoch came to it.

    Returns:
        (n,) float64, 0 to epochs / 2, or infinity.

    Raises:
        OptionError: They are not such.

    Example:
        >>> forgetting_counts([[1, 0, 1], [1, 0, 0], [1, 0, 1]]).tolist()
        [0.0, inf, 1.0]
    """
    given = np.asarray(right)
    if given.ndim != 2 or not given.size or given.dtype.kind not in "biu" or not np.isin(given, (0, 1)).all():
        raise OptionError(
            f"what was right is an array of {given.dtype} with shape {given.shape}",
            right="it is True or False, of shape (epochs, rows), at least one of each",
            next="write predictions == labels, with one row for each epoch",
        )
    told = given.astype(bool)
    lost = (told[:-1] & ~told[1:]).sum(axis=0)
    return np.where(told.any(axis=0), lost, np.inf)


def forgetting(right: ArrayLike, keep: int, *, seed: int = 0) -> Coreset:
    """Keep the rows that were forgotten most often.

    Arguments:
        right: As for `forgetting_counts`.
        keep: How many, from 1 to n.
        seed: Settles ties, which counts have many of.

    Returns:
        Exactly `keep` rows; `scores` are their counts. Each weighs n / keep.

    Raises:
        OptionError: `right` is not as it should be.
        SelectionError: There are fewer rows than `keep`.

    Example:
        >>> forgetting([[1, 0, 1], [1, 0, 0], [1, 0, 1]], 2).rows.tolist()
        [1, 2]
    """
    counts = forgetting_counts(right)
    return highest(counts, checked_keep(keep, len(counts)), "forgetting", seed)
