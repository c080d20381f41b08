"""Categories, numbers, moments and keys."""

from __future__ import annotations

import datetime as dt
import enum
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.types import Category, Key, Moment, Number, Unfit, input_kind
from tests.types.table import Color, Mixed, Stars, same


def refusal(kind: Any, value: Any) -> str:
    with pytest.raises(Unfit) as caught:
        kind.parse(value)
    return caught.value.reason


BOOL = input_kind(bool)
MOOD = input_kind(Literal["positive", "negative"])
DIGIT = input_kind(Literal[0, 1, 2])


@pytest.mark.parametrize("value", [True, "true", "Yes", " T ", "y", "1", 1, 1.0, np.bool_(True), np.int64(1), b"true"])
def test_a_bool_is_read_from_what_files_write_for_it(value: Any) -> None:
    assert BOOL.parse(value) is True


@pytest.mark.parametrize("value", [False, "FALSE", "no", "f", "n", "0", 0, 0.0, np.bool_(False)])
def test_false_is_read_alike(value: Any) -> None:
    assert BOOL.parse(value) is False


@pytest.mark.parametrize("value", [2, "maybe", 0.5, -1])
def test_no_other_value_is_a_bool(value: Any) -> None:
    assert refusal(BOOL, value).endswith("it is False or True")


def test_zero_and_one_are_not_bools() -> None:
    kind = input_kind(Literal[0, 1])
    assert same(kind.parse("1"), 1)
    for value in (True, "true", "yes"):
        assert "it is 0 or 1" in refusal(kind, value)


def test_bools_in_any_order_are_bools() -> None:
    kind = input_kind(Literal[True, False])
    assert isinstance(kind, Category)
    assert kind.classes == (True, False)
    assert kind.parse("no") is False
    assert kind.index(False) == 1


def test_values_of_equal_worth_stay_apart() -> None:
    kind = input_kind(Literal["a", 1, True])
    assert isinstance(kind, Category)
    assert [kind.index(v) for v in ("a", 1, True)] == [0, 1, 2]
    assert same(kind.parse(np.int64(1)), 1)
    assert same(kind.parse(np.bool_(True)), True)
    assert same(kind.parse("True"), True)


@pytest.mark.parametrize("value", [1, 1.0, "1", np.float64(1), np.int8(1), Decimal(1), b"1"])
def test_a_whole_number_class_is_read_from_columns_of_any_kind(value: Any) -> None:
    assert same(DIGIT.parse(value), 1)


def test_a_slip_of_the_pen_gets_a_suggestion() -> None:
    with pytest.raises(Unfit) as caught:
        MOOD.parse("negatve")
    assert caught.value.reason == 'is "negatve"; it is "positive" or "negative"'
    assert caught.value.near == "negative"


def test_nothing_is_suggested_for_what_is_far() -> None:
    with pytest.raises(Unfit) as caught:
        MOOD.parse("qqq")
    assert caught.value.near is None


def test_ten_megabytes_are_refused_in_a_short_sentence() -> None:
    assert len(refusal(MOOD, "x" * 10_000_000)) < 120


def test_a_surrogate_does_not_reach_the_message() -> None:
    assert refusal(MOOD, "\ud800\x1b[2J") == 'is "\\ud800\\u001b[2J"; it is "positive" or "negative"'


@pytest.mark.parametrize("value", [None, "", float("nan"), pd.NA, pd.NaT, np.float32("nan")])
def test_a_missing_class_is_missing(value: Any) -> None:
    assert refusal(MOOD, value) == "is missing"


def test_a_class_may_be_the_empty_text() -> None:
    kind = input_kind(Literal["", "full"] | None)
    assert kind.parse("") == ""
    assert kind.parse(None) is None


def test_an_enum_is_read_from_value_and_name() -> None:
    kind = input_kind(Color)
    assert kind.parse("red") is Color.RED
    assert kind.parse("RED") is Color.RED
    assert input_kind(Stars).parse(2.0) is Stars.TWO
    assert input_kind(Mixed).parse("PAIR") is Mixed.PAIR


