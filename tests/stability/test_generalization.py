"""Tests whether a model holds on fresh rows as another does."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.stability import generalization


def rows(n: int, hard: float, skill: float, seed: int) -> np.ndarray:
    """1 where right: rows differ in how hard they are, and a model is right on those that are easier than its skill."""
    return (np.random.default_rng(seed).random(n) * hard < skill).astype(float)


def test_a_model_that_was_tuned_to_its_evaluation_rows_loses_more_on_fresh_ones() -> None:
    usual_own, usual_fresh = rows(5000, 1.0, 0.90, 1), rows(2000, 1.0, 0.85, 2)
    own, fresh = rows(5000, 1.0, 0.94, 1), rows(2000, 1.0, 0.85, 2)
    found = generalization(own, fresh, usual_own, usual_fresh)
    assert found.excess == pytest.approx(0.04, abs=0.01)
    assert found.excess == pytest.approx(found.loss - found.usual_loss)
    assert found.interval[0] > 0


def test_fresh_rows_that_are_harder_for_both_are_no_fault_of_one() -> None:
    found = generalization(rows(5000, 1, 0.92, 1), rows(2000, 1.1, 0.92, 2), rows(5000, 1, 0.92, 3), rows(2000, 1.1, 0.92, 4))
    assert found.loss > 0.05
    assert found.interval[0] < 0 < found.interval[1]


def test_the_same_rows_tell_more_than_as_many_others() -> None:
    given = (rows(5000, 1, 0.94, 1), rows(2000, 1, 0.86, 2), rows(5000, 1, 0.92, 1), rows(2000, 1, 0.86, 2))
    paired, apart = generalization(*given), generalization(*given, paired=False)
    assert paired.excess == apart.excess
    assert np.ptp(paired.interval) < np.ptp(apart.interval) / 2


def test_the_interval_of_pairs_is_that_of_the_normal_approximation() -> None:
    rng = np.random.default_rng(0)
    losses = [rng.exponential(size=n) for n in (800, 500, 800, 500)]
    found = generalization(*losses)
    half = 1.96 * np.sqrt((losses[0] - losses[2]).var() / 800 + (losses[1] - losses[3]).var() / 500)
    assert np.ptp(found.interval) / 2 == pytest.approx(half, rel=0.06)


def test_rows_that_are_no_pairs_are_an_error() -> None:
    three, two = [1.0, 0.0, 1.0], [1.0, 0.0]
    with pytest.raises(OptionError, match="3 own and 2 fresh rows"):
        generalization(three, two, two, two)
    assert not generalization(three, two, two, two, paired=False).paired
    with pytest.raises(OptionError):
        generalization([1.0], two, [1.0], two)
