"""Functions that say the same for a reason other than being right."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.labels.answers import Answers
from tacit.labels.copies import MOST, alikeness, shares_of_a_voice


def drawn(seed: int, accuracies: list[float], n: int = 3000, k: int = 2) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, k, n)
    wrong = (truth[:, None] + draw.integers(1, k, (n, len(accuracies)))) % k
    return np.where(draw.random((n, len(accuracies))) < accuracies, truth[:, None], wrong), truth, draw


def test_alikeness_of_functions_that_answer_always_is_their_correlation() -> None:
    votes, _, _ = drawn(0, [0.8, 0.7, 0.9])
    alike, _ = alikeness(Answers.of_matrix(votes, 2))
    np.testing.assert_allclose(alike, np.corrcoef(votes.T), atol=1e-8)


def test_independent_functions_have_a_whole_voice_each_however_good() -> None:
    votes, _, _ = drawn(1, [0.97, 0.97, 0.96, 0.7, 0.65])
    voices, _ = shares_of_a_voice(Answers.of_matrix(votes, 2))
    np.testing.assert_allclose(voices, 1, atol=0.15)


def test_plain_copies_share_one_voice() -> None:
    votes, _, _ = drawn(2, [0.6, 0.8, 0.75, 0.8])
    voices, _ = shares_of_a_voice(Answers.of_matrix(np.column_stack([votes, votes[:, :1], votes[:, :1]]), 2))
    np.testing.assert_allclose(voices[[0, 4, 5]], 1 / 3, atol=0.02)
    np.testing.assert_allclose(voices[1:4], 1)


def test_copies_of_a_rule_that_says_one_class_share_one_voice() -> None:
    votes, truth, draw = drawn(3, [0.8, 0.8, 0.8], n=6000)
    rule = np.where(draw.random(6000) < np.where(truth == 1, 0.2, 0.1), 1, -1)
    near = np.where(draw.random(6000) < 0.02, -1, rule)
    voices, copied = shares_of_a_voice(Answers.of_matrix(np.column_stack([votes, rule, near]), 2))
    assert copied[3, 4] > 0.85
    np.testing.assert_allclose(voices[:3], 1)


def test_with_few_votes_nobody_is_called_a_copy() -> None:
    votes = np.full((500, 6), -1)
    votes[:2, :] = 1
    voices, _ = shares_of_a_voice(Answers.of_matrix(votes, 2))
    assert voices.min() > 0.5


@pytest.mark.parametrize("m", [0, 1, MOST + 1])
def test_there_are_no_copies_of_one_function_nor_among_a_crowd(m: int) -> None:
    voices, _ = shares_of_a_voice(Answers.of_matrix(np.zeros((3, m), int), 2))
    assert voices.tolist() == [1.0] * m
