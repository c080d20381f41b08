"""The check of the contract passes tacit's strategies and finds what is broken in others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tacit.selection import Ordered, Pick, Pool, Scored, check_strategy, get, mixture, names
from tacit.selection.drawing import checked_number, draw


@pytest.mark.parametrize("name", [*names(), "margin+random", "typical+badge+k-center"])
def test_every_strategy_keeps_the_contract(name: str) -> None:
    check_strategy(get(name))


def test_a_mixture_with_shares_keeps_the_contract() -> None:
    check_strategy(mixture([get("k-center"), get("entropy")], [3, 1]))


class Broken:
    """Margin with one fault."""

    needs = ("probabilities",)

    def __init__(self, fault: str) -> None:
        self.name, self.fault, self.calls = fault, fault, 0

    def pick(self, pool: Pool, n: int, seed: int = 0, *, temperature: float = 0.0) -> Pick:
        self.calls += 1
        found = get("margin").pick(pool, n, seed + self.calls * (self.fault == "seed"), temperature=temperature)
        if self.fault == "twice":
            return replace(found, rows=np.zeros(n, int))
        if self.fault == "outside":
            return replace(found, rows=found.rows + pool.size)
        if self.fault == "few":
            return replace(found, rows=found.rows[:-1])
        if self.fault == "likely":
            return replace(found, probabilities=found.probabilities * 1.5)
        if self.fault == "never":
            return replace(found, probabilities=found.probabilities * 0)
        if self.fault == "hole":
            return replace(found, scores=found.scores * np.nan)
        if self.fault == "changes" and pool.probabilities is not None:
            pool.probabilities[:] = pool.probabilities[::-1].copy()
        if self.fault == "touches" and pool.votes is not None:
            pool.votes[0, 0] += 1
        if self.fault == "cold":
            return get("margin").pick(pool, n, seed)
        return found


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("seed", "the same seed gives another choice"),
        ("twice", "a row is chosen twice"),
        ("outside", "a row is none of the pool"),
        ("few", "are not 1 each"),
        ("likely", "above 0 and at most 1"),
        ("never", "above 0 and at most 1"),
        ("hole", "scores are not finite"),
        ("changes", "are changed|depends on|another choice"),
        ("touches", "votes are changed"),
        ("cold", "every seed gives the same choice"),
    ],
)
def test_a_fault_is_found_and_named(fault: str, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        check_strategy(Broken(fault))


def test_a_choice_by_the_place_in_the_file_is_found() -> None:
    first = Scored("first", (), lambda pool: -np.arange(pool.size, dtype=float))
    with pytest.raises(AssertionError, match="depends on the order of the rows"):
        check_strategy(first)


def test_a_need_that_is_not_said_is_found() -> None:
    silent = Scored("silent", ("features",), lambda pool: np.nan_to_num(np.asarray(pool.probabilities)[:, 0]))
    check_strategy(silent)  # it says that it needs more than it does: no harm
    unknown = Ordered("unknown", ("weather",), lambda pool, n, rng, whole: (np.arange(n), np.zeros(pool.size)))
    with pytest.raises(AssertionError, match="it needs weather"):
        check_strategy(unknown)


class Careless:
    """Picks by a score that nobody looks at."""

    def __init__(self, name: str, needs: tuple[str, ...], score: Callable[[Pool], np.ndarray]) -> None:
        self.name, self.needs, self.score = name, needs, score

    def pick(self, pool: Pool, n: int, seed: int = 0, *, temperature: float = 0.0) -> Pick:
        checked_number(n, pool.size)
        for need in self.needs if self.name != "blind" else ():
            pool.need(need, self.name)
        with np.errstate(all="ignore"):
            return draw(self.score(pool), n, np.random.default_rng(seed), temperature=temperature)


def test_a_strategy_that_does_not_miss_what_it_needs_is_found() -> None:
    blind = Careless("blind", ("votes",), lambda pool: np.asarray(pool.features)[:, 0].astype(float))
    with pytest.raises(AssertionError, match="votes are missing"):
        check_strategy(blind)


def test_an_entropy_that_is_nan_where_the_model_is_sure_is_found() -> None:
    # As in the code of Selection via Proxy, where the surest rows then come first.
    entropy = Careless("nan", ("probabilities",), lambda pool: -(np.log(pool.probabilities) * pool.probabilities).sum(axis=1))
    with pytest.raises(AssertionError, match=r"nan: .* not (1 each|finite)"):
        check_strategy(entropy)
