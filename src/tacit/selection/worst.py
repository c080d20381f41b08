"""The rows of the groups that a model fails most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError
from tacit.selection.contract import Strategy
from tacit.selection.drawing import Pick, checked_number, checked_temperature
from tacit.selection.grouped import in_groups
from tacit.selection.pools import Pool
from tacit.selection.unsure import MARGIN

__all__ = ["WORST_GROUP", "WorstGroup", "risks"]

_SURE = 0.95
"""How sure it is that a group errs no more often than its risk."""

_EVEN = 0.2
"""This much of a choice goes to all groups by their sizes, so that every row can be chosen, and those that are fine are still looked at."""

_LEAST, _MOST = 2.0, 1000.0
"""What is known of a group beforehand counts as many rows: never less than two, since few groups can look more different than they are."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WorstGroup:
    """Of each group a draw in which unsure rows are likelier; of groups that are failed more often, more rows.

    One in five rows is spread over all groups by their sizes. The others are shared out by the square of the risk, whatever the size of
    a group: if its error fell with the root of its labels, that would make the groups equal. Rows are drawn and not the most unsure
    ones taken: these are strange in other ways too, and 1 / probability would say nothing of the others.

    Attributes:
        base: What draws inside a group.
    """

    base: Strategy = MARGIN

    @property
    def name(self) -> str:
        """ "worst-group", with the name of the base unless it is margin."""
        return "worst-group" if self.base is MARGIN else f"worst-group-{self.base.name}"

    @property
    def needs(self) -> tuple[str, ...]:
        """The groups, and what the base needs."""
        return (*self.base.needs, "groups")

    def pick(self, pool: Pool, n: int, seed: int = 0, *, temperature: float = 0.0) -> Pick:
        """As in `Strategy`. It always draws: temperature 0 means 1.

        Raises:
            OptionError: The pool has no risk for each of its groups, as well.
        """
        checked_number(n, pool.size)
        checked_temperature(temperature)
        codes = pool.need("groups", self.name)
        given = np.zeros(0) if pool.risks is None else np.asarray(pool.risks, float)
        if given.ndim != 1 or len(given) <= codes.max() or not ((given >= 0) & np.isfinite(given)).all():
            raise OptionError(
                f'"{self.name}" needs the risk of each of {int(codes.max()) + 1:,} groups, and has risks of shape {given.shape}',
                right="a number from 0 on says of each group how much a model fails it",
                next="Pool(..., groups=groups, risks=risks(wrong, groups_of_what_has_labels, n_groups))",
            )
        sizes = np.bincount(codes, minlength=len(given))
        even, failed = sizes / sizes.sum(), np.where(sizes > 0, given, 0.0) ** 2
        worst = failed / failed.sum() if failed.any() else even
        shares = np.maximum(_EVEN * even + (1 - _EVEN) * worst, np.finfo(float).tiny)
        return in_groups(self.base, pool, n, seed, shares=shares.tolist(), temperature=temperature or 1.0)


def risks(wrong: ArrayLike, groups: ArrayLike, n_groups: int) -> Floats:
    """How often a model may err in each group, as far as labels tell.

    The errors of groups are taken to be drawn from a beta distribution, whose mean is the error of all rows and whose width is what
    the groups differ by beyond chance (moments; Kleinman 1973). What is then known of a group is a beta distribution too, and its risk is
    the end that it stays under 95 times in 100: few labels leave much open, and where groups do not differ none is singled out.

    Arguments:
        wrong: (l,) from 0 to 1, whether a model that was not trained on the row erred.
        groups: (l,) int, its group.
        n_groups: g, more than any of them; groups may have no rows.

    Returns:
        (g,) from 0 to 1.

    Raises:
        OptionError: There is no row, or lengths differ.

    Example:
        >>> risks([1, 1, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1], 3).round(2).tolist()
        [0.9, 0.39, 0.89]
    """
    from scipy.stats import beta

    erred, codes = np.asarray(wrong, float), np.asarray(groups)
    if not len(erred) or erred.shape != codes.shape or codes.min() < 0 or codes.max() >= n_groups:
        raise OptionError(
            f"errors of shape {erred.shape} are of groups of shape {codes.shape}, {n_groups:,} in all",
            right="each row has an error from 0 to 1 and a group below n_groups",
            next="risks([1, 0, 0, 0], [0, 0, 1, 1], 2)",
        )
    errors, rows = np.bincount(codes, erred, n_groups), np.bincount(codes, minlength=n_groups)
    total, seen = len(codes), rows > 0
    mean = (errors.sum() + 0.5) / (total + 1)  # never 0 or 1
    spread = (rows[seen] * (errors[seen] / rows[seen] - mean) ** 2).sum() / (mean * (1 - mean))
    chance, most = seen.sum() - 1, total - (rows**2).sum() / total
    # The share of what rows differ by that lies between cells; a single cell, or cells of single rows, do not tell.
    between = (spread - chance) / (most - chance) if most > chance else 0.0
    strength = float(np.clip(1 / max(between, 1e-9) - 1, _LEAST, _MOST))
    return np.asarray(beta.ppf(_SURE, strength * mean + errors, strength * (1 - mean) + rows - errors))


WORST_GROUP = WorstGroup()
"""By margin inside the groups."""
