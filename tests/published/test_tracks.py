"""The curve of a DAWNBench training: what is read, and what makes a time that cannot be relied on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.published.tracks import read_track

HEAD = "epoch\thours\ttop1Accuracy\n"


def test_the_time_is_that_of_the_first_evaluation_that_reaches_the_target() -> None:
    track, notes = read_track(HEAD + "1\t0.5\t93.99\n2\t1.0\t94.0\n3\t1.5\t93.0\n4\t2.0\t94.1\n", "top1Accuracy", 100)
    assert track is not None
    assert notes == []
    assert (track.time_to(94.0), track.time_to(94.0, strict=True), track.time_to(95)) == (3600, 7200, None)
    assert track.best == 94.1


@pytest.mark.parametrize(
    "text",
    [
        "hours\ttop1Accuracy\ttop5Accuracy\tepoch\n0.5\t94\t99\t1\n",
        "epoch \thours\t top1Accuracy\r\n1\t 0.5 \t94 \r\n",
        "epoch\thours\ttop1Accuracy\n\n1\t0.5\t94",
        "epoch\thours\ttop1Accuracy\n0\t0.0\t10\n0.25\t0.5\t94\n",
        "epoch\thours\ttop1Accuracy\n1\t0.25\tnan\n2\t0.5\t94\n",
    ],
)
def test_columns_in_any_order_padding_line_ends_and_fractions_of_epochs(text: str) -> None:
    track, notes = read_track(text, "top1Accuracy", 100)
    assert track is not None
    assert notes == []
    assert track.time_to(94) == 1800


def test_epochs_that_do_not_rise_are_noted_and_the_time_stands() -> None:
    track, notes = read_track(HEAD + "1\t0.5\t10\n1\t1.0\t94\n", "top1Accuracy", 100)
    assert track is not None
    assert track.time_to(94) == 3600
    assert notes == [("its epochs do not rise at line 3", "write the epochs trained so far")]


@pytest.mark.parametrize(
    ("text", "most", "reason"),
    [
        ("", 100, "it has no column epoch, hours, top1Accuracy"),
        ("epoch,hours,top1Accuracy\n1,0.5,94\n", 100, "it has no column epoch, hours, top1Accuracy"),
        ("epoch\thours\taccuracy\n1\t0.5\t94\n", 100, "it has no column top1Accuracy"),
        (HEAD, 100, "it has a header and no lines"),
        (HEAD + "1\t0.5\n", 100, "its line 2 has no numbers in epoch, hours and top1Accuracy"),
        (HEAD + "1\t0.5\t94 %\n", 100, "its line 2 has no numbers in epoch, hours and top1Accuracy"),
        (HEAD + "1\t0.5\tnan\n", 100, "its top1Accuracy is never a number"),
        (HEAD + "1\tnan\t94\n", 100, "its hours are no numbers from 0 on"),
        (HEAD + "1\t-1\t94\n", 100, "its hours are no numbers from 0 on"),
        (HEAD + "1\t0.5\t50\n2\t0.1\t94\n", 100, "its hours go back at line 3"),
        (HEAD + "1\t0.5\t0.5\n2\t0.6\t0.94\n", 100, "its top1Accuracy is from 0.5 to 0.94; percent is meant"),
        (HEAD + "1\t0.5\t50\n2\t0.6\t940\n", 100, "its top1Accuracy is from 50 to 940; percent is meant"),
        (HEAD + "1\t0.5\t3\n2\t0.6\t76\n", 1, "its top1Accuracy is from 3 to 76; a fraction is meant"),
    ],
)
def test_what_cannot_be_relied_on_has_no_time(text: str, most: float, reason: str) -> None:
    track, notes = read_track(text, "top1Accuracy", most)
    assert track is None
    assert notes[0][0] == reason


def test_without_a_metric_the_only_other_column_is_taken() -> None:
    track, _ = read_track("epoch\thours\taccuracy\n1\t0.5\t0.9\n", None, None)
    assert track is not None
    assert track.time_to(0.9) == 1800
    assert read_track("epoch\thours\ta\tb\n1\t0.5\t0.9\t1\n", None, None)[0] is None


@given(st.text())
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    track, notes = read_track(HEAD + text, "top1Accuracy", 100)
    assert track is not None or notes
