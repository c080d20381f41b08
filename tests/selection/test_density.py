"""Information density."""

from __future__ import annotations

import numpy as np

from tacit.selection import Pool, get, uncertainty
from tacit.selection.density import representativeness


def test_representativeness_is_the_mean_similarity_to_all_rows() -> None:
    x = np.random.default_rng(0).normal(size=(80, 5))
    units = x / np.linalg.norm(x, axis=1, keepdims=True)
    np.testing.assert_allclose(representativeness(x), ((1 + units @ units.T) / 2).mean(axis=1))


def test_rows_of_zeros_are_half_like_all() -> None:
    assert representativeness(np.array([[0.0, 0.0], [1.0, 0.0]])).tolist() == [0.5, 0.75]


def test_of_equally_unsure_rows_the_one_in_the_crowd_comes_first() -> None:
    p = np.array([[0.5, 0.5], [0.5, 0.5], [0.9, 0.1], [0.9, 0.1]])
    x = np.array([[-1.0, 0.0], [1.0, 0.0], [1.0, 0.1], [1.0, -0.1]])
    found = get("density").pick(Pool(4, probabilities=p, features=x), 4)
    assert found.rows[0] == 1
    np.testing.assert_allclose(found.scores, (uncertainty(p, "entropy") * representativeness(x))[found.rows])
