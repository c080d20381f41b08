"""Several classes may be right at once."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.labels import aggregate_sets


def test_each_class_is_a_question_of_its_own() -> None:
    draw = np.random.default_rng(0)
    truth = draw.random((1500, 3)) < [0.5, 0.4, 0.6]
    accuracy = np.array([[0.9, 0.6, 0.8], [0.6, 0.9, 0.7], [0.8, 0.7, 0.6], [0.7, 0.65, 0.9]])
    votes = np.where(draw.random((1500, 4, 3)) < accuracy, truth[:, None], ~truth[:, None]).astype(int)
    votes[draw.random(votes.shape) < 0.2] = -1
    votes[:, 3, 1] = np.where(draw.random(1500) < 0.5, 1 - truth[:, 1], -1)  # of one class it is always wrong
    said = aggregate_sets(votes)
    assert said.suspects == ((3, 1),)
    right = ((said.probabilities > 0.5) == truth).mean(0)
    heard = (votes == 1).sum(1) / np.maximum((votes >= 0).sum(1), 1)
    assert np.all(right > np.where(heard == 0.5, 0.5, (heard > 0.5) == truth).mean(0))
    np.testing.assert_allclose(said.accuracies[:3], accuracy[:3], atol=0.15)


def test_gold_measures_each_class() -> None:
    said = aggregate_sets([[[1, 0]], [[1, -1]]], gold=[[1, 1], [0, 1]])
    np.testing.assert_allclose(said.accuracies, [[0.5, 0.0]])


def test_no_rows_and_no_classes_are_no_error() -> None:
    assert aggregate_sets(np.zeros((0, 2, 3), int)).probabilities.shape == (0, 3)
    assert aggregate_sets(np.zeros((4, 2, 0), int)).probabilities.shape == (4, 0)


@pytest.mark.parametrize(("votes", "gold"), [([[1, 0]], None), ([[[1, 2]]], None), ([[[1, 0]]], [1]), ([[[1.0, np.nan]]], None)])
def test_what_are_no_votes_is_refused(votes: object, gold: object) -> None:
    with pytest.raises(OptionError, match="next:"):
        aggregate_sets(votes, gold=gold)  # type: ignore[arg-type]
