"""Forgetting."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection import forgetting, forgetting_counts

# Never forgotten; forgotten twice; never learned; learned late; forgotten in the last epoch; first epoch wrong is no forgetting.
RIGHT = np.array(
    [
        [1, 1, 0, 0, 1, 0],
        [1, 0, 0, 0, 1, 1],
        [1, 1, 0, 0, 1, 1],
        [1, 0, 0, 0, 1, 1],
        [1, 0, 0, 1, 0, 1],
    ]
)


def test_counts_are_those_counted_by_hand() -> None:
    assert forgetting_counts(RIGHT).tolist() == [0, 2, np.inf, 0, 1, 0]
    assert forgetting_counts(RIGHT.astype(bool)).tolist() == [0, 2, np.inf, 0, 1, 0]


def test_of_one_epoch_nothing_is_forgotten_but_what_was_never_right() -> None:
    assert forgetting_counts([[True, False]]).tolist() == [0, np.inf]


def test_what_was_never_learned_is_kept_first() -> None:
    found = forgetting(RIGHT, 3)
    assert found.rows.tolist() == [2, 1, 4]
    assert found.scores.tolist() == [np.inf, 2, 1]
    assert found.weights.tolist() == [2, 2, 2]
    assert found.probabilities.tolist() == [1, 1, 1]


def test_what_ties_at_the_edge_is_drawn_and_its_probability_says_so() -> None:
    found = [forgetting(RIGHT, 4, seed=seed) for seed in range(60)]
    assert {int(f.rows[3]) for f in found} == {0, 3, 5}
    assert found[0].probabilities.tolist() == [1, 1, 1, 1 / 3]


@pytest.mark.parametrize("wrong", [[1, 0], [[0.5, 1.0]], [[2, 1]], [[]], [["yes"]]])
def test_what_is_not_right_or_wrong_is_refused(wrong: object) -> None:
    with pytest.raises(OptionError, match="True or False"):
        forgetting(wrong, 1)  # type: ignore[arg-type]


def test_more_rows_than_there_are_cannot_be_kept() -> None:
    with pytest.raises(SelectionError, match="keep 1 to 6"):
        forgetting(RIGHT, 7)