def test_a_value_goes_before_a_name_that_is_spelled_alike() -> None:
    class Crossed(enum.Enum):
        A = "B"
        B = "A"

    assert input_kind(Crossed).parse("A") is Crossed.B


def test_members_of_another_enum_are_refused() -> None:
    assert refusal(input_kind(Color), Stars.ONE) == 'is <Stars.ONE: 1>; it is "red" or "green"'


def test_many_classes_are_listed_in_part() -> None:
    kind = input_kind(Literal[tuple(f"c{i}" for i in range(20))])
    assert isinstance(kind, Category)
    assert kind.described().endswith('"c9", 9 more or "c19"')


FLOAT, INT = Number(), Number(whole=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, 3.0), ("3", 3.0), (" 2.5 ", 2.5), ("1e3", 1000.0), (True, 1.0), (Decimal("2.5"), 2.5), (Fraction(1, 4), 0.25),
     (np.int64(7), 7.0), (np.float32(0.5), 0.5), (np.float64(2.5), 2.5), ("-0", -0.0)],
)  # fmt: skip
def test_a_number_is_read_as_a_float(value: Any, expected: float) -> None:
    assert same(FLOAT.parse(value), expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3.0, 3), ("3", 3), ("3.0", 3), ("+3", 3), (np.float64(3), 3), (Decimal("3.0"), 3), (True, 1), (Stars.TWO, 2),
     (2**63 - 1, 2**63 - 1), (str(2**53 + 1), 2**53 + 1), (Decimal(2**53 + 1), 2**53 + 1), (-(2**63), -(2**63))],
)  # fmt: skip
def test_a_whole_number_is_read_exactly(value: Any, expected: int) -> None:
    assert same(INT.parse(value), expected)


