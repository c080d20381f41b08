"""Approximate neighbors."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from tacit.errors import MissingExtra, OptionError
from tacit.selection.frontier import frontier
from tacit.selection.inverted import inverted
from tacit.selection.neighbors import exact


def test_without_faiss_it_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(MissingExtra, match=r'need faiss.*pip install "tacit\[ann\]"'):
        inverted(np.zeros((5, 2)))


@pytest.fixture
def table() -> np.ndarray:
    pytest.importorskip("faiss", reason='approximate neighbors need faiss.  next: pip install "tacit[ann]"')
    rng = np.random.default_rng(0)
    return (rng.normal(size=(3000, 8)) + 6 * rng.integers(0, 3, (3000, 1))).astype(np.float32)


def test_with_all_cells_it_is_exact(table: np.ndarray) -> None:
    found, right = (index.near(table[:50], 10) for index in (inverted(table, cells=9, probes=9), exact(table)))
    np.testing.assert_array_equal(found.rows, right.rows)
    np.testing.assert_array_equal(found.distances, right.distances)


def test_with_few_cells_it_finds_most(table: np.ndarray) -> None:
    found, right = (index.near(table[:100], 20).rows for index in (inverted(table, probes=8), exact(table)))
    share = np.mean([len(np.intersect1d(a, b)) / 20 for a, b in zip(found, right, strict=True)])
    assert 0.8 < share <= 1
    few = inverted(table, probes=1).near(table[:100], 20).rows
    assert np.mean([len(np.intersect1d(a, b)) / 20 for a, b in zip(few, right, strict=True)]) < share


def test_fewer_rows_than_neighbors_are_followed_by_nothing(table: np.ndarray) -> None:
    found = inverted(table[:2]).near(table[:1], 4)
    assert found.rows[0, 0] == 0
    assert found.rows[0, 2:].tolist() == [-1, -1]
    assert np.isinf(found.distances[0, 2:]).all()


def test_a_frontier_grows_by_it(table: np.ndarray) -> None:
    grown = frontier(3000, k=5).grow(inverted(table, cells=4, probes=4), [3, 9])
    right = frontier(3000, k=5).grow(exact(table), [3, 9])
    assert grown.rows.tolist() == right.rows.tolist()


def test_numbers_are_one_or_more(table: np.ndarray) -> None:
    with pytest.raises(OptionError, match="both are 1 or more"):
        inverted(table, probes=0)
    with pytest.raises(OptionError, match="both are 1 or more"):
        inverted(table, cells=0)
