"""Votes -> probable labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tacit.errors import OptionError
from tacit.labels import METHODS, aggregate, aggregate_answers

VOTES = arrays(np.int64, st.tuples(st.integers(0, 30), st.integers(1, 6)), elements=st.integers(-1, 2))


def test_each_vote_counts_the_same_and_a_row_without_votes_has_equal_shares() -> None:
    said = aggregate([[0, 0, 1], [-1, 1, -1], [-1, -1, -1]], 2, method="majority")
    np.testing.assert_allclose(said.probabilities, [[2 / 3, 1 / 3], [0, 1], [0.5, 0.5]])


def test_a_given_balance_is_used_for_rows_without_votes() -> None:
    said = aggregate([[-1], [0]], 2, balance=[3, 1], method="majority")
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


def drawn(seed: int, n: int, accuracies: list[float], k: int = 2, share: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Votes of functions that err independently, and the truth."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, k, n)
    wrong = (truth[:, None] + draw.integers(1, k, (n, len(accuracies)))) % k
    votes = np.where(draw.random(wrong.shape) < accuracies, truth[:, None], wrong)
    return np.where(draw.random(wrong.shape) < share, votes, -1), truth


def right(votes: np.ndarray, truth: np.ndarray, k: int, **options: object) -> float:
    """Accuracy on covered rows; ties share, which the majority vote has."""
    said = aggregate(votes, k, **options).probabilities.round(9)  # type: ignore[arg-type]
    leads = said == said.max(1, keepdims=True)
    covered = (votes >= 0).any(1)
    return float((leads[np.arange(len(truth)), truth] / leads.sum(1))[covered].mean())


@pytest.mark.parametrize("method", METHODS)
@given(votes=VOTES)
@settings(max_examples=40, deadline=None)
def test_no_votes_break_any_method(method: str, votes: np.ndarray) -> None:
    said = aggregate(votes, 3, method=method)
    assert said.probabilities.shape == (len(votes), 3)
    np.testing.assert_allclose(said.probabilities.sum(1), 1)
    known = said.accuracies[~np.isnan(said.accuracies)]
    assert np.all((known >= -1e-9) & (known <= 1 + 1e-9))
    np.testing.assert_allclose(said.probabilities[(votes < 0).all(1)], 1 / 3)


@pytest.mark.parametrize("method", METHODS)
@given(votes=VOTES, seed=st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_no_method_looks_at_the_order_of_rows_or_functions(method: str, votes: np.ndarray, seed: int) -> None:
    rows = np.random.default_rng(seed).permutation(len(votes))
    columns = np.random.default_rng(seed + 9).permutation(votes.shape[1])
    said, shuffled = aggregate(votes, 3, method=method), aggregate(votes[rows][:, columns], 3, method=method)
    np.testing.assert_allclose(shuffled.probabilities, said.probabilities[rows], atol=1e-8)
    np.testing.assert_allclose(shuffled.accuracies, said.accuracies[columns], atol=1e-8)
    assert sorted(columns[list(shuffled.suspects)].tolist()) == list(said.suspects)


@pytest.mark.parametrize("method", ["auto", "matrix", "dawid-skene"])
def test_the_order_does_not_matter_on_many_rows_either(method: str) -> None:
    votes, _ = drawn(4, 2000, [0.9, 0.6, 0.7, 0.55, 0.8], share=0.6)
    rows, columns = np.random.default_rng(0).permutation(2000), np.array([3, 1, 4, 0, 2])
    said, shuffled = aggregate(votes, 2, method=method), aggregate(votes[rows][:, columns], 2, method=method)
    np.testing.assert_allclose(shuffled.probabilities, said.probabilities[rows], atol=1e-9)


@pytest.mark.parametrize("method", ["auto", "weighted", "triplets", "matrix", "dawid-skene"])
@pytest.mark.parametrize("k", [2, 5, 20])
def test_good_functions_outweigh_bad_ones(method: str, k: int) -> None:
    votes, truth = drawn(5, 3000, [0.9, 0.85, 0.6, 0.58, 0.57, 0.62, 0.55], k, share=0.7)
    assert right(votes, truth, k, method=method) > right(votes, truth, k, method="majority") + (0.02 if k < 20 else 0.01)


@pytest.mark.parametrize("flipped", [0.0, 0.05])
@pytest.mark.parametrize("copies", [3, 8])
def test_copies_of_a_poor_function_do_not_outvote_the_rest(copies: int, flipped: float) -> None:
    votes, truth = drawn(6, 3000, [0.6, 0.8, 0.8, 0.75, 0.8])
    draw = np.random.default_rng(0)
    again = [np.where(draw.random(3000) < flipped, 1 - votes[:, 0], votes[:, 0]) for _ in range(copies)]
    alone = right(votes, truth, 2)
    assert right(np.column_stack([votes, *again]), truth, 2) > alone - 0.01
    assert right(np.column_stack([votes, *again]), truth, 2, method="majority") < alone - 0.05


def test_an_inverted_function_costs_nothing_and_is_not_turned_round() -> None:
    votes, truth = drawn(7, 2000, [0.75, 0.7, 0.8])
    whole = np.column_stack([votes, 1 - truth])
    said = aggregate(whole, 2)
    assert said.suspects == (3,)
    assert said.accuracies[3] < 0.3
    np.testing.assert_allclose(said.probabilities, aggregate(votes, 2).probabilities, atol=1e-6)


def test_rules_that_say_one_class_each_do_not_run_away() -> None:
    draw = np.random.default_rng(8)
    truth = draw.integers(0, 2, 4000)
    precision, said = draw.uniform(0.6, 0.95, 12), np.arange(12) % 2
    speaks = np.where(truth[:, None] == said, 0.2 * precision, 0.2 * (1 - precision))
    votes = np.where(draw.random(speaks.shape) < speaks, said, -1)
    found = aggregate(votes, 2)
    assert found.method == "matrix"
    assert right(votes, truth, 2) > right(votes, truth, 2, method="majority") + 0.01
    np.testing.assert_allclose(found.accuracies, precision, atol=0.15)


def test_gold_chooses_another_method_where_it_is_plainly_better() -> None:
    # Three functions share their errors, which agreement cannot see; gold can.
    draw = np.random.default_rng(9)
    truth = draw.integers(0, 2, 1500)
    fooled = draw.random(1500) < 0.4
    block = [np.where(fooled ^ (draw.random(1500) < 0.12), 1 - truth, truth) for _ in range(3)]
    good = [np.where(draw.random(1500) < 0.85, truth, 1 - truth) for _ in range(2)]
    votes = np.column_stack([*block, *good])
    gold = np.where(np.arange(1500) < 150, truth, -1)
    assert aggregate(votes, 2, gold=gold).method == "weighted"
    assert right(votes[150:], truth[150:], 2) < right(votes, truth, 2, gold=gold)


def test_gold_tells_rules_apart_that_seldom_meet() -> None:
    draw = np.random.default_rng(12)
    truth = draw.integers(0, 2, 6000)
    precision, said = np.array([0.95, 0.55, 0.9, 0.6, 0.92, 0.58]), np.arange(6) % 2
    speaks = np.where(truth[:, None] == said, 0.05 * precision, 0.05 * (1 - precision))
    votes = np.where(draw.random(speaks.shape) < speaks, said, -1)
    gold = np.where(np.arange(6000) < 3000, truth, -1)
    found, without = aggregate(votes, 2, gold=gold), aggregate(votes, 2)
    late = (np.arange(6000) >= 3000) & (votes >= 0).any(1)
    brier = [((a.probabilities - np.eye(2)[truth]) ** 2).sum(1)[late].mean() for a in (found, without)]
    assert brier[0] < brier[1]
    np.testing.assert_allclose(found.accuracies, precision, atol=0.12)


def test_a_given_balance_decides_a_tie() -> None:
    votes, _ = drawn(10, 400, [0.7, 0.7])
    split = np.flatnonzero(votes[:, 0] != votes[:, 1])
    for method in METHODS[2:]:
        rare = aggregate(votes, 2, balance=[0.2, 0.8], method=method).probabilities[split]
        assert np.all(rare[:, 1] > 0.5), method


def test_an_answer_list_is_the_matrix_without_the_empty_cells() -> None:
    votes, _ = drawn(11, 200, [0.8] * 6, 3, share=0.5)
    votes[-1] = 0
    rows, who = np.nonzero(votes >= 0)
    listed, dense = aggregate_answers(rows, who, votes[rows, who], 3), aggregate(votes, 3)
    np.testing.assert_allclose(listed.probabilities, dense.probabilities)
    assert (listed.method, listed.suspects) == (dense.method, dense.suspects)


def test_an_answer_list_may_be_empty_or_hold_gold() -> None:
    assert aggregate_answers([], [], [], 2).probabilities.shape == (0, 2)
    assert aggregate_answers([0], [3], [1], 2, gold=[1, -1]).accuracies.tolist()[3] == 1
    assert len(aggregate_answers([0], [0], [1], 2, gold=[1, -1]).probabilities) == 2


@pytest.mark.parametrize(
    "lists", [([0], [0, 1], [0]), ([0.5], [0], [0]), ([-1], [0], [0]), ([0], [0], [-1]), ([[0]], [[0]], [[0]]), ([0], [0], [2])]
)
def test_an_answer_list_that_is_none_is_refused(lists: tuple[list[int], ...]) -> None:
    with pytest.raises(OptionError, match="next:"):
        aggregate_answers(*lists, 2)


def test_gold_shorter_than_the_answer_list_is_refused() -> None:
    with pytest.raises(OptionError, match="next:"):
        aggregate_answers([0, 5], [0, 0], [1, 1], 2, gold=[1, -1])


@pytest.mark.parametrize("method", METHODS)
def test_one_function_no_function_and_one_class_are_no_error(method: str) -> None:
    assert aggregate(np.zeros((4, 1), int), 2, method=method).probabilities.argmax(1).tolist() == [0] * 4
    assert aggregate(np.zeros((4, 0), int), 2, method=method).probabilities.tolist() == [[0.5, 0.5]] * 4
    assert aggregate(np.ones((50, 3), int), 3, method=method).probabilities.argmax(1).tolist() == [1] * 50


def softly(seed: int, n: int = 1500, k: int = 3, m: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """(n, m, k) what each of m functions believes of each class after a look of its own, and the classes."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, k, n)
    looks = draw.normal(size=(n, m, k)) + 1.2 * (np.arange(k) == truth[:, None])[:, None]
    likely = np.exp(1.2 * looks)
    return likely / likely.sum(2, keepdims=True), truth


