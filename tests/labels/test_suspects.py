"""Functions that look worse than chance."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.labels.answers import Answers
from tacit.labels.suspects import agreement, suspects


def of(*columns: np.ndarray, k: int = 2) -> Answers:
    return Answers.of_matrix(np.column_stack(columns), k)


def test_agreement_is_counted_by_hand() -> None:
    # The first function: on row 0 one of two others agrees, on row 1 the only other does not, on row 2 nobody else votes.
    answers = Answers.of_matrix(np.array([[0, 0, 1], [1, 0, -1], [1, -1, -1]]), 2)
    right, judged, chance = agreement(answers, np.ones(3))
    assert right[0] == pytest.approx(1 / 3)
    assert judged[0] == pytest.approx(2 / 3 + 1 / 2)
    # It says class 0 once in three; of the others' three votes two are for class 0.
    assert chance[0] == pytest.approx(1 / 3 * 2 / 3 + 2 / 3 * 1 / 3)


def test_a_function_without_a_witness_is_not_judged() -> None:
    right, judged, _ = agreement(Answers.of_matrix(np.array([[0], [1]]), 2), np.ones(1))
    assert (right[0], judged[0]) == (0, 0)


def test_several_inverted_functions_are_all_named_and_nobody_else() -> None:
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 2, 400)
    good = [np.where(draw.random(400) < 0.8, truth, 1 - truth) for _ in range(5)]
    bad = [np.where(draw.random(400) < 0.9, 1 - truth, truth) for _ in range(2)]
    assert suspects(of(bad[0], *good, bad[1]))[0] == (0, 6)


def test_an_inverted_function_among_rules_that_say_one_class_each_is_named() -> None:
    draw = np.random.default_rng(1)
    truth = draw.integers(0, 5, 3000)
    rules = [np.where(draw.random(3000) < np.where(truth == c, 0.5, 0.08), c, -1) for c in (0, 1, 2, 3, 4, 0, 1)]
    wrong = np.where(draw.random(3000) < 0.3, (truth + 1) % 5, -1)
    assert suspects(of(*rules, wrong, k=5))[0] == (7,)


def test_a_coin_is_no_suspect() -> None:
    draw = np.random.default_rng(2)
    named = 0
    for _ in range(50):
        truth = draw.integers(0, 2, 300)
        good = [np.where(draw.random(300) < 0.8, truth, 1 - truth) for _ in range(4)]
        named += suspects(of(*good, draw.integers(0, 2, 300)))[0] == (4,)
    assert named <= 3  # by design one in two hundred


def test_gold_has_the_last_word() -> None:
    draw = np.random.default_rng(3)
    truth = draw.integers(0, 2, 200)
    wrong = [np.where(draw.random(200) < 0.9, 1 - truth, truth) for _ in range(3)]
    assert suspects(of(truth, *wrong))[0] == (0,)
    assert suspects(of(truth, *wrong), truth)[0] == (1, 2, 3)


def test_four_rows_are_too_few_to_be_suspected_on() -> None:
    assert suspects(of(np.ones(4, int), np.zeros(4, int), np.zeros(4, int)))[0] == ()


def test_no_functions_and_no_votes_are_no_error() -> None:
    assert suspects(Answers.of_matrix(np.zeros((3, 0), int), 2))[0] == ()
    assert suspects(Answers.of_matrix(np.full((3, 2), -1), 2))[0] == ()
