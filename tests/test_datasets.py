"""The store's examples as rows to learn from."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.datasets import training_set
from tacit.errors import ColumnError, TooFewLabels


def made() -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """?"""

    return sentiment


def test_labeled_rows_come_in_the_order_of_the_store_without_the_test_rows(project: Any) -> None:
    sentiment = made()
    rows = [{"review": f"text {i}", "l": "positive" if i % 2 else "negative"} for i in range(6)]
    tacit.add(sentiment, rows, label="l")
    tacit.add(sentiment, [{"review": "kept apart", "l": "positive"}], label="l", split="test")
    tacit.add(sentiment, ["no label"])
    found = training_set(project, sentiment)
    assert list(found.data.columns["review"]) == [r["review"] for r in rows]
    assert found.data.target.argmax(1).tolist() == [1, 0, 1, 0, 1, 0]
    assert found.is_gold.all()
    assert found.votes is None
    assert len(found.ids) == 6


def test_voted_rows_join_with_soft_targets_and_those_without_a_vote_do_not(project: Any) -> None:
    sentiment = made()
    sentiment.labeling_function(lambda review: "positive" if "glad" in review else None)

    @sentiment.labeling_function
    def sad(review: str) -> str | None:
        return "negative" if "sad" in review else None

    tacit.add(sentiment, ["glad", "glad and sad", "neither"])
    found = training_set(project, sentiment)
    np.testing.assert_allclose(found.data.target[:, 0], [0.75, 0.5], atol=0.05)  # one vote is no certainty
    assert not found.is_gold.any()


def test_a_selection_brings_its_weights(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, [{"review": f"text {i}", "l": "positive"} for i in range(4)], label="l")
    ids = training_set(project, sentiment).ids
    found = training_set(project, sentiment, only=[ids[2], ids[0]], weights=[0.5, 2.0])
    assert found.ids == (ids[0], ids[2])
    np.testing.assert_array_equal(found.data.weight, [2.0, 0.5])


def test_the_digest_changes_with_the_rows_their_targets_and_their_weights(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, [{"review": f"text {i}", "l": "positive"} for i in range(4)], label="l")
    ids = training_set(project, sentiment).ids
    digests = [training_set(project, sentiment).digest, training_set(project, sentiment, only=ids[:3]).digest]
    digests.append(training_set(project, sentiment, only=ids, weights=[1, 1, 1, 2]).digest)
    tacit.label(sentiment, ids[0], "negative", by="ana")
    digests.append(training_set(project, sentiment).digest)
    assert len(set(digests)) == 4
    assert all(len(digest) == 32 for digest in digests)
    assert training_set(project, sentiment, only=ids).digest == digests[3]


def test_a_renamed_parameter_is_an_error_and_no_column_of_nothing(project: Any) -> None:
    tacit.add(made(), [{"review": f"text {i}", "l": "positive"} for i in range(4)], label="l")

    @task
    def sentiment(text: Text) -> Literal["positive", "negative"]:
        """?"""

    with pytest.raises(ColumnError, match=r'4 of 4 stored examples have no "text".*call it review again'):
        training_set(project, sentiment)


def test_nothing_to_learn_from_is_an_error_with_what_there_is(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, ["one", "two"])
    with pytest.raises(TooFewLabels, match="2 examples, 0 labeling functions, 0 labels"):
        training_set(project, sentiment)


def test_bounds_go_with_the_rows_that_are_learned_from(project: Any) -> None:
    sentiment = made()
    rows = [{"review": f"text {i}", "l": "positive", "who": f"p{i % 2}", "day": i} for i in range(6)]
    tacit.add(sentiment, rows, label="l", keep=["who", "day"])
    tacit.add(
        sentiment, [{"review": "kept apart", "l": "positive", "who": "p9", "day": 9}], label="l", keep=["who"], split="test"
    )
    tacit.add(sentiment, ["no label"])
    found = training_set(project, sentiment, groups="who", time="day").bounds
    assert found is not None
    assert found.groups == ['"p0"', '"p1"'] * 3
    assert found.times is not None
    assert found.times.tolist() == [0, 1, 2, 3, 4, 5]
    assert training_set(project, sentiment).bounds is None
