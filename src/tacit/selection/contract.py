"""What a strategy is: a name, what it needs, and one way to pick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError
from tacit.selection.drawing import Pick, checked_number, checked_temperature, draw
from tacit.selection.pools import Pool

__all__ = ["Ordered", "Scored", "Strategy"]

Floats = NDArray[np.float64]


@runtime_checkable
class Strategy(Protocol):
    """One way to choose rows. `tacit.selection.check_strategy` checks that it keeps this contract."""

    @property
    def name(self) -> str:
        """As people write it: "margin"."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Which parts of the pool, of `tacit.selection.PARTS`."""

    def pick(self, pool: Pool, n: int, seed: int = 0, *, temperature: float = 0.0) -> Pick:
        """Choose `n` rows.

        Arguments:
            pool: What there is to look at.
            n: From 1 to the size of the pool.
            seed: For draws; the same seed gives the same choice.
            temperature: 0 for the best rows, above for a draw in which better ones are likelier; see `drawing.draw`.

        Raises:
            SelectionError: The pool has fewer than `n` rows.
            OptionError: The pool lacks what the strategy needs.
        """


@dataclass(frozen=True)
class Scored:
    """A strategy that scores each row by itself.

    Attributes:
        name, needs: As in `Strategy`.
        score: Pool -> (n,) float64, finite, higher is more wanted.
    """

    name: str
    needs: tuple[str, ...]
    score: Callable[[Pool], Floats]

    def pick(self, pool: Pool, n: int, seed: int = 0, *, temperature: float = 0.0) -> Pick:
        _checked(self, pool, n, temperature)
        scores = np.asarray(self.score(pool), float)
        if scores.shape != (pool.size,) or not np.isfinite(scores).all():
            raise OptionError(
                f'"{self.name}" scores {pool.size:,} rows by an array of shape {scores.shape}, or by numbers that are not finite',
                right="a strategy gives each row one finite score",
                next="check_strategy(strategy)",
            )
        return draw(scores, n, np.random.default_rng(seed), temperature=temperature)


@dataclass(frozen=True)
class Ordered:
    """A strategy whose choice of a row depends on the rows that it chose before.

    A draw perturbs the scores that the rows have in the undisturbed order: those chosen as of their turn, the others as of the end.

    Attributes:
        name, needs: As in `Strategy`.
        order: Pool, n, a generator, and whether rows that are not chosen need a score too -> (n,) rows in order, and (size,) float64
            scores: of the rows as of their turn, of the others as of the end.
    """

    name: str
    needs: tuple[str, ...]
    order: Callable[[Pool, int, np.random.Generator, bool], tuple[NDArray[np.int64], Floats]]

    def pick(self, pool: Pool, n: int, seed: int = 0, *, temperature: float = 0.0) -> Pick:
        """As in `Strategy`. At temperature 0 the probabilities are 1: each row that was chosen speaks for itself."""
        _checked(self, pool, n, temperature)
        rng = np.random.default_rng(seed)
        rows, scores = self.order(pool, n, rng, temperature > 0)
        if temperature > 0:
            return draw(scores, n, rng, temperature=temperature)
        return Pick(rows, scores[rows], np.ones(n))


def _checked(strategy: Strategy, pool: Pool, n: int, temperature: float) -> None:
    checked_number(n, pool.size)
    checked_temperature(temperature)
    for part in strategy.needs:
        pool.need(part, strategy.name)