@pytest.mark.parametrize("method", METHODS)
def test_soft_votes_tell_more_than_their_likeliest_classes(method: str) -> None:
    shares, truth = softly(0)
    soft, hard = (aggregate(votes, 3, method=method).probabilities for votes in (shares, shares.argmax(2)))
    assert np.mean(soft.argmax(1) == truth) > np.mean(hard.argmax(1) == truth) + 0.03


@pytest.mark.parametrize("method", METHODS)
def test_of_soft_votes_the_order_decides_nothing_and_equal_shares_abstain(method: str) -> None:
    shares, _ = softly(1, n=300)
    shares[np.random.default_rng(0).random(shares.shape[:2]) < 0.3] = np.nan
    rows, columns = np.random.default_rng(1).permutation(300), np.array([3, 1, 0, 4, 2])
    said = aggregate(shares, 3, method=method).probabilities
    np.testing.assert_allclose(aggregate(shares[rows][:, columns], 3, method=method).probabilities, said[rows], atol=1e-6)
    even = np.where(np.isnan(shares), 1 / 3, shares)
    np.testing.assert_allclose(aggregate(even, 3, method=method).probabilities, said, atol=1e-9)


def test_gold_measures_functions_that_vote_softly() -> None:
    shares, truth = softly(2)
    shares[:, 0] = np.roll(shares[:, 0], 1, axis=1)  # always for the wrong class
    gold = np.where(np.arange(len(truth)) < 60, truth, -1)
    said = aggregate(shares, 3, gold=gold)
    assert said.suspects == (0,)
    assert np.mean(said.probabilities.argmax(1) == truth) > 0.88


@pytest.mark.parametrize(
    ("votes", "n_classes", "what"),
    [
        ([[[0.5, 0.6]]], 2, "is \\[0.5, 0.6\\]"),
        ([[[-0.5, 1.5]]], 2, "is \\[-0.5, 1.5\\]"),
        ([[[float("nan"), 1.0]]], 2, "the soft vote of function 0 on row 0"),
        ([[[0.5, 0.5]]], 3, "have shape \\(1, 1, 2\\) for 3 classes"),
    ],
)
def test_shares_that_are_none_are_refused(votes: Any, n_classes: int, what: str) -> None:
    with pytest.raises(OptionError, match=what):
        aggregate(votes, n_classes)
