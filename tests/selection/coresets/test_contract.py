"""What holds of every core-set, whatever the method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tacit.errors import SelectionError
from tacit.selection import CORESETS, coreset
from tacit.selection.coresets.contract import Coreset

EXACT = {"uniform", "stratified", "herding", "forgetting", "el2n", "coverage-centric"}
SEEDLESS = {"herding", "giga", "hilbert-frank-wolfe"}


def arrays(method: str, n: int, seed: int, copies: int = 1) -> list[Any]:
    """What the method takes: n rows, of which `copies` at a time are alike."""
    chance = np.random.default_rng(seed)
    x = np.repeat(chance.normal(size=(n, 3)), copies, axis=0)[:n] + 0.1
    classes = np.arange(n) % 2
    return {
        "uniform": [n],
        "stratified": [classes],
        "herding": [x, classes],
        "forgetting": [np.repeat(chance.random((5, n)) < 0.6, copies, axis=1)[:, :n]],
        "el2n": [np.repeat(chance.dirichlet(np.ones(3), (2, n)), copies, axis=1)[:, :n], classes],
        "coverage-centric": [np.where(x[:, 0] > 1.5, np.inf, x[:, 0])],
        "logistic-sensitivity": [x, 2 * classes - 1],
    }.get(method, [x])


def options(method: str, seed: int) -> dict[str, Any]:
    return ({} if method in SEEDLESS else {"seed": seed}) | ({"hardest": 0.0} if method == "coverage-centric" else {})


@pytest.mark.parametrize("method", CORESETS)
@given(n=st.integers(2, 40), share=st.floats(0, 1), seed=st.integers(0, 99), copies=st.integers(1, 4))
@settings(max_examples=25)
def test_rows_are_different_few_enough_and_repeatable_and_weights_positive(
    method: str, n: int, share: float, seed: int, copies: int
) -> None:
    keep = 2 + round(share * (n - 2))
    given = arrays(method, n, seed, copies)
    found: Coreset = coreset(method, *given, keep=keep, **options(method, seed))
    assert found.rows.dtype == np.int64
    assert len(set(found.rows.tolist())) == len(found) <= keep
    assert len(found) == keep or method not in EXACT
    assert len(found) >= 1
    assert 0 <= found.rows.min() <= found.rows.max() < n
    for values in (found.weights, found.scores, found.probabilities):
        assert values.dtype == np.float64
        assert values.shape == found.rows.shape
    assert np.all((found.weights > 0) & np.isfinite(found.weights))
    assert np.all((found.probabilities > 0) & (found.probabilities <= 1))
    assert not np.isnan(found.scores).any()
    assert found.method == method
    if method in EXACT:
        assert found.weights.sum() == pytest.approx(n)
    again = coreset(method, *given, keep=keep, **options(method, seed))
    for name in ("rows", "weights", "scores", "probabilities"):
        np.testing.assert_array_equal(getattr(again, name), getattr(found, name))


@pytest.mark.parametrize("method", sorted(set(CORESETS) - SEEDLESS))
def test_another_seed_is_another_draw(method: str) -> None:
    given = arrays(method, 40, 0)
    if method in ("forgetting", "el2n"):  # a draw settles ties alone
        given[0] = given[0][..., :1].repeat(40, axis=-1) if method == "forgetting" else given[0][:, :1].repeat(40, axis=1)
    found = {tuple(coreset(method, *given, keep=10, **options(method, seed)).rows.tolist()) for seed in range(5)}
    assert len(found) == 5


@pytest.mark.parametrize("method", CORESETS)
@pytest.mark.parametrize("keep", [0, -3, 21])
def test_more_rows_than_there_are_cannot_be_kept(method: str, keep: int) -> None:
    with pytest.raises(SelectionError, match="keep 1 to 20"):
        coreset(method, *arrays(method, 20, 0), keep=keep)


@pytest.mark.parametrize("method", ["forgetting", "el2n", "coverage-centric"])
def test_where_nothing_ties_the_order_of_rows_does_not_matter(method: str) -> None:
    scores = np.random.default_rng(0).permutation(30)
    given: dict[str, list[Any]] = {
        "forgetting": [np.array([[e % 2 == 0 or e > 2 * s for s in scores] for e in range(62)])],
        "el2n": [np.column_stack([scores, 30 - scores])[None] / 30, np.zeros(30, int)],
        "coverage-centric": [scores],
    }
    order = np.random.default_rng(1).permutation(30)
    shuffled = [a[:, order] if method != "coverage-centric" and a.ndim > 1 else a[order] for a in given[method]]
    # All but the hardest third, of strata of one: nothing is left to chance.
    more = {"hardest": 1 / 3, "strata": 1} if method == "coverage-centric" else {}
    found = coreset(method, *given[method], keep=20, **more)
    assert set(order[coreset(method, *shuffled, keep=20, **more).rows].tolist()) == set(found.rows.tolist())
