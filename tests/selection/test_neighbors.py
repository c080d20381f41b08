"""The nearest rows of a pool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import neighbors
from tacit.selection.neighbors import Neighbors, exact


def plain(features: np.ndarray, points: np.ndarray, k: int) -> Neighbors:
    """By all distances in float64."""
    apart = points.astype(float)[:, None] - features.astype(float)
    square = (apart**2).sum(axis=2)
    order = np.argsort(square, axis=1, kind="stable")[:, :k]
    return Neighbors(order, np.sqrt(np.take_along_axis(square, order, axis=1)))


def same(found: Neighbors, right: Neighbors) -> None:
    np.testing.assert_array_equal(found.rows, right.rows)
    np.testing.assert_allclose(found.distances, right.distances, rtol=1e-12)


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small enough that even small pools have many."""
    monkeypatch.setattr(neighbors, "_CELLS", 512)
    monkeypatch.setattr(neighbors, "_QUERIES", 16)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int32])
@pytest.mark.parametrize("k", [1, 7, 60])
def test_they_are_those_of_plain_arithmetic(dtype: type, k: int) -> None:
    rng = np.random.default_rng(k)
    table = (10 * rng.normal(size=(700, 9)) + 5).astype(dtype)
    points = np.concatenate([table[:20], (10 * rng.normal(size=(21, 9))).astype(dtype)])
    same(exact(table).near(points, k), plain(table, points, k))


@pytest.mark.usefixtures("blocks")
def test_near_ties_are_settled_exactly_where_float32_cannot_tell() -> None:
    rng = np.random.default_rng(1)
    # Half of the rows are within 1e-6 of a sphere of radius 1 whose middle is 30 from the mean: float32 is 1e-4 off there.
    table = rng.normal(size=(1200, 5))
    table *= ((1 + 1e-6 * rng.random(1200)) / np.linalg.norm(table, axis=1))[:, None]
    table[::2] += 60
    points = np.array([[60.0] * 5, [0.0] * 5])
    same(exact(table).near(points, 25), plain(table, points, 25))


@pytest.mark.usefixtures("blocks")
def test_of_rows_that_repeat_the_first_come_first() -> None:
    table = np.repeat(np.random.default_rng(2).normal(size=(3, 4)).astype(np.float32), [200, 1, 300], axis=0)
    table = np.concatenate([table, table])
    same(exact(table).near(table[[0, 200, 201]], 250), plain(table, table[[0, 200, 201]], 250))


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("scale", [1e-30, 1e-5, 1e20])
def test_features_may_be_of_any_size_and_far_from_zero(scale: float) -> None:
    rng = np.random.default_rng(3)
    table = scale * (rng.normal(size=(300, 6)) + 50)
    same(exact(table).near(table[:30], 12), plain(table, table[:30], 12))


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("order", [1, -1])
def test_rows_may_come_nearer_and_nearer_or_the_other_way_around(order: int) -> None:
    # One way all rows of each block may be among the nearest, the other way those of the first alone.
    table = np.arange(900, 0, -1, dtype=np.float32)[::order, None].copy()
    same(exact(table).near(np.zeros((40, 1)), 3), plain(table, np.zeros((40, 1)), 3))


def test_fewer_rows_than_neighbors_are_followed_by_nothing() -> None:
    found = exact(np.array([[0.0], [2.0]])).near([[1.5]], 4)
    assert found.rows.tolist() == [[1, 0, -1, -1]]
    assert found.distances.tolist() == [[0.5, 1.5, np.inf, np.inf]]
    assert exact(np.zeros((0, 3))).near(np.zeros((1, 3)), 1).rows.tolist() == [[-1]]
    assert exact(np.zeros((5, 3))).near(np.zeros((0, 3)), 2).rows.shape == (0, 2)


@pytest.mark.usefixtures("blocks")
def test_a_file_is_searched_where_it_is(tmp_path: Path) -> None:
    table = np.random.default_rng(4).normal(size=(500, 8)).astype(np.float32)
    table.tofile(tmp_path / "features")
    mapped = np.memmap(tmp_path / "features", np.float32, "r", shape=table.shape)
    index = exact(mapped)
    assert index.features is mapped
    same(index.near(table[:5], 10), plain(table, table[:5], 10))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_missing_is_named(bad: float) -> None:
    table = np.zeros((50, 3))
    table[37, 1] = bad
    with pytest.raises(OptionError, match="row 37 of the features is missing or infinite"):
        exact(table)
    with pytest.raises(OptionError, match="row 0 of the points"):
        exact(np.zeros((5, 3))).near(table[37:38], 1)


@pytest.mark.parametrize(("points", "k"), [(np.zeros((1, 2)), 1), (np.zeros(3), 1), (np.zeros((1, 3)), 0)])
def test_points_that_do_not_fit_are_refused(points: np.ndarray, k: int) -> None:
    with pytest.raises(OptionError, match=r"points have the shape \(q, 3\), and k is 1 or more"):
        exact(np.zeros((5, 3))).near(points, k)


@pytest.mark.parametrize("features", [np.zeros(3), np.array([["a"]]), np.zeros((3, 0))])
def test_features_are_a_table(features: np.ndarray) -> None:
    with pytest.raises(OptionError, match="they are numbers of shape"):
        exact(features)
