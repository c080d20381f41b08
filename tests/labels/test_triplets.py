"""Skills in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.labels import triplets
from tacit.labels.answers import Answers
from tacit.labels.pairs import Pairs, pairs
from tests.labels.test_matrix import SKILLS, foretold


@pytest.mark.parametrize("balance", [[0.5, 0.5], [0.7, 0.3], [0.2, 0.5, 0.3]])
def test_skills_of_functions_that_answer_always_are_found_again_exactly(balance: list[float]) -> None:
    k, share = len(balance), np.tile(balance, len(SKILLS))
    events, skill = np.arange(len(SKILLS) * k), np.repeat(SKILLS, k)
    sign = np.where(events[:, None] % k == events % k, (1 - share) / share, -1.0)
    expected = 1e9 * np.outer(share, share)
    met = expected * (1 + sign * np.outer(skill, skill))
    others = (events[:, None] // k != events // k).astype(float)
    np.testing.assert_allclose(triplets.skills(Pairs(events, met, expected, sign, others, share), k), skill, atol=1e-5)


def test_rules_that_say_one_class_each_are_found_again_nearly() -> None:
    given = foretold(SKILLS, np.arange(6) % 2, np.array([0.5, 0.5]))
    np.testing.assert_allclose(triplets.skills(given, 2), SKILLS, atol=0.08)


def test_three_functions_that_answer_always_by_hand() -> None:
    # Of 170 rows they agree on 80; the third is alone on 20, the second on 30, the first on 40.
    votes = np.repeat([[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]], [4000, 1000, 1500, 2000], axis=0)
    votes = np.concatenate([votes, 1 - votes])
    first_second, first_third, second_third = 2 * 100 / 170 - 1, 2 * 110 / 170 - 1, 2 * 120 / 170 - 1
    found = pairs(Answers.of_matrix(votes, 2), np.array([0.5, 0.5]), np.zeros((3, 3)))
    by_hand = np.sqrt(
        [
            first_second * first_third / second_third,
            first_second * second_third / first_third,
            first_third * second_third / first_second,
        ]
    )
    np.testing.assert_allclose(triplets.skills(found, 2), np.repeat(np.minimum(by_hand, 0.97), 2), atol=0.01)


def test_two_functions_make_no_triplet_and_are_usual() -> None:
    found = pairs(Answers.of_matrix(np.array([[0, 1], [0, 0]]), 2), np.array([0.5, 0.5]), np.zeros((2, 2)))
    assert set(triplets.skills(found, 2)) == {0.5}
