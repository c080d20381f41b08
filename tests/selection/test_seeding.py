"""k-means++ by rejection draws what the plain algorithm draws."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tacit.selection import seeding
from tacit.selection.seeding import seeds


@pytest.mark.parametrize("patience", [16, 10**6])
def test_rows_are_drawn_in_proportion_to_their_squared_distance(patience: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "_PATIENCE", patience)
    x = np.array([[0.0], [1.0], [3.0], [3.5], [10.0]])
    apart = (x - x.T) ** 2
    times = 4000
    drawn = Counter(tuple(seeds([x], 3, np.random.default_rng(s), first=0)[0].tolist()) for s in range(times))
    for second in range(1, 5):
        for third in range(1, 5):
            near = np.minimum(apart[0], apart[second])
            likely = apart[0, second] / apart[0].sum() * near[third] / near.sum() if second != third else 0.0
            assert abs(drawn[0, second, third] / times - likely) < 5 * np.sqrt(likely / times + 1e-9)


def test_factors_give_the_distances_of_their_products() -> None:
    rng = np.random.default_rng(0)
    q, h = rng.normal(size=(200, 3)), rng.normal(size=(200, 4))
    outer = np.einsum("ic,id->icd", q, h).reshape(200, 12)
    rows, squares = seeds([q, h], 25, rng, first=7, whole=True)
    apart = ((outer[:, None] - outer[rows]) ** 2).sum(axis=2)
    left = np.ones(200, bool)
    left[rows] = False
    np.testing.assert_allclose(squares[left], apart[left].min(axis=1), rtol=1e-8)
    turns = [(outer[7] ** 2).sum(), *(apart[rows[i], :i].min() for i in range(1, 25))]
    np.testing.assert_allclose(squares[rows], turns, rtol=1e-8)


def test_repeated_rows_are_drawn_last_and_once() -> None:
    x = np.repeat([[0.1, 0.3], [1.1, 7.7], [5.3, 2.9]], 10, axis=0)
    rows, _ = seeds([x], 30, np.random.default_rng(0), first=0)
    assert sorted(rows.tolist()) == list(range(30))
    assert {r // 10 for r in rows[:3].tolist()} == {0, 1, 2}
