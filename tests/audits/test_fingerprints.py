"""Rows as points that are within 1 of each other where they are alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.audits import fingerprints
from tacit.types import ImageKind, Key, Maybe, Number, TextKind


def apart(columns: dict[str, list[object]], kinds: dict[str, object]) -> np.ndarray:
    points = fingerprints(columns, kinds)  # type: ignore[arg-type]
    assert points is not None
    return np.asarray(np.linalg.norm(points[:, None] - points[None], axis=2))


def test_numbers_are_alike_within_a_hundredth_of_their_spread() -> None:
    values = [0.0, 1.0, 1.005, 1.02, -1.0, 0.5]
    spread = float(np.std(values))
    found = apart({"x": list(values)}, {"x": Number()})
    assert np.allclose(found, np.abs(np.subtract.outer(values, values)) / (0.01 * spread))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["One two", "one  TWO", "three"])), min_size=2, max_size=12))
def test_what_is_no_number_is_equal_or_far_away(rows: list[tuple[str, str]]) -> None:
    columns = {"x": [float(i % 2) for i in range(len(rows))], "c": [r[0] for r in rows], "t": [r[1] for r in rows]}
    found = apart(columns, {"x": Number(), "c": Key(), "t": TextKind()})  # type: ignore[arg-type]
    same = [(c, " ".join(t.lower().split())) for c, t in rows]
    for i, one in enumerate(same):
        for j, other in enumerate(same):
            if one != other:
                assert found[i, j] > 5
            elif i % 2 == j % 2:
                assert found[i, j] < 1e-6


def test_what_is_missing_is_like_what_is_missing_alone() -> None:
    found = apart({"x": [1.0, None, None, 2.0]}, {"x": Maybe(Number())})
    assert found[1, 2] == 0
    assert found[1, [0, 3]].min() > 5


def test_images_are_alike_that_look_the_same_and_damaged_ones_are_like_nothing() -> None:
    rng = np.random.default_rng(0)
    one = np.kron(rng.integers(0, 250, (8, 8, 3), dtype=np.uint8), np.ones((4, 4, 1), np.uint8))
    found = apart({"x": [one, one + np.uint8(4), one[::-1], b"damaged", None, None, b"damaged"]}, {"x": Maybe(ImageKind())})
    assert found[0, 1] == pytest.approx(4 / 255 / 0.02)
    assert found[0, 2] > 5
    assert found[4, 5] == 0
    assert min(found[0, 3], found[3, 4], found[3, 6], found[5, 6]) > 5


def test_without_numbers_and_images_there_are_no_points() -> None:
    assert fingerprints({"t": ["a", "b"]}, {"t": TextKind()}) is None
    assert fingerprints({"x": [1.0, 1.0], "t": ["a", "b"]}, {"x": Number(), "t": TextKind()}) is None
