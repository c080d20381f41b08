"""The verb evaluate."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest

import tacit
from tacit import Text, task
from tacit.errors import ColumnError, TooFewLabels


@pytest.fixture
def sentiment(project: Any, tiny_reviews: list[dict[str, str]]) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    @sentiment.slice
    def concerts(review: str) -> bool:
        return "concert" in review

    @sentiment.slice
    def brittle(review: str) -> bool:
        return bool(review[500])

    tacit.add(sentiment, tiny_reviews[:40], label="label")
    tacit.train(sentiment, budget=10, learners=["tfidf-linear"])
    return sentiment


def test_rows_with_labels_are_measured_whole_and_by_slice(sentiment: Any, tiny_reviews: list[dict[str, str]]) -> None:
    rows = tiny_reviews[40:]
    report = tacit.evaluate(sentiment, rows, label="label")
    values = [p.value for p in tacit.predict(sentiment, [r["review"] for r in rows])]
    share = sum(v == r["label"] for v, r in zip(values, rows, strict=True)) / len(rows)
    assert report.metrics["accuracy"] == pytest.approx(share)
    low, high = report.intervals["accuracy"]
    assert low <= share <= high
    assert {"accuracy", "balanced", "macro_f1", "log_loss", "brier", "ece"} <= report.metrics.keys()
    assert report.n == 20
    concerts = report.slices["concerts"]
    assert concerts.n == sum("concert" in r["review"] for r in rows)
    assert "concerts" in str(report)
    json.dumps(report.to_dict())


def test_a_slice_that_raises_is_said_aloud(sentiment: Any, tiny_reviews: list[dict[str, str]]) -> None:
    report = tacit.evaluate(sentiment, tiny_reviews[40:], label="label")
    assert report.slices["brittle"].n == 0
    assert any("brittle raised IndexError" in note for note in report.notes)


def test_without_rows_the_test_rows_of_the_store_are_used(sentiment: Any, tiny_reviews: list[dict[str, str]]) -> None:
    with pytest.raises(TooFewLabels, match=r"FILE --label COLUMN, or add some with --split test"):
        tacit.evaluate(sentiment)
    tacit.add(sentiment, tiny_reviews[40:], label="label", split="test")
    assert tacit.evaluate(sentiment).n == 20


def test_rows_are_not_stored_by_being_measured(sentiment: Any, project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    before = project.store.count("sentiment")
    tacit.evaluate(sentiment, tiny_reviews[40:], label="label")
    assert project.store.count("sentiment") == before


def test_rows_without_labels_are_left_out_and_counted(sentiment: Any, tiny_reviews: list[dict[str, Any]]) -> None:
    rows = [*tiny_reviews[40:], {"review": "unknown", "label": None}]
    report = tacit.evaluate(sentiment, rows, label="label")
    assert report.n == 20
    assert any("1 row" in note for note in report.notes)


def test_rows_that_models_learn_from_are_no_measurement_and_the_report_says_so(
    sentiment: Any, tiny_reviews: list[dict[str, str]]
) -> None:
    report = tacit.evaluate(sentiment, tiny_reviews[35:45], label="label")
    assert any(note.startswith("5 of 10 rows are labeled examples of the store") for note in report.notes)
    assert not any("labeled examples" in note for note in tacit.evaluate(sentiment, tiny_reviews[40:], label="label").notes)


def test_what_is_missing_is_named(sentiment: Any, tiny_reviews: list[dict[str, str]]) -> None:
    with pytest.raises(ColumnError, match="label"):
        tacit.evaluate(sentiment, tiny_reviews, label="lable")
    with pytest.raises(tacit.TacitError, match="label"):
        tacit.evaluate(sentiment, tiny_reviews)


def test_one_class_only_in_the_rows_is_measured_too(sentiment: Any, tiny_reviews: list[dict[str, str]]) -> None:
    rows = [r for r in tiny_reviews if r["label"] == "positive"]
    assert 0 <= tacit.evaluate(sentiment, rows, label="label").metrics["accuracy"] <= 1


def test_numbers_have_their_own_metrics(project: Any, tiny_table: list[dict[str, Any]]) -> None:
    @task
    def price(size: float, town: str, age: int | None) -> float:
        """How much?"""

    tacit.add(price, tiny_table[:60], label="price")
    tacit.train(price, budget=10)
    report = tacit.evaluate(price, tiny_table[60:], label="price")
    assert {"r2", "mae", "rmse"} <= report.metrics.keys()
    assert "ece" not in report.metrics
