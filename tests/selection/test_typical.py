"""Typical rows first."""

from __future__ import annotations

import numpy as np

from tacit.selection import Pool, get, typical
from tacit.selection.typical import typicality


def blobs(rng: np.random.Generator, sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    truth = np.repeat(np.arange(len(sizes)), sizes)
    return rng.normal(size=(len(truth), 2)) + 50 * truth[:, None], truth


def test_one_row_from_the_middle_of_each_cluster_the_largest_first() -> None:
    x, truth = blobs(np.random.default_rng(0), [30, 90, 60])
    found = get("typical").pick(Pool(180, features=x), 3)
    assert truth[found.rows].tolist() == [1, 2, 0]
    for row in found.rows:
        mine = x[truth == truth[row]]
        off = np.linalg.norm(mine - mine.mean(axis=0), axis=1)
        assert np.linalg.norm(x[row] - mine.mean(axis=0)) < np.quantile(off, 0.3)


def test_clusters_with_labels_wait_for_those_without() -> None:
    x, truth = blobs(np.random.default_rng(1), [40, 40, 40])
    labeled = np.array([[0.0, 0.0], [100.0, 100.0]])
    found = get("typical").pick(Pool(120, features=x, labeled=labeled), 1)
    assert truth[found.rows].tolist() == [1]


def test_clusters_of_few_rows_come_last() -> None:
    x, truth = blobs(np.random.default_rng(2), [40, 3, 40])
    found = get("typical").pick(Pool(83, features=x), 3)
    assert (truth[found.rows] != 1).all()


def test_typicality_is_one_over_the_mean_distance_to_neighbors() -> None:
    x = np.random.default_rng(3).normal(size=(50, 3))
    apart = np.sqrt(((x[:, None] - x) ** 2).sum(axis=2))
    expected = 1 / np.sort(apart, axis=1)[:, 1:21].mean(axis=1)
    np.testing.assert_allclose(typicality(x, np.random.default_rng(0)), expected)


def test_of_many_rows_some_stand_for_all(monkeypatch: object) -> None:
    x = np.random.default_rng(4).normal(size=(400, 2))
    whole = typicality(x, np.random.default_rng(0))
    monkeypatch.setattr(typical, "_SEEN", 200)  # type: ignore[attr-defined]
    some = typicality(x, np.random.default_rng(0))
    assert np.corrcoef(whole.argsort().argsort(), some.argsort().argsort())[0, 1] > 0.8


def test_equal_rows_are_as_typical_as_can_be_and_finite() -> None:
    assert typicality(np.zeros((5, 2)), np.random.default_rng(0)).tolist() == [1.0] * 5
    x = np.vstack([np.zeros((30, 2)), [[1.0, 1.0]]])
    found = typicality(x, np.random.default_rng(0))
    assert np.isfinite(found).all()
    assert found[:30].min() > found[30]
