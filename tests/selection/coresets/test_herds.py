"""Herding."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection import herding


def off(x: np.ndarray, rows: np.ndarray) -> float:
    """How far the mean of rows is from that of all."""
    return float(np.linalg.norm(x[rows].mean(axis=0) - x.mean(axis=0)))


def test_by_hand() -> None:
    # The mean is 3: 3 is nearest; then 2 makes 2.5 and 4 makes 3.5, so the first of them; then 4 makes 3.
    found = herding([[0.0], [2.0], [3.0], [4.0], [6.0]], [0] * 5, 3)
    assert found.rows.tolist() == [2, 1, 3]
    np.testing.assert_allclose(found.scores, [0, -0.5, 0], atol=1e-12)


def test_each_step_is_the_best_one() -> None:
    x = np.random.default_rng(0).normal(size=(40, 3))
    rows = herding(x, np.zeros(40, int), 15).rows
    for taken in range(15):
        left = [r for r in range(40) if r not in rows[:taken]]
        best = min(left, key=lambda r: off(x, np.append(rows[:taken], r)))
        assert rows[taken] == best


def test_the_mean_is_off_by_one_over_m_and_a_random_one_by_its_root() -> None:
    x = np.random.default_rng(0).uniform(-1, 1, size=(4000, 5))
    sizes = np.array([20, 40, 80, 160])
    herd = herding(x, np.zeros(4000, int), 160).rows
    # Within a factor that goes up and down with m: the mean over a third around each size.
    errors = [np.mean([off(x, herd[:m]) for m in range(int(size * 0.8), int(size * 1.2)) if m <= 160]) for size in sizes]
    assert np.polyfit(np.log(sizes), np.log(errors), 1)[0] < -0.8
    draws = [off(x, np.random.default_rng(seed).permutation(4000)[:160]) for seed in range(20)]
    assert errors[-1] < np.mean(draws) / 5


def test_each_class_has_its_own_herd_and_weights_speak_for_it() -> None:
    x = np.random.default_rng(0).normal(size=(100, 2))
    x[60:] += 10
    classes = np.repeat(["a", "b"], [60, 40])
    found = herding(x, classes, 10)
    np.testing.assert_allclose([found.weights[found.rows < 60].sum(), found.weights[found.rows >= 60].sum()], [60, 40])
    alone = herding(x[60:], classes[60:], 4)
    assert [r for r in found.rows.tolist() if r >= 60] == (alone.rows + 60).tolist()
    assert found.method == "herding"


def test_the_order_of_rows_does_not_matter() -> None:
    chance = np.random.default_rng(2)
    x, classes, order = chance.normal(size=(50, 3)), chance.integers(0, 2, 50), chance.permutation(50)
    assert order[herding(x[order], classes[order], 12).rows].tolist() == herding(x, classes, 12).rows.tolist()


def test_duplicates_are_different_rows() -> None:
    assert sorted(herding(np.ones((4, 2)), [0] * 4, 4).rows.tolist()) == [0, 1, 2, 3]


def test_what_cannot_be_herded_is_refused() -> None:
    with pytest.raises(OptionError, match="4 numbers or texts"):
        herding(np.ones((4, 2)), [0, 1], 2)
    with pytest.raises(OptionError, match="not finite in 1 of 2 rows"):
        herding([[np.nan], [0.0]], [0, 0], 1)
    with pytest.raises(SelectionError, match="cannot speak for 3 groups"):
        herding(np.ones((3, 1)), [0, 1, 2], 2)