@pytest.mark.parametrize(
    "value", [None, "", "NA", "n/a", " NaN ", "null", "None", "?", "-", float("nan"), pd.NA, Decimal("sNaN")]
)
def test_what_files_write_for_no_number_is_missing(value: Any) -> None:
    assert refusal(FLOAT, value) == "is missing"
    assert input_kind(float | None).parse(value) is None


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (FLOAT, "abc", 'is "abc", not a number'),
        (FLOAT, "1_000", 'is "1_000", a str, not a number'),
        (FLOAT, "1,000", 'is "1,000", not a number'),
        (FLOAT, float("inf"), "is inf, not a finite number"),
        (FLOAT, "-Infinity", "is -inf, not a finite number"),
        (FLOAT, "9" * 5000, "is inf, not a finite number"),
        (FLOAT, 10**400, "is too large for a number"),
        (FLOAT, 1j, "is 1j, a complex, not a number"),
        (FLOAT, [1], "is [1], a list, not a number"),
        (FLOAT, np.zeros(2), "is [0.0, 0.0], a list, not a number"),
        (FLOAT, b"1", "is b'1', a bytes, not a number"),
        (FLOAT, Decimal("1e999999999"), "is inf, not a finite number"),
        (INT, 2.5, "is 2.5, not a whole number"),
        (INT, "2.5", "is 2.5, not a whole number"),
        (INT, Fraction(1, 3), "is 0.3333333333333333, not a whole number"),
        (INT, 2**63, "is too large for a whole number of 64 bits"),
        (INT, "9" * 30, "is too large for a whole number of 64 bits"),
        (INT, 1e300, "is too large for a whole number of 64 bits"),
        (Number(low=0, high=5), 5.1, "is 5.1, outside 0 to 5"),
        (Number(low=0, high=1e6), 1000001, "is 1000001.0, outside 0 to 1e+06"),
        (Number(whole=True, low=0, high=5), "-1", "is -1, outside 0 to 5"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(kind: Number, value: Any, reason: str) -> None:
    assert refusal(kind, value) == reason


@given(st.floats(0, 5))
def test_both_ends_of_a_range_belong_to_it(value: float) -> None:
    kind = Number(low=0, high=5)
    assert kind.parse(value) == value
    assert kind.parse(0) == 0
    assert kind.parse(5) == 5


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_read_back_from_its_text(value: float) -> None:
    assert same(FLOAT.parse(repr(value)), value)


@given(st.integers())
def test_a_whole_number_is_read_back_from_its_text_or_is_too_large(value: int) -> None:
    if -(2**63) <= value < 2**63:
        assert same(INT.parse(str(value)), value)
    else:
        assert "too large" in refusal(INT, str(value))


DATE, TIME = Moment(), Moment(has_time=True)


def test_a_date_is_read_from_text_and_midnight() -> None:
    day = dt.date(2026, 11, 22)
    for value in (
        "2026-11-22",
        " 2026-11-22T00:00:00",
        dt.datetime(2026, 11, 22),
        np.datetime64("2026-11-22"),
        pd.Timestamp(day),
    ):
        assert same(DATE.parse(value), day)


def test_a_date_with_a_time_of_day_is_refused() -> None:
    assert refusal(DATE, "2026-11-22T14:30") == 'is "2026-11-22T14:30:00", with a time of day; it is a date'


def test_a_datetime_is_read_from_text_dates_numpy_and_pandas() -> None:
    half_past = dt.datetime(2026, 11, 22, 14, 30)
    for value in ("2026-11-22 14:30", np.datetime64(half_past, "ns"), np.datetime64(half_past, "s"), pd.Timestamp(half_past)):
        assert same(TIME.parse(value), half_past)
    assert same(TIME.parse(dt.date(2026, 11, 22)), dt.datetime(2026, 11, 22))


def test_a_named_zone_becomes_the_offset_of_that_moment() -> None:
    summer = TIME.parse(dt.datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin")))
    winter = TIME.parse(pd.Timestamp("2026-01-01 12:00", tz="Europe/Berlin"))
    assert summer.isoformat() == "2026-07-01T12:00:00+02:00"
    assert winter.isoformat() == "2026-01-01T12:00:00+01:00"


@given(st.datetimes(timezones=st.timezones(), allow_imaginary=False))
def test_the_instant_of_a_zoned_datetime_is_kept(value: dt.datetime) -> None:
    parsed = TIME.parse(value)
    assert isinstance(parsed, dt.datetime)
    assert parsed.utcoffset() == value.utcoffset()
    assert parsed.replace(tzinfo=None) == value.replace(tzinfo=None, fold=0)


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (DATE, "22.11.2026", 'is "22.11.2026"; write it as 2026-11-22'),
        (TIME, "soon", 'is "soon"; write it as 2026-11-22T14:30:00'),
        (TIME, 7, "is 7, an int, not a date"),
        (DATE, pd.NaT, "is missing"),
        (TIME, np.datetime64("NaT"), "is missing"),
    ],
)
def test_what_is_no_moment_is_refused_with_the_reason(kind: Moment, value: Any, reason: str) -> None:
    assert refusal(kind, value) == reason


def test_the_key_7_is_not_the_key_of_that_digit() -> None:
    key = Key()
    assert same(key.from_arrow(key.to_arrow([7, "7"])), [7, "7"])
    assert same(key.parse(np.int64(7)), 7)
    assert same(key.parse(7.0), 7)
    assert same(key.parse(np.str_("u1")), "u1")


@pytest.mark.parametrize("value", [True, 2.5, math.inf, b"u1", ["u1"], 2**63, "\ud800", "", None])
def test_other_values_are_no_keys(value: Any) -> None:
    assert refusal(Key(), value)


def test_a_float_column_may_be_the_text_of_the_classes() -> None:
    kind = input_kind(Literal["1.0", "2.0"])
    assert [kind.parse(value) for value in (1.0, "2.0", np.float64(2.0))] == ["1.0", "2.0", "2.0"]
    assert input_kind(Literal["1", "2"]).parse(1.0) == "1"
