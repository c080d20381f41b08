"""Whether rows form clusters."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import cluster_tendency, unstructured


@pytest.mark.parametrize("width", [2, 16, 128])
def test_a_normal_cloud_has_no_clusters_whatever_its_covariance(width: int) -> None:
    rng = np.random.default_rng(width)
    x = rng.normal(size=(1500, width)) @ rng.normal(size=(width, width)) + 100
    assert cluster_tendency(x) == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("width", [2, 16, 128])
def test_clusters_have_a_tendency_near_one(width: int) -> None:
    rng = np.random.default_rng(width)
    x = rng.normal(size=(1500, width)) + 10 * rng.normal(size=(20, width))[rng.integers(20, size=1500)]
    assert cluster_tendency(x) > 0.8
    assert unstructured(x) is None


def test_a_cloud_of_many_directions_is_warned_of_and_one_of_few_is_not() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1500, 64))
    warning = unstructured(x)
    assert warning is not None
    assert 'strategy="random"' in warning
    flat = x * np.where(np.arange(64) < 3, 1, 0.01)
    assert cluster_tendency(flat) < 0.6
    assert unstructured(flat) is None


def test_repeated_rows_count_as_clusters_and_single_points_break_nothing() -> None:
    rng = np.random.default_rng(0)
    assert cluster_tendency(np.repeat(rng.normal(size=(50, 8)), 10, axis=0)) > 0.9
    assert cluster_tendency(np.ones((100, 3))) == 0.5
    assert np.isnan(cluster_tendency(np.ones((7, 3))))
    assert unstructured(np.ones((7, 3))) is None


def test_what_are_no_features_is_refused() -> None:
    with pytest.raises(OptionError, match="next:"):
        cluster_tendency([1.0, 2.0])
