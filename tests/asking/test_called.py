"""Running labeling functions and slices."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pytest

from tacit import Text, task
from tacit.asking import Ballot, members, voter
from tacit.errors import FunctionError
from tacit.functions import LabelingFunction, Slice
from tacit.types import Category, output_kind

REVIEWS = [{"review": text} for text in ("I love it", "refund, please", "it came on Monday")]
IDS = ["a" * 32, "b" * 32, "c" * 32]


@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    """Glad or sad?"""


OUTPUT = sentiment.signature.output
assert isinstance(OUTPUT, Category)


def asked(function: Any) -> Any:
    fresh = task(sentiment.function)
    fresh.labeling_function(function)
    ballot = Ballot.blank(3)
    voter(fresh.labeling_functions[0], OUTPUT).ask(REVIEWS, IDS, ballot, math.inf)
    return ballot


def test_values_of_the_return_type_are_votes_and_none_abstains() -> None:
    def rule(review: str) -> str | None:
        return "positive" if "love" in review else "negative" if "refund" in review else None

    assert asked(rule).votes == [0, 1, -1]


@pytest.mark.parametrize(
    ("annotation", "value", "vote"),
    [
        (Literal["positive", "negative"], np.str_("negative"), 1),
        (Literal["positive", "negative"], np.array("negative"), 1),
        (bool, np.bool_(False), 0),
        (Literal[1, 2, 3], np.int64(2), 1),
        (Literal[1, 2, 3], np.uint8(3), 2),
        (Literal[1, 2, 3], np.float32(3), 2),
    ],
)
def test_a_numpy_value_that_equals_a_class_is_a_vote_too(annotation: Any, value: Any, vote: int) -> None:
    output = output_kind(annotation)
    assert isinstance(output, Category)
    ballot = Ballot.blank(1)
    voter(LabelingFunction("f", lambda review: value), output).ask(REVIEWS[:1], IDS[:1], ballot, math.inf)
    assert ballot.votes == [output.index(output.classes[vote])]


@pytest.mark.parametrize("value", [np.array(["negative"]), np.float64("nan"), np.array(["negative", "positive"])])
def test_an_array_is_none(value: Any) -> None:
    with pytest.raises(FunctionError, match="None abstains"):
        asked(lambda review: value)


def test_what_has_to_be_awaited_or_iterated_is_no_value() -> None:
    async def later(review: str) -> str:
        return "negative"

    def yields(review: str) -> Iterator[str]:
        yield "negative"

    for function, kind in ((later, "coroutine"), (yields, "generator")):
        with pytest.raises(FunctionError, match=f"returned <{kind} object"):
            asked(lambda review, function=function: function(review))


def test_an_exception_is_kept_with_function_line_and_example_and_is_no_vote() -> None:
    def rule(review: str) -> str:
        if "refund" in review:
            raise KeyError("no such thing")
        return "positive"

    ballot = asked(rule)
    assert ballot.votes == [0, -2, 0]
    (failure,) = ballot.failures
    line = rule.__code__.co_firstlineno + 2
    assert (failure.function, failure.example) == ("rule", IDS[1])
    assert failure.where.endswith(f"test_called.py:{line}")
    assert "KeyError: 'no such thing'" in str(failure)


def test_a_value_outside_the_type_names_the_function_its_line_and_the_nearest_value() -> None:
    def asks_for_refund(review: str) -> str:
        return "negatve"

    with pytest.raises(FunctionError) as caught:
        asked(asks_for_refund)
    said = str(caught.value)
    assert said.startswith('asks_for_refund returned "negatve"; it returns "positive" or "negative" (None abstains).')
    assert f"test_called.py:{asks_for_refund.__code__.co_firstlineno}" in said
    assert 'next: return "negative"' in said


@pytest.mark.parametrize("value", [1, True, [], {}, object(), ["positive"]])
def test_other_values_are_refused_too_also_those_that_cannot_be_hashed(value: object) -> None:
    with pytest.raises(FunctionError, match="None abstains"):
        asked(lambda review: value)


def test_a_slice_says_yes_or_no_and_where_it_raised_an_example_is_not_in_it() -> None:
    fresh = task(sentiment.function)

    @fresh.slice
    def short(review: str) -> bool:
        if "Monday" in review:
            raise ValueError("Mondays")
        return len(review) < 12

    inside, failures = members(fresh.slices[0], REVIEWS, IDS)
    assert inside.tolist() == [True, False, False]
    assert [f.error for f in failures] == ["raised ValueError: Mondays"]


def test_a_slice_that_returns_something_else_is_an_error() -> None:
    fresh = task(sentiment.function)
    fresh.slice(lambda review: "yes")
    with pytest.raises(FunctionError, match="True or False"):
        members(fresh.slices[0], REVIEWS, IDS)


def test_a_slice_that_is_too_slow_too_often_is_not_asked_about_the_rest() -> None:
    given = [{"review": str(i)} for i in range(50)]
    slow = Slice("slow", lambda review: time.sleep(10), 0.01)
    inside, failures = members(slow, given, [f"{i:032x}" for i in range(50)])
    assert not inside.any()
    assert [f.error for f in failures] == ["took longer than 0.01 s"] * 3 + [
        "was too slow to be asked about this and what follows"
    ]
