"""Examples can be searched, filtered and paged through, and nothing that a person types is special."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tacit
from tacit import Text
from tacit.browsing import browse, fresh, labels_of, neighbors, sample, values
from tacit.store import Row, Store


@tacit.task
def sentiment(review: Text, stars: int | None) -> Literal["positive", "negative"]:
    """Is this review glad or sad?"""


@pytest.fixture
def store(project: Any) -> Any:
    rows = [{"review": f"review number {i}", "stars": i, "label": "positive" if i % 3 else "negative"} for i in range(40)]
    tacit.add(sentiment, rows[:20], label="label")
    tacit.add(sentiment, rows[20:30], label="label", split="test")
    tacit.add(sentiment, [{"review": r["review"], "stars": r["stars"]} for r in rows[30:]])
    return project.store


def reviews(page: Any) -> list[str]:
    return [seen.example.inputs["review"] for seen in page.shown]


def test_pages_go_on_in_the_order_the_examples_came_and_back_again(store: Any) -> None:
    first = browse(store, "sentiment", size=15)
    assert reviews(first) == [f"review number {i}" for i in range(15)]
    assert first.before is None
    second = browse(store, "sentiment", size=15, after=first.after)
    third = browse(store, "sentiment", size=15, after=second.after)
    assert reviews(third) == [f"review number {i}" for i in range(30, 40)]
    assert third.after is None
    assert browse(store, "sentiment", size=15, before=third.before) == second
    assert browse(store, "sentiment", size=15, before=second.before) == first


def test_a_page_stays_the_same_while_examples_are_added(store: Any) -> None:
    second = browse(store, "sentiment", size=10, after=10)
    tacit.add(sentiment, [{"review": "one more", "stars": None}])
    assert reviews(browse(store, "sentiment", size=10, after=10)) == reviews(second)


def test_filters_are_those_of_labels_and_splits(store: Any) -> None:
    assert len(browse(store, "sentiment", labeled=True).shown) == 30
    assert len(browse(store, "sentiment", labeled=False).shown) == 10
    assert len(browse(store, "sentiment", split="test").shown) == 10
    assert len(browse(store, "sentiment", split=None).shown) == 30
    assert browse(store, "sentiment", split="train").shown == ()


def test_a_search_is_in_values_and_not_in_the_names_of_inputs(store: Any) -> None:
    tacit.add(sentiment, [{"review": "the stars were out", "stars": None}])
    assert reviews(browse(store, "sentiment", text="STARS")) == ["the stars were out"]
    assert reviews(browse(store, "sentiment", text="37")) == ["review number 37"]


def test_a_search_finds_an_example_by_the_start_of_its_id(store: Any) -> None:
    wanted = browse(store, "sentiment").shown[7].example
    assert [s.example.id for s in browse(store, "sentiment", text=wanted.id[:10].upper()).shown] == [wanted.id]


@pytest.mark.parametrize(
    "text", ["100%", "snake_case", "back\\slash", 'a "quote"', "tab\tin", "line\nin", "'; DROP TABLE", "Ünï \U0001f642"]
)
def test_what_a_search_holds_is_never_special(store: Any, text: str) -> None:
    tacit.add(
        sentiment, [{"review": f"it said {text} there", "stars": None}, {"review": "100x snakeXcase backslash", "stars": 1}]
    )
    assert reviews(browse(store, "sentiment", text=text)) == [f"it said {text} there"]


@pytest.fixture(scope="session")
def one_example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("store")) as store:
        store.add("sentiment", [Row("ab" * 16, '{"review":"Loved it","stars":null}')], source="import")
        yield store


@given(st.text(max_size=300))
def test_any_search_has_an_answer(one_example: Store, text: str) -> None:
    found = browse(one_example, "sentiment", text=text).shown
    assert bool(found) == (
        text.strip().casefold() in "loved it" or (len(text.strip()) > 5 and ("ab" * 16).startswith(text.strip()))
    )


def test_a_search_that_finds_little_stops_and_can_go_on(store: Any) -> None:
    # "stars" is the name of an input of every example and a value of none, so the database cannot rule any out.
    tacit.add(sentiment, [{"review": f"filler {i}", "stars": 5} for i in range(5_200)])
    tacit.add(sentiment, [{"review": "reviewed at last", "stars": 5}])
    page = browse(store, "sentiment", text="reviewe")
    assert reviews(page) == ["reviewed at last"]
    first = browse(store, "sentiment", text="stars")
    assert (first.shown, first.after) == ((), 5_000)
    assert browse(store, "sentiment", text="stars", after=first.after).after is None


def test_who_said_what_is_told_with_what_was_taken_back(store: Any) -> None:
    example = browse(store, "sentiment", labeled=False).shown[0].example
    tacit.label(sentiment, example.id, "positive", by="ada")
    tacit.label(sentiment, example.id, "negative", by="ada")
    tacit.label(sentiment, example.id, "positive", by="ben")
    said = labels_of(store, "sentiment", [example.id])[example.id]
    assert [(s.by, s.value, s.stands) for s in said] == [
        ("ada", "positive", False),
        ("ada", "negative", True),
        ("ben", "positive", True),
    ]


def test_values_are_counted_by_what_stands(store: Any) -> None:
    assert values(store, "sentiment") == [("positive", 20), ("negative", 10)]
    example = browse(store, "sentiment", labeled=False).shown[0].example
    tacit.label(sentiment, example.id, "positive", by="ada")
    tacit.label(sentiment, example.id, "negative", by="ada")
    assert values(store, "sentiment") == [("positive", 20), ("negative", 11)]
    assert values(store, "sentiment", most=1) == [("positive", 20)]


def test_an_example_knows_its_neighbors(store: Any) -> None:
    shown = [s.example for s in browse(store, "sentiment").shown]
    assert neighbors(store, "sentiment", shown[0]) == (None, shown[1].id)
    assert neighbors(store, "sentiment", shown[39]) == (shown[38].id, None)


def test_a_sample_is_the_same_each_time_and_says_how_many_there_are(store: Any) -> None:
    ids, total = sample(store, "sentiment", "test", 4)
    assert (len(ids), total) == (4, 10)
    assert ids == sorted(ids) == sample(store, "sentiment", "test", 4)[0]


def test_fresh_labels_are_those_of_this_task_that_can_be_learned_from(store: Any) -> None:
    upto = store.count("sentiment").last_label_seq
    assert fresh(store, "sentiment", upto) == 0
    pool, tested = browse(store, "sentiment", labeled=False).shown[0], browse(store, "sentiment", split="test").shown[0]
    tacit.label(sentiment, pool.example.id, "positive", by="ada")
    tacit.label(sentiment, tested.example.id, "positive", by="ada")
    assert fresh(store, "sentiment", upto) == 1
    assert fresh(store, "other", 0) == 0
