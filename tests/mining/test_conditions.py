"""Conditions: what each is called, and the Python that tests it."""

from __future__ import annotations

import datetime as dt
import enum
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.mining.conditions import Condition, Has, Is, Range, Says, literal


class Color(enum.Enum):
    RED = 1
    DARK_BLUE = 2


def holds(cue: Condition, value: Any) -> bool:
    """What the code of a cue says of a value."""
    return bool(eval(cue.test("value"), {"re": re}, {"value": value}))  # the code is ours, and this is a test


@pytest.mark.parametrize(
    ("cue", "said", "name", "yes", "no"),
    [
        (Says("review", ("refund",)), 'review says "refund"', "says_refund", "No REFUNDS", "fine"),
        (Says("review", ("my",), plain=False), 'review says "my"', "says_my", "It is My day", "my_enemy"),
        (Says("review", ("check", "out"), plain=False), 'review says "check out"', "says_check_out", "Check,  out!", "check it out"),
        (Says("q", ("who",), first=True), 'q begins with "who"', "begins_with_who", "Whoever", "And who"),
        (Says("q", ("who",), first=True, plain=False), 'q begins with "who"', "begins_with_who", "-- who?", "Whoever"),
        (Says("q", ('"',)), "q says '\"'", "says_quotation_mark", 'a "b"', "a b"),
        (Says("q", ("\\",)), 'q says "\\\\"', "says_reverse_solidus", "a\\b", "a/b"),
        (Says("q", ("{}",)), 'q says "{}"', "says_left_curly_bracket_right_curly_bracket", "f{}", "f{ }"),
        (Says("q", ("退款",)), 'q says "退款"', "says_退款", "我要退款。", "很好"),
        (Range("age", 40, None), "age >= 40", "age_from_40", 40, 39),
        (Range("age", None, -2.5), "age < -2.5", "age_below_minus_2_5", -3.0, -2.5),
        (Range("age", 30, 40), "30 <= age < 40", "age_30_to_40", 30, 40),
        (Range("text", None, 9, of="length"), "length of text < 9", "length_of_text_below_9", "short", "not short"),
        (Range("seen", "2024-03-05", None, of="moment"), "seen >= 2024-03-05", "seen_from_2024_03_05", dt.date(2024, 3, 5), dt.date(2023, 9, 9)),
        (Range("seen", None, "2024-03-05", of="moment"), "seen < 2024-03-05", "seen_below_2024_03_05", dt.datetime(2024, 3, 4, 23), dt.datetime(2024, 3, 5)),
        (Is("town", "New York"), "town = New York", "town_is_new_york", "New York", None),
        (Is("level", -1), "level = -1", "level_is_minus_1", -1, 1),
        (Is("urgent", True), "urgent = True", "is_urgent", True, None),
        (Is("urgent", False), "urgent = False", "not_urgent", False, None),
        (Is("age", None), "age is missing", "no_age", None, 0),
        (Is("color", Color.DARK_BLUE), "color = DARK_BLUE", "color_is_dark_blue", Color.DARK_BLUE, Color.RED),
        (Has("tags", "a'b"), "tags has a'b", "tags_has_a_b", {"a'b"}, {"a"}),
        (Has("colors", Color.RED), "colors has RED", "colors_has_red", [Color.RED], [Color.DARK_BLUE]),
    ],
)  # fmt: skip
def test_a_cue_reads_well_and_its_code_tests_it(cue: Condition, said: str, name: str, yes: Any, no: Any) -> None:
    assert (str(cue), cue.name) == (said, name)
    assert holds(cue, yes)
    assert not holds(cue, no)


def test_only_whole_words_need_an_import() -> None:
    assert Says("t", ("a",), plain=False).imports == "re"
    assert [c.imports for c in (Says("t", ("a",)), Is("t", 1), Has("t", 1), Range("t", 1, 2))] == [None] * 4


@given(st.text())
def test_any_value_has_a_name_that_python_takes(value: str) -> None:
    for cue in (Is(value, value), Has("tags", value), Says("text", (value or "a",)), Range(value, 1, 2)):
        assert cue.name.isidentifier()
        assert cue.name == cue.name.lower()


@given(st.text(), st.text())
def test_a_value_is_found_by_its_code_whatever_it_holds(value: str, other: str) -> None:
    assert holds(Is("column", value), value)
    assert holds(Is("column", value), other) == (value == other)
    assert eval(literal(value)) == value
