"""Every kind keeps the promises of `Kind`, whatever it is given."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tacit.types import Kind, Unfit, is_missing
from tacit.types.contract import MAX_CHARACTERS, plain, shown, sound_text
from tests.types.table import TABLE, same

every_kind = pytest.mark.parametrize(("kind", "values"), TABLE, ids=[str(kind) for kind, _ in TABLE])


def survives_json(kind: Kind, value: Any) -> bool:
    written = json.dumps(None if value is None else kind.to_json(value), ensure_ascii=False, allow_nan=False).encode()
    data = json.loads(written)
    return same(value, None if data is None else kind.from_json(data))


def survives_arrow(kind: Kind, values: list[Any]) -> bool:
    return same(values, kind.from_arrow(kind.to_arrow(values)))


def survives_parquet(kind: Kind, values: list[Any]) -> bool:
    file = io.BytesIO()
    pq.write_table(pa.table({"column": kind.to_arrow(values)}), file)
    return same(values, kind.from_arrow(pq.read_table(file).column("column").combine_chunks()))


@every_kind
@settings(max_examples=40)
@given(data=st.data())
def test_parsed_values_survive_json_and_arrow(kind: Kind, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    parsed = kind.parse(data.draw(values))
    assert survives_json(kind, parsed)
    assert survives_arrow(kind, [parsed, None, parsed])


@every_kind
@settings(max_examples=8)
@given(data=st.data())
def test_columns_survive_a_parquet_file(kind: Kind, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    parsed = [kind.parse(v) for v in data.draw(st.lists(values, max_size=4))]
    assert survives_parquet(kind, [*parsed, None])


@every_kind
@settings(max_examples=20)
@given(data=st.data())
def test_parsing_twice_changes_nothing(kind: Kind, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    once = kind.parse(data.draw(values))
    assert same(once, kind.parse(once))


ODDITIES = [
    None, True, False, 0, 1, -1, 7, 2**53 + 1, 2**63, -(2**63) - 1, 10**400, 0.0, -0.0, 0.5, 1.0, 1e300,
    float("nan"), float("inf"), float("-inf"), 1j, "", " ", "\t\n", "abc", "a", "positive", "Positive", "true", "YES", "1",
    "1.0", "1e3", "1_000", "²", "١٢", "nan", "inf", "-", "9" * 5000, "\ud800", "a\udfff", "\x00", "\x1b[2J", "\u202e",
    "2026-11-22", "2026-11-22T14:30:00+01:00", "2026-13-45", "x" * (MAX_CHARACTERS + 1), b"", b"abc", b"1", b"\xff",
    b"\x93NUMPY", b"\x89PNG\r\n\x1a\n", bytearray(b"abc"), memoryview(b"1"), Decimal(1), Decimal("2.5"), Decimal("NaN"),
    Decimal("sNaN"), Decimal("Infinity"), Decimal("1e999999999"), Fraction(1, 3), Fraction(7), pd.NA, pd.NaT,
    pd.Timestamp("2026-11-22T14:30:00.123456789"), pd.Timestamp("2026-11-22", tz="Europe/Berlin"), pd.Timedelta("1s"),
    pd.Series([1.0, 2.0, 3.0]), dt.date(2026, 11, 22), dt.datetime(2026, 11, 22, 14, 30), dt.time(1), dt.timedelta(1),
    np.bool_(True), np.int64(1), np.uint64(2**64 - 1), np.float32("nan"), np.float64(1.0), np.float16(2.5), np.str_("a"),
    np.bytes_(b"a"), np.datetime64("2026-11-22"), np.datetime64("2026-11-22T14:30:00.000000001"), np.datetime64("NaT"),
    np.timedelta64(1, "s"), np.array(1.0), np.array([]), np.array(["a", "b"]), np.zeros(3), np.full(3, np.nan), np.zeros((2, 2)),
    np.zeros((2, 2), np.uint8), np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2, 2), np.uint8), np.zeros((0, 2), np.uint8),
    np.array([None, {}], dtype=object), [], [1], ["a"], ["a", "c"], [[]], (), ("a", 1), (1, 2, "a"), [(3, 1, "a")],
    [(0, 2**70, "a")], [(False, True, "a")], [("0", "1", "a")], set(), {"a"}, {1, "a"}, frozenset("ab"), {}, {"bytes": None},
    {"bytes": b"x", "path": "p"}, {"bytes": 3}, {"beds": 1}, {"start": 0, "end": 1}, {1: 2}, object(), object, len, range(3), iter([1]), Ellipsis,
]  # fmt: skip

anything = st.recursive(
    st.sampled_from(ODDITIES)
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=6,
)


def either_fits_or_is_refused(kind: Kind, value: Any) -> None:
    try:
        parsed, reason = kind.parse(value), None
    except Unfit as refused:
        reason = refused.reason
    if reason is None:
        assert survives_json(kind, parsed)
        assert survives_arrow(kind, [parsed])
    else:
        assert 0 < len(reason) < 2_000
        assert reason.isprintable(), reason


@every_kind
def test_an_odd_value_is_taken_whole_or_refused_in_words(kind: Kind, values: st.SearchStrategy[Any]) -> None:
    for odd in [*ODDITIES, 10**5000]:  # Python does not write out the last one
        either_fits_or_is_refused(kind, odd)


@every_kind
@settings(max_examples=40)
@given(value=anything)
def test_anything_is_taken_whole_or_refused_in_words(kind: Kind, values: st.SearchStrategy[Any], value: Any) -> None:
    either_fits_or_is_refused(kind, value)


@every_kind
def test_none_is_refused_as_missing_unless_it_may_be(kind: Kind, values: st.SearchStrategy[Any]) -> None:
    assert kind.missing(None)
    if " | None" in str(kind):
        assert kind.parse(None) is None
    else:
        with pytest.raises(Unfit, match="is missing"):
            kind.parse(None)


@pytest.mark.parametrize(
    "value", [None, "", float("nan"), np.float32("nan"), np.datetime64("NaT"), pd.NA, pd.NaT, Decimal("NaN"), Decimal("sNaN")]
)
def test_what_stands_for_nothing_is_missing(value: Any) -> None:
    assert is_missing(value) is True


@pytest.mark.parametrize(
    "value", [0, 0.0, False, " ", "nan", b"", [], np.zeros(2), np.array(np.nan * np.ones(2)), np.str_("a"), object()]
)
def test_other_values_are_not_missing(value: Any) -> None:
    assert is_missing(value) is False


def test_numpy_values_become_pythons() -> None:
    assert same(plain(np.int64(3)), 3)
    assert same(plain(np.array([1.5, 2.5])), [1.5, 2.5])
    assert same(plain(np.array(["a"], dtype=object)), ["a"])
    assert plain("text") == "text"


def test_a_message_names_value_and_type() -> None:
    assert shown(7) == "7, an int"
    assert shown("a") == '"a", a str'
    assert shown(10**5000) == "<int>, an int"


def test_sound_text_is_plain_and_bounded() -> None:
    assert type(sound_text(np.str_("né"))) is str
    with pytest.raises(Unfit, match="half of a surrogate pair at character 1"):
        sound_text("a\ud800")
    with pytest.raises(Unfit, match="10,000,000 characters; at most 1,000,000"):
        sound_text("x" * 10_000_000)
