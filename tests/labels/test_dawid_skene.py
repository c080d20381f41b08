"""Confusion matrices by expectation and maximization."""

from __future__ import annotations

import numpy as np

from tacit.labels.answers import Answers
from tacit.labels.dawid_skene import confusions, many_sided


def answered(
    seed: int, n: int, matrices: np.ndarray, balance: np.ndarray, *, share: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Votes drawn from confusion matrices, (functions, true, said), and the truth."""
    draw = np.random.default_rng(seed)
    truth = draw.choice(len(balance), n, p=balance)
    cuts = matrices[:, truth].cumsum(2)
    votes = (draw.random((len(matrices), n, 1)) > cuts[:, :, :-1]).sum(2).T
    return np.where(draw.random(votes.shape) < share, votes, -1), truth


def textbook(votes: np.ndarray, k: int, turns: int = 100) -> np.ndarray:
    """The algorithm of 1979 as it is written, row by row."""
    n, m = votes.shape
    shares = np.array([[np.sum(row == c) for c in range(k)] for row in votes], float)
    shares /= shares.sum(1, keepdims=True)
    for _ in range(turns):
        balance = shares.mean(0)
        matrices = np.zeros((m, k, k))
        for i in range(n):
            for j in range(m):
                if votes[i, j] >= 0:
                    matrices[j, :, votes[i, j]] += shares[i]
        matrices /= np.maximum(matrices.sum(2, keepdims=True), 1e-12)
        for i in range(n):
            told = balance.copy()
            for j in range(m):
                if votes[i, j] >= 0:
                    told = told * matrices[j, :, votes[i, j]]
            shares[i] = told / told.sum()
    return shares


LOPSIDED = np.array([[[0.9, 0.1], [0.4, 0.6]], [[0.8, 0.2], [0.1, 0.9]], [[0.7, 0.3], [0.3, 0.7]], [[0.95, 0.05], [0.35, 0.65]]])


def test_it_agrees_with_the_textbook_where_there_is_enough_to_see() -> None:
    votes, _ = answered(0, 1000, LOPSIDED, np.array([0.6, 0.4]))
    ours = confusions(Answers.of_matrix(votes, 2), np.ones(4)).probabilities
    assert np.mean(ours.argmax(1) == textbook(votes, 2, turns=40).argmax(1)) > 0.98


def test_it_comes_near_to_who_knows_the_matrices() -> None:
    balance = np.array([0.7, 0.3])
    votes, truth = answered(1, 20_000, LOPSIDED, balance)
    best = np.log(balance) + sum(np.log(LOPSIDED[j][:, votes[:, j]]).T for j in range(4))
    found = confusions(Answers.of_matrix(votes, 2), np.ones(4))
    ours, known = np.mean(found.probabilities.argmax(1) == truth), np.mean(best.argmax(1) == truth)
    majority = np.mean(((votes == 1).sum(1) > 2) == truth)
    assert ours > known - 0.01
    assert ours > majority
    right = (votes == truth[:, None]).mean(0)
    np.testing.assert_allclose(found.accuracies, right, atol=0.03)


def test_a_given_balance_is_kept() -> None:
    votes, _ = answered(2, 500, LOPSIDED[:1], np.array([0.5, 0.5]))
    answers = Answers.of_matrix(votes, 2)
    rare = confusions(answers, np.ones(1), np.array([0.01, 0.99])).probabilities.mean(0)
    common = confusions(answers, np.ones(1), np.array([0.99, 0.01])).probabilities.mean(0)
    assert rare[0] < common[0]


def test_few_votes_of_many_annotators_do_not_run_away() -> None:
    draw = np.random.default_rng(3)
    truth = draw.integers(0, 4, 400)
    rows = np.repeat(np.arange(400), 5)
    who = draw.integers(0, 300, len(rows))
    said = np.where(draw.random(len(rows)) < 0.7, truth[rows], draw.integers(0, 4, len(rows)))
    answers = Answers.of_list(rows, who, said, (400, 300, 4))
    found = confusions(answers, np.ones(300))
    counts = answers.counts()
    leaders = counts == counts.max(1, keepdims=True)
    majority = np.mean(leaders[np.arange(400), truth] / leaders.sum(1))
    assert np.mean(found.probabilities.argmax(1) == truth) > majority - 0.01
    assert found.strength >= 4  # seven answers each: the prior must carry them


def test_who_always_says_the_same_is_not_many_sided() -> None:
    votes = np.column_stack([np.zeros(100, int), np.arange(100) % 2])
    assert many_sided(Answers.of_matrix(votes, 2)).tolist() == [False, True]


def test_one_class_only_and_no_votes_are_no_error() -> None:
    assert np.isfinite(confusions(Answers.of_matrix(np.zeros((5, 2), int), 2), np.ones(2)).probabilities).all()
    nothing = confusions(Answers.of_matrix(np.full((3, 2), -1), 2), np.ones(2))
    np.testing.assert_allclose(nothing.probabilities, 0.5)
    assert np.isnan(nothing.accuracies).all()


def test_gold_rows_measure_the_matrices() -> None:
    # Three of four share their errors, and are the consensus; gold tells who is right.
    draw = np.random.default_rng(4)
    truth = draw.integers(0, 2, 1000)
    block = np.where(draw.random(1000) < 0.45, 1 - truth, truth)
    votes = np.column_stack([np.where(draw.random(1000) < 0.1, 1 - block, block) for _ in range(3)])
    votes = np.column_stack([votes, np.where(draw.random(1000) < 0.1, 1 - truth, truth)])
    answers = Answers.of_matrix(votes, 2)
    gold = np.where(np.arange(1000) < 600, truth, -1)
    without, told = confusions(answers, np.ones(4)), confusions(answers, np.ones(4), gold=gold)
    right = [np.mean((found.probabilities.argmax(1) == truth)[600:]) for found in (without, told)]
    assert right[1] > right[0] + 0.2


def test_somebody_busy_who_always_says_the_same_does_not_carry_the_crowd_along() -> None:
    # A quarter says nothing but one class. Each is on 400 rows: what others say of those rows tells nothing of the class.
    draw = np.random.default_rng(5)
    truth = (draw.random(1200) < 0.2).astype(int)
    good = np.where(draw.random((1200, 9)) < 0.75, truth[:, None], 1 - truth[:, None])
    lazy = np.zeros((1200, 3), int)
    votes = np.column_stack(
        [np.where(draw.random(good.shape) < 0.4, good, -1), np.where(draw.random(lazy.shape) < 1 / 3, lazy, -1)]
    )
    with_them, without = (confusions(Answers.of_matrix(v, 2), np.ones(v.shape[1])).probabilities for v in (votes, votes[:, :9]))
    assert np.mean(with_them.argmax(1) == without.argmax(1)) > 0.97


def test_rules_among_people_do_not_run_away_where_a_class_is_rare() -> None:
    draw = np.random.default_rng(6)
    truth = (draw.random(3000) < 0.2).astype(int)
    people = np.where(draw.random((3000, 5)) < 0.75, truth[:, None], 1 - truth[:, None])
    people = np.where(draw.random(people.shape) < 0.7, people, -1)
    said = np.arange(10) % 2
    rules = np.where(draw.random((3000, 10)) < np.where(truth[:, None] == said, 0.12, 0.03), said, -1)
    whole, alone = (confusions(Answers.of_matrix(v, 2), np.ones(v.shape[1])) for v in (np.column_stack([people, rules]), people))
    right = [np.mean(found.probabilities.argmax(1) == truth) for found in (whole, alone)]
    assert right[0] > right[1] - 0.02
