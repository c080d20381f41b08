"""Random and uncertainty sampling."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.selection import Pool, get, uncertainty


@pytest.mark.parametrize("kind", ["least-confidence", "margin", "entropy"])
def test_the_least_sure_rows_come_first(kind: str) -> None:
    p = np.random.default_rng(0).dirichlet(np.ones(4), 100)
    found = get(kind).pick(Pool(100, probabilities=p), 10)
    assert found.rows.tolist() == np.argsort(-uncertainty(p, kind))[:10].tolist()


def test_random_does_not_look_at_the_model() -> None:
    p = np.random.default_rng(0).dirichlet(np.ones(4), 100)
    with_model = get("random").pick(Pool(100, probabilities=p), 10, seed=3)
    assert with_model.rows.tolist() == get("random").pick(Pool(100), 10, seed=3).rows.tolist()
    assert with_model.probabilities.tolist() == [0.1] * 10
