"""Seeds of k-means++."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection.coresets.seeding import seeded


def test_every_row_belongs_to_the_nearest_center() -> None:
    x = np.random.default_rng(0).normal(size=(200, 3))
    found = seeded(x, 7, np.random.default_rng(0))
    squares = ((x[:, None] - x[found.centers]) ** 2).sum(axis=2)
    assert found.members.tolist() == squares.argmin(axis=1).tolist()
    np.testing.assert_allclose(found.squares, squares.min(axis=1))
    assert len(set(found.centers.tolist())) == 7


def test_clusters_that_are_far_apart_are_all_found() -> None:
    x = np.repeat(np.eye(6) * 1000, 50, axis=0) + np.random.default_rng(0).normal(size=(300, 6))
    for seed in range(20):
        found = seeded(x, 6, np.random.default_rng(seed))
        assert sorted((found.centers // 50).tolist()) == list(range(6))


def test_a_large_mean_does_not_hide_small_differences() -> None:
    x = 1e7 + np.repeat([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]], 10, axis=0)
    assert sorted((seeded(x, 5, np.random.default_rng(0)).centers // 10).tolist()) == [0, 1, 2]


def test_duplicates_make_fewer_centers() -> None:
    x = np.repeat([[0.1, 0.7], [3.3, 1e-9], [5.0, 5.0]], 10, axis=0)
    assert len(seeded(x, 8, np.random.default_rng(0)).centers) == 3


@pytest.mark.parametrize("clusters", [0, -2, 1.5, True])
def test_what_is_no_number_of_clusters_is_refused(clusters: object) -> None:
    with pytest.raises(OptionError, match="from 1 on"):
        seeded(np.zeros((2, 1)), clusters, np.random.default_rng(0))  # type: ignore[arg-type]
