"""One run as a line of the ledger."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.benchmarking.policies import PHASES
from tacit.benchmarking.records import Point, Record
from tests.benchmarking.runs import phases, record

SECONDS = st.floats(0, 1e6)
POINTS = st.builds(Point, st.floats(-1e3, 1e3), st.fixed_dictionaries(dict.fromkeys(PHASES, SECONDS)))


@given(st.lists(POINTS, max_size=5), st.text(), st.none() | st.floats(0, 1))
def test_a_line_comes_back_as_the_record_that_it_was(curve: list[Point], reason: str, score: float | None) -> None:
    run = record(curve=tuple(curve), reason=reason, score=score)

    assert "\n" not in run.line()
    assert Record.from_dict(json.loads(run.line())) == run


def test_a_target_is_reached_by_the_first_model_that_meets_it_in_seconds_that_count() -> None:
    run = record()

    assert run.seconds_to(0.91, "all") == 8.0
    assert run.seconds_to(0.91, "dawnbench") == 7.0
    assert run.seconds_to(0.91, "all", strict=True) is None
    assert run.seconds_to(0.8, "train") == 1.0
    assert run.seconds_to(0.92, "all") is None


def test_an_error_is_to_be_low() -> None:
    run = record(metric="mae", curve=(Point(3.0, phases(train=1.0)), Point(2.0, phases(train=2.0))))

    assert run.seconds_to(2.5, "all") == 2.0
    assert run.seconds_to(2.0, "all", strict=True) is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("seconds", "ten", "seconds and phases are numbers"),
        ("phases", {"train": -1.0}, "seconds and phases are numbers"),
        ("phases", {"lunch": 1.0}, "seconds and phases are numbers"),
        ("curve", [{"score": None, "phases": {}}], "curve is a list of scores"),
        ("curve", 7, "curve is a list of scores"),
        ("score", True, "score is a number or null"),
        ("arm", 3, "arm is text"),
        ("extra", 3, "it has extra, which is none of its fields"),
    ],
)
def test_a_line_that_is_no_run_says_why(field: str, value: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Record.from_dict(record().to_dict() | {"curve": []} | {field: value})


def test_a_line_that_lacks_a_field_says_which() -> None:
    line = {name: value for name, value in record().to_dict().items() if name != "seed"}

    with pytest.raises(ValueError, match="it has no seed"):
        Record.from_dict(line)
