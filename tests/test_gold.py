"""What people said, as one target for each example."""

from __future__ import annotations

import secrets
from typing import Any, Literal

import pytest

import tacit
from tacit import Text, task
from tacit.events import log
from tacit.gold import gold


def made() -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """?"""

    return sentiment


def test_labels_of_one_example_vote_and_the_newest_of_a_person_counts(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, ["one"])
    (example,) = tacit.select(sentiment, 1, strategy="random").examples
    for value, by in [("positive", "ana"), ("negative", "ben"), ("negative", "cem"), ("negative", "ana"), ("positive", "ana")]:
        tacit.label(sentiment, example.id, value, by=by)
    found = gold(project, sentiment)
    assert found.ids == (example.id,)
    assert found.target[0, 1] > 0.9  # two against one
    assert {a.name: a.labels for a in found.annotators} == {"ana": 1, "ben": 1, "cem": 1}


def test_labels_given_later_can_be_left_out(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, [{"review": "one", "l": "positive"}], label="l")
    upto = project.store.count("sentiment").last_label_seq
    tacit.add(sentiment, [{"review": "two", "l": "negative"}], label="l")
    assert len(gold(project, sentiment).ids) == 2
    assert len(gold(project, sentiment, upto=upto).ids) == 1


def test_a_person_overrules_what_was_imported(project: Any) -> None:
    sentiment = made()
    rows = [{"review": "one", "l": "positive"}, {"review": "two", "l": "positive"}]
    tacit.add(sentiment, rows, label="l")
    first = next(project.store.examples("sentiment"))[0].id
    tacit.label(sentiment, first, "negative", by="ana")
    assert gold(project, sentiment).trusted[first].tolist() == [0, 1]
    tacit.label(sentiment, first, "positive", by="ben")
    assert first not in gold(project, sentiment).ids  # one says this and one says that: nothing is learned from it


def test_nobody_takes_a_teachers_word_back_by_using_their_name(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, ["one"])
    example = next(project.store.examples("sentiment"))[0].id
    tacit.label(sentiment, example, "negative", by="ana")
    said(project, sentiment, "one", "positive", "ana")
    found = gold(project, sentiment)
    assert found.trusted[example].argmax() == 1
    assert {(a.name, a.source) for a in found.annotators} == {("ana", "human"), ("ana", "feedback")}


def test_two_who_lie_together_are_still_a_small_part(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, [{"review": f"text {i}", "l": "positive"} for i in range(100)], label="l")
    for i in range(100):
        for by in ("mallory", "trudy"):
            said(project, sentiment, f"new {i}", "negative", by)
    found = gold(project, sentiment)
    assert found.weight[found.target[:, 1] > 0.5].sum() <= 31


def test_of_numbers_users_say_only_what_nobody_else_said_and_little(project: Any) -> None:
    @task
    def stars(review: Text) -> float:
        """?"""

    tacit.add(stars, [{"review": f"text {i}", "l": 1.0} for i in range(300)], label="l")
    for text in ["text 0", *(f"new {i}" for i in range(60))]:
        row = tacit.Prediction(1000.0, None, {}, None, secrets.token_hex(16))
        log(project, stars, {"review": [text]}, [row])
        tacit.feedback(stars, row.id, 1000.0, by="mallory")
    found = gold(project, stars)
    assert found.target[:300].tolist() == [1.0] * 300
    assert found.weight[300:].tolist() == [0.5] * 60


def test_no_labels_are_no_rows(project: Any) -> None:
    found = gold(project, made())
    assert (found.ids, found.target.shape, found.annotators) == ((), (0, 2), ())


def said(project: Any, task: Any, text: str, value: str, by: str) -> None:
    """Feedback on what the task answered to a text; nothing was trained, so the answer is made up."""
    row = tacit.Prediction(value, 0.5, {}, None, secrets.token_hex(16))
    log(project, task, {"review": [text]}, [row])
    tacit.feedback(task, row.id, value, by=by)


def test_a_user_who_contradicts_everybody_is_left_out_and_one_who_agrees_is_heard(project: Any) -> None:
    sentiment = made()
    rows = [{"review": f"text {i}", "l": "positive" if i % 2 else "negative"} for i in range(40)]
    tacit.add(sentiment, rows, label="l")
    for i, row in enumerate(rows[:20]):
        said(project, sentiment, row["review"], "negative" if i % 2 else "positive", "mallory")
        said(project, sentiment, row["review"], row["l"], "ann")
    for i in range(10):
        said(project, sentiment, f"new {i}", "negative", "mallory")
        said(project, sentiment, f"newer {i}", "negative", "ann")
    found = gold(project, sentiment)
    people = {a.name: a for a in found.annotators}
    assert people["mallory"].reliability < 0.5 < 0.85 < people["ann"].reliability
    assert (people["mallory"].weight, people["ann"].met) == (pytest.approx(0, abs=0.7), 20)
    assert len(found.ids) == 50  # of the new examples only those that ann spoke of
    assert found.target[:40].argmax(1).tolist() == [0 if i % 2 else 1 for i in range(40)]


def test_who_cannot_be_compared_with_anybody_has_a_small_share_of_the_say(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, [{"review": f"text {i}", "l": "positive"} for i in range(300)], label="l")
    for i in range(100):
        said(project, sentiment, f"new {i}", "negative", "mallory")
    (nobody, mallory) = gold(project, sentiment).annotators
    assert (nobody.source, nobody.weight, mallory.met) == ("import", 1.0, 0)
    assert 100 * mallory.weight <= 30
    assert gold(project, sentiment).sure.sum() == 300


def test_feedback_without_a_name_is_heard_in_full_and_does_not_overrule(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, [{"review": "one", "l": "positive"}], label="l")
    for text in ("one", "two"):
        said(project, sentiment, text, "negative", "")
    found = gold(project, sentiment)
    assert found.target.argmax(1).tolist() == [0, 1]
    assert found.target[0, 0] < 1  # but it is doubted now
    assert found.sure.all()
