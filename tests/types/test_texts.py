"""Text, words and spans."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.types import Span, SpanList, TextKind, Unfit, Words, output_kind
from tests.types.table import same


def refusal(kind: Any, value: Any) -> str:
    with pytest.raises(Unfit) as caught:
        kind.parse(value)
    return caught.value.reason


TEXT, STR, WORDS = TextKind(), TextKind("str"), Words()
SPANS = output_kind(list[Span[Literal["who", "where"]]])


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda t: t.strip() != ""))
def test_text_stays_as_it_is(value: str) -> None:
    assert TEXT.parse(value) == value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "is missing"),
        (pd.NA, "is missing"),
        (float("nan"), "is missing"),
        ("", "is empty"),
        (" \n\t", "is empty"),
        (7, "is 7, an int, not text"),
        (True, "is True, a bool, not text"),
        (b"abc", "is b'abc', a bytes, not text"),
        (["ab", "c"], "is ['ab', 'c'], a list, not text"),
        ("x" * 10_000_000, "has 10,000,000 characters; at most 1,000,000 are taken"),
        ("ab\udfffc", "holds half of a surrogate pair at character 2"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(value: Any, reason: str) -> None:
    assert refusal(TEXT, value) == reason


def test_characters_are_joined() -> None:
    assert TextKind("list[Character]").parse(["n", "é", "!"]) == "né!"
    assert TEXT.parse(np.array(["a", "b"])) == "ab"


def test_a_numpy_text_becomes_pythons() -> None:
    assert same(TEXT.parse(np.str_("abc")), "abc")


@pytest.mark.parametrize(
    ("value", "text"), [(94110, "94110"), (94110.0, "94110"), (2.5, "2.5"), (True, "True"), (np.int64(7), "7")]
)
def test_a_plain_str_takes_codes_that_were_read_as_numbers(value: Any, text: str) -> None:
    assert same(STR.parse(value), text)
    assert "not text" in refusal(TEXT, value)


def test_white_space_is_missing_where_text_may_be() -> None:
    assert TEXT.missing("  ")
    assert not TEXT.missing("a")


def test_words_come_from_text_and_lists() -> None:
    for value in ("the quick  fox", ["the", "quick", "fox"], ("the", "quick", "fox"), np.array(["the", "quick", "fox"], object)):
        assert WORDS.parse(value) == ("the", "quick", "fox")
    assert WORDS.parse([]) == ()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (7, "is 7, an int; words are text, or a list of text"),
        (["a", 7], "is ['a', 7], a list; words are text, or a list of text"),
        (["a", " "], "holds an empty word"),
        (["a", "\ud800"], "holds half of a surrogate pair at character 0"),
        ("a " * 5_000_000, "has 10,000,000 characters; at most 1,000,000 are taken"),
        (["a" * 999_999] * 2, "has more than 1,000,000 characters"),
    ],
)
def test_what_are_no_words_is_refused_with_the_reason(value: Any, reason: str) -> None:
    assert refusal(WORDS, value) == reason


def test_spans_come_from_spans_dicts_and_triples() -> None:
    span = Span(0, 4, "who")
    for value in (span, {"start": 0, "end": 4, "label": "who"}, (0, 4, "who"), [np.int64(0), np.int32(4), np.str_("who")]):
        assert same(SPANS.parse([value]), [span])
    assert SPANS.parse([]) == []


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "is missing"),
        ("who", 'is "who", a str; spans are a list of Span(start, end, label)'),
        ([7], "holds 7, which is not Span(start, end, label)"),
        ([(0, 4)], "holds (0, 4), which is not Span(start, end, label)"),
        ([(4, 4, "who")], "holds a span from 4 to 4; a span starts at 0 or later and ends after its start"),
        ([(-1, 4, "who")], "holds a span from -1 to 4; a span starts at 0 or later and ends after its start"),
        ([(0, 4.0, "who")], "holds a span from 0 to 4.0; a span starts at 0 or later and ends after its start"),
        ([(0, 4, "when")], 'is "when"; it is "who" or "where"'),
    ],
)
def test_what_are_no_spans_is_refused_with_the_reason(value: Any, reason: str) -> None:
    assert isinstance(SPANS, SpanList)
    assert refusal(SPANS, value) == reason
