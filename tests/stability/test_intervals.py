"""Tests of the intervals of means."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tacit.stability.intervals import bootstrapped, of_mean, t_of_mean


def test_students_t_is_that_of_scipy() -> None:
    values = [9.1, 10.4, 11.0, 9.7]
    right = stats.t.interval(0.95, 3, loc=np.mean(values), scale=stats.sem(values))
    assert t_of_mean(values) == pytest.approx(right)
    assert t_of_mean([1.0]) is None


def test_the_bootstrap_of_many_values_is_that_of_scipy() -> None:
    values = np.random.default_rng(0).exponential(size=400)
    right = stats.bootstrap([values], np.mean, method="percentile", rng=np.random.default_rng(1)).confidence_interval
    assert of_mean(values) == pytest.approx((right.low, right.high), abs=0.01)


def test_of_one_value_nothing_is_known_and_of_two_no_more_than_both() -> None:
    assert of_mean([3.0]) is None
    assert of_mean([]) is None
    assert of_mean([3.0, 5.0]) == (3, 5)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(0).normal(size=30)
    assert of_mean(values, seed=3) == of_mean(values, seed=3)
    assert of_mean(values, seed=3) != of_mean(values, seed=4)


def test_the_expanded_interval_holds_more_often_than_plain_percentiles_of_few_values() -> None:
    rng = np.random.default_rng(0)
    held = {"expanded": 0, "percentile": 0}
    for _ in range(300):
        values = rng.lognormal(0, 0.1, 5)
        low, high = of_mean(values) or (0.0, 0.0)
        held["expanded"] += low <= np.exp(0.005) <= high
        means = rng.choice(values, (1000, 5)).mean(axis=1)
        held["percentile"] += bool(np.quantile(means, 0.025) <= np.exp(0.005) <= np.quantile(means, 0.975))
    assert held["expanded"] / 300 == pytest.approx(0.92, abs=0.04)
    assert held["percentile"] / 300 == pytest.approx(0.83, abs=0.05)


def test_samples_are_drawn_from_apart() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(1, 1, 300), rng.normal(0, 2, 200)
    low, high = bootstrapped([a, b], lambda x, y: x.mean(axis=-1) - y.mean(axis=-1))
    half = 1.96 * np.sqrt(a.var() / 300 + b.var() / 200)
    assert (high - low) / 2 == pytest.approx(half, rel=0.05)
    assert (high + low) / 2 == pytest.approx(a.mean() - b.mean(), abs=0.02)
