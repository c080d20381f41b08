"""What people said, as one target for each example."""

from __future__ import annotations

from typing import Any, Literal

import tacit
from tacit import Text, task
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
    ids, target = gold(project, sentiment)
    assert ids == [example.id]
    assert target.round(3).tolist() == [[0.333, 0.667]]


def test_labels_given_later_can_be_left_out(project: Any) -> None:
    sentiment = made()
    tacit.add(sentiment, [{"review": "one", "l": "positive"}], label="l")
    upto = project.store.count("sentiment").last_label_seq
    tacit.add(sentiment, [{"review": "two", "l": "negative"}], label="l")
    assert len(gold(project, sentiment)[0]) == 2
    assert len(gold(project, sentiment, upto=upto)[0]) == 1


def test_a_person_overrules_what_was_imported(project: Any) -> None:
    sentiment = made()
    rows = [{"review": "one", "l": "positive"}, {"review": "two", "l": "positive"}]
    tacit.add(sentiment, rows, label="l")
    first = next(project.store.examples("sentiment"))[0].id
    tacit.label(sentiment, first, "negative", by="ana")
    assert gold(project, sentiment)[1].tolist() == [[0, 1], [1, 0]]
    tacit.label(sentiment, first, "positive", by="ben")
    assert gold(project, sentiment)[1].tolist() == [[0.5, 0.5], [1, 0]]


def test_no_labels_are_no_rows(project: Any) -> None:
    ids, target = gold(project, made())
    assert (ids, target.shape) == ([], (0, 2))
