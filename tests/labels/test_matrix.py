"""Skills by matrix completion."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.labels import matrix
from tacit.labels.answers import Answers
from tacit.labels.pairs import Pairs, pairs

SKILLS = np.array([0.3, 0.5, 0.7, 0.9, 0.6, 0.4])


def foretold(skill: np.ndarray, said: np.ndarray, balance: np.ndarray, *, common: float = 1.0, often: float = 1e7) -> Pairs:
    """The counts that infinitely many rows would give: one event for each function, function j says `said[j]`."""
    e, k = len(skill), len(balance)
    shares = balance[said]
    sign = np.where(said[:, None] == said, ((1 - shares) / shares)[:, None], -1.0)
    expected = np.full((e, e), often)
    met = common * expected * (1 + sign * np.outer(skill, skill))
    return Pairs(np.arange(e) * k + said, met, expected, sign, 1 - np.eye(e), shares)


@pytest.mark.parametrize("common", [1.0, 1.3])
@pytest.mark.parametrize("balance", [[0.5, 0.5], [0.7, 0.3], [0.2, 0.5, 0.3]])
def test_skills_are_found_again_from_the_matrix_that_they_foretell(balance: list[float], common: float) -> None:
    said = np.arange(6) % len(balance)
    found = matrix.skills(foretold(SKILLS, said, np.array(balance), common=common), len(balance))
    np.testing.assert_allclose(found, SKILLS, atol=0.03)


def test_a_function_that_met_nobody_is_taken_for_a_usual_one() -> None:
    given = foretold(SKILLS, np.arange(6) % 2, np.array([0.5, 0.5]))
    given.met[0] = given.met[:, 0] = given.expected[0] = given.expected[:, 0] = 0
    found = matrix.skills(given, 2)
    assert abs(found[0] - np.mean(found[1:])) < 0.15


def test_without_pairs_there_is_a_usual_skill_and_no_error() -> None:
    alone = pairs(Answers.of_matrix(np.array([[0], [1]]), 2), np.array([0.5, 0.5]), np.zeros((1, 1)))
    assert matrix.skills(alone, 2).tolist() == [0.5, 0.5]


def test_rules_that_say_one_class_each_are_told_apart() -> None:
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 2, 20_000)
    precision = np.array([0.65, 0.95, 0.85, 0.9, 0.75, 0.8])
    said = np.arange(6) % 2
    speaks = np.where(truth[:, None] == said, 0.4 * precision, 0.4 * (1 - precision))
    votes = np.where(draw.random((20_000, 6)) < speaks, said, -1)
    found = pairs(Answers.of_matrix(votes, 2), np.array([0.5, 0.5]), np.zeros((6, 6)))
    np.testing.assert_allclose(matrix.skills(found, 2), 2 * precision - 1, atol=0.12)
