"""The highest scores."""

from __future__ import annotations

import numpy as np

from tacit.selection.coresets.rankings import highest, ranking


def test_infinity_comes_first_and_minus_infinity_last() -> None:
    scores = np.array([0.0, np.inf, -np.inf, 3.0])
    assert ranking(scores, np.random.default_rng(0)).tolist() == [1, 3, 0, 2]


def test_each_of_those_that_tie_is_kept_as_often_as_it_says() -> None:
    scores = np.array([5.0, 1.0, 1.0, 1.0, 1.0, 0.0])
    hits = np.zeros(6)
    for seed in range(2000):
        found = highest(scores, 3, "x", seed)
        assert found.probabilities.tolist() == [1, 0.5, 0.5]
        hits[found.rows] += 1
    np.testing.assert_allclose(hits / 2000, [1, 0.5, 0.5, 0.5, 0.5, 0], atol=0.056)  # five standard deviations
