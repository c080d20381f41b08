"""Draws, and whether their probabilities are right."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection import Pool, Scored, get
from tacit.selection.drawing import draw

SCORES = np.random.default_rng(0).normal(size=30)
ABOUT = np.exp(SCORES)
"""What is estimated: it goes with the scores, so that a plain mean of what was chosen is far off."""


def estimates(n: int, temperature: float, times: int = 3000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weighted, plain, hits = [], [], np.zeros(len(SCORES))
    for seed in range(times):
        found = draw(SCORES, n, np.random.default_rng(seed), temperature=temperature)
        weighted.append((ABOUT[found.rows] / found.probabilities).sum() / len(SCORES))
        plain.append(ABOUT[found.rows].mean())
        hits[found.rows] += 1
    return np.array(weighted), np.array(plain), hits / times


@pytest.mark.parametrize(("n", "temperature"), [(1, 1.0), (2, 1.0), (8, 1.0), (8, 0.5), (29, 1.0), (8, 100.0)])
def test_weights_of_one_over_the_probability_estimate_the_mean_of_the_pool(n: int, temperature: float) -> None:
    weighted, plain, _ = estimates(n, temperature)
    error = weighted.std() / np.sqrt(len(weighted))
    assert abs(weighted.mean() - ABOUT.mean()) < 4 * error
    if n == 8 and temperature <= 1:  # without weights the same draws are far off
        assert abs(plain.mean() - ABOUT.mean()) > 20 * plain.std() / np.sqrt(len(plain))


def test_rows_are_drawn_one_by_one_in_proportion_to_the_exponential_of_their_score() -> None:
    level = SCORES / (2 * SCORES.std())
    share = np.exp(level) / np.exp(level).sum()
    first = np.bincount(
        [int(draw(SCORES, 2, np.random.default_rng(s), temperature=2).rows[0]) for s in range(4000)], minlength=30
    )
    assert np.abs(first / 4000 - share).max() < 5 * np.sqrt(share.max() / 4000)
    one = draw(SCORES, 1, np.random.default_rng(0), temperature=2)
    np.testing.assert_allclose(one.probabilities, share[one.rows])


def test_the_mean_of_the_conditional_probability_is_that_of_being_chosen() -> None:
    # E[1/p; chosen] is 1 for each row, whatever the noise: that is what unbiased means, row by row.
    total = np.zeros(len(SCORES))
    for seed in range(4000):
        found = draw(SCORES, 6, np.random.default_rng(seed), temperature=1)
        total[found.rows] += 1 / found.probabilities
    likely = np.argsort(-SCORES)[:20]  # the others are drawn too rarely to say
    assert np.abs(total[likely] / 4000 - 1).max() < 0.25


def test_equal_scores_and_whole_pools_have_exact_probabilities() -> None:
    rng = np.random.default_rng(0)
    assert draw(np.full(10, 3.3), 4, rng, temperature=1).probabilities.tolist() == [0.4] * 4
    assert draw(SCORES, 30, rng, temperature=1).probabilities.tolist() == [1.0] * 30
    assert draw(SCORES, 30, rng).probabilities.tolist() == [1.0] * 30


def test_a_low_temperature_chooses_the_best_and_a_high_one_any() -> None:
    best = set(np.argsort(-SCORES)[:5].tolist())
    cold = draw(SCORES, 5, np.random.default_rng(1), temperature=1e-4)
    assert set(cold.rows.tolist()) == best
    assert cold.probabilities.min() > 0.999
    assert set(draw(SCORES, 5, np.random.default_rng(1), temperature=5e-324).rows.tolist()) == best
    hot = draw(SCORES, 5, np.random.default_rng(1), temperature=1e6)
    assert set(hot.rows.tolist()) != best


def test_a_temperature_below_zero_is_refused() -> None:
    for wrong in (-1.0, float("nan"), float("inf")):
        with pytest.raises(OptionError, match="0 for the best"):
            get("random").pick(Pool(3), 1, temperature=wrong)


def test_more_than_there_is_cannot_be_drawn() -> None:
    with pytest.raises(SelectionError, match="choose 1 to 3"):
        get("random").pick(Pool(3), 4)


def test_a_strategy_that_says_nothing_of_a_row_is_told() -> None:
    broken = Scored("broken", (), lambda pool: np.full(pool.size, np.nan))
    with pytest.raises(OptionError, match="one finite score"):
        broken.pick(Pool(3), 1)
