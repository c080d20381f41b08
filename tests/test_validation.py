"""Comparing models row by row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tacit.errors import ArtifactError
from tacit.types import Category, Number
from tacit.validation import Validation, compare, row_scores


def test_scores_come_back_as_they_were_written(tmp_path: Path) -> None:
    written = Validation(("a" * 32, "b" * 32), np.array([1.0, -0.25]))
    written.write(tmp_path, "m1")
    read = Validation.read(tmp_path, "m1")
    assert read.ids == written.ids
    np.testing.assert_array_equal(read.scores, written.scores)


def test_missing_or_damaged_scores_are_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="next:"):
        Validation.read(tmp_path, "none")
    Validation(("a" * 32,), np.ones(1)).write(tmp_path, "m1")
    file = tmp_path / "validation" / "m1.npz"
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(ArtifactError, match="next:"):
        Validation.read(tmp_path, "m1")


def test_only_rows_that_both_were_scored_on_are_compared() -> None:
    new, old = Validation(("a", "b", "c"), np.array([1.0, 1.0, 0.0])), Validation(("c", "b", "d"), np.array([1.0, 0.0, 1.0]))
    ids, difference = compare(new, old)
    assert ids == ["b", "c"]
    assert difference.tolist() == [1, -1]


def test_a_row_is_right_or_wrong_and_a_number_is_off_by_some_square() -> None:
    kind = Category((False, True), "bool")
    predicted, target = np.array([[0.4, 0.6], [0.7, 0.3]]), np.array([[0.0, 1.0], [0.2, 0.8]])
    assert row_scores(kind, predicted, target).tolist() == [1, 0]
    assert row_scores(Number(), np.array([1.0, 4.0]), np.array([1.0, 2.0])).tolist() == [0, -4]
