"""Scores in blocks are those of whole arrays, from logits as from probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import entropy

from tacit.errors import OptionError
from tacit.selection.blocks import of_logits, of_probabilities, pieces


@pytest.mark.parametrize("classes", [2, 3, 64, 65, 300])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_scores_of_logits_are_those_of_their_softmax(classes: int, dtype: type) -> None:
    z = np.random.default_rng(classes).normal(scale=3, size=(700, classes)).astype(dtype)
    p = softmax(z.astype(float), axis=1)
    top = np.sort(p, axis=1)
    close = {"rtol": 1e-9, "atol": 1e-9} if dtype is np.float64 else {"rtol": 3e-5, "atol": 3e-6}
    np.testing.assert_allclose(of_logits(z, "entropy"), entropy(p, axis=1), **close)
    np.testing.assert_allclose(of_logits(z, "least-confidence"), 1 - top[:, -1], **close)
    np.testing.assert_allclose(of_logits(z, "margin"), 1 - top[:, -1] + top[:, -2], **close)
    np.testing.assert_allclose(of_probabilities(p, "entropy"), entropy(p, axis=1))
    np.testing.assert_allclose(of_probabilities(p, "margin"), 1 - top[:, -1] + top[:, -2])


def test_half_floats_with_gaps_above_a_hundred_are_finite() -> None:
    z = np.array([[60000, 0, -60000], [150, 0, 0], [0, 0, -150]], np.float16)
    for kind in ("entropy", "least-confidence", "margin"):
        scores = of_logits(z, kind)
        assert np.isfinite(scores).all()
        assert scores[:2].tolist() == [0.0, 0.0]
    assert of_logits(z, "entropy")[2] == pytest.approx(np.log(2), rel=1e-6)


def test_a_class_that_cannot_be_is_minus_infinity() -> None:
    z = np.array([[0.0, 0.0, -np.inf], [1.0, -np.inf, -np.inf]])
    np.testing.assert_allclose(of_logits(z, "entropy"), [np.log(2), 0], atol=1e-12)
    np.testing.assert_allclose(of_logits(z, "margin"), [1, 0], atol=1e-12)


@pytest.mark.parametrize("classes", [3, 100])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_one_bad_number_anywhere_is_refused(classes: int, bad: float) -> None:
    z = np.zeros((2000, classes))
    z[1234, classes - 1] = bad
    p = np.full((2000, classes), 1 / classes)
    p[1234, 0] = bad
    for kind in ("entropy", "least-confidence", "margin"):
        with pytest.raises(OptionError, match="next:"):
            of_logits(z, kind)
        with pytest.raises(OptionError, match="next:"):
            of_probabilities(p, kind)


def test_rows_of_minus_infinity_alone_are_refused() -> None:
    with pytest.raises(OptionError, match="only minus infinity"):
        of_logits(np.full((1, 3), -np.inf), "margin")


def test_logits_that_are_given_as_probabilities_are_noticed() -> None:
    with pytest.raises(OptionError, match="logits=True"):
        of_probabilities(np.array([[2.0, 3.0]]), "margin")


def test_what_is_given_is_not_changed() -> None:
    z = np.random.default_rng(0).normal(size=(50, 80))
    before = z.copy()
    for kind in ("entropy", "least-confidence", "margin"):
        of_logits(z, kind)
        of_probabilities(np.abs(z) / np.abs(z).sum(1, keepdims=True), kind)
    np.testing.assert_array_equal(z, before)


def test_pieces_cover_all_rows_once() -> None:
    for n, width in ((0, 3), (1, 1), (10, 3), (10, 100)):
        rows = [i for part in pieces(n, width, cells=10) for i in range(part.start, part.stop)]
        assert rows == list(range(n))
