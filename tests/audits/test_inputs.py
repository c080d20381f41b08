"""What audits are given."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.audits.inputs import classes_of, predictions, same_length
from tacit.errors import OptionError

HALF = np.full((4, 2), 0.5)


def test_truth_may_be_classes_or_their_probabilities() -> None:
    for truth in ([0, 1, 1, 0], np.eye(2)[[0, 1, 1, 0]]):
        assert predictions(HALF, truth)[1].tolist() == [0, 1, 1, 0]
    assert predictions([1.5, 2.5], [1, 2])[1].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("prediction", "truth", "why"),
    [
        (HALF, [0, 1, 1], "truth is of 3 rows, the others of 4"),
        (np.empty((0, 2)), [], "there are no rows"),
        (np.where([[1, 0]] * 4, np.nan, HALF), [0, 1, 1, 0], "the predictions have values that are missing"),
        (HALF, [0, np.nan, 1, 0], "the truth have values"),
        (HALF, ["a", "b", "a", "b"], "no numbers"),
        (HALF, [0, 1, 2, 0], "not among the 2"),
        (HALF, [0, 1, -1, 0], "not among the 2"),
        (HALF, [0, 0.5, 1, 0], "not among the 2"),
        (HALF, np.eye(3)[[0, 1, 1, 0]], "not among the 2"),
    ],
)
def test_what_does_not_fit_is_named(prediction: object, truth: object, why: str) -> None:
    with pytest.raises(OptionError, match=why):
        predictions(prediction, truth)  # type: ignore[arg-type]


def test_classes_and_lengths() -> None:
    assert classes_of([[0.1, 0.9], [0.8, 0.2]], 2).tolist() == [1, 0]
    same_length(3, sex=3)
    with pytest.raises(OptionError, match="sex is of 2 rows"):
        same_length(3, sex=2)
