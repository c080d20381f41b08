"""Whether a strategy keeps the contract: run it in the tests of every package that brings one."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

import numpy as np

from tacit.errors import TacitError
from tacit.selection.contract import Strategy
from tacit.selection.drawing import Pick
from tacit.selection.pools import PARTS, Pool

__all__ = ["check_strategy"]

_SIZE = 60


def check_strategy(strategy: Strategy) -> None:
    """Let a strategy choose from small made-up pools.

    Raises:
        AssertionError: It does not keep the contract; the sentence names the strategy and what failed.
    """
    assert strategy.name, f"{type(strategy).__name__} has no name"
    check = _Check(strategy)
    check.holds(set(strategy.needs) <= set(PARTS), f"it needs {', '.join(strategy.needs)}; parts are {', '.join(PARTS)}")
    check.right_choices()
    check.same_seed_same_choice()
    check.order_of_rows_is_nothing()
    check.pool_stays()
    check.says_what_is_missing()
    check.odd_pools()


class _Check:
    """The checks of one strategy."""

    def __init__(self, strategy: Strategy) -> None:
        self.strategy, self.pool = strategy, _pool(_SIZE)

    def holds(self, condition: bool, failed: str) -> None:
        assert condition, f"{self.strategy.name}: {failed}"

    def pick(self, pool: Pool, n: int, seed: int = 3, temperature: float = 0.0) -> Pick:
        found = self.strategy.pick(pool, n, seed, temperature=temperature)
        rows, scores, likely = found.rows, found.scores, found.probabilities
        at = f"{n} of {pool.size} rows at temperature {temperature}"
        self.holds(rows.shape == scores.shape == likely.shape == (n,), f"{at}: rows, scores and probabilities are not {n} each")
        self.holds(rows.dtype.kind == "i", f"{at}: rows are {rows.dtype} instead of whole numbers")
        self.holds(len(set(rows.tolist())) == n, f"{at}: a row is chosen twice")
        self.holds(bool(((rows >= 0) & (rows < pool.size)).all()), f"{at}: a row is none of the pool")
        self.holds(bool(np.isfinite(scores).all()), f"{at}: scores are not finite")
        self.holds(bool(((likely > 0) & (likely <= 1)).all()), f"{at}: probabilities are not above 0 and at most 1")
        return found

    def right_choices(self) -> None:
        for temperature in (0.0, 1.0, 1e-6, 1e6):
            for n in (1, 7, _SIZE):
                found = self.pick(self.pool, n, temperature=temperature)
            self.holds(bool((found.probabilities == 1).all()), "all rows are chosen, and a probability is not 1")

    def same_seed_same_choice(self) -> None:
        for temperature in (0.0, 1.0):
            one, two = (self.pick(self.pool, 7, temperature=temperature) for _ in range(2))
            same = all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in dataclasses.fields(Pick))
            self.holds(same, "the same seed gives another choice")
        others = {tuple(self.pick(self.pool, 7, seed, 1.0).rows.tolist()) for seed in range(5)}
        self.holds(len(others) > 1, "at temperature 1 every seed gives the same choice")

    def order_of_rows_is_nothing(self) -> None:
        """Where the seed does not matter, the order of the rows must not either."""
        usual = self.pick(self.pool, 7).rows
        if any(not np.array_equal(usual, self.pick(self.pool, 7, seed).rows) for seed in range(5)):
            return
        order = np.random.default_rng(1).permutation(_SIZE)
        turned = self.pick(_turned(self.pool, order), 7).rows
        self.holds(np.array_equal(order[turned], usual), "the choice depends on the order of the rows")

    def pool_stays(self) -> None:
        before = _pool(_SIZE)
        self.pick(self.pool, 7)
        for part in (*PARTS, "labeled"):
            self.holds(np.array_equal(getattr(self.pool, part), getattr(before, part)), f"{part} are changed")

    def says_what_is_missing(self) -> None:
        for part in self.strategy.needs:
            without: dict[str, Any] = {part: None}
            self.refuses(replace(self.pool, **without), f"{part} are missing, and no error of tacit says so")
        for n in (0, _SIZE + 1):
            self.refuses(self.pool, f"{n} of {_SIZE} rows are chosen, without an error of tacit", n)
        if "features" in self.strategy.needs:
            assert self.pool.features is not None
            holed = self.pool.features.copy()
            holed[3, 1] = np.nan
            self.refuses(replace(self.pool, features=holed), "a feature is NaN, and no error of tacit says so")

    def refuses(self, pool: Pool, failed: str, n: int = 7) -> None:
        try:
            self.strategy.pick(pool, n)
        except TacitError:
            return
        self.holds(False, failed)

    def odd_pools(self) -> None:
        alone = _pool(1)
        self.pick(alone, 1)
        self.pick(alone, 1, temperature=1.0)
        same = _turned(self.pool, np.zeros(_SIZE, int))
        sure = replace(
            self.pool, probabilities=np.tile([1.0, 0.0, 0.0], (_SIZE, 1)), members=np.tile([1.0, 0.0, 0.0], (4, _SIZE, 1))
        )
        one = replace(self.pool, votes=np.zeros((_SIZE, 5), int))
        silent = replace(self.pool, votes=np.full((_SIZE, 5), -1))
        nothing = replace(self.pool, labeled=None, features=np.zeros((_SIZE, 4), np.float32))
        for pool in (same, sure, one, silent, nothing):
            for n in (1, 9, _SIZE):
                self.pick(pool, n)
                self.pick(pool, n, temperature=1.0)


def _pool(n: int) -> Pool:
    """A pool that has every part."""
    rng = np.random.default_rng(5)
    features = rng.normal(size=(n, 4)).astype(np.float32) + 4 * rng.integers(3, size=(n, 1))
    return Pool(
        n,
        probabilities=rng.dirichlet(np.ones(3), n),
        features=features,
        labeled=rng.normal(size=(5, 4)).astype(np.float32),
        votes=rng.integers(-1, 3, (n, 5)),
        members=rng.dirichlet(np.ones(3), (4, n)),
        groups=rng.integers(3, size=n),
        risks=np.array([0.1, 0.2, 0.5]),
    )


def _turned(pool: Pool, order: np.ndarray) -> Pool:
    assert pool.features is not None
    assert pool.probabilities is not None
    assert pool.votes is not None
    assert pool.members is not None
    assert pool.groups is not None
    return replace(
        pool,
        probabilities=pool.probabilities[order],
        features=pool.features[order],
        votes=pool.votes[order],
        members=pool.members[:, order],
        groups=pool.groups[order],
    )
