"""Logged predictions, and feedback on them."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

import pytest

import tacit
from tacit import Image, Text, task
from tacit.errors import OutsideType, UnknownPrediction
from tacit.events import correct


class Mood(Enum):
    GLAD = "glad"
    SAD = "sad"


@pytest.fixture
def sentiment(project: Any, tiny_reviews: list[dict[str, str]]) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    tacit.add(sentiment, tiny_reviews, label="label")
    tacit.train(sentiment, budget=10, learners=["tfidf-linear"])
    return sentiment


def test_only_predictions_that_are_asked_to_be_logged_are(sentiment: Any, project: Any) -> None:
    sentiment("great")
    (unlogged,) = tacit.predict(sentiment, ["great"])
    assert list(project.store.predictions("sentiment")) == []
    logged = tacit.predict(sentiment, [f"great {i}" for i in range(30)], log=True)
    ((*stored,),) = project.store.predictions("sentiment")
    assert [(s.id, s.value, s.release) for s in stored] == [(p.id, p.value, 1) for p in logged]
    with pytest.raises(UnknownPrediction, match="tacit predict sentiment ROWS --log"):
        tacit.feedback(sentiment, unlogged.id, "negative")


def test_feedback_is_an_event_and_a_label_that_training_sees(sentiment: Any, project: Any) -> None:
    (asked,) = tacit.predict(sentiment, ["a mixed evening"], log=True)
    said = tacit.feedback("sentiment", asked.id, "negative")
    assert (said.id, said.inputs, said.value) == (asked.id, {"review": "a mixed evening"}, "negative")
    assert tacit.feedbacks(sentiment) == [said]
    assert project.store.count("sentiment").labels == {"feedback": 1, "import": 60}
    run = tacit.train(sentiment, budget=10, learners=["tfidf-linear"])
    assert run.labels["gold"] == 61


def test_a_corrected_feedback_supersedes_and_both_are_listed(sentiment: Any, project: Any) -> None:
    (asked,) = tacit.predict(sentiment, ["a mixed evening"], log=True)
    tacit.feedback(sentiment, asked.id, "negative")
    tacit.feedback(sentiment, asked.id, "positive")
    assert [f.value for f in tacit.feedbacks(sentiment)] == ["negative", "positive"]
    assert [label.value for label in project.store.labels("sentiment") if label.source == "feedback"] == ["positive"]


def test_feedback_from_several_people_on_one_text_all_counts(sentiment: Any, project: Any) -> None:
    for asked, value in zip(tacit.predict(sentiment, ["hm"] * 3, log=True), ("positive", "positive", "negative"), strict=True):
        tacit.feedback(sentiment, asked.id, value)
    labels = [label.value for label in project.store.labels("sentiment") if label.source == "feedback"]
    assert sorted(labels) == ["negative", "positive", "positive"]


@pytest.mark.parametrize("value", ["postive", None, "", 7, ["positive"], {"a": 1}])
def test_a_value_outside_the_type_is_refused_and_nothing_is_stored(sentiment: Any, project: Any, value: Any) -> None:
    (asked,) = tacit.predict(sentiment, ["hm"], log=True)
    with pytest.raises(OutsideType, match=f"next: tacit feedback sentiment {asked.id} "):
        tacit.feedback(sentiment, asked.id, value)
    assert tacit.feedbacks(sentiment) == []


@pytest.mark.parametrize("id", ["", "no-such", "0" * 32, "x" * 5000, "\ud800" * 32, "é" * 32, 7, None])
def test_an_unknown_id_is_refused(sentiment: Any, id: Any) -> None:
    with pytest.raises(UnknownPrediction, match="was logged for sentiment"):
        tacit.feedback(sentiment, id, "positive")


def test_an_id_of_another_task_is_refused_and_a_near_one_is_named(sentiment: Any) -> None:
    @task
    def other(text: Text) -> bool:
        """?"""

    (asked,) = tacit.predict(sentiment, ["hm"], log=True)
    with pytest.raises(UnknownPrediction, match="is of sentiment, not of other"):
        tacit.feedback(other, asked.id, True)
    with pytest.raises(UnknownPrediction, match=f"the nearest is {asked.id}"):
        tacit.feedback(sentiment, asked.id[:6] + "0" * 26, "positive")


def test_several_corrections_stand_or_fall_alone(sentiment: Any, project: Any) -> None:
    first, second = tacit.predict(sentiment, ["one", "two"], log=True)
    good, unknown, outside, again = correct(
        project,
        [(first.id, "negative", ""), ("nothing", "negative", ""), (second.id, "nothing", ""), (second.id, "positive", "ann")],
        task=sentiment,
    )
    assert isinstance(unknown, UnknownPrediction)
    assert isinstance(outside, OutsideType)
    assert isinstance(good, tuple)
    assert isinstance(again, tuple)
    assert [(f.id, f.value) for f in tacit.feedbacks(sentiment)] == [(first.id, "negative"), (second.id, "positive")]


def test_enums_and_images_come_back(project: Any, tiny_pictures: list[dict[str, Any]]) -> None:
    @task
    def mood(photo: Image) -> Mood:
        """?"""

    rows = [{"photo": r["photo"], "label": "glad" if r["label"] == "left" else "sad"} for r in tiny_pictures]
    tacit.add(mood, rows, label="label")
    tacit.train(mood, budget=10, learners=["pixels-linear"])
    (asked,) = tacit.predict(mood, [rows[0]["photo"]], log=True)
    said = tacit.feedback(mood, asked.id, Mood.SAD)
    assert said.value is Mood.SAD
    (listed,) = tacit.feedbacks(mood)
    assert listed.value is Mood.SAD
    blob = listed.inputs["photo"]["blob"]
    assert blob in project.store.blobs([blob])
