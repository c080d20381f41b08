"""What a core-set does to each slice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tacit.errors import OptionError
from tacit.selection.coresets.contract import Coreset
from tacit.tables import table

__all__ = ["Shares", "SliceShare", "slice_shares"]


@dataclass(frozen=True)
class SliceShare:
    """A slice before and after.

    Attributes:
        name: The slice's.
        before: Its share of all rows, 0 to 1.
        after: Its share of the rows that were kept.
        weight: Its share of their weights: what the core-set says of `before`.
        kept: The share of its rows that were kept; None if it has no rows.
    """

    name: str
    before: float
    after: float
    weight: float
    kept: float | None


@dataclass(frozen=True)
class Shares:
    """All slices before and after.

    Attributes:
        method: How the core-set was chosen.
        n, keep: How many rows there were, and were kept.
        slices: In the order given.
    """

    method: str
    n: int
    keep: int
    slices: tuple[SliceShare, ...]

    def __str__(self) -> str:
        rows = [[s.name, *(_percent(share) for share in (s.before, s.after, s.weight, s.kept))] for s in self.slices]
        title = f"{self.keep:,} of {self.n:,} rows, by {self.method}"
        head = ["slice", "before", "after", "by weight", "kept"]
        return table(head, rows, title=title, right=head[1:])

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.1f}%"


def slice_shares(coreset: Coreset, slices: Mapping[str, ArrayLike]) -> Shares:
    """Compare the share of each slice before and after.

    Arguments:
        coreset: Of n rows.
        slices: Name -> (n,) bool, whether a row is in the slice; they may overlap.

    Raises:
        OptionError: There is no slice, or one is not such.

    Example:
        >>> from tacit.selection import stratified
        >>> rare = [False, False, False, True]
        >>> slice_shares(stratified(rare, 2), {"rare": rare}).slices[0]
        SliceShare(name='rare', before=0.25, after=0.5, weight=0.25, kept=1.0)
    """
    inside = {name: np.asarray(member) for name, member in slices.items()}
    lengths = {len(member) if member.ndim == 1 else -1 for member in inside.values()}
    least = int(coreset.rows.max(initial=-1)) + 1
    if len(lengths) != 1 or min(lengths) < least or any(member.dtype != bool for member in inside.values()):
        raise OptionError(
            "slices are " + (", ".join(f"{k}: {m.dtype} of shape {m.shape}" for k, m in inside.items()) or "none"),
            right=f"each is True or False for every row, {least:,} or more",
            next='slice_shares(coreset, {"short": lengths < 40})',
        )
    total = coreset.weights.sum()
    found = tuple(
        SliceShare(
            name,
            float(member.mean()),
            float(member[coreset.rows].mean()),
            float(coreset.weights[member[coreset.rows]].sum() / total),
            float(member[coreset.rows].sum() / member.sum()) if member.any() else None,
        )
        for name, member in inside.items()
    )
    return Shares(coreset.method, min(lengths), len(coreset), found)
