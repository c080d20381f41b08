"""Farthest-first traversal is the plain greedy."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import farthest, k_center
from tacit.selection.farthest import cover


def plain(features: np.ndarray, n: int, chosen: list[int]) -> list[int]:
    """Farthest-first by the definition: every distance, in float64."""
    x = features.astype(float)
    near, free, rows = np.full(len(x), np.inf), np.ones(len(x), bool), list(chosen)
    for row in chosen:
        near, free[row] = np.minimum(near, ((x - x[row]) ** 2).sum(axis=1)), False
    while len(rows) < len(chosen) + n:
        middle = -((x - features.mean(axis=0, dtype=np.float64)) ** 2).sum(axis=1)
        row = int(np.where(free, near if rows else middle, -np.inf).argmax())
        rows.append(row)
        near, free[row] = np.minimum(near, ((x - x[row]) ** 2).sum(axis=1)), False
    return rows[len(chosen) :]


def lattice(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.integers(0, 4, (n, 3)).astype(np.float32)


SHAPES = {
    "normal": lambda rng, n: rng.normal(size=(n, 4)),
    "float32 far from 0": lambda rng, n: (rng.normal(size=(n, 4)) + 1e4).astype(np.float32),
    "ties and repeated rows": lattice,
    "all equally far": lambda rng, n: np.eye(n),
    "one point": lambda rng, n: np.ones((n, 2)),
    "clusters": lambda rng, n: rng.normal(size=(n, 2)) + 20 * rng.integers(5, size=(n, 1)),
    "no features": lambda rng, n: np.zeros((n, 0)),
}


@pytest.mark.parametrize("block", [4, 32, 1024])
@pytest.mark.parametrize("shape", SHAPES)
def test_rows_and_order_are_those_of_the_plain_greedy(shape: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farthest, "_BLOCK", block)
    monkeypatch.setattr(farthest, "_CHUNK", 8)
    rng = np.random.default_rng(block)
    for n in (1, 2, 9, 90):
        x = SHAPES[shape](rng, n)
        for chosen in ([], [0], sorted(rng.choice(n, n // 3, replace=False).tolist())):
            for k in {1, (n - len(chosen)) // 2, n - len(chosen)} - {0}:
                if k <= n - len(chosen):
                    assert k_center(x, k, chosen=chosen).tolist() == plain(x, k, chosen), (n, chosen, k)


@pytest.mark.parametrize("copies", [1, 40])
def test_rows_that_differ_by_less_than_a_product_can_tell_are_told_apart(copies: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farthest, "_BLOCK", 16)
    x = np.array([[0.0], *[[1.0]] * copies, [1 + 2**-51], *[[1.0]] * copies])
    assert cover(x, 1, taken=np.array([0])).rows.tolist() == [copies + 1] == plain(x, 1, [0])


def test_radii_never_increase_and_distances_are_those_that_are_left() -> None:
    x = np.random.default_rng(3).normal(size=(3000, 5))
    found = cover(x, 200, whole=True)
    assert np.all(np.diff(found.radii[1:]) <= 1e-9)
    left = np.sqrt(((x[:, None, :] - x[found.rows]) ** 2).sum(axis=2).min(axis=1))
    np.testing.assert_allclose(found.distances, left, atol=1e-6)
    assert found.evaluated < 1.1 * 3000 * 200
    assert cover(x, 200).evaluated < 0.6 * 3000 * 200


def test_features_whose_squares_are_infinite_are_refused() -> None:
    with pytest.raises(OptionError, match="squares are infinite"):
        cover(np.array([[1e200], [-1e200], [0.0]]), 2)
