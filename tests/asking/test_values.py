"""What functions return, as votes."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit import Between, Span
from tacit.asking.values import blank, classes_of, described, example_of, vote_of
from tacit.types import Unfit, output_kind

MOOD = output_kind(Literal["glad", "sad", "calm"])
TAGS = output_kind(set[Literal["a", "b"]])
STARS = output_kind(Annotated[float, Between(0, 5)])
NAMES = output_kind(list[Span[Literal["person", "place"]]])


def test_none_abstains_whatever_the_answer() -> None:
    assert [vote_of(None, kind) for kind in (MOOD, TAGS, STARS, NAMES)] == [(-1, None)] * 4


@pytest.mark.parametrize(
    ("kind", "value", "vote"),
    [
        (MOOD, "sad", (1, None)),
        (MOOD, {"sad": 0.5, "glad": 0.3, "calm": 0.2}, (1, [0.3, 0.5, 0.2])),
        (MOOD, {"sad": 0.6}, (1, [0.2, 0.6, 0.2])),  # the rest is shared by those that are not named
        (MOOD, {"sad": 0.0}, (0, [0.5, 0.0, 0.5])),
        (MOOD, {"calm": 1}, (2, None)),
        (MOOD, {"glad": 1 / 3}, (-1, None)),  # equal shares say nothing
        (MOOD, {"sad": np.float32(0.5), "glad": np.float32(0.5)}, (0, [0.5, 0.5, 0.0])),
        (TAGS, {"a"}, (0, [1, -1])),  # of b nothing is said
        (TAGS, set(), (0, [0, 0])),  # none of them
        (TAGS, {"a": False, "b": np.True_}, (0, [0, 1])),
        (STARS, np.float64(4.5), (0, 4.5)),
        (STARS, 4, (0, 4.0)),
        (NAMES, [Span(0, 3, "person")], (0, [{"start": 0, "end": 3, "label": "person"}])),
        (NAMES, [], (0, [])),
    ],
)
def test_a_value_that_fits_is_a_vote(kind: Any, value: Any, vote: tuple[int, Any]) -> None:
    code, more = vote_of(value, kind)
    assert code == vote[0]
    assert more == (pytest.approx(vote[1]) if kind is MOOD and more is not None else vote[1])


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (MOOD, {}, "is an empty dict"),
        (TAGS, {}, "the empty set is set()"),
        (MOOD, {"sad": 0.5, np.str_("sad"): 0.5, b"sad": 0.4}, 'names "sad" twice'),
        (TAGS, {"a": True, b"a": True}, 'names "a" twice'),
        (MOOD, {"sda": 0.5}, 'names "sda"'),
        (MOOD, {"sad": 1.5}, 'has a share of "sad" that is 1.5, outside 0 to 1'),
        (MOOD, {"sad": float("nan")}, 'has a share of "sad" that is missing'),
        (MOOD, {"sad": 0.8, "glad": 0.8}, "has shares that are 1.6 together"),
        (MOOD, {"sad": 0.1, "glad": 0.1, "calm": 0.1}, "has shares that are 0.3 together"),
        (TAGS, {"a": 0.5}, 'says 0.5 of "a", which is neither True nor False'),
        (TAGS, {"c"}, 'is "c"'),
        (STARS, 7, "outside 0 to 5"),
        (STARS, float("inf"), "not a finite number"),
        (STARS, {"sad": 1}, "not a number"),
        (NAMES, [(3, 1, "person")], "ends after its start"),
        (NAMES, "Ann", "spans are a list"),
    ],
)
def test_what_does_not_fit_says_why(kind: Any, value: Any, reason: str) -> None:
    with pytest.raises(Unfit, match=re.escape(reason)):
        vote_of(value, kind)


def test_a_slip_in_a_soft_vote_is_guessed() -> None:
    with pytest.raises(Unfit) as caught:
        vote_of({"sda": 0.5}, MOOD)
    assert caught.value.near == "sad"


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda p: sum(p) > 1e-3))
def test_a_soft_vote_is_for_the_likeliest_class_and_sums_to_one(weights: list[float]) -> None:
    shares = [w / sum(weights) for w in weights]
    code, more = vote_of(dict(zip(("glad", "sad", "calm"), shares, strict=True)), MOOD)
    if code >= 0 and more is not None:
        assert sum(more) == pytest.approx(1)
        assert more[code] == max(more)


def test_classes_and_descriptions() -> None:
    assert [classes_of(kind) for kind in (MOOD, TAGS, NAMES)] == [("glad", "sad", "calm"), ("a", "b"), ("person", "place")]
    assert classes_of(STARS) == ("Annotated[float, Between(0, 5)]",)
    assert described(MOOD) == '"glad", "sad" or "calm", or shares of them in a dict'
    assert described(TAGS) == 'a set of "a" or "b", or a dict that says True or False of some'
    assert described(STARS) == "a number from 0 to 5"
    assert described(output_kind(int)) == "a whole number"
    assert described(NAMES) == 'a list of Span(start, end, label), with "person" or "place"'


@pytest.mark.parametrize("kind", [MOOD, TAGS, STARS, NAMES, output_kind(Annotated[int, Between(3, 9)]), output_kind(bool)])
def test_the_example_of_what_may_be_returned_is_a_vote(kind: Any) -> None:
    names = {"true": True, "false": False, "Span": Span}
    assert vote_of(eval(example_of(kind), {}, names), kind).code >= 0


@pytest.mark.parametrize("kind", [MOOD, TAGS, STARS, NAMES])
def test_before_anything_is_said_there_is_a_blank_for_each_vote(kind: Any) -> None:
    assert len(blank(kind, 4)) == 4
