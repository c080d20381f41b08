"""Facility location is the plain greedy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection import facilities, facility_location


def similar(x: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    units = x / np.where(lengths > 0, lengths, 1)
    return (1 + units @ units.T) / 2


def plain(x: np.ndarray, n: int) -> list[int]:
    table, covered, rows = similar(x), np.zeros(len(x)), []
    for _ in range(n):
        gains = np.maximum(table - covered, 0).sum(axis=1)
        gains[rows] = -np.inf
        rows.append(int(np.argmax(gains >= gains.max() - 1e-9 * abs(gains.max()) - 1e-13 * len(x))))
        covered = np.maximum(covered, table[rows[-1]])
    return rows


SHAPES = {
    "normal": lambda rng: rng.normal(size=(120, 4)),
    "ties": lambda rng: rng.integers(-1, 2, (120, 2)).astype(float),
    "one point": lambda rng: np.ones((20, 2)),
    "orthogonal": lambda rng: np.eye(40),
    "nearly the same": lambda rng: 1 + 1e-6 * rng.normal(size=(120, 4)),
    "many features": lambda rng: rng.normal(size=(120, 200)),
    "lengths far apart": lambda rng: rng.normal(size=(120, 3)) * 10.0 ** rng.integers(-9, 9, (120, 1)),
    "with zeros": lambda rng: rng.normal(size=(60, 3)) * (np.arange(60) % 3 > 0)[:, None],
}


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_rows_and_order_are_those_of_the_plain_greedy(shape: str, small: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if small:  # many blocks
        monkeypatch.setattr(facilities, "_WIDE", 16)
        monkeypatch.setattr(facilities, "_CELLS", 64)
        monkeypatch.setattr(facilities, "_FIRST", 2)
    x = SHAPES[shape](np.random.default_rng(1))
    for n in (1, 10, len(x)):
        assert facility_location(x, n).tolist() == plain(x, n)


def test_the_choice_is_worth_most_of_the_best() -> None:
    x = np.random.default_rng(2).normal(size=(12, 3))
    table = similar(x)
    best = max(table[list(some)].max(axis=0).sum() for some in itertools.combinations(range(12), 3))
    assert table[facility_location(x, 3)].max(axis=0).sum() >= (1 - 1 / np.e) * best


def test_what_cannot_be_chosen_from_is_refused() -> None:
    with pytest.raises(OptionError, match="next:"):
        facility_location([[np.nan]], 1)
    with pytest.raises(SelectionError, match="choose 1 to 1"):
        facility_location([[1.0]], 2)


def test_gains_are_never_less_than_they_are() -> None:
    """Else a row that is the best could be passed over."""
    x = np.random.default_rng(3).normal(size=(300, 40))
    table, greedy = similar(x), facilities._Greedy(x)
    for _ in range(60):
        greedy.choose()
        left = np.isfinite(greedy.gains)
        true = np.maximum(table - (1 + greedy.covered) / 2, 0).sum(axis=1)
        assert (greedy.gains[left] >= true[left] - 1e-9).all()
        assert (greedy.gains[left] <= true[left] + 3e-3).all()
