"""A strategy inside each group of rows, so that small groups are not forgotten: stratified sampling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError
from tacit.selection.contract import Strategy
from tacit.selection.drawing import Pick, checked_number, checked_temperature
from tacit.selection.pools import Pool

__all__ = ["Grouped", "in_groups", "shared_out"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Grouped:
    """A strategy that chooses as many rows of each group as of any other; see `in_groups`.

    Attributes:
        base: What chooses inside each group.
    """

    base: Strategy

    @property
    def name(self) -> str:
        """The base's."""
        return self.base.name

    @property
    def needs(self) -> tuple[str, ...]:
        """The groups, and what the base needs."""
        return (*self.base.needs, "groups")

    def pick(self, pool: Pool, n: int, seed: int = 0, *, temperature: float = 0.0) -> Pick:
        """As in `Strategy`: `in_groups` in equal shares."""
        return in_groups(self.base, pool, n, seed, temperature=temperature)


def in_groups(
    strategy: Strategy, pool: Pool, n: int, seed: int = 0, *, shares: Sequence[float] | None = None, temperature: float = 0.0
) -> Pick:
    """Let a strategy choose inside each group; what it chose in one counts as labeled in the next.

    A group is due its share of `n`, and what small groups cannot give falls to the others by their shares. Of what is due beyond whole
    rows a row is drawn, so that on the mean each group gets what it is due (systematic sampling; Madow 1949). So groups that
    are due less than a row are drawn themselves, which is also what becomes of more groups than rows.

    A probability is the strategy's inside the group, times that of the group where it was drawn: wherever the strategy's are
    unbiased, so is the whole (Horvitz & Thompson 1952; Cochran 1977, section 5A).

    Arguments:
        strategy: As anywhere.
        pool: With groups.
        n: From 1 to the size of the pool.
        seed: For draws.
        shares: (g,) above 0, of each group; equal by default.
        temperature: As in `Strategy.pick`.

    Returns:
        Groups take turns: any first part of the rows has about the shares of the whole.

    Raises:
        SelectionError: The pool has fewer than `n` rows.
        OptionError: The pool has no groups, or lacks what the strategy needs; shares are not one for each group, above 0.

    Example:
        >>> from tacit.selection import get
        >>> found = in_groups(get("random"), Pool(5, groups=np.array([0, 0, 0, 0, 1])), 2)
        >>> sorted(found.probabilities.tolist())
        [0.25, 1.0]
    """
    checked_number(n, pool.size)
    checked_temperature(temperature)
    codes = pool.need("groups", strategy.name)
    for part in strategy.needs:
        pool.need(part, strategy.name)
    if codes.dtype.kind not in "iu" or codes.min() < 0:
        raise OptionError(
            f"groups are an array of {codes.dtype}, or below 0",
            right="they are whole numbers from 0 on",
            next="Pool(..., groups=numpy.unique(names, return_inverse=True)[1])",
        )
    sizes = np.bincount(codes)
    wanted = np.ones(len(sizes)) if shares is None else np.asarray(shares, float)[: len(sizes)]
    if len(wanted) < len(sizes) or not (np.isfinite(wanted) & (wanted > 0)).all():
        raise OptionError(
            f"shares are {wanted.tolist()} of {len(sizes):,} groups", right="each group has a share above 0", next="shares=None"
        )
    rng = np.random.default_rng([seed, 2])  # another stream than that of a strategy with this seed
    quotas, chances = shared_out(n, wanted, sizes, rng)
    seeds = rng.integers(2**32, size=len(sizes)).tolist()
    places = np.split(np.argsort(codes, kind="stable"), np.cumsum(sizes)[:-1])
    parts: list[tuple[Rows, Pick]] = []
    for group in np.flatnonzero(quotas).tolist():
        inside = pool.only(places[group])
        if pool.features is not None and parts:
            before = np.concatenate([rows for rows, _ in parts])
            inside = replace(inside, labeled=np.concatenate([pool.known(), np.asarray(pool.features)[before]]))
        found = strategy.pick(inside, int(quotas[group]), seeds[group], temperature=temperature)
        parts.append((places[group][found.rows], replace(found, probabilities=found.probabilities * chances[group])))
    turns = np.concatenate([(np.arange(len(rows)) + 0.5) / len(rows) for rows, _ in parts])
    order = np.argsort(turns, kind="stable")
    return Pick(
        np.concatenate([rows for rows, _ in parts])[order],
        np.concatenate([found.scores for _, found in parts])[order],
        np.concatenate([found.probabilities for _, found in parts])[order],
    )


def shared_out(n: int, shares: Floats, sizes: NDArray[Any], rng: np.random.Generator) -> tuple[Rows, Floats]:
    """How many rows each group gives.

    Arguments:
        n: At most the sum of the sizes.
        shares: (g,) above 0.
        sizes: (g,) rows of each group.
        rng: For what is due beyond whole rows.

    Returns:
        (g,) int64 quotas that sum to `n`, each at most the size; and (g,) the probability that the group gives any row, for those
        that are due less than one, and 1 for the others.
    """
    due = np.zeros(len(sizes))
    open_ = sizes > 0
    while open_.any():  # whoever is due more than it has gives all, and the others share the rest
        due[open_] = (n - due[~open_].sum()) * shares[open_] / shares[open_].sum()
        over = open_ & (due > sizes)
        if not over.any():
            break
        due[over] = sizes[over]
        open_ &= ~over
    quotas = np.floor(due + 1e-9).astype(np.int64)
    beyond = np.maximum(due - quotas, 0)
    order = rng.permutation(len(sizes))
    ends = np.cumsum(beyond[order])
    ends[-1] = round(ends[-1])  # it is whole but for rounding
    hits = np.diff(np.floor(ends + rng.random()), prepend=0.0)
    quotas[order] += np.minimum(hits, 1).astype(np.int64)
    return quotas, np.where(due < 1 - 1e-9, np.maximum(due, np.finfo(float).tiny), 1.0)
