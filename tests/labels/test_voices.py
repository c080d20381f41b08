"""The plain label models."""

from __future__ import annotations

import numpy as np

from tacit.labels.answers import Answers
from tacit.labels.voices import log_odds, majority, usual_accuracies


def test_the_majority_is_a_share_of_the_votes() -> None:
    told = majority(Answers.of_matrix(np.array([[0, 0, 1], [-1, 1, -1], [-1, -1, -1]]), 2))
    np.testing.assert_allclose(told, [[2 / 3, 1 / 3], [0, 1], [0.5, 0.5]])


def test_accuracies_are_agreement_freed_of_chance() -> None:
    # Beyond chance 40 of 45 and -15 of 45, 25 of 90 on the whole: 27.5 / 95 counts as ten rows.
    whole = 27.5 / 95
    found = usual_accuracies(np.array([85.0, 30.0]), np.array([90.0, 90.0]), np.array([0.5, 0.5]), 2)
    np.testing.assert_allclose(found, [0.5 + (40 + 10 * whole) / 55 / 2, 0.5 + (-15 + 10 * whole) / 55 / 2])


def test_a_good_rule_for_a_class_with_few_votes_is_not_taken_for_a_bad_one() -> None:
    # It agrees on 40 of 100 rows, where chance would have it on 20.
    found = usual_accuracies(np.array([40.0, 700.0]), np.array([100.0, 1000.0]), np.array([0.2, 0.62]), 2)
    assert found[0] > 0.6


def test_weights_are_log_odds_and_never_negative() -> None:
    told = log_odds(np.array([0, 5, 1]), np.array([0.8, 0.5, 0.2]), np.array([1.0, 0.5]), 3)
    np.testing.assert_allclose(told, [[np.log(4) + np.log(2), 0, 0], [0, 0, np.log(2) / 2], [0, 0, 0]], atol=1e-12)
