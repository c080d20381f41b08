"""Which rows are in which group."""

from __future__ import annotations

import datetime as dt
import enum
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.audits import Grouping, crossings
from tacit.errors import OptionError

SEX = ["f", "m", None, "m", "f", "m"]
RACE = ["a", "b", "a", "b", "b", float("nan")]


def members(grouping: Grouping) -> dict[str, list[int]]:
    return {name: np.flatnonzero(grouping.codes == g).tolist() for g, name in enumerate(grouping.names)}


def test_values_are_groups_and_what_is_missing_is_one_too() -> None:
    sex, race = crossings({"sex": SEX, "race": RACE})
    assert members(sex) == {"sex is m": [1, 3, 5], "sex is f": [0, 4], "sex is missing": [2]}
    assert members(race) == {"race is b": [1, 3, 4], "race is a": [0, 2], "race is missing": [5]}
    assert sex.sizes.tolist() == [3, 2, 1]
    assert sex.note == ""


def test_crossings_are_of_those_that_occur() -> None:
    *_, both = crossings({"sex": SEX, "race": RACE}, ["sex * race"])
    assert both.column == "sex*race"
    assert members(both) == {
        "sex is m, race is b": [1, 3],
        "sex is m, race is missing": [5],
        "sex is f, race is b": [4],
        "sex is f, race is a": [0],
        "sex is missing, race is a": [2],
    }


def test_slices_have_one_group_and_rows_outside_it() -> None:
    (long,) = crossings({}, slices={"long": np.array([True, False, True])})
    assert (long.names, long.codes.tolist()) == (("long",), [0, -1, 0])


def test_numbers_with_many_values_are_cut_into_quarters_with_equal_ones_together() -> None:
    (age,) = crossings({"age": [*range(40), None]})
    assert age.names == ("age is 0 to 9", "age is 10 to 19", "age is 20 to 29", "age is 30 to 39", "age is missing")
    assert age.sizes.tolist() == [10, 10, 10, 10, 1]
    assert age.note == "age is cut into 4 ranges"
    (gain,) = crossings({"gain": np.array([0.0] * 90 + [float(i) for i in range(1, 11)] + [np.nan])})
    assert gain.names == ("gain is 0", "gain is 1 to 10", "gain is missing")
    assert crossings({"n": [0, 1, 2] * 5})[0].names == ("n is 0", "n is 1", "n is 2")


def test_moments_are_cut_too_but_not_those_that_cannot_be_compared() -> None:
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=i) for i in range(12)]
    assert crossings({"day": days})[0].names[0] == "day is 2024-01-01 to 2024-01-03"
    mixed = [*days, dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, tzinfo=dt.UTC)]
    assert len(crossings({"day": mixed})[0].names) == 14


def test_ranges_that_six_digits_do_not_tell_apart_are_told_apart() -> None:
    (n,) = crossings({"n": [1 + i * 1e-12 for i in range(12)]})
    assert len(set(n.names)) == 4


def test_the_rarest_of_many_values_are_one_group() -> None:
    values = [f"v{i}" for i in range(60) for _ in range(60 - i)] + ["other"]
    (city,) = crossings({"city": values})
    assert len(city.names) == 51
    assert city.names[0] == "city is v0"
    assert city.names[-1] == "city is other (11 values)"
    assert city.note == "the 11 rarest values of city are one group, other"
    assert city.sizes[-1] == sum(range(1, 11)) + 1


def test_odd_values() -> None:
    class Color(enum.Enum):
        RED = 1

    (odd,) = crossings({"c": ["", Color.RED, True]})
    assert set(odd.names) == {'c is ""', "c is Color.RED", "c is True"}
    assert crossings({"tags": [["a"], ["a"], None]})[0].names == ("tags is ['a']", "tags is missing")
    assert crossings({"x": [None, None]})[0].names == ("x is missing",)


def test_bad_input_is_named() -> None:
    with pytest.raises(OptionError, match="race is of 1 rows, the others of 2"):
        crossings({"sex": ["f", "m"], "race": ["a"]})
    with pytest.raises(OptionError, match="there are no rows"):
        crossings({"sex": []})
    with pytest.raises(OptionError, match='"rase", which is no column, did you mean "race"'):
        crossings({"sex": SEX, "race": RACE}, ["sex*rase"])
    with pytest.raises(OptionError, match='slice "long" is an array of int64'):
        crossings({}, slices={"long": np.array([1, 0])})
    assert crossings({}) == ()


@given(st.lists(st.none() | st.integers(-30, 30) | st.floats() | st.text(max_size=2), min_size=1, max_size=80))
def test_every_row_is_in_one_group_and_equal_values_in_the_same(values: list[object]) -> None:
    (found,) = crossings({"x": values}, most=5)
    assert found.codes.min() >= 0
    assert found.sizes.sum() == len(values)
    assert (found.sizes > 0).all()
    assert len(set(found.names)) == len(found.names) or len({str(v) for v in values}) < len(set(values))
    for a, x in enumerate(values):
        assert all(found.codes[a] == found.codes[b] for b, y in enumerate(values) if x == y)


def test_many_rows_of_many_values_take_no_time() -> None:
    values = np.random.default_rng(0).integers(500, size=100_000).astype(str)
    began = time.perf_counter()
    (found,) = crossings({"x": values}, most=500)
    assert len(found.names) == 500
    assert time.perf_counter() - began < 5
