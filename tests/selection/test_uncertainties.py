"""How unsure a model is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import entropy

from tacit.errors import OptionError
from tacit.selection import span_uncertainty, uncertainty

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


@pytest.mark.parametrize("kind", ["least-confidence", "margin", "entropy"])
def test_the_order_of_the_classes_does_not_matter(kind: str) -> None:
    p = np.random.default_rng(2).dirichlet(np.ones(5), 100)
    np.testing.assert_allclose(uncertainty(p[:, [3, 0, 4, 2, 1]], kind), uncertainty(p, kind))


def test_labels_score_as_the_set_of_all_of_them_would() -> None:
    p = np.random.default_rng(1).random((20, 4))
    sets = np.array(list(itertools.product([0, 1], repeat=4)))
    joint = np.where(sets == 1, p[:, None], 1 - p[:, None]).prod(axis=2)
    for kind in ("least-confidence", "margin", "entropy"):
        np.testing.assert_allclose(uncertainty(p, kind, of="labels"), uncertainty(joint, kind))
        odds = np.log(p / (1 - p))
        np.testing.assert_allclose(uncertainty(odds, kind, of="labels", logits=True), uncertainty(p, kind, of="labels"))


def test_sure_labels_have_no_uncertainty_and_no_nan() -> None:
    for kind in ("least-confidence", "margin", "entropy"):
        assert uncertainty([[0.0, 1.0, 1.0]], kind, of="labels").tolist() == [0.0]
        assert uncertainty([[-np.inf, np.inf]], kind, of="labels", logits=True).tolist() == [0.0]


def test_labels_beyond_one_are_refused() -> None:
    with pytest.raises(OptionError, match="from 0 to 1"):
        uncertainty([[0.2, 1.2]], "margin", of="labels")


def test_texts_score_by_their_tokens() -> None:
    each = uncertainty(P, "entropy")
    lengths = [1, 0, 3]
    for over, combine in (("mean", np.mean), ("max", np.max), ("sum", np.sum)):
        found = span_uncertainty(P, lengths, "entropy", over=over)
        np.testing.assert_allclose(found, [each[0], 0, combine(each[1:])])


@pytest.mark.parametrize("lengths", [[1, 2], [-1, 5], [2.0, 2.0], [[4]]])
def test_lengths_that_do_not_add_up_are_refused(lengths: object) -> None:
    with pytest.raises(OptionError, match="add up"):
        span_uncertainty(P, lengths, "margin")  # type: ignore[arg-type]


def test_a_way_over_tokens_that_there_is_not_is_refused() -> None:
    with pytest.raises(OptionError, match='over="mean"'):
        span_uncertainty(P, [4], "margin", over="meen")


def binary_search(pool: np.ndarray, edge: float, labels: int, choose: str, seed: int) -> float:
    """How far off a threshold in [0, 1] is after so many labels, if the model is the middle of the gap that they leave."""
    rng = np.random.default_rng(seed)
    low, high = 0.0, 1.0
    for _ in range(labels):
        middle = (low + high) / 2
        if choose == "random":
            x = float(rng.choice(pool))
        else:
            likely = 1 / (1 + np.exp(-50 * (pool - middle)))
            x = float(pool[uncertainty(np.column_stack([likely, 1 - likely]), choose).argmax()])
        low, high = (max(low, x), high) if x < edge else (low, min(high, x))
    return abs((low + high) / 2 - edge)


def test_a_threshold_is_found_by_binary_search() -> None:
    pool = (np.arange(20_000) + 0.5) / 20_000
    edges = np.random.default_rng(0).random(20)
    asked = [binary_search(pool, e, 10, "entropy", 0) for e in edges]
    drawn = [binary_search(pool, e, 10, "random", i) for i, e in enumerate(edges)]
    assert max(asked) <= 2.0**-11 + 2e-4  # half the gap after ten halvings, and the grain of the pool
    assert 0.01 < np.mean(drawn) < 0.15  # about 1 / (2 x 11) at random
