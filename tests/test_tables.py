"""How results read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.tables import bar, number, seconds, size, table


def test_a_table_has_a_title_headings_and_aligned_cells() -> None:
    assert table(["name", "n"], [["a", 1], ["bcd", None]], title="Votes", right=["n"]).splitlines() == [
        "Votes",
        "",
        "name   n",
        "────────",
        "a      1",
        "bcd    -",
    ]


def test_a_table_without_rows_keeps_its_headings() -> None:
    assert "name" in table(["name"], [])


def test_data_cannot_steer_a_terminal_or_the_style() -> None:
    shown = table(["[red]a\x1b[2J"], [["[bold]x\x1b]0;title\x07"], ["a\nb\ud800\u202e"]])
    assert all(c.isprintable() or c == "\n" for c in shown)
    assert "[red]a" in shown
    assert "[bold]x" in shown
    assert len(shown.splitlines()) == 4


@given(st.lists(st.lists(st.text(max_size=200) | st.none() | st.integers(), min_size=2, max_size=2), max_size=5))
def test_any_cells_make_a_table_that_can_be_printed(rows: list[list[object]]) -> None:
    shown = table(["a", "b"], rows)
    shown.encode()
    assert all(len(line) <= 120 for line in shown.splitlines())


def test_long_text_is_folded_not_cut() -> None:
    assert table(["a"], [["x" * 300]]).count("x") == 300


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0 ms"),
        (0.004, "4 ms"),
        (0.9996, "1.0 s"),
        (7.25, "7.2 s"),
        (99.9, "99.9 s"),
        (150, "2 min 30 s"),
        (6000, "1 h 40 min"),
    ],
)
def test_durations_read_as_people_say_them(value: float, shown: str) -> None:
    assert seconds(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_951, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (999_500_000, "1.0 GB"),
        (2_500_000_000_000, "2,500.0 GB"),
    ],
)
def test_sizes_read_as_people_say_them(value: int, shown: str) -> None:
    assert size(value) == shown


def test_numbers_have_separators_and_digits() -> None:
    assert number(12345.678) == "12,345.678"
    assert number(0.5, 1) == "0.5"
    assert number(None) is None


@given(st.floats(-2, 3), st.integers(1, 40))
def test_a_bar_stays_in_its_width(share: float, width: int) -> None:
    assert 0 <= len(bar(share, width)) <= width
