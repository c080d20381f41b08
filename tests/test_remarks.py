"""What a reader of a run is told of the rows."""

from __future__ import annotations

import secrets
from typing import Any, Literal

import tacit
from tacit import Text, task
from tacit.datasets import training_set
from tacit.events import log
from tacit.ladder import USUAL, Mixed
from tacit.remarks import remarks


def reviews(project: Any, rows: list[dict[str, str]]) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    tacit.add(sentiment, rows, label="label")
    return sentiment


def test_labels_alone_give_nothing_to_say(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews(project, tiny_reviews)
    assert remarks(training_set(project, sentiment), None, {}, None, None) == []


def test_it_says_how_labels_and_votes_were_mixed_and_that_a_score_is_only_agreement(
    project: Any, tiny_reviews: list[dict[str, str]]
) -> None:
    sentiment = reviews(project, tiny_reviews[:30])
    tacit.add(sentiment, [r["review"] for r in tiny_reviews[30:]])
    sentiment.labeling_function(lambda review: "positive" if "great" in review else "negative")
    rows = training_set(project, sentiment)
    mixed = Mixed(USUAL, "linear", "accuracy", {"both": (0.9, 0.8, 0.95)}, 30, 140, "about")
    (note,) = remarks(rows, mixed, {}, None, None)
    assert note == (
        "labels and votes are learned from, as 30 held-out labels tell by linear: "
        "accuracy of both 0.900 (0.800 to 0.950); the votes are worth about 140 labels"
    )
    few = reviews(project, tiny_reviews[:3])
    few.labeling_function(lambda review: "positive")
    assert "only 3 examples are labeled" not in str(remarks(rows, mixed, {}, None, None))


def test_who_counts_for_little_is_named(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews(project, tiny_reviews)
    for i, row in enumerate(tiny_reviews[:20]):
        wrong = "negative" if row["label"] == "positive" else "positive"
        for text, by in ((row["review"], "mallory"), (f"unseen {i}", "mallory"), (f"new {i}", "sam"), (f"newer {i}", "sam")):
            answer = tacit.Prediction(wrong, 0.5, {}, None, secrets.token_hex(16))
            log(project, sentiment, {"review": [text]}, [answer])
            tacit.feedback(sentiment, answer.id, wrong, by=by)
    liar, unknown = remarks(training_set(project, sentiment), None, {}, None, None)
    assert liar.startswith("40 labels of mallory count for ")
    assert liar.endswith("as 20 examples tell that others labeled too")
    assert unknown == "40 labels of sam count for 0.33 of a label each, since nobody else labeled any of these examples"
