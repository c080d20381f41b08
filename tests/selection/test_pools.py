"""What a strategy may look at."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import PARTS, Pool, span_uncertainty, uncertainty
from tacit.selection.pools import doubt

P = np.array([[0.5, 0.5], [0.9, 0.1], [0.6, 0.4]])


@pytest.mark.parametrize("part", PARTS)
def test_what_is_missing_is_named(part: str) -> None:
    with pytest.raises(OptionError, match=f'"mine" needs {PARTS[part]}.*{part}=') as raised:
        Pool(3).need(part, "mine")
    assert "next:" in str(raised.value)


def test_arrays_of_other_rows_are_refused() -> None:
    with pytest.raises(OptionError, match="for 4 rows"):
        Pool(4, probabilities=P).need("probabilities", "margin")
    with pytest.raises(OptionError, match="for 3 rows"):
        Pool(3, members=np.ones((3, 2, 2))).need("members", "committee")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_features_that_are_not_finite_are_counted(bad: float) -> None:
    features = np.zeros((3, 2), np.float32)
    features[1, 0] = bad
    with pytest.raises(OptionError, match="features of 1 rows"):
        Pool(3, features=features).need("features", "k-center")
    with pytest.raises(OptionError, match="labeled of 1 rows"):
        Pool(2, features=np.zeros((2, 2)), labeled=features).known()


def test_large_features_are_finite_though_their_sum_is_not() -> None:
    features = np.full((3, 2), 1e308)
    assert Pool(3, features=features).need("features", "k-center") is features


def test_labeled_features_are_as_wide_as_those_of_the_pool() -> None:
    with pytest.raises(OptionError, match="same features"):
        Pool(3, features=np.zeros((3, 2)), labeled=np.zeros((1, 3))).known()


def test_rows_that_are_taken_out_count_as_labeled() -> None:
    features = np.arange(6.0).reshape(3, 2)
    pool = Pool(3, probabilities=P, features=features, votes=P.astype(int), members=np.stack([P, P]))
    rest, left = pool.without(np.array([1]))
    assert left.tolist() == [0, 2]
    assert rest.size == 2
    assert rest.known().tolist() == [[2.0, 3.0]]
    for part in ("probabilities", "features", "votes"):
        assert getattr(rest, part).tolist() == getattr(pool, part)[left].tolist()
    assert rest.need("members", "committee").shape == (2, 2, 2)


def test_tokens_go_with_their_texts() -> None:
    pool = Pool(3, probabilities=np.array([[1.0, 0], [0.5, 0.5], [0.9, 0.1]]), kind="spans", lengths=np.array([2, 0, 1]))
    rest, _ = pool.without(np.array([0]))
    np.testing.assert_allclose(doubt(rest, "margin", "margin"), [0, 0.2])


def test_doubt_is_the_uncertainty_of_what_is_predicted() -> None:
    np.testing.assert_array_equal(doubt(Pool(3, probabilities=P), "margin", "margin"), uncertainty(P, "margin"))
    of_labels = doubt(Pool(3, probabilities=P, kind="labels"), "entropy", "entropy")
    np.testing.assert_array_equal(of_labels, uncertainty(P, "entropy", of="labels"))
    texts = Pool(2, probabilities=P, kind="spans", lengths=np.array([1, 2]))
    np.testing.assert_array_equal(doubt(texts, "entropy", "entropy"), span_uncertainty(P, [1, 2], "entropy"))


@pytest.mark.parametrize(
    ("pool", "says"),
    [
        (Pool(3, probabilities=P, kind="numbers"), "committee"),
        (Pool(3, probabilities=P, kind="words"), "there is no kind"),
        (Pool(3, probabilities=P, kind="spans"), "needs the lengths"),
    ],
)
def test_what_cannot_be_doubted_says_why(pool: Pool, says: str) -> None:
    with pytest.raises(OptionError, match=says):
        doubt(pool, "margin", "margin")
