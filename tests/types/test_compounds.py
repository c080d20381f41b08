"""What may be missing, sets of categories, vectors and records."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypedDict

import numpy as np
import pandas as pd
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.types import Maybe, Number, Precision, Record, Text, Unfit, VectorKind, input_kind
from tests.types.table import Color, Flight, House, Person, Point, same


def refusal(kind: Any, value: Any) -> str:
    with pytest.raises(Unfit) as caught:
        kind.parse(value)
    return caught.value.reason


def record(of: type[Any]) -> Record:
    kind = input_kind(of)
    assert isinstance(kind, Record)
    return kind


def test_a_maybe_is_its_kind_or_none() -> None:
    kind = input_kind(float | None)
    assert kind == Maybe(Number())
    assert kind.role == "number"
    assert [kind.parse(v) for v in (None, "NA", 2)] == [None, None, 2.0]
    assert refusal(kind, "abc") == 'is "abc", not a number'


def test_a_precision_shows_in_the_signature() -> None:
    written = str(input_kind(Annotated[Literal["a", "b"] | None, Precision(0.95)]))
    assert written == "Annotated[Literal['a', 'b'] | None, Precision(0.95)]"


TAGS = input_kind(set[Literal["a", "b", "c"]])


@pytest.mark.parametrize("value", [{"c", "a"}, ["c", "a", "a"], ("a", "c"), frozenset("ac"), np.array(["c", "a"], object)])
def test_a_set_of_categories_comes_from_any_collection(value: Any) -> None:
    assert same(TAGS.parse(value), {"a", "c"})


def test_a_list_of_categories_keeps_the_order_of_the_declaration() -> None:
    assert input_kind(list[Literal["b", "a"]]).parse(["a", "b", "a"]) == ["b", "a"]


def test_an_empty_set_is_a_value_and_none_is_not() -> None:
    assert TAGS.parse([]) == set()
    assert refusal(TAGS, None) == 'is missing; "none of them" is an empty set'


def test_a_lone_text_is_no_set_of_its_letters() -> None:
    assert refusal(TAGS, "abc") == 'is "abc", a str; it is a set of "a", "b" or "c"'


def test_a_strange_member_is_refused() -> None:
    assert refusal(TAGS, ["a", "d"]) == 'is "d"; it is "a", "b" or "c"'


@pytest.mark.parametrize(
    "value", [[1, 2], (1.0, 2.0), np.array([1, 2]), np.array([1, 2], np.float32), pd.Series([1, 2]), ["1", "2"]]
)
def test_a_vector_comes_from_lists_and_arrays(value: Any) -> None:
    assert same(VectorKind(2).parse(value), (1.0, 2.0))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "is missing"),
        ([1], "has 1 numbers; it is a vector of 2"),
        (np.zeros((2, 2)), "holds a number that is [0.0, 0.0], a list, not a number"),
        ([1, float("nan")], "holds a number that is missing"),
        ([1, float("inf")], "holds a number that is inf, not a finite number"),
        ("12", 'is "12", a str; a vector is a list of 2 numbers'),
        (np.float64(1), "is 1.0, a float; a vector is a list of 2 numbers"),
    ],
)
def test_what_is_no_vector_is_refused_with_the_reason(value: Any, reason: str) -> None:
    assert refusal(VectorKind(2), value) == reason


HOUSE: Mapping[str, Any] = {"beds": "3", "price": 1e5, "about": "  ", "color": "red", "built": None}


def test_a_record_comes_from_a_dict_and_from_itself() -> None:
    kind = record(House)
    house = House(3, 1e5, None, Color.RED)
    assert kind.parse(HOUSE) == house
    assert kind.parse(house) == house
    assert dict(kind.fields).keys() == HOUSE.keys()  # a computed field is no input


def test_a_field_that_may_be_missing_may_be_left_out() -> None:
    assert record(House).parse({k: v for k, v in HOUSE.items() if k != "built"}).built is None


def test_all_problems_of_a_record_are_told_at_once() -> None:
    said = refusal(record(House), {**HOUSE, "beds": "many", "price": None, "color": "blue"})
    assert said == '.beds is "many", not a number; .price is missing; .color is "blue"; it is "red" or "green"'


def test_a_field_too_many_is_refused() -> None:
    said = refusal(record(House), {**HOUSE, "garden": True})
    assert said == 'has a field "garden" that House does not have; it has beds, price, about, color, built'


@pytest.mark.parametrize("of", [House, Flight, Point, Person])
def test_other_values_are_no_records(of: type[Any]) -> None:
    assert refusal(record(of), 7) == f"is 7, an int; it is a {of.__name__} or a dict of its fields"
    assert refusal(record(of), None) == "is missing"


def test_a_key_that_may_be_absent_stays_absent() -> None:
    kind = record(Flight)
    flight = {"number": "KL1", "at": dt.datetime(2026, 11, 22)}
    assert kind.parse(flight) == flight
    assert kind.parse({**flight, "late": "yes"}) == {**flight, "late": True}
    assert kind.get(kind.parse(flight), "late") is None


def test_a_key_that_must_be_there_may_be_none() -> None:
    class Row(TypedDict, total=False):
        a: float | None

    class Full(TypedDict):
        a: float | None

    assert record(Row).parse({"a": None}) == {}
    assert record(Full).parse({}) == {"a": None}


def test_a_refusal_by_the_users_class_is_passed_on() -> None:
    @dataclass
    class Even:
        n: int

        def __post_init__(self) -> None:
            if self.n % 2:
                raise RuntimeError
            assert self.n >= 0, "below\nzero"

    assert refusal(record(Even), {"n": 1}) == "is refused by Even: RuntimeError"
    assert refusal(record(Even), {"n": -2}).startswith("is refused by Even: below zero")
    said = refusal(record(Person), {"age": -1, "mood": "glad"})
    assert "greater than or equal to 0" in said


def test_a_record_of_every_sort_is_made_of_the_users_class() -> None:
    assert record(Point).parse({"user": 7, "tags": ["a"], "place": [1, 2]}) == Point(7, {"a"}, (1.0, 2.0))
    assert record(Person).parse({"age": 7, "mood": 1}) == Person(age=7, mood=1)
    assert type(record(Flight).parse({"number": "a", "at": "2026-11-22"})) is dict


def test_keyword_only_fields_and_pydantic_dataclasses_work() -> None:
    @dataclass(kw_only=True)
    class Named:
        a: int
        b: Text

    @pydantic.dataclasses.dataclass
    class Checked:
        a: int

    assert record(Named).parse({"b": "x", "a": 1}) == Named(a=1, b="x")
    assert record(Checked).parse({"a": "1"}) == Checked(1)


def test_fields_of_any_name_work() -> None:
    Row = TypedDict("Row", {"hours-per-week": float, "class": str, "a.b": bool})
    row = {"hours-per-week": 40.0, "class": "x", "a.b": True}
    kind = record(Row)
    assert kind.parse(row) == row
    assert kind.from_json(kind.to_json(row)) == row
    assert kind.from_arrow(kind.to_arrow([row])) == [row]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), min_size=1, max_size=30))
def test_a_record_of_many_columns_survives(values: list[float | None]) -> None:
    wide = dataclasses.make_dataclass("Wide", [(f"c{i}", float | None) for i in range(len(values))])
    kind = record(wide)
    row = kind.parse({f"c{i}": v for i, v in enumerate(values)})
    assert kind.from_json(kind.to_json(row)) == row
    assert kind.from_arrow(kind.to_arrow([row])) == [row]
