"""Cues found in columns: each holds exactly where its code says so."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.mining.conditions import Has, Is, Range, Says
from tacit.mining.finding import Cues, find_cues
from tacit.types import Image, Text, Word, input_kind


def found(annotation: Any, values: list[Any]) -> Cues:
    return find_cues({"x": input_kind(annotation)}, {"x": values}, len(values))


def check(cues: Cues, values: list[Any]) -> None:
    """Every cue that has a form holds where its code, asked of each value, says so."""
    for place in range(len(cues.cues)):
        cue = cues.settled(place)
        if cue is not None:
            test = f"x is not None and {cue.test('x')}" if not cue.bears_missing else cue.test("x")
            code = compile(test, "cue", "eval")
            said = [i for i, value in enumerate(values) if eval(code, {"re": re, "x": value})]
            assert cues.rows(place).tolist() == said, test


@given(st.lists(st.none() | st.text("aAbB İßé\u0301_1 .,!\"\\{}'\n退款", max_size=10), min_size=1, max_size=8))
def test_cues_of_texts_hold_where_their_code_says_so(values: list[str | None]) -> None:
    check(found(Text | None, values), values)


@given(st.lists(st.none() | st.floats(-1e9, 1e9), min_size=1, max_size=40))
def test_cues_of_numbers_hold_where_their_code_says_so(values: list[float | None]) -> None:
    check(found(float | None, values), values)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=40))
def test_cues_of_large_whole_numbers_hold_where_their_code_says_so(values: list[int]) -> None:
    check(found(int, values), values)


@given(st.lists(st.none() | st.datetimes(timezones=st.sampled_from([None, dt.UTC])), min_size=1, max_size=30))
def test_cues_of_moments_hold_where_their_code_says_so(values: list[dt.datetime | None]) -> None:
    check(found(dt.datetime | None, values), values)


@pytest.mark.parametrize(
    ("annotation", "values"),
    [
        (bool | None, [True, False, None, True]),
        (Literal["a", 'b"', "\\"], ["a", 'b"', "\\", "a"]),
        (set[Literal["a", "b"]], [{"a"}, {"a", "b"}, set()]),
        (tuple[Word, ...], [("so", "good"), ("so", "so"), ("bad",)]),
        (str, ["north", "south", "north", "south", "north", "south"]),
        (dt.date, [dt.date(2024, 1, d) for d in range(1, 29)]),
    ],
)
def test_cues_of_other_kinds_hold_where_their_code_says_so(annotation: Any, values: list[Any]) -> None:
    cues = found(annotation, values)
    assert cues.cues
    check(cues, values)


def test_a_plain_str_is_a_category_where_it_repeats_itself_else_a_text() -> None:
    assert {type(c) for c in found(str, ["north", "south"] * 5).cues} == {Is}
    assert {type(c) for c in found(str, ["it came late", "so good", "I like it"]).cues} == {Says, Range}


def test_numbers_are_cut_at_round_places_also_beside_one_that_many_share() -> None:
    cues = found(float, [0.0] * 60 + [float(1000 + 7.3 * i) for i in range(40)]).cues
    assert Is("x", 0.0) in cues
    ends = [c.low for c in cues if isinstance(c, Range) and c.high is None]
    assert len(ends) >= 5
    assert all(len(str(end)) <= 6 for end in ends)


def test_a_short_word_is_looked_for_as_a_whole_word_also_where_no_example_has_it_inside_another() -> None:
    values = ["my song", "your song", "refund my money", "a refund"]
    forms = {c.text: c for c in map(found(Text, values).settled, range(20)) if isinstance(c, Says) and not c.first}
    assert not forms["my"].plain
    assert forms["refund"].plain


def test_what_all_or_none_have_is_no_cue_and_images_have_none() -> None:
    assert found(Literal["a", "b"], ["a", "a"]).cues == ()
    assert found(Text, ["one"]).cues == ()
    assert find_cues({"x": input_kind(Image)}, {}, 3).cues == ()
    assert find_cues({"x": input_kind(Text)}, {"x": []}, 0).cues == ()
    assert found(Text | None, [None, None]).cues == ()


def test_members_that_several_have() -> None:
    assert Has("x", "a") in found(set[Literal["a", "b"]], [{"a"}, {"b"}]).cues
