"""What a cue is."""

from __future__ import annotations

from tacit.cues.contract import least


def test_a_cue_is_in_one_of_two_hundred_rows_and_in_eight_at_least() -> None:
    assert [least(n) for n in (0, 100, 1600, 1601, 10_000)] == [8, 8, 8, 9, 50]
