"""How far people are to be trusted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.labels import heard


def drawn(accuracies: list[float], n: int, k: int, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Everybody answers every row, right with their own probability."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, k, n)
    rows, people = map(np.ravel, np.meshgrid(np.arange(n), np.arange(len(accuracies)), indexing="ij"))
    right = chance.random(len(rows)) < np.array(accuracies)[people]
    answers = np.where(right, truth[rows], (truth[rows] + chance.integers(1, k, len(rows))) % k)
    return truth, rows, people, answers


def test_reliabilities_are_found_and_the_reliable_are_heard() -> None:
    accuracies = [0.95, 0.8, 0.6, 0.6, 0.6]
    truth, rows, people, answers = drawn(accuracies, 800, 3)
    found = heard(rows, people, answers, 3, np.full(5, 0.8))
    np.testing.assert_allclose(found.reliabilities, accuracies, atol=0.04)
    votes = np.stack([np.bincount(rows, answers == c, 800) for c in range(3)], 1)
    assert (found.probabilities.argmax(1) == truth).mean() > (votes.argmax(1) == truth).mean() + 0.02
    assert found.met.tolist() == [800] * 5


def test_who_is_wrong_more_often_than_a_guess_is_not_turned_round() -> None:
    _, rows, people, answers = drawn([0.9, 0.9, 0.1], 300, 2)
    alone = np.append(rows, 300), np.append(people, 2), np.append(answers, 0)
    found = heard(*alone, 2, np.full(3, 0.8))
    assert found.reliabilities[2] < 0.2
    assert found.probabilities[300].tolist() == [0.5, 0.5]


def test_whose_reliability_is_given_keeps_it() -> None:
    _, rows, people, answers = drawn([0.1, 0.9, 0.9], 100, 2)
    found = heard(rows, people, answers, 2, np.full(3, 0.95), np.array([np.inf, 10, 10]))
    assert found.reliabilities[0] == pytest.approx(0.95)


def test_without_others_the_usual_is_believed() -> None:
    found = heard(np.array([0, 1]), np.array([0, 0]), np.array([1, 0]), 2, np.array([0.9]))
    assert found.reliabilities.tolist() == [0.9]
    np.testing.assert_allclose(found.probabilities, [[0.1, 0.9], [0.9, 0.1]])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 2)), max_size=30), st.randoms())
def test_the_order_of_answers_decides_nothing(said: list[tuple[int, int, int]], chance: object) -> None:
    usual = np.full(4, 0.8)
    table = np.array(said, np.int64).reshape(-1, 3)
    other = table.copy()
    chance.shuffle(said)  # type: ignore[attr-defined]
    other = np.array(said, np.int64).reshape(-1, 3)
    one, two = heard(*table.T, 3, usual), heard(*other.T, 3, usual)
    np.testing.assert_allclose(one.probabilities, two.probabilities, atol=1e-9)
    np.testing.assert_allclose(one.probabilities.sum(1), 1)
    assert ((one.reliabilities >= 0) & (one.reliabilities <= 1)).all()


@pytest.mark.parametrize("n_classes", [2, 7])
def test_no_answers_are_no_reason_to_fail(n_classes: int) -> None:
    none = np.zeros(0, np.int64)
    found = heard(none, none, none, n_classes, np.zeros(0))
    assert found.probabilities.shape == (0, n_classes)
