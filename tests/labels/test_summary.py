"""What each labeling function does."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.labels import aggregate, summarize


def test_coverage_overlap_and_conflict_are_shares_of_all_examples() -> None:
    votes = np.array([[0, 0, -1], [0, 1, -1], [0, -1, -1], [-1, -1, -1]])
    said = aggregate(votes, 2, method="majority")
    first, second, third = summarize(["a", "b", "c"], votes, [0, 0, 2], said, said.accuracies, np.array([0, -1, -1, 1]), 2)
    assert (first.coverage, first.overlap, first.conflict) == (0.75, 0.5, 0.25)
    assert (second.coverage, second.overlap, second.conflict) == (0.5, 0.5, 0.25)
    assert (third.coverage, third.failed, third.estimated) == (0, 2, None)
    assert first.estimated == pytest.approx(0.5)
    assert first.measured == 1
    assert second.measured == 1
    assert third.measured is None


def test_no_examples_at_all_are_no_reason_to_fail() -> None:
    votes = np.zeros((0, 1), np.int64)
    (only,) = summarize(["a"], votes, [0], aggregate(votes, 2), np.array([np.nan]), np.zeros(0, np.int64), 2)
    assert (only.coverage, only.estimated, only.suspect) == (0, None, False)
