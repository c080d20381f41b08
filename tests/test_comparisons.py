"""Strategies against each other: means, bands and the labels that each saves."""

from __future__ import annotations

import json

import pytest

from tacit.comparisons import Comparison, needed
from tacit.simulations import Round, Simulation

LABELS = (100, 200, 400, 800)


def run(strategy: str, seed: int, scores: list[float], metric: str = "accuracy") -> Simulation:
    rounds = tuple(Round(n, s, (s, s), 2.0 * bool(i), 0.5) for i, (n, s) in enumerate(zip(LABELS, scores, strict=False)))
    return Simulation("t", strategy, None if strategy == "random" else "p", "l", metric, rounds, seed, 1000, 500, apart=True)


def test_labels_are_read_between_rounds_by_their_logarithm() -> None:
    rounds = [(100, 0.5), (200, 0.6), (400, 0.55), (800, 0.8)]
    assert needed(rounds, 0.55) == pytest.approx(100 * 2**0.5)
    assert needed(rounds, 0.4) == 100
    assert needed(rounds, 0.8) == 800
    assert needed(rounds, 0.9) is None


def test_a_better_strategy_saves_what_it_needs_less_for_what_random_labels_come_to() -> None:
    found = Comparison((run("margin", 0, [0.5, 0.7, 0.8, 0.9]), run("random", 0, [0.5, 0.6, 0.7, 0.8])))
    (saved,) = found.saved
    assert saved.each == (400.0,)
    assert saved.gain == pytest.approx(0.1)
    assert "margin saves 400 of 800 labels against random (n = 1); with all 800 it is 10.0 points better" in str(found)


def test_a_worse_strategy_costs_what_a_better_one_would_save() -> None:
    found = Comparison((run("margin", 0, [0.5, 0.6, 0.7, 0.8]), run("random", 0, [0.5, 0.7, 0.8, 0.9])))
    assert found.saved[0].saved == -400
    assert "margin costs 400 of 800 labels against random" in str(found)
    assert "10.0 points worse" in str(found)


def test_of_losses_the_lower_is_the_better() -> None:
    margin, chance = run("margin", 0, [0.9, 0.7, 0.6, 0.5], "log_loss"), run("random", 0, [0.9, 0.8, 0.7, 0.6], "log_loss")
    (saved,) = Comparison((margin, chance)).saved
    assert saved.saved == 400
    assert "margin saves 400 of 800 labels against random (n = 1); with all 800 it is 0.1 better" in str(saved)


def test_the_same_curve_saves_nothing_and_a_spread_that_holds_nothing_may_be_chance() -> None:
    same = [0.5, 0.6, 0.7, 0.8]
    assert Comparison((run("margin", 0, same), run("random", 0, same))).saved[0].saved == 0
    better, worse = [0.5, 0.7, 0.8, 0.9], [0.5, 0.6, 0.7, 0.8]
    found = Comparison((run("m", 0, better), run("random", 0, worse), run("m", 1, worse), run("random", 1, better)))
    assert found.saved[0].saved == 0
    assert found.saved[0].spread == pytest.approx(800 / 2**0.5)
    assert "that may be chance" in str(found)
    sure = [run(s, seed, c) for seed in range(5) for s, c in (("m", better), ("random", worse))]
    assert not Comparison(tuple(sure)).saved[0].may_be_chance


def test_curves_have_the_mean_and_the_ends_of_their_seeds_and_seconds_add_up() -> None:
    found = Comparison((run("margin", 0, [0.5, 0.6]), run("margin", 1, [0.7, 0.8, 0.9])))
    first, second, third = found.curves["margin"]
    assert (first.score, first.low, first.high, first.n) == (0.6, 0.5, 0.7, 2)
    assert (second.selection_seconds, second.train_seconds) == (2.0, 0.5)
    assert (third.n, third.score, third.selection_seconds) == (1, 0.9, 4.0)
    assert found.saved == ()


def test_of_what_was_interrupted_the_rounds_that_both_have_are_compared() -> None:
    found = Comparison((run("margin", 0, [0.5, 0.7, 0.8, 0.9]), run("random", 0, [0.5, 0.7])))
    assert found.saved[0].labels == 200
    assert found.saved[0].saved == 0


def test_what_the_next_labels_are_worth_is_told_by_all_seeds_of_a_strategy() -> None:
    found = Comparison((run("margin", 0, [0.5, 0.7, 0.8]), run("margin", 1, [0.6, 0.7, 0.8]), run("random", 0, [0.5, 0.7])))
    assert list(found.worths) == ["margin"]
    assert found.worths["margin"].more == 200
    assert "after margin, the next 200 labels are worth about" in str(found)


def test_it_draws_both_charts_and_goes_to_json() -> None:
    found = Comparison((run("margin", 0, [0.5, 0.7, 0.8, 0.9]), run("random", 0, [0.5, 0.6, 0.7, 0.8])))
    drawn = found.svg()
    assert drawn.count("<g ") == 2
    assert drawn.count("margin, 1 seed") == 1
    assert "seconds of choosing so far" in drawn
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["saved"][0]["saved"] == 400
    assert len(plain["simulations"]) == 2
