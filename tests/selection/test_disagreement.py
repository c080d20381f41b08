"""Where votes and model differ."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import Pool, disagreement, get


def test_votes_differ_as_often_as_two_drawn_ones_do() -> None:
    votes = np.random.default_rng(0).integers(-1, 3, (40, 5))
    for row, found in zip(votes, disagreement(votes), strict=True):
        pairs = list(itertools.combinations(row[row >= 0].tolist(), 2))
        assert found == pytest.approx(np.mean([a != b for a, b in pairs]) if pairs else 0)


def test_the_model_differs_as_often_as_its_draw_does_from_a_vote() -> None:
    votes, p = [[0, 1], [1, -1], [-1, -1]], [[0.7, 0.3], [0.9, 0.1], [0.5, 0.5]]
    np.testing.assert_allclose(disagreement(votes, p), [(1 + 0.5) / 2, (0 + 0.9) / 2, 0])


def test_a_model_that_contradicts_all_votes_comes_before_one_that_agrees() -> None:
    votes = np.array([[0, 0, 0], [0, 0, 0], [-1, -1, -1]])
    p = np.array([[0.99, 0.01], [0.01, 0.99], [0.5, 0.5]])
    assert get("disagreement").pick(Pool(3, votes=votes, probabilities=p), 3).rows[0] == 1


def test_without_a_model_the_votes_are_enough() -> None:
    found = get("disagreement").pick(Pool(2, votes=np.array([[0, 0], [0, 1]])), 2)
    assert found.rows.tolist() == [1, 0]
    assert found.scores.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("votes", "p"), [([0, 1], None), ([[0.5]], None), ([[-2]], None), ([[2]], [[0.5, 0.5]]), ([[0]], [0.5])])
def test_votes_that_are_none_are_refused(votes: object, p: object) -> None:
    with pytest.raises(OptionError, match="-1 abstains"):
        disagreement(votes, p)  # type: ignore[arg-type]
