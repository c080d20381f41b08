"""How often two votes meet."""

from __future__ import annotations

import numpy as np

from tacit.labels.answers import Answers
from tacit.labels.pairs import accuracies, evidence, pairs


def test_pairs_are_counted_beside_what_independence_would_give() -> None:
    votes = np.array([[0, 0], [0, 1], [1, 1], [-1, 0]])
    found = pairs(Answers.of_matrix(votes, 2), np.array([0.75, 0.25]), np.zeros((2, 2)))
    assert found.events.tolist() == [0, 1, 2, 3]
    assert found.met[0].tolist() == [2, 0, 1, 1]
    assert found.expected[0].tolist() == [1, 0.5, 1, 1]
    np.testing.assert_allclose(found.sign[0], [1 / 3, -1, 1 / 3, -1])
    np.testing.assert_allclose(found.sign[1], [-1, 3, -1, 3])
    assert found.counted[0].tolist() == [0, 0, 1, 1]


def test_functions_without_a_voice_and_events_that_never_occur_are_left_out() -> None:
    votes = np.array([[0, 0, 1], [0, 1, 1]])
    found = pairs(Answers.of_matrix(votes, 2), np.array([0.5, 0.5]), np.zeros((3, 3)), ignored=(2,))
    assert found.events.tolist() == [0, 2, 3]


def test_a_single_vote_is_believed_as_far_as_it_is_accurate() -> None:
    # accuracy a = p + v (1 - p) = 0.25 + 0.6 * 0.75
    balance = np.array([0.25, 0.75])
    found = pairs(Answers.of_matrix(np.array([[0]]), 2), balance, np.zeros((1, 1)))
    accuracy = accuracies(found, np.array([0.6]), balance, 1)
    np.testing.assert_allclose(accuracy, [0.7, 0.75])  # the class that it never said: that of a guess
    told = balance * np.exp(evidence(np.array([0]), accuracy[:1], np.ones(1), balance)[0])
    np.testing.assert_allclose(told / told.sum(), [0.7, 0.3])


def test_a_vote_below_chance_is_not_turned_round_and_half_a_voice_is_half_the_evidence() -> None:
    balance = np.array([0.5, 0.5])
    assert evidence(np.array([0]), np.array([0.3]), np.ones(1), balance).tolist() == [[0, 0]]
    whole, half = (evidence(np.array([1]), np.array([0.9]), np.array([v]), balance) for v in (1.0, 0.5))
    np.testing.assert_allclose(half, whole / 2)
