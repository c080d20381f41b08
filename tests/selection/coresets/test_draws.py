"""Draws with unequal chances."""

from __future__ import annotations

import numpy as np

from tacit.selection.coresets.draws import drawn


def test_every_sum_is_right_on_average() -> None:
    wanted = np.array([1.0, 2.0, 4.0, 8.0])
    held = np.array([3.0, -1.0, 10.0, 5.0])
    sums, weights = [], np.zeros(4)
    for seed in range(3000):
        found = drawn(wanted, 5, "x", seed)
        sums.append(found.weights @ held[found.rows])
        weights[found.rows] += found.weights
    assert abs(np.mean(sums) - held.sum()) < 5 * np.std(sums) / np.sqrt(3000)
    np.testing.assert_allclose(weights / 3000, 1, atol=0.16)  # five standard deviations of the rarest


def test_rows_are_there_as_often_as_it_says() -> None:
    wanted = np.array([1.0, 3.0])
    hits = np.zeros(2)
    for seed in range(3000):
        found = drawn(wanted, 2, "x", seed)
        hits[found.rows] += 1
        np.testing.assert_allclose(found.probabilities, np.array([0.4375, 0.9375])[found.rows])
    np.testing.assert_allclose(hits / 3000, [0.4375, 0.9375], atol=0.046)  # five standard deviations


def test_a_row_without_a_chance_is_never_drawn_and_a_sure_one_is_there_once() -> None:
    found = drawn(np.array([0.0, 2.0]), 7, "x", 0)
    assert (found.rows.tolist(), found.weights.tolist(), found.probabilities.tolist()) == ([1], [1.0], [1.0])


def test_rows_come_in_the_order_of_their_first_draw() -> None:
    wanted = np.ones(50)
    came = np.random.default_rng(4).choice(50, 30, p=wanted / 50)
    assert drawn(wanted, 30, "x", 4).rows.tolist() == list(dict.fromkeys(came.tolist()))
