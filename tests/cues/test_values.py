"""Values and ranges as cues."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.cues.values import Range, Value, ranges, values


def test_a_value_is_replaced_by_the_most_frequent_other() -> None:
    cells = ["a"] * 30 + ["b"] * 20 + ["c"] * 3 + [None] * 10
    found = values("x", cells)
    assert [str(cue) for cue in found.cues] == ["x is a", "x is b", "x is missing"]
    assert found.carried.sum(axis=0).tolist() == [[30, 20, 10]]
    assert found.cues[0].without({"x": ["a", "c"]}) == {"x": ["b", "c"]}
    assert found.cues[1].put({"x": ["a", None]}) == {"x": ["b", "b"]}


def test_what_all_have_is_no_cue() -> None:
    assert values("x", ["a"] * 50).cues == ()
    assert values("x", []).cues == ()


def test_a_number_is_cut_at_its_quartiles() -> None:
    found = ranges("x", list(range(100)))
    assert [str(cue) for cue in found.cues] == ["x below 25", "x from 25 to below 50", "x from 50 to below 75", "x from 75"]
    assert found.cues[0].put({"x": [99, 3, None]}) == {"x": [12, 3, 12]}
    assert found.cues[0].without({"x": [99, 3]}) == {"x": [99, 62]}


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ([0.0] * 50 + [1.0] * 50, ["x below 1", "x from 1"]),
        ([0.0] * 90 + [5.0] * 10, []),
        ([1.0] * 50, []),
        ([None] * 50, []),
        ([float("nan")] * 20 + [1.0, 2.0] * 20, ["x below 2", "x from 2"]),
    ],
)
def test_numbers_of_few_values_have_fewer_parts(cells: list[float | None], names: list[str]) -> None:
    assert [str(cue) for cue in ranges("x", cells).cues] == names


@given(st.lists(st.none() | st.integers(-50, 50), min_size=40, max_size=80))
def test_parts_do_not_overlap_and_cover_what_is_there(cells: list[int | None]) -> None:
    found = ranges("x", cells)
    inside = np.asarray(found.carried.sum(axis=1)).ravel()
    assert inside.max(initial=0) <= 1
    for cue in found.cues:
        assert isinstance(cue, Range)
        assert not cue.carried(cue.without({"x": cells})).any()
        assert cue.carried(cue.put({"x": cells})).all()


def test_a_whole_number_stays_one() -> None:
    assert Range("x", 0.0, 2.0, 1.0, 5.0).without({"x": [1, 7]}) == {"x": [5, 7]}
    assert type(Range("x", 0.0, 2.0, 1.0, 5.0).without({"x": [1, 7]})["x"][0]) is int
    assert Value("x", None, "a").carried({"x": [None, "a"]}).tolist() == [True, False]
