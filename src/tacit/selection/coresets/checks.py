"""What core-sets are made of, checked: it says what is wrong, what would be right, and a line to type."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError, SelectionError
from tacit.selection.coresets.contract import Floats, Ints

__all__ = ["checked_codes", "checked_keep", "checked_matrix", "checked_signs"]

_LARGEST = 1e140
"""The sum of the squares of a trillion numbers up to this is still a number."""


def checked_keep(keep: int, n: int) -> int:
    """How many rows to keep, from 1 to n.

    Raises:
        OptionError: It is no whole number.
        SelectionError: There are not so many rows.
    """
    if isinstance(keep, bool) or not isinstance(keep, int | np.integer):
        raise OptionError(f"keep is {keep!r}", right="it is a whole number of rows", next=f"write keep={max(1, n // 2)}")
    if not 1 <= keep <= n:
        raise SelectionError(
            f"{keep:,} of {n:,} rows cannot be kept", right=f"keep 1 to {n:,}", next=f"write keep={max(1, min(int(keep), n))}"
        )
    return int(keep)


def checked_matrix(values: ArrayLike, what: str = "features") -> Floats:
    """(n, d) float64, finite and small enough to be squared, at least one row and one column.

    Raises:
        OptionError: They are not.
    """
    given = np.asarray(values)
    if given.ndim != 2 or not given.size or given.dtype.kind not in "iufb":
        raise OptionError(
            f"{what} are an array of {given.dtype} with shape {given.shape}",
            right="they are numbers of shape (rows, columns), at least one of each",
            next=f"pass {what} as a 2-dimensional array of numbers",
        )
    matrix = given.astype(np.float64)
    bad = int((~(np.abs(matrix) < _LARGEST)).any(axis=1).sum())
    if bad:
        raise OptionError(
            f"{what} are not finite in {bad:,} of {len(matrix):,} rows",
            right=f"they are numbers below {_LARGEST:g}, as NaN and infinity have no distance to anything",
            next="fill or leave out these rows first: numpy.isfinite(x).all(axis=1)",
        )
    return matrix


def checked_codes(groups: ArrayLike, n: int | None = None) -> Ints:
    """(n,) int64 from 0: which group each row is of; groups are the distinct values, or rows of values, in ascending order.

    Arguments:
        groups: (n,) or (n, g), of one type that can be sorted: classes, memberships of slices, or several columns of both.
        n: How many rows there have to be.

    Raises:
        OptionError: They are not.
    """
    given = np.asarray(groups)
    if given.dtype.kind in "OT" and all(isinstance(value, str) for value in given.flat):
        given = given.astype(str)  # texts, as frames keep them
    fits = given.ndim in (1, 2) and given.size > 0 and given.dtype.kind in "iufbUS"
    if not fits or n not in (None, len(given)) or (given.dtype.kind == "f" and bool(np.isnan(given).any())):
        raise OptionError(
            f"groups are an array of {given.dtype} with shape {given.shape}",
            right=f"they are {'' if n is None else f'{n:,} '}numbers or texts, one for each row, or several columns; none is missing",
            next="pass one class, or one row of classes and slices, for each row",
        )
    codes = np.unique(given, axis=0, return_inverse=True)[1]
    return np.asarray(codes, np.int64).reshape(-1)


def checked_signs(signs: ArrayLike, n: int) -> Floats:
    """(n,) float64: -1 or 1 for each row.

    Raises:
        OptionError: They are not.
    """
    given = np.asarray(signs)
    if given.shape != (n,) or given.dtype.kind not in "iuf" or not np.isin(given, (-1, 1)).all():
        raise OptionError(
            f"signs are an array of {given.dtype} with shape {given.shape}",
            right=f"they are {n:,} times -1 or 1",
            next="write numpy.where(labels == positive, 1, -1)",
        )
    return given.astype(np.float64)
