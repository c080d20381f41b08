"""How unsure a model is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import entropy

from tacit.errors import OptionError
from tacit.selection import uncertainty

P = np.array([[0.5, 0.5, 0.0], [0.9, 0.05, 0.05], [1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3]])


def test_the_three_scores_are_those_of_the_textbook() -> None:
    np.testing.assert_allclose(uncertainty(P, "least-confidence"), [0.5, 0.1, 0, 2 / 3])
    np.testing.assert_allclose(uncertainty(P, "margin"), [1, 0.15, 0, 1])
    np.testing.assert_allclose(uncertainty(P, "entropy"), entropy(P, axis=1))


def test_a_sure_model_has_no_uncertainty_and_no_nan() -> None:
    for kind in ("least-confidence", "margin", "entropy"):
        assert uncertainty([[0.0, 1.0]], kind).tolist() == [0.0]


def test_with_two_classes_all_three_rank_alike() -> None:
    p = np.random.default_rng(0).random(200)
    both = np.column_stack([p, 1 - p])
    orders = {kind: uncertainty(both, kind).argsort().tolist() for kind in ("least-confidence", "margin", "entropy")}
    assert orders["least-confidence"] == orders["margin"] == orders["entropy"]


@pytest.mark.parametrize("wrong", [[0.5, 0.5], [[1.0]], [[np.nan, 1.0]], [[-0.1, 1.1]]])
def test_what_are_no_probabilities_is_refused(wrong: object) -> None:
    with pytest.raises(OptionError, match="next:"):
        uncertainty(wrong, "margin")  # type: ignore[arg-type]


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionError, match='write "entropy"'):
        uncertainty(P, "entrpy")
