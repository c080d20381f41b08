"""EL2N."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import el2n, el2n_scores

RUNS = np.array([[[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]], [[1.0, 0.0], [0.8, 0.2], [0.0, 1.0]]])


def test_scores_are_the_mean_norms_of_the_errors() -> None:
    scores = el2n_scores(RUNS, [0, 1, 0])
    np.testing.assert_allclose(scores, [0, np.sqrt(2) * (0.5 + 0.8) / 2, np.sqrt(2)])


def test_classes_and_their_probabilities_are_the_same_targets() -> None:
    classes = np.array([0, 1, 1])
    np.testing.assert_allclose(el2n_scores(RUNS, classes), el2n_scores(RUNS, np.eye(2)[classes]))


def test_soft_targets_are_met_exactly_by_the_same_probabilities() -> None:
    np.testing.assert_allclose(el2n_scores(RUNS[:1], RUNS[0]), 0, atol=0)


def test_the_hardest_are_kept() -> None:
    found = el2n(RUNS, [0, 1, 0], 2)
    assert found.rows.tolist() == [2, 1]
    assert found.weights.tolist() == [1.5, 1.5]


def test_wrong_labels_are_the_first_to_be_kept() -> None:
    # What the docstring warns of: a good model, and a tenth of labels turned round.
    chance = np.random.default_rng(0)
    truth = chance.integers(0, 2, 1000)
    sure = np.clip(chance.normal(0.85, 0.05, 1000), 0, 1)
    right = np.where(truth == 1, sure, 1 - sure)
    said = np.where(np.arange(1000) < 100, 1 - truth, truth)
    found = el2n(np.column_stack([1 - right, right])[None], said, 100)
    assert np.mean(found.rows < 100) > 0.95


@pytest.mark.parametrize("wrong", [RUNS[0], RUNS * 2, RUNS * np.nan, -RUNS, np.zeros((0, 3, 2)), [[["a"]]]])
def test_what_are_no_probabilities_is_refused(wrong: object) -> None:
    with pytest.raises(OptionError, match="0 to 1"):
        el2n(wrong, [0, 1, 0], 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [[0, 1], [0, 1, 2], [0, 1, -1], [0.0, 1.0, 0.0], np.ones((3, 3)), [[np.nan, 0]] * 3])
def test_what_are_no_targets_is_refused(wrong: object) -> None:
    with pytest.raises(OptionError, match="3 classes from 0 to 1"):
        el2n(RUNS, wrong, 1)  # type: ignore[arg-type]
