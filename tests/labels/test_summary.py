"""What each labeling function does."""

from __future__ import annotations

import numpy as np

from tacit.labels import summarize

NAN = float("nan")


def test_coverage_overlap_and_conflict_are_shares_of_all_examples() -> None:
    votes = np.array([[0, 0, -1], [0, 1, -1], [0, -1, -1], [-1, -1, -1]])
    differs = np.array([[False] * 3, [True] * 3, [False, True, True], [False] * 3])  # what is said where it abstains is no matter
    first, second, third = summarize(
        ["a", "b", "c"], votes >= 0, differs, [0, 0, 2], np.array([0.5, NAN, NAN]), np.array([1.0, 0.0, NAN]), (1,)
    )
    assert (first.coverage, first.overlap, first.conflict) == (0.75, 0.5, 0.25)
    assert (second.coverage, second.overlap, second.conflict) == (0.5, 0.5, 0.25)
    assert (third.coverage, third.failed, third.estimated) == (0, 2, None)
    assert (first.estimated, first.measured, second.measured, third.measured) == (0.5, 1, 0, None)
    assert [f.suspect for f in (first, second, third)] == [False, True, False]


def test_no_examples_at_all_are_no_reason_to_fail() -> None:
    none = np.zeros((0, 1), bool)
    (only,) = summarize(["a"], none, none, [0], np.array([NAN]), np.array([NAN]), ())
    assert (only.coverage, only.estimated, only.suspect) == (0, None, False)
