"""What gold says of each vote."""

from __future__ import annotations

from functools import partial

import numpy as np

from tacit.labels.answers import Answers
from tacit.labels.measuring import measured, met_gold
from tacit.labels.voices import log_odds

VOTES = np.array([[0, 1]] * 20 + [[1, 0]] + [[1, 1]])
GOLD = np.r_[np.zeros(21, int), -1]


def test_what_met_gold_is_counted_by_hand() -> None:
    hits, seen = met_gold(Answers.of_matrix(VOTES, 2), GOLD)
    assert hits.tolist() == [[20, 0], [1, 0]]
    assert seen.tolist() == [[20, 1], [1, 20]]


def test_gold_measures_and_each_gold_row_is_scored_without_itself() -> None:
    usual, voices = np.full(4, 0.7), np.ones(2)
    weigh = partial(log_odds, voices=voices, n_classes=2)
    told, apart = measured(Answers.of_matrix(VOTES, 2), usual, np.array([0, 0, 2, 2]), weigh, np.array([0.5, 0.5]), GOLD)
    first, second = (20 + 7) / (21 + 10), max((1 + 7) / (21 + 10), 0.5)
    odds = np.log(first / (1 - first)) - np.log(second / (1 - second))
    np.testing.assert_allclose(np.log(told[0, 0] / told[0, 1]), odds)
    first = (20 + 7) / (20 + 10)  # as row 20 is scored: its own miss is not counted
    np.testing.assert_allclose(np.log(apart[20, 1] / apart[20, 0]), np.log(first / (1 - first)))
    np.testing.assert_allclose(apart[21], told[21])


def test_without_gold_accuracies_are_as_they_were() -> None:
    weigh = partial(log_odds, voices=np.ones(2), n_classes=2)
    told, apart = measured(Answers.of_matrix(VOTES, 2), np.full(4, 0.7), np.arange(4), weigh, np.array([0.5, 0.5]), None)
    np.testing.assert_allclose(told[21], [0.3**2 / (0.3**2 + 0.7**2), 0.7**2 / (0.3**2 + 0.7**2)])
    assert apart is told
