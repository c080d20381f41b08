"""Votes -> probable labels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tacit.errors import OptionError
from tacit.labels import aggregate

VOTES = arrays(np.int64, st.tuples(st.integers(0, 30), st.integers(1, 6)), elements=st.integers(-1, 2))


def test_each_vote_counts_the_same_and_a_row_without_votes_has_equal_shares() -> None:
    said = aggregate([[0, 0, 1], [-1, 1, -1], [-1, -1, -1]], 2)
    np.testing.assert_allclose(said.probabilities, [[2 / 3, 1 / 3], [0, 1], [0.5, 0.5]])


def test_a_given_balance_is_used_for_rows_without_votes() -> None:
    said = aggregate([[-1], [0]], 2, balance=[3, 1])
    np.testing.assert_allclose(said.probabilities, [[0.75, 0.25], [1, 0]])


@given(VOTES)
def test_probabilities_are_shares_whatever_the_votes(votes: np.ndarray) -> None:
    said = aggregate(votes, 3)
    assert said.probabilities.shape == (len(votes), 3)
    np.testing.assert_allclose(said.probabilities.sum(1), 1)


@given(VOTES, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_functions_does_not_matter(votes: np.ndarray, draw: object) -> None:
    rows = np.random.default_rng(0).permutation(len(votes))
    columns = np.random.default_rng(1).permutation(votes.shape[1])
    said, shuffled = aggregate(votes, 3), aggregate(votes[rows][:, columns], 3)
    np.testing.assert_allclose(shuffled.probabilities, said.probabilities[rows])
    np.testing.assert_allclose(shuffled.accuracies, said.accuracies[columns])


def test_accuracies_are_measured_against_gold_where_it_is_known() -> None:
    votes = np.array([[0, 1], [1, 1], [0, 0], [-1, 1]])
    said = aggregate(votes, 2, gold=[0, 0, -1, 1])
    np.testing.assert_allclose(said.accuracies, [0.5, 1 / 3])


def test_a_function_is_no_witness_for_itself() -> None:
    assert np.isnan(aggregate([[0], [1]], 2).accuracies[0])


def test_a_function_that_is_always_wrong_is_a_suspect_and_the_others_are_not() -> None:
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 2, 300)
    good = [np.where(draw.random(300) < 0.8, truth, 1 - truth) for _ in range(4)]
    assert aggregate(np.column_stack([*good, 1 - truth]), 2).suspects == (4,)


@pytest.mark.parametrize(
    ("votes", "classes", "options"),
    [
        ([0, 1], 2, {}),
        ([[0.5, 1.0]], 2, {}),
        ([[0, 2]], 2, {}),
        ([[0, -2]], 2, {}),
        ([[0, 1]], 1, {}),
        ([[0, 1]], 2, {"balance": [1, 2, 3]}),
        ([[0, 1]], 2, {"balance": [0, 0]}),
        ([[0, 1]], 2, {"method": "majorty"}),
    ],
)
def test_what_are_no_votes_is_refused_with_what_would_be_right(votes: object, classes: int, options: dict[str, object]) -> None:
    with pytest.raises(OptionError, match="next:"):
        aggregate(votes, classes, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("gold", [[0], [0, 1, 1], [0.0, np.nan], [0, 2], [0, -2], [[0], [1]], ["a", "b"]])
def test_gold_of_another_length_or_with_no_class_is_refused(gold: object) -> None:
    with pytest.raises(OptionError, match="2 whole numbers, 0 to 1, and -1"):
        aggregate([[0, 1], [1, 1]], 2, gold=gold)  # type: ignore[arg-type]
