"""Several strategies, each with its share of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError
from tacit.selection.contract import Strategy
from tacit.selection.drawing import Pick, checked_number, checked_temperature
from tacit.selection.pools import Pool

__all__ = ["Mixture", "mixture", "quotas"]


@dataclass(frozen=True)
class Mixture:
    """Strategies that choose one after the other, each from what those before it left, which counts as labeled for it.

    Attributes:
        parts: In order.
        shares: (parts,) above 0, how much of a choice is each one's.
    """

    parts: tuple[Strategy, ...]
    shares: tuple[float, ...]

    @property
    def name(self) -> str:
        """The names of the parts, with "+" between."""
        return "+".join(part.name for part in self.parts)

    @property
    def needs(self) -> tuple[str, ...]:
        """What any part needs."""
        return tuple(dict.fromkeys(need for part in self.parts for need in part.needs))

    def pick(self, pool: Pool, n: int, seed: int = 0, *, temperature: float = 0.0) -> Pick:
        """As in `Strategy`; scores are each part's own.

        Given what the parts before it chose, the last part draws from the rest. So rows of the parts before it have the probability 1,
        each speaks for itself, and rows of the last have that part's: "margin+random" gives unbiased estimates though margin alone
        does not. Put a part that draws last.
        """
        checked_number(n, pool.size)
        checked_temperature(temperature)
        for part in self.parts:
            for need in part.needs:
                pool.need(need, part.name)
        left, places = pool, np.arange(pool.size)
        picks: list[tuple[NDArray[np.int64], Pick]] = []
        for i, (part, quota) in enumerate(zip(self.parts, quotas(n, self.shares), strict=True)):
            if quota:
                found = part.pick(left, quota, seed + i, temperature=temperature)
                picks.append((places[found.rows], found))
                left, rest = left.without(found.rows)
                places = places[rest]
        return Pick(
            np.concatenate([rows for rows, _ in picks]),
            np.concatenate([found.scores for _, found in picks]),
            np.concatenate([*(np.ones(len(rows)) for rows, _ in picks[:-1]), picks[-1][1].probabilities]),
        )


def mixture(parts: Sequence[Strategy], shares: Sequence[float] | None = None) -> Mixture:
    """Mix strategies.

    Arguments:
        parts: Two or more.
        shares: How much of a choice is each one's; equal by default.

    Raises:
        OptionError: There are fewer than two parts, or not one share above 0 for each.
    """
    given = [1.0] * len(parts) if shares is None else [float(share) for share in shares]
    if len(parts) < 2 or len(given) != len(parts) or not all(0 < share < np.inf for share in given):
        raise OptionError(
            f"{len(parts)} strategies are mixed with the shares {given}",
            right="two or more strategies each have a share above 0",
            next='mixture([get("margin"), get("random")], shares=[0.9, 0.1])',
        )
    return Mixture(tuple(parts), tuple(given))


def quotas(n: int, shares: Sequence[float]) -> list[int]:
    """Whole numbers that add up to n, as near to the shares as can be (largest remainders; of equal ones the first).

    Example:
        >>> quotas(10, [1, 1, 1])
        [4, 3, 3]
    """
    exact = n * np.asarray(shares, float) / float(np.sum(shares))
    whole = np.floor(exact + 1e-9).astype(int)
    behind = np.argsort(-(exact - whole).round(9), kind="stable")[: n - int(whole.sum())]
    whole[behind] += 1
    return [int(q) for q in whole]
