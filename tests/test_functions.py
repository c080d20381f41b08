"""Labeling functions and slices, as they are registered on a task."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal

import pytest

from tacit.errors import OptionError, SignatureError
from tacit.functions import place
from tacit.tasks import task
from tacit.types import Text


def sentiment(review: Text) -> Literal["positive", "negative"]:
    """Is this review glad or sad?"""


def test_the_place_of_a_builtin_is_its_name() -> None:
    assert place(len) == "builtins.len"


@pytest.mark.parametrize("kind", ["labeling_function", "slice"])
def test_functions_are_registered_in_order_and_stay_functions(kind: str) -> None:
    made = task(sentiment)
    register = getattr(made, kind)

    @register
    def first(review: str) -> bool:
        return True

    @register()
    def second(text: str) -> bool:  # the name of its parameter is its own affair
        return False

    members = made.labeling_functions if kind == "labeling_function" else made.slices
    assert [m.name for m in members] == ["first", "second"]
    assert [m.function for m in members] == [first, second]
    assert first("x") is True
    assert members[0].where == place(first)


def test_tasks_do_not_share_their_functions() -> None:
    one, other = task(sentiment), task(sentiment)
    one.labeling_function(len)
    assert other.labeling_functions == []


@pytest.mark.parametrize("kind", ["labeling_function", "slice"])
def test_two_of_one_name_are_refused(kind: str) -> None:
    register = getattr(task(sentiment), kind)

    def short(review: str) -> bool:
        return len(review) < 40

    register(short)
    with pytest.raises(SignatureError, match=f"sentiment has two {kind.replace('_', ' ')}s named short"):
        register(short)


def test_a_slice_may_have_the_name_of_a_labeling_function() -> None:
    made = task(sentiment)
    made.labeling_function(len)
    made.slice(len)
    assert [m.name for m in [*made.labeling_functions, *made.slices]] == ["len", "len"]


def test_parameters_that_cannot_take_the_inputs_are_refused() -> None:
    def price(about: Text, beds: int) -> float: ...

    made = task(price)
    wrong: list[Callable[..., Any]] = [lambda: 1, lambda a: 1, lambda a, b, c: 1, lambda *, about, beds: 1, dict]
    for function in wrong:
        with pytest.raises(SignatureError, match=r"cannot take the inputs of price\(about: Text, beds: int\) -> float") as caught:
            made.labeling_function(function)
        assert "(about, beds):" in caught.value.next
    for right in (lambda a, b: 1, lambda a, b=3: 1, lambda *a: 1, lambda a, b, *, c=3: 1):
        task(price).slice(right)


@pytest.mark.parametrize("wrong", [3, "short"])
def test_what_is_no_function_cannot_be_registered(wrong: Any) -> None:
    with pytest.raises(SignatureError, match=r"write @sentiment\.labeling_function above a function"):
        task(sentiment).labeling_function(wrong)


@pytest.mark.parametrize("kind", ["labeling_function", "slice"])
def test_functions_that_return_no_value_by_themselves_are_refused(kind: str) -> None:
    async def later(review: str) -> bool:
        return True

    def yields(review: str) -> Iterator[bool]:
        yield True

    async def both(review: str) -> AsyncIterator[bool]:
        yield True

    for function in (later, yields, both, functools.partial(later)):
        with pytest.raises(SignatureError, match="which returns no value by itself") as caught:
            getattr(task(sentiment), kind)(function)
        assert "(review): with" in caught.value.next


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), True, "5s", 1e9])
def test_a_timeout_is_a_number_of_seconds(timeout: Any) -> None:
    with pytest.raises(OptionError, match=r"timeout of len is .*; it is a number of seconds"):
        task(sentiment).labeling_function(timeout=timeout)(len)


def test_options_of_a_language_model_need_one() -> None:
    with pytest.raises(OptionError, match="len has price and key, which are for a language model, but no llm") as caught:
        task(sentiment).labeling_function(price=1, key="MY_KEY")(len)
    assert caught.value.next.startswith('write llm="http')


@pytest.mark.parametrize(
    ("options", "next"),
    [
        ({"llm": "http://localhost/v1", "modle": "x"}, "write model=..."),
        ({"llm": "http://localhost/v1", "model": "x", "temperature": 1}, "leave temperature out"),
        ({"timout": 3}, "write timeout=..."),
    ],
    ids=str,
)
def test_an_option_that_does_not_exist_is_refused_where_it_is_written(options: dict[str, Any], next: str) -> None:
    with pytest.raises(OptionError, match="which labeling_function does not take; it takes timeout, llm, model") as caught:
        task(sentiment).labeling_function(**options)(len)
    assert caught.value.next == next
    assert "test_functions.py:" in str(caught.value) or "builtins.len" in str(caught.value)


def test_a_function_waits_five_seconds_and_a_language_model_sixty() -> None:
    made = task(sentiment)
    made.labeling_function(len)
    made.labeling_function(llm="http://localhost/v1", model="x")(repr)
    called, asked = made.labeling_functions
    assert (called.timeout, called.interview) == (5, None)
    assert asked.interview is not None
    assert (asked.timeout, asked.interview.endpoint.timeout) == (60, 60)
