"""BADGE."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import Pool, get
from tacit.selection.badge import residuals


def gradients(p: np.ndarray, h: np.ndarray) -> np.ndarray:
    """By the definition: of the log loss of softmax(W h) at W = what gives p, if the likeliest class were right."""
    return np.stack([np.outer(row - np.eye(len(row))[row.argmax()], x).ravel() for row, x in zip(p, h, strict=True)])


def test_distances_are_those_of_the_gradients_themselves() -> None:
    rng = np.random.default_rng(0)
    p, h = rng.dirichlet(np.ones(4), 50), rng.normal(size=(50, 6))
    found = get("badge").pick(Pool(50, probabilities=p, features=h), 50, seed=2)
    g = gradients(p, h)
    assert found.rows[0] == (g**2).sum(axis=1).argmax()
    turns = [min(((g[row] - g[other]) ** 2).sum() for other in found.rows[:i]) for i, row in enumerate(found.rows) if i]
    np.testing.assert_allclose(found.scores[1:], turns, rtol=1e-9)


def test_the_residual_is_the_gradient_by_the_outputs() -> None:
    p = np.array([[0.2, 0.5, 0.3]])
    np.testing.assert_allclose(residuals(Pool(1, probabilities=p)), [[0.2, -0.5, 0.3]])
    np.testing.assert_allclose(residuals(Pool(1, probabilities=p, kind="labels")), [[0.2, 0.5, 0.3]])
    np.testing.assert_allclose(residuals(Pool(1, probabilities=np.array([[0.9, 0.2]]), kind="labels")), [[-0.1, 0.2]])
    assert p.tolist() == [[0.2, 0.5, 0.3]]


def test_rows_of_which_the_model_is_sure_come_last() -> None:
    rng = np.random.default_rng(1)
    p = np.where(np.arange(40)[:, None] < 20, [[1.0, 0.0]], [[0.6, 0.4]])
    found = get("badge").pick(Pool(40, probabilities=p, features=rng.normal(size=(40, 3))), 21)
    assert (found.rows[:20] >= 20).all() or found.rows[found.rows < 20].size == 1


@pytest.mark.parametrize("kind", ["numbers", "spans"])
def test_what_has_no_probabilities_of_a_row_is_refused(kind: str) -> None:
    pool = Pool(2, probabilities=np.full((2, 2), 0.5), features=np.eye(2), kind=kind)
    with pytest.raises(OptionError, match='strategy="k-center"'):
        get("badge").pick(pool, 1)
