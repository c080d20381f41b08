"""How many to keep of each group, and a core-set that holds to it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError, SelectionError, nearest
from tacit.selection.coresets.checks import checked_codes, checked_keep
from tacit.selection.coresets.contract import Coreset, Ints

__all__ = ["QUOTAS", "by_quota", "equal_quotas", "proportional_quotas"]

QUOTAS = ("proportional", "equal")


def proportional_quotas(sizes: Ints, keep: int) -> Ints:
    """Each group's share of `keep`, by its size, and at least 1; rounded by largest remainders (Hamilton's method).

    Arguments:
        sizes: (g,) how many rows each group has, at least 1.
        keep: From g to the sum of the sizes.

    Returns:
        (g,) int64, 1 to the size of the group; they sum to `keep`.
    """
    exact = keep * sizes / sizes.sum()
    quotas: Ints = np.maximum(np.floor(exact).astype(np.int64), 1)
    while quotas.sum() < keep:
        quotas[np.argmax(exact - quotas)] += 1
    while quotas.sum() > keep:  # small groups got their 1; those that lose least give it
        quotas[np.argmax(np.where(quotas > 1, quotas - exact, -np.inf))] -= 1
    return quotas


def equal_quotas(sizes: Ints, keep: int) -> Ints:
    """The same number for each group; what small groups cannot give, larger ones do.

    The rule of Zheng et al., Coverage-centric Coreset Selection (ICLR 2023), algorithm 1: from the smallest group on, each gets
    what is left, divided by the groups that are left and rounded down, or all of its rows.

    Arguments:
        sizes: (g,) how many rows each group has.
        keep: At most the sum of the sizes.

    Returns:
        (g,) int64, at most the size of the group; they sum to `keep`.
    """
    quotas = np.zeros(len(sizes), np.int64)
    left = keep
    for done, group in enumerate(np.argsort(sizes, kind="stable")):
        quotas[group] = min(int(sizes[group]), left // (len(sizes) - done))
        left -= quotas[group]
    return quotas


def by_quota(
    method: Callable[[Ints, int], Coreset], groups: ArrayLike, keep: int, *, quota: str = "proportional", n: int | None = None
) -> Coreset:
    """Apply a method within each group, so that no class or slice is lost.

    Arguments:
        method: Takes the positions (m,) of a group's rows and how many to keep; its core-set has positions among these m.
        groups: (n,) the class or slice of each row; or (n, g), several columns: each combination that occurs is a group.
        keep: How many in all, at least one for each group.
        quota: "proportional" to the size of the group, or "equal".
        n: How many rows there have to be, if the caller knows.

    Returns:
        Weights speak for all rows, since each group's speak for the group. Groups take turns: any first part of the rows has
        about the shares of the whole.

    Raises:
        OptionError: The groups or the quota are not understood.
        SelectionError: There are fewer rows than `keep`, or more groups.

    Example:
        >>> from tacit.selection import uniform
        >>> found = by_quota(lambda rows, keep: uniform(len(rows), keep), [0, 0, 0, 1], 2)
        >>> sorted(found.weights.tolist())
        [1.0, 3.0]
    """
    codes = checked_codes(groups, n)
    keep = checked_keep(keep, len(codes))
    if quota not in QUOTAS:
        raise OptionError(
            f'there is no quota "{quota}"',
            right=f"it is {' or '.join(QUOTAS)}",
            next=f'write quota="{nearest(str(quota), QUOTAS) or "proportional"}"',
        )
    sizes = np.bincount(codes)
    if keep < len(sizes):
        raise SelectionError(
            f"{keep:,} rows cannot speak for {len(sizes):,} groups",
            right="keep one of each at least",
            next=f"write keep={len(sizes)}",
        )
    quotas = (proportional_quotas if quota == "proportional" else equal_quotas)(sizes, keep)
    places = np.split(np.argsort(codes, kind="stable"), np.cumsum(sizes)[:-1])
    parts = [method(place, int(some)) for place, some in zip(places, quotas, strict=True)]
    turns = np.concatenate([(np.arange(len(part)) + 0.5) / len(part) for part in parts])
    order = np.argsort(turns, kind="stable")
    return Coreset(
        np.concatenate([place[part.rows] for place, part in zip(places, parts, strict=True)])[order],
        np.concatenate([part.weights for part in parts])[order],
        np.concatenate([part.scores for part in parts])[order],
        np.concatenate([part.probabilities for part in parts])[order],
        f"{parts[0].method} by {quota} quota",
    )
