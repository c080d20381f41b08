"""Asking labeling functions once, and keeping what they say."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Span, Text, task
from tacit.errors import FunctionError
from tacit.polling import poll


class Counter:
    """How often a function was called; no part of its code."""

    calls = 0


def soft(review: str) -> Any:
    Counter.calls += 1
    if "raise" in review:
        raise ValueError("no")
    return {"positive": 0.75} if "love" in review else None if "Monday" in review else "negative"


def made(project: Any) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    sentiment.labeling_function(soft)
    tacit.add(sentiment, ["I love it", "Refund", "It came on Monday", "please raise"])
    return project.task(sentiment)


def test_what_a_code_cannot_hold_is_kept_and_comes_back_from_the_store(project: Any) -> None:
    Counter.calls = 0
    sentiment = made(project)
    for turn in range(2):
        said = poll(project, sentiment)
        (book,) = said.books
        assert book.votes.tolist() == [0, 1, -1, -2]
        assert book.more is not None
        np.testing.assert_array_equal(book.more, [[0.75, 0.25], *[[np.nan, np.nan]] * 3])
        assert Counter.calls == 4 + turn  # where it failed it is asked again
        assert [f.example for f in book.failures.values()] == [said.ids[3]]


def test_new_examples_are_asked_about_and_the_others_are_not(project: Any) -> None:
    sentiment = made(project)
    poll(project, sentiment)
    Counter.calls = 0
    tacit.add(sentiment, ["I would love another"])
    (book,) = poll(project, sentiment).books
    assert book.more is not None
    assert book.more[[0, 4]].tolist() == [[0.75, 0.25]] * 2
    assert np.isnan(book.more[1:4]).all()
    assert Counter.calls == 2  # the new one, and the one that failed


def test_what_came_later_is_left_out_of_a_poll_of_before(project: Any) -> None:
    sentiment = made(project)
    count = project.store.count(sentiment.name)
    tacit.add(sentiment, ["I would love another"])
    poll(project, sentiment)
    assert len(poll(project, sentiment, last=count.last_example_seq).ids) == 4


def test_a_deadline_that_is_over_asks_nothing(project: Any) -> None:
    sentiment = made(project)
    Counter.calls = 0
    said = poll(project, sentiment, deadline=0.0)
    assert (len(said.ids), said.books[0].asked, Counter.calls) == (4, 0, 0)


def test_test_rows_are_told(project: Any) -> None:
    sentiment = made(project)
    tacit.add(sentiment, [{"review": "never again", "l": "negative"}], label="l", split="test")
    assert poll(project, sentiment).tests.tolist() == [False] * 4 + [True]


@pytest.mark.parametrize("price", [4.5, 3.0])
def test_numbers_are_kept_to_the_last_digit(project: Any, price: float) -> None:
    @task
    def stars(review: Text) -> float:
        """How many stars?"""

    stars.labeling_function(lambda review: price / 7)
    tacit.add(stars, ["fine"])
    for _ in range(2):
        (book,) = poll(project, project.task(stars)).books
        assert book.more is not None
        assert book.more.tolist() == [price / 7]


def test_marks_and_sets_come_back_from_the_store(project: Any) -> None:
    @task
    def names(text: Text) -> list[Span[Literal["person"]]]:
        """Who?"""

    @task
    def topics(text: Text) -> set[Literal["a", "b"]]:
        """What?"""

    names.labeling_function(lambda text: [Span(0, 3, "person")] if "Ann" in text else None)
    topics.labeling_function(lambda text: {"b"} if "Ann" in text else None)
    for one in (names, topics):
        tacit.add(one, ["Ann is here", "nobody"])
    for _ in range(2):
        (book,) = poll(project, project.task(names)).books
        assert book.more is not None
        assert book.more.tolist() == [[{"start": 0, "end": 3, "label": "person"}], None]
        (book,) = poll(project, project.task(topics)).books
        assert book.more is not None
        assert book.more.tolist() == [[-1, 1], [-1, -1]]


def test_votes_on_another_kind_of_answer_are_not_taken_for_these(project: Any) -> None:
    def says_a(text: str) -> Any:
        return "a"

    @task(name="same")
    def one(text: Text) -> Literal["a", "b"]:
        """Which?"""

    @task(name="same")
    def several(text: Text) -> set[Literal["a", "b"]]:
        """Which?"""

    one.labeling_function(says_a)
    several.labeling_function(says_a)
    tacit.add(one, ["x"])
    assert poll(project, one).books[0].votes.tolist() == [0]
    with pytest.raises(FunctionError, match='returned "a", which is "a", a str; it is a set'):
        poll(project, several)
