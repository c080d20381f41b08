"""The votes as one sparse table."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tacit.labels.answers import Answers, posterior

VOTES = arrays(np.int64, st.tuples(st.integers(0, 200), st.integers(1, 5)), elements=st.integers(-1, 2))


@given(VOTES)
def test_events_are_counted_as_they_are_in_the_matrix(votes: np.ndarray) -> None:
    answers = Answers.of_matrix(votes, 3)
    said = votes[:, :, None] == np.arange(3)
    np.testing.assert_array_equal(answers.totals, said.sum(0))
    np.testing.assert_array_equal(answers.counts(), said.sum(1))
    flat = said.reshape(len(votes), votes.shape[1] * 3).astype(float)
    np.testing.assert_array_equal(answers.together(np.arange(flat.shape[1])), flat.T @ flat)


@given(VOTES)
def test_a_list_of_votes_is_the_same_table(votes: np.ndarray) -> None:
    rows, functions = np.nonzero(votes >= 0)
    listed = Answers.of_list(rows, functions, votes[rows, functions], (*votes.shape, 3))
    np.testing.assert_array_equal(listed.table.toarray(), Answers.of_matrix(votes, 3).table.toarray())


def test_a_vote_that_is_listed_twice_is_one_vote() -> None:
    twice = Answers.of_list(np.array([0, 0]), np.array([0, 0]), np.array([1, 1]), (1, 1, 2))
    assert twice.table.toarray().tolist() == [[0, 1]]


def test_votes_are_weighed_by_their_function() -> None:
    answers = Answers.of_matrix(np.array([[0, 1], [1, -1]]), 2)
    np.testing.assert_allclose(answers.counts(np.array([0.5, 2.0])), [[0.5, 2], [0, 0.5]])


def test_the_posterior_is_bayes_rule_done_by_hand() -> None:
    answers = Answers.of_matrix(np.array([[0, 1], [-1, 1], [-1, -1]]), 2)
    likelihood = np.array([[0.8, 0.4], [0.2, 0.6], [0.7, 0.1], [0.3, 0.9]])
    shares = posterior(answers, np.log(likelihood), np.array([0.25, 0.75]))
    first = np.array([0.25 * 0.8 * 0.3, 0.75 * 0.4 * 0.9])
    second = np.array([0.25 * 0.3, 0.75 * 0.9])
    np.testing.assert_allclose(shares, [first / first.sum(), second / second.sum(), [0.25, 0.75]])


def test_how_often_each_function_is_right_is_expected_from_shares() -> None:
    answers = Answers.of_matrix(np.array([[0], [1]]), 2)
    found = answers.expected(np.array([[0.9, 0.1], [0.4, 0.6]]))
    np.testing.assert_allclose(found, [[[0.9, 0.1], [0.4, 0.6]]])


def test_a_soft_vote_says_what_it_says_beyond_all_classes() -> None:
    shares = np.array([[[0.5, 0.3, 0.2], [np.nan] * 3], [[1.0, 0.0, 0.0], [1 / 3] * 3]])
    answers = Answers.of_shares(shares)
    np.testing.assert_allclose(answers.strengths.toarray(), [[0.3, 0.1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]])
    np.testing.assert_array_equal(answers.table.toarray(), [[1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]])


@given(VOTES)
def test_shares_of_one_are_votes_like_any_other(votes: np.ndarray) -> None:
    shares = np.where(votes[:, :, None] >= 0, votes[:, :, None] == np.arange(3), np.nan)
    soft, hard = Answers.of_shares(shares), Answers.of_matrix(votes, 3)
    assert soft.softened is None
    np.testing.assert_array_equal(soft.table.toarray(), hard.table.toarray())
