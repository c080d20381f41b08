"""Which rows carry a cue, and which labels are wrong: exact counts, drawn by a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError

__all__ = ["carriers", "wrong", "wrong_by_group"]

Flags = NDArray[np.bool_]


def carriers(favored: Flags, *, strength: float, share: float, minority: float | None, chance: np.random.Generator) -> Flags:
    """Draw the rows that carry the cue.

    Of n rows, f have the favored label. round(f * share * strength) of these carry the cue, and of the others
    round((n - f) * share * (1 - strength)), or round(n * minority). So a cue multiplies the odds of the favored label by
    strength / (1 - strength), however many rows have it. With the same seed more strength adds carriers to the favored
    and takes them from the others, and changes none besides.

    Arguments:
        favored: (n,) which rows have the favored label.
        strength: 0.5 to 1.
        share: Above 0, to 1.
        minority: The share of all rows that carry the cue without the favored label; None is by strength.

    Returns:
        (n,) bool.

    Raises:
        OptionError: There are not so many rows, or no row of the favored label would carry the cue.
    """
    order = [chance.permutation(np.flatnonzero(favored == yes)) for yes in (True, False)]
    n, agree = len(favored), _count(len(order[0]) * share * strength)
    against = _count(len(order[1]) * share * (1 - strength) if minority is None else n * minority)
    if against > len(order[1]):
        raise OptionError(
            f"a minority of {minority:g} of {n:,} rows is {against:,}, and {len(order[1]):,} have another label than the favored one",
            right="the minority carries the cue without the favored label",
            next=f"--minority {len(order[1]) / n / 2:.2g}",
        )
    if not agree:
        raise OptionError(
            f"of {len(order[0]):,} rows of the favored label a share of {share:g} is none to carry the cue",
            right="one row at least carries it",
            next="--share 1" if share < 1 else "give more rows",
        )
    carries = np.zeros(n, dtype=bool)
    carries[order[0][:agree]] = True
    carries[order[1][:against]] = True
    return carries


def wrong(n: int, noise: float, chance: np.random.Generator) -> Flags:
    """Draw round(n * noise) of n labels that are wrong. Returns (n,) bool."""
    out = np.zeros(n, dtype=bool)
    out[chance.permutation(n)[: _count(n * noise)]] = True
    return out


def wrong_by_group(group: Flags, *, strength: float, noise: float, chance: np.random.Generator) -> Flags:
    """Draw labels that are wrong more often in a group.

    Of n rows g are of the group. round(g * r * strength) labels of the group are wrong, and round((n - g) * r * (1 - strength))
    others, where r = n * noise / (g * strength + (n - g) * (1 - strength)), so that about n * noise are wrong.

    Arguments:
        group: (n,) which rows are of the group; at least one is.
        strength: 0.5 to 1.
        noise: The share of wrong labels among all.

    Returns:
        (n,) bool.

    Raises:
        OptionError: More labels of the group would be wrong than it has.
    """
    n, inside = len(group), int(group.sum())
    weighed = inside * strength + (n - inside) * (1 - strength)
    rate = n * noise / weighed
    if rate * strength > 1:
        most = weighed / (n * strength)
        raise OptionError(
            f"noise of {noise:g} in {n:,} rows is more wrong labels than a group of {inside:,} takes with strength {strength:g}",
            right=f"noise is at most {most:.3g}",
            next=f"--noise {most / 2:.2g}",
        )
    out = np.zeros(n, dtype=bool)
    for yes, part in ((True, strength), (False, 1 - strength)):
        at = chance.permutation(np.flatnonzero(group == yes))
        out[at[: _count(len(at) * rate * part)]] = True
    return out


def _count(expected: float) -> int:
    """The nearest whole number; of two the larger."""
    return int(expected + 0.5)
