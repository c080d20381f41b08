"""k-means."""

from __future__ import annotations

import numpy as np

from tacit.selection.kmeans import clusters


def test_clusters_far_apart_are_found() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(4, size=2000)
    found = clusters(rng.normal(size=(2000, 3)) + 100 * truth[:, None], 4, rng)
    pairs = {(int(t), int(f)) for t, f in zip(truth, found, strict=True)}
    assert len(pairs) == 4


def test_each_row_is_in_the_cluster_of_the_nearest_mean() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 2)) + 2 * rng.integers(3, size=(60, 1))  # they overlap: the seeds are no means
    found = clusters(x, 3, rng)
    means = np.array([x[found == c].mean(axis=0) for c in range(3)])
    assert found.tolist() == ((x[:, None] - means) ** 2).sum(axis=2).argmin(axis=1).tolist()


def test_a_large_mean_does_not_hide_small_differences() -> None:
    truth = np.arange(40) % 2
    found = clusters(1e7 + truth[:, None].astype(float), 2, np.random.default_rng(0))
    assert len({(int(t), int(f)) for t, f in zip(truth, found, strict=True)}) == 2


def test_repeated_rows_share_a_cluster() -> None:
    found = clusters(np.repeat([[0.0], [5.0]], 10, axis=0), 6, np.random.default_rng(0))
    assert len(set(found.tolist())) == 2
