"""SEALS: another strategy, which looks only at what is near the labels, and at a few rows drawn from all others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError
from tacit.selection.contract import Scored, Strategy
from tacit.selection.drawing import Pick, checked_number, checked_temperature
from tacit.selection.frontier import Frontier, frontier
from tacit.selection.neighbors import exact
from tacit.selection.pools import Pool
from tacit.selection.unsure import MARGIN

__all__ = ["SEALS", "Seals", "Step", "likely"]

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Step:
    """One choice from a pool that is never looked at whole.

    Attributes:
        pick: What was chosen, by the numbers of the pool.
        drawn: (n,) bool, which of it was drawn at random from outside the frontier.
        frontier: What to grow by the labels.
    """

    pick: Pick
    drawn: NDArray[np.bool_]
    frontier: Frontier

    def __str__(self) -> str:
        drawn, parts = int(self.drawn.sum()), self.frontier.components()
        reached = int(parts.max()) + 1 if len(parts) else 0
        return (
            f"{len(self.drawn):,} chosen: {len(self.drawn) - drawn:,} of the {len(self.frontier.rows):,} rows near what is labeled, "
            f"in {reached:,} components; {drawn:,} of {self.frontier.rest:,} others, at random"
        )


@dataclass(frozen=True)
class Seals:
    """Similarity search for efficient active learning (Coleman et al. 2022, Algorithm 2), with a share of random rows.

    The base chooses among the unlabeled rows that are one of the k nearest of a labeled one. A cluster that no label is near would
    never be found that way; the rows that are drawn from all others find it in time, and tell how much is left (`remaining`).

    Attributes:
        base: What chooses among them.
        k: Neighbors of each labeled row.
        share: Of the rows chosen, how many are drawn from outside, from 0 to 1.
    """

    base: Strategy = MARGIN
    k: int = 100
    share: float = 0.1

    def __post_init__(self) -> None:
        if self.k < 1 or not 0 <= self.share <= 1:
            raise OptionError(
                f"k is {self.k} and the share {self.share}",
                right="k is 1 or more, and the share from 0 to 1",
                next="Seals(MARGIN, k=100, share=0.1)",
            )

    @property
    def name(self) -> str:
        """ "seals", with the name of the base unless it is margin."""
        return "seals" if self.base is MARGIN else f"seals-{self.base.name}"

    @property
    def needs(self) -> tuple[str, ...]:
        """Features, and what the base needs."""
        return tuple(dict.fromkeys((*self.base.needs, "features")))

    def pick(self, pool: Pool, n: int, seed: int = 0, *, temperature: float = 0.0) -> Pick:
        """As in `Strategy`: neighbors are looked for anew, in the whole pool. `step` is for pools that are too large for that.

        Of the rows that the base chooses probabilities are the base's, and of those drawn they are drawn / all others. With no labels
        all are drawn.
        """
        checked_number(n, pool.size)
        checked_temperature(temperature)
        for need in self.needs:
            pool.need(need, self.name)
        index, known = exact(np.asarray(pool.features)), pool.known()
        start = frontier(pool.size, k=self.k)
        grown = start.grow(index, points=known) if len(known) else start
        return self.step(grown, n, pool.only, seed, temperature=temperature).pick

    def step(self, state: Frontier, n: int, look: Callable[[Rows], Pool], seed: int = 0, *, temperature: float = 0.0) -> Step:
        """Choose rows of a pool that stays where it is. The cost depends on the frontier, not on the pool.

        Afterwards `step.frontier.grow(index, step.pick.rows)` is the frontier of the next choice. Where there are too few rows
        near the labels, more are drawn, and the other way around.

        Arguments:
            state: The frontier.
            n: How many, from 1 to the rows that are not labeled.
            look: Rows -> the pool that has these alone, in this order, with what the base needs.
            seed: For draws.
            temperature: As in `Strategy.pick`, for the base.

        Raises:
            SelectionError: Fewer than `n` rows are not labeled.
            OptionError: The pool that is looked at lacks what the base needs.
        """
        near, rest = len(state.rows), state.rest
        checked_number(n, near + rest)
        # Another stream than the base's, which begins with the same seed. A share of less than a row is drawn now and then.
        rng = np.random.default_rng([seed, 1])
        drawn = min(max(int(self.share * n + rng.random()), n - near), rest)
        chosen = n - drawn
        rows, scores, likely = np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
        if chosen:
            found = self.base.pick(look(state.rows), chosen, seed, temperature=temperature)
            rows, scores, likely = state.rows[found.rows], found.scores, found.probabilities
        others, grown = state.draw(drawn, rng)
        pick = Pick(
            np.concatenate([rows, others]),
            np.concatenate([scores, np.zeros(drawn)]),
            np.concatenate([likely, np.full(drawn, drawn / max(rest, 1))]),
        )
        return Step(pick, np.arange(n) >= chosen, grown)


def likely(of: int) -> Scored:
    """The rows that are most likely of one class: finds a rare one fastest (Warmuth et al. 2003).

    Arguments:
        of: The class, a column of the probabilities.
    """
    return Scored("likely", ("probabilities",), partial(_likely, of))


def _likely(of: int, pool: Pool) -> NDArray[np.float64]:
    p = pool.need("probabilities", "likely")
    if not 0 <= of < p.shape[1]:
        raise OptionError(
            f"class {of} is looked for, of {p.shape[1]}", right=f"classes are 0 to {p.shape[1] - 1}", next="likely(0)"
        )
    return np.asarray(p[:, of], float)


SEALS = Seals()
"""Margin near the labels, and one row in ten from elsewhere."""
