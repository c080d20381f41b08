"""Groups and times from columns of the examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tacit import task
from tacit.bounds import bounds_of, check_bounds, unknown
from tacit.errors import OptionError, TooFewLabels
from tacit.splits import Bounds
from tacit.store import StoredExample


def made() -> Any:
    @task
    def passes(student: str, hours: float | None) -> bool:
        """?"""

    return passes


def stored(rows: list[dict[str, Any]]) -> list[StoredExample]:
    return [
        StoredExample(i, f"{i:032x}", {"student": r.pop("student", "ann"), "hours": None}, r, None) for i, r in enumerate(rows)
    ]


def test_nothing_asked_is_no_bound() -> None:
    assert bounds_of(made(), stored([{}]), None, None) is None
    assert unknown(None, None, None) == []


def test_groups_are_a_parameter_or_a_column_that_was_kept() -> None:
    rows = [{"student": "ann", "school": 1}, {"student": "bo", "school": 1}, {"student": "ann"}]
    by_student = bounds_of(made(), stored([dict(r) for r in rows]), "student", None)
    by_school = bounds_of(made(), stored(rows), "school", None)
    assert by_student is not None
    assert by_school is not None
    assert by_student.groups == ['"ann"', '"bo"', '"ann"']
    assert by_school.groups == ["1", "1", None]
    assert by_school.times is None
    assert unknown(by_school, "school", None) == ["1 example has no school: it counts as a group of its own"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (3, 20),
        ("3", "20"),
        (2.5, "3"),
        ("2026-01-31", "2026-02-01"),
        ("2026-01-31", "2026-01-31T12:00:00"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T11:00:00"),
        ("-5", "4"),
        ("1700-01-01", "2026-01-01T00:00:00Z"),
    ],
)
def test_times_are_numbers_or_dates_that_grow(earlier: Any, later: Any) -> None:
    found = bounds_of(made(), stored([{"at": later}, {"at": earlier}, {}]), None, "at")
    assert found is not None
    assert found.times is not None
    assert found.times[1] < found.times[0]
    assert np.isnan(found.times[2])
    assert unknown(found, None, "at") == ["1 example has no at: it is learned from, never scored on"]


def test_a_column_that_is_not_there_is_an_error_with_the_nearest() -> None:
    with pytest.raises(OptionError, match=r'no column "studnet"; they have student, hours, school.  next: --groups student'):
        bounds_of(made(), stored([{"school": 1}]), "studnet", None)
    with pytest.raises(OptionError, match="tacit add passes FILE --keep date"):
        bounds_of(made(), stored([{"school": 1}]), None, "date")


@pytest.mark.parametrize("value", ["22/11/2026", "soon", True, [1], "nan"])
def test_what_is_no_time_is_an_error_with_the_value(value: Any) -> None:
    with pytest.raises(OptionError, match=r"at of an example of passes is .*times are numbers, or dates such as 2026-11-22"):
        bounds_of(made(), stored([{"at": "2026-01-01"}, {"at": value}]), None, "at")


def test_too_few_groups_or_times_is_an_error_that_says_what_it_takes() -> None:
    ids = [f"{i:032x}" for i in range(30)]
    everyone, half = None, np.arange(30) < 15
    with pytest.raises(TooFewLabels, match=r"30 labeled examples of t have one student; it takes two.*without --groups student"):
        check_bounds("t", Bounds(["a"] * 30), ids, everyone, "student", None)
    with pytest.raises(TooFewLabels, match="15 labeled examples of t have one student"):
        check_bounds("t", Bounds(["a"] * 30), ids, half, "student", None)
    with pytest.raises(TooFewLabels, match="have one date; it takes two times"):
        check_bounds("t", Bounds(times=np.ones(30)), ids, everyone, None, "date")
    with pytest.raises(TooFewLabels, match="have no date"):
        check_bounds("t", Bounds(times=np.full(30, np.nan)), ids, everyone, None, "date")
    with pytest.raises(TooFewLabels, match=r"each student of t is among the newest by date too.*--time date, without --groups"):
        check_bounds("t", Bounds([f"{i % 3}" for i in range(30)], np.arange(30.0)), ids, everyone, "student", "date")
    check_bounds("t", Bounds([f"{i // 3}" for i in range(30)], np.arange(30.0)), ids, everyone, "student", "date")
