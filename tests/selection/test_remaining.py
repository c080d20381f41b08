"""How many are left where nobody looked."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from tacit.errors import OptionError
from tacit.selection.frontier import Frontier, frontier
from tacit.selection.neighbors import Exact, exact
from tacit.selection.remaining import remaining

CASES = {"rare": (2000, 20, 12, 60), "frequent": (1500, 300, 6, 20), "small pool": (400, 30, 8, 12)}
"""Rows, those of the class, rounds, and rows drawn in each."""


def after(rounds: int, n: int, index: Exact, truth: np.ndarray, rng: np.random.Generator, k: int = 3) -> Frontier:
    """Draw, label, grow, and label a few that are near positives, as a strategy would."""
    state = frontier(len(truth), k=k).grow(index, [0])
    for _ in range(rounds):
        rows, state = state.draw(min(n, state.rest), rng)
        state = state.grow(index, rows)
        if len(state.rows):
            near = state.rows[np.argsort(-truth[state.rows], kind="stable")][:10]
            state = state.grow(index, near)
    return state


def outside(state: Frontier, truth: np.ndarray) -> int:
    there = np.ones(len(truth), bool)
    there[state.rows] = there[state.labeled[state.labeled >= 0]] = False
    assert int(there.sum()) == state.rest
    return int(truth[there].sum())


@pytest.mark.parametrize("case", CASES)
def test_the_bound_holds_as_often_as_it_says_over_rounds_that_grow_the_frontier(case: str) -> None:
    size, many, rounds, n = CASES[case]
    held, times, gaps = 0, 60, []
    for seed in range(times):
        rng = np.random.default_rng(seed)
        truth = np.zeros(size, int)
        truth[rng.choice(size, many, replace=False)] = 1
        # Half of the class is in one place, the other half anywhere.
        index = exact(rng.normal(size=(size, 2)) + 8 * (truth * (rng.random(size) < 0.5))[:, None])
        state = after(rounds, n, index, truth, rng)
        said = remaining(state, truth[state.drawn] == 1, confidence=0.9)
        left = outside(state, truth)
        held += left <= said.most
        gaps.append(said.estimate - left)
    # Were it to hold 90 times in 100, so few would have a chance of one in a thousand.
    assert held >= binom.ppf(0.001, times, 0.9)
    assert np.mean(gaps) > -3 * np.std(gaps) / np.sqrt(times)  # rather too high


def test_in_one_round_it_is_unbiased_and_the_bound_is_not_idle() -> None:
    truth = np.repeat([0, 1], [900, 100])
    found, held, times = [], 0, 2000
    state = frontier(1000, k=5)
    for seed in range(times):
        rows, drawn = state.draw(50, np.random.default_rng(seed))
        said = remaining(drawn, truth[rows] == 1)
        found.append(said.estimate)
        held += said.most >= 100
    assert abs(np.mean(found) - 100) < 4 * np.std(found) / np.sqrt(times)
    assert 0.95 <= held / times < 0.99  # not by being far too wide


def test_with_nothing_found_it_is_the_rule_of_three() -> None:
    _, state = frontier(1_000_000, k=5).draw(300, np.random.default_rng(0))
    said = remaining(state, np.zeros(300, bool))
    assert said.estimate == 0
    assert said.most == pytest.approx(3 / 300 * 1_000_000, rel=0.01)
    assert "at most 9,9" in str(said)


def test_rounds_count_by_how_many_rows_there_were() -> None:
    one = frontier(1000, k=5).draw(10, np.random.default_rng(0))[1]
    none = np.zeros(0, np.int64)
    mixed = Frontier(1000, 5, none, one.near, none, one.drawn, np.repeat([1000, 250], 5), none)
    answers = np.arange(10) == 3
    assert remaining(mixed, answers).estimate == pytest.approx(1 / (5 / 1000 + 5 / 250))


def test_it_is_never_more_than_there_are() -> None:
    _, state = frontier(40, k=5).draw(4, np.random.default_rng(0))
    said = remaining(state, np.ones(4, bool))
    assert (said.most, said.estimate) == (40, 40.0)


def test_without_draws_nothing_is_known() -> None:
    said = remaining(frontier(500), [])
    assert said.most == 500
    assert np.isnan(said.estimate)


@pytest.mark.parametrize("positive", [[True], [0.5, 0.5], [[True, False]]])
def test_each_draw_has_an_answer(positive: list[float]) -> None:
    _, state = frontier(500).draw(2, np.random.default_rng(0))
    with pytest.raises(OptionError, match=r"in the order of frontier\.drawn"):
        remaining(state, positive)


@pytest.mark.parametrize("confidence", [0.5, 1.0, 95])
def test_the_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(OptionError, match=r"above 0\.75 and below 1"):
        remaining(frontier(500), [], confidence=confidence)
