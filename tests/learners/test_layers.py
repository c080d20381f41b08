"""The network: its gradient is that of its loss."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.learners.layers import Shape, begin, forward, gradient
from tacit.phases import stopwatch


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("numbers", [0, 2])
def test_the_gradient_is_that_of_finite_differences(numbers: int, dropout: float) -> None:
    rng = np.random.default_rng(0)
    shape = Shape(numbers, 5, 7, 3)
    weights = begin(shape, rng).astype(np.float64) + rng.normal(size=shape.size) * 0.1
    inputs, wanted = rng.normal(size=(6, 5)), rng.normal(size=(6, 3))

    def walk(at: np.ndarray) -> tuple[float, np.ndarray]:
        losses = []

        def error(found: np.ndarray) -> np.ndarray:
            losses.append(float(((found - wanted) ** 2).sum() / 2))
            return found - wanted

        slope = np.zeros_like(at)
        gradient(shape.views(at), shape.views(slope), inputs, error, dropout, np.random.default_rng(1))
        return losses[0], slope

    loss, slope = walk(weights)
    if not dropout:
        assert loss == pytest.approx(((forward(shape.views(weights), inputs) - wanted) ** 2).sum() / 2)
    for i in range(0, shape.size, 3):
        step = np.zeros_like(weights)
        step[i] = 1e-6
        assert slope[i] == pytest.approx((walk(weights + step)[0] - walk(weights - step)[0]) / 2e-6, abs=1e-5, rel=1e-5)


def test_all_parameters_have_a_place() -> None:
    shape = Shape(2, 5, 7, 3)
    flat = np.arange(shape.size)
    parts = shape.views(flat)
    assert sum(part.size for part in parts.values()) == shape.size
    assert parts["weight0"].shape == (5 + 2 * 3, 7)
    parts["bias3"][:] = -1
    assert flat[-3:].tolist() == [-1, -1, -1]


@pytest.mark.parametrize("numbers", [0, 2])
def test_a_step_tells_the_rows_and_the_products_that_it_takes(numbers: int) -> None:
    shape = Shape(numbers, 5, 7, 3)
    flat = begin(shape, np.random.default_rng(0))
    inputs = np.ones((6, 5), np.float32)

    with stopwatch() as watch:
        gradient(shape.views(flat), shape.views(flat.copy()), inputs, lambda found: found, 0.0, np.random.default_rng(0))

    first, others = (5 + 3 * numbers) * 7, 2 * 7 * 7 + 7 * 3
    mixed, waved = numbers * 16 * 3, 3 * numbers * 7 + numbers * 16  # waves to features; back to the features, and to frequencies
    assert watch.rows == {"forward": 6, "backward": 6}
    assert watch.operations["forward"] == 2 * 6 * (first + others + mixed)
    assert watch.operations["backward"] == 2 * 6 * (first + 2 * others + 2 * mixed + waved)
